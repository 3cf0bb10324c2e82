"""What others wrote: edits in a plan of the service, and plans of other authors in the same category.

Edits are found by the digests stored when the plan was written. The doses of other plans are upper bounds, and the
service never changes those plans.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from titrate.clinical.values.plan import Dose, EditedElement, Override, UpperBound
from titrate.fhir import code_systems
from titrate.fhir.code_systems import PERTAINS_TO_GOAL
from titrate.fhir.content_digest import changed_elements
from titrate.fhir.decision_record import DecisionRecord
from titrate.fhir.elements import Resource, extension_targets, identifier, name, parts, target, targets, text
from titrate.fhir.plan_state.plan_history import APPROVED
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.plan_state.service_requests import (
    activities,
    is_in_force,
    ordered_dose,
    ordered_exercise,
    read_order,
)

# Dose and timing of the plan in force are compared by value.
BY_VALUE = frozenset({EditedElement.DOSE, EditedElement.TIMING})


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


def known_to(plans: PlanResources, recorded: DecisionRecord) -> Callable[[str], str]:
    """Translates a reference to the form that it had when the digest was made.

    That is the identifier for orders and for the goal that was written with the plan, which had no id yet, and
    `Type/id` for resources that existed before.
    """

    def known(reference: str) -> str:
        resource = plans.by_name.get(reference, {})
        value = identifier(resource, plans.site.resource_system)
        with_plan = resource.get("resourceType") == "ServiceRequest" or value == recorded.goal_identifier
        return value if value is not None and with_plan else reference

    return known


def manual_edits(plans: PlanResources, plan: Resource, recorded: DecisionRecord) -> tuple[Override, ...]:
    """Every element of the plan, its orders and goals that differs from what the service wrote."""
    known = known_to(plans, recorded)
    found: list[Override] = []
    for key, resource in _members(plans, plan, recorded):
        before = recorded.written.get(key)
        if before is not None:
            found.extend(
                Override(name(resource), element, "as written", _now(resource, element), _exercise(plans, resource))
                for element in changed_elements(resource, before, known)
            )
    return tuple(found)


def _members(plans: PlanResources, plan: Resource, recorded: DecisionRecord) -> list[tuple[str, Resource]]:
    """The plan and what was written with it, by the name under which its digests were stored."""
    found = [("plan", plan)]
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    for request in plans.named(names):
        order = read_order(plans, request)
        if order is not None:
            found.append((order.exercise, request))
    written_goal = recorded.goal_identifier
    found.extend(
        ("goal", goal)
        for goal in plans.named(targets(plan, "goal"))
        if written_goal is not None and identifier(goal, plans.site.resource_system) == written_goal
    )
    return found


def _exercise(plans: PlanResources, resource: Resource) -> str | None:
    order = read_order(plans, resource)
    return order.exercise if order else None


def _now(resource: Resource, element: EditedElement) -> str:
    """The element as it is now, in a few words."""
    if element is EditedElement.PERIOD:
        bounds = resource.get("period") or {}
        return f"{bounds.get('start', '?')} to {bounds.get('end', '?')}" if bounds else "changed"
    if element is EditedElement.INSTRUCTION:
        return text(resource, "patientInstruction") or "removed"
    if element is EditedElement.GOALS:
        return ", ".join((*targets(resource, "goal"), *extension_targets(resource, PERTAINS_TO_GOAL))) or "none"
    return "changed"


def is_edited(plans: PlanResources, plan: Resource, recorded: DecisionRecord) -> bool:
    """Whether an open draft was edited. Without stored digests it counts as edited."""
    if "plan" not in recorded.written:
        return True
    members = _members(plans, plan, recorded)
    missing = recorded.written.keys() - {key for key, _ in members}
    changed = any(_status_changed(resource) for _, resource in members)
    return bool(missing) or changed or bool(manual_edits(plans, plan, recorded))


def _status_changed(resource: Resource) -> bool:
    """Whether the status is no longer the one that a draft is written with."""
    if resource.get("resourceType") == "Goal":
        return resource.get("lifecycleStatus") != "proposed"
    return resource.get("status") != "draft" or target(resource.get("requester") or {}) is not None
