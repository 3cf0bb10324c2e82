"""What a person changed in a plan of ours, told by the digests that were stored when it was written."""

from __future__ import annotations

from collections.abc import Callable

from titrate.clinical.values.plan import Override
from titrate.fhir import content_digest
from titrate.fhir.code_systems import PERTAINS_TO_GOAL
from titrate.fhir.elements import Resource, extension_targets, identifier, name, parts, target, targets, text
from titrate.fhir.plan_state.decision_record import RecordedState
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import read_order

# Dose and timing of the plan in force are compared by value.
BY_VALUE = frozenset({"dose", "timing"})


def known_to(holdings: PlanResources, memory: RecordedState) -> Callable[[str], str]:
    """From `Type/id` to the identifier by which it was known when the digests were made.

    Orders, and the goal that was written with the plan, were known by identifier; what was there before by `Type/id`.
    """

    def known(reference: str) -> str:
        resource = holdings.by_name.get(reference, {})
        value = identifier(resource, holdings.site.resource_system)
        with_plan = resource.get("resourceType") == "ServiceRequest" or value == memory.word("goal.identifier")
        return value if value is not None and with_plan else reference

    return known


def manual_edits(holdings: PlanResources, plan: Resource, memory: RecordedState) -> tuple[Override, ...]:
    """Every element of the plan, its orders and goals that no longer says what we wrote."""
    known = known_to(holdings, memory)
    found: list[Override] = []
    for key, resource in _members(holdings, plan, memory):
        before = memory.word(f"{key}.written")
        if before is not None:
            found.extend(
                Override(name(resource), element, "as written", _now(resource, element), _exercise(holdings, resource))
                for element in content_digest.changed_elements(resource, before, known)
            )
    return tuple(found)


def _members(holdings: PlanResources, plan: Resource, memory: RecordedState) -> list[tuple[str, Resource]]:
    """The plan and what was written with it, by the name under which its digests were stored."""
    found = [("plan", plan)]
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    for request in holdings.named(names):
        order = read_order(holdings, request)
        if order is not None:
            found.append((order.exercise, request))
    written_goal = memory.word("goal.identifier")
    found.extend(
        ("goal", goal)
        for goal in holdings.named(targets(plan, "goal"))
        if written_goal is not None and identifier(goal, holdings.site.resource_system) == written_goal
    )
    return found


def _exercise(holdings: PlanResources, resource: Resource) -> str | None:
    order = read_order(holdings, resource)
    return order.exercise if order else None


def _now(resource: Resource, element: str) -> str:
    """What the element says now, in a few words."""
    if element == "period":
        bounds = resource.get("period") or {}
        return f"{bounds.get('start', '?')} to {bounds.get('end', '?')}" if bounds else "changed"
    if element == "instruction":
        return text(resource, "patientInstruction") or "removed"
    if element == "goals":
        return ", ".join((*targets(resource, "goal"), *extension_targets(resource, PERTAINS_TO_GOAL))) or "none"
    return "changed"


def is_edited(holdings: PlanResources, plan: Resource, memory: RecordedState) -> bool:
    """Whether a person worked on an open draft. Where it cannot be told, it counts as touched."""
    if memory.word("plan.written") is None:
        return True
    members = _members(holdings, plan, memory)
    expected = {key.removesuffix(".written") for key in memory.values if key.endswith(".written")}
    missing = expected - {key for key, _ in members}
    moved = any(_moved(resource) for _, resource in members)
    return bool(missing) or moved or bool(manual_edits(holdings, plan, memory))


def _moved(resource: Resource) -> bool:
    """Whether its status is no longer the one that a draft is written with."""
    if resource.get("resourceType") == "Goal":
        return resource.get("lifecycleStatus") != "proposed"
    return resource.get("status") != "draft" or target(resource.get("requester") or {}) is not None
