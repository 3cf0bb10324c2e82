"""Decisions made in the EHR alone: a plan has a new status, and its orders, goal and Task follow it.

Who decided stays unknown where the EHR does not record it. An order that a clinician changed alone stays changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from titrate.fhir.elements import Json, Resource, name, part, targets, text
from titrate.fhir.entries import updated_places
from titrate.fhir.plan_decisions.clinician_decision import (
    Banner,
    PlanDecision,
    addresses,
    approval_entries,
    banner_text,
    before_it,
    decision_provenance,
    plan_names,
    rejection_entries,
)
from titrate.fhir.plan_decisions.plan_status import PlanMembers, followed, plan_members
from titrate.fhir.plan_state.current_plan import plan_in_force
from titrate.fhir.plan_state.plan_history import is_last, provenance_events
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.transaction_entries import update
from titrate.messages import plan_decisions as say

UNKNOWN = PlanDecision()
ENDED = {"revoked": "ABORT", "entered-in-error": "ABORT", "completed": "COMPLETE"}
BANNERS = {
    "ABORT": Banner(say.PlanWithdrawnTitle(), say.PlanWithdrawnInEhr()),
    "COMPLETE": Banner(say.PlanCompletedTitle(), say.PlanEndedInEhr()),
    "HOLD": Banner(say.PlanOnHoldTitle(), say.PlanHeldInEhr()),
    "RESUME": Banner(say.PlanApprovedTitle(), say.PlanResumedInEhr()),
}
ACTIVATED = Banner(say.PlanApprovedTitle(), say.PlanActivatedInEhr())
REJECTED = Banner(say.PlanRejectedTitle(), say.DraftRejectedInEhr())


def propagate_status_changes(plans: PlanResources) -> tuple[Json, ...]:
    """The entries by which the members of every plan follow its status. Empty where all of them do already."""
    in_force = plan_in_force(plans)
    activated = (
        () if in_force is None or not from_titrate(in_force, plans.site) else tuple(_of(plans, in_force, newest=True))
    )
    # A plan that the new one replaces ends with its activation, also if it was put on hold in between.
    replaced = frozenset(updated_places(activated))
    return tuple(
        entry
        for plan in plans.care_plans
        if from_titrate(plan, plans.site) and (plan is in_force or name(plan) not in replaced)
        for entry in (activated if plan is in_force else _of(plans, plan, newest=False))
    )


def _of(plans: PlanResources, plan: Resource, *, newest: bool) -> Iterator[Json]:
    status = str(plan.get("status"))
    if status == "active" and newest:
        yield from _active(plans, plan)
    elif status == "draft":
        yield from _rejected_by_task(plans, plan)
    elif status == "on-hold" and _last(plans, plan) != "HOLD":
        yield from _follow(plans, plan_members(plans, plan), "HOLD")
    elif status in ENDED:
        yield from _ended(plans, plan, ENDED[status])


def _active(plans: PlanResources, plan: Resource) -> Iterator[Json]:
    """Activates the members of a plan that was set active for the first time.

    Of a plan that was resumed after a hold, only what the hold had suspended is activated again.
    """
    events = provenance_events(plans, plan)
    if events and events[-1][0] == "HOLD":
        yield from _resumed(plans, plan, events[-1][1])
    elif not any(activity == "ACTIVATE" for activity, _ in events):
        members = plan_members(plans, plan)
        if any(followed(members, "active", plans.at)) or before_it(plans, plan):
            yield from approval_entries(plans, plan, UNKNOWN, ACTIVATED, {})


def _resumed(plans: PlanResources, plan: Resource, hold: Resource) -> Iterator[Json]:
    suspended = plans.named(targets(hold, "target"))
    entries = [
        *(
            update(item, status="active")
            for item in suspended
            if item.get("resourceType") == "ServiceRequest" and item.get("status") == "on-hold"
        ),
        *(
            update(item, lifecycleStatus="active")
            for item in suspended
            if item.get("resourceType") == "Goal" and item.get("lifecycleStatus") == "on-hold"
        ),
    ]
    yield from _with_plan(plans, plan, "RESUME", entries)


def _ended(plans: PlanResources, plan: Resource, activity: str) -> Iterator[Json]:
    """A plan that was withdrawn or completed, or a rejected draft if it never was in force."""
    members = plan_members(plans, plan)
    once = any(order.get("status") in ("active", "on-hold") for order in members.orders) or provenance_events(
        plans, plan
    )
    if once or activity == "COMPLETE":
        unrecorded = is_last(plans, plan) and _last(plans, plan) not in (None, activity)
        yield from _follow(plans, members, activity, unrecorded=unrecorded)
    elif any(followed(members, "revoked", plans.at)):
        yield from rejection_entries(plans, plan, UNKNOWN, REJECTED, str(plan["status"]))


def _follow(plans: PlanResources, members: PlanMembers, activity: str, *, unrecorded: bool = False) -> Iterator[Json]:
    """Entries that bring the members to the plan's status, with a Provenance.

    `unrecorded`: no Provenance tells of the plan's end yet, so that it is written even if no member has to change.
    """
    entries = list(followed(members, str(members.plan["status"]), plans.at))
    if entries or unrecorded:
        yield from _with_plan(plans, members.plan, activity, entries)


def _with_plan(plans: PlanResources, plan: Resource, activity: str, entries: list[Json]) -> Iterator[Json]:
    """The members' entries, the plan under its new banner, and Provenance without a clinician."""
    text_ = banner_text(plan, BANNERS[activity])
    changed = [update(plan, text=text_) if text_ else update(plan), *entries]
    yield from changed
    yield decision_provenance(plan_names(plans, plan), activity, addresses(changed), UNKNOWN)


def _rejected_by_task(plans: PlanResources, plan: Resource) -> Iterator[Json]:
    """A clinician rejected the Task in the EHR's own list: that rejects the draft."""
    tasks = plan_members(plans, plan).tasks
    if tasks and all(task.get("status") == "rejected" for task in tasks):
        reason = text(part(tasks[-1], "statusReason"), "text")
        yield from rejection_entries(plans, plan, PlanDecision(reason=reason), REJECTED)


def _last(plans: PlanResources, plan: Resource) -> str | None:
    events = provenance_events(plans, plan)
    return events[-1][0] if events else None
