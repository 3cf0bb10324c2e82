"""Plans of other authors in the same category: they bound ours from above, and nobody's plan is changed by us."""

from __future__ import annotations

from titrate.clinical.values.plan import UpperBound
from titrate.fhir.elements import Resource, name, targets
from titrate.fhir.plan_state.current_plan import activities, concerns_activity
from titrate.fhir.plan_state.plan_dates import APPROVED
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours


def other_plans(holdings: PlanResources, in_force: Resource | None) -> tuple[Resource, ...]:
    """Active plans about physical activity, without ours, the one in force, and those that approved ones replaced."""
    replaced = {
        item
        for plan in holdings.plans
        if is_ours(plan, holdings.site) and plan.get("status") in APPROVED
        for item in targets(plan, "replaces")
    }
    return tuple(
        plan
        for plan in holdings.plans
        if plan.get("status") == "active"
        and plan is not in_force
        and not is_ours(plan, holdings.site)
        and name(plan) not in replaced
        and (concerns_activity(plan) or activities(holdings, plan))
    )


def other_plan_caps(holdings: PlanResources, plans: tuple[Resource, ...]) -> tuple[UpperBound, ...]:
    """The doses of those plans that can be read, one for each active order."""
    return tuple(
        UpperBound(order.exercise, dose, name(plan))
        for plan in plans
        for order in activities(holdings, plan)
        if order.status == "active" and (dose := order.dose(None)) is not None
    )
