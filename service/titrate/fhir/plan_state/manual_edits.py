"""What a clinician or the patient edited in a plan of the service, found by the digests stored when it was written."""

from __future__ import annotations

from collections.abc import Callable

from titrate.clinical.values.plan import Override
from titrate.fhir import content_digest
from titrate.fhir.code_systems import PERTAINS_TO_GOAL
from titrate.fhir.decision_record import DecisionRecord
from titrate.fhir.elements import Resource, extension_targets, identifier, name, parts, target, targets, text
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import read_order

# Dose and timing of the plan in force are compared by value.
BY_VALUE = frozenset({"dose", "timing"})


def known_to(plans: PlanResources, recorded: DecisionRecord) -> Callable[[str], str]:
    """From `Type/id` to the identifier that the digests were made with.

    Orders, and the goal that was written with the plan, had an identifier only; earlier resources had their `Type/id`.
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
                for element in content_digest.changed_elements(resource, before, known)
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


def _now(resource: Resource, element: str) -> str:
    """The element as it is now, in a few words."""
    if element == "period":
        bounds = resource.get("period") or {}
        return f"{bounds.get('start', '?')} to {bounds.get('end', '?')}" if bounds else "changed"
    if element == "instruction":
        return text(resource, "patientInstruction") or "removed"
    if element == "goals":
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
