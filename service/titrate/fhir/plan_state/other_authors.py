"""Plans of other authors in the same category: their doses are upper bounds, and the service never changes them."""

from __future__ import annotations

from titrate.clinical.values.plan import UpperBound
from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, name, parts, targets
from titrate.fhir.plan_state.plan_history import APPROVED
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.plan_state.service_requests import activities


def other_plans(plans: PlanResources, in_force: Resource | None) -> tuple[Resource, ...]:
    """Other authors' active plans about physical activity, without the one in force and those that were replaced."""
    replaced = {
        item
        for plan in plans.care_plans
        if from_titrate(plan, plans.site) and plan.get("status") in APPROVED
        for item in targets(plan, "replaces")
    }
    return tuple(
        plan
        for plan in plans.care_plans
        if plan.get("status") == "active"
        and plan is not in_force
        and not from_titrate(plan, plans.site)
        and name(plan) not in replaced
        and (concerns_activity(plan) or activities(plans, plan))
    )


def other_plan_caps(plans: PlanResources, others: tuple[Resource, ...]) -> tuple[UpperBound, ...]:
    """The readable doses of those plans, one for each active order."""
    return tuple(
        UpperBound(order.exercise, dose, name(plan))
        for plan in others
        for order in activities(plans, plan)
        if order.status == "active" and (dose := order.dose(None)) is not None
    )


def concerns_activity(plan: Resource) -> bool:
    """Whether a plan is in the physical-activity category, by its code alone: the code system is expected to move."""
    return any(
        coding.get("code") == code_systems.PHYSICAL_ACTIVITY
        for category in parts(plan, "category")
        for coding in parts(category, "coding")
    )
