"""Plans of other authors in the same category: their doses are upper bounds, and the service never changes them."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.plan import Dose, UpperBound
from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, name, parts, targets
from titrate.fhir.plan_state.plan_history import APPROVED
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.plan_state.service_requests import (
    activities,
    is_in_force,
    ordered_dose,
    ordered_exercise,
    read_order,
)


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
        if (dose := ordered_dose(plans.rulebook, order, None)) is not None
    )


def other_order_caps(plans: PlanResources, own: tuple[str, ...]) -> tuple[UpperBound, ...]:
    """What a clinician's orders outside every plan allow of an exercise; `doNotPerform` allows none of it.

    `own` are the orders of the plan in force. An order that a plan names counts with that plan.
    """
    named = {
        item for plan in plans.care_plans for entry in parts(plan, "activity") for item in targets(entry, "reference")
    }
    return tuple(
        bound
        for request in plans.of_type("ServiceRequest")
        if name(request) not in named and name(request) not in own and not from_titrate(request, plans.site)
        for bound in _order_cap(plans, request)
    )


def _order_cap(plans: PlanResources, request: Resource) -> tuple[UpperBound, ...]:
    exercise = ordered_exercise(plans, request)
    if exercise is None or not is_in_force(plans, request):
        return ()
    if request.get("doNotPerform") is True:
        return (UpperBound(exercise, Dose(Decimal(0), plans.rulebook.exercises[exercise].amount_unit), name(request)),)
    order = read_order(plans, request)
    dose = None if order is None else ordered_dose(plans.rulebook, order, None)
    return () if dose is None else (UpperBound(exercise, dose, name(request)),)


def concerns_activity(plan: Resource) -> bool:
    """Whether a plan is in the physical-activity category, by its code alone: the code system is expected to move."""
    return any(
        coding.get("code") == code_systems.PHYSICAL_ACTIVITY
        for category in parts(plan, "category")
        for coding in parts(category, "coding")
    )
