"""What a person decided in the EHR itself: the plan has a new status, and its orders, goal and Task follow it.

Who decided stays unknown where the EHR does not say. One order that a person changed alone is never moved back.
"""

from __future__ import annotations

from collections.abc import Iterator

from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource, part, targets, text
from titrate.fhir.narrative.banner import with_banner
from titrate.fhir.plan_state.current_plan import plan_in_force
from titrate.fhir.plan_state.plan_history import is_last, provenance_events
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours
from titrate.fhir.transitions.approve_and_reject import (
    Banner,
    addresses,
    approval_entries,
    before_it,
    plan_names,
    rejection_entries,
)
from titrate.fhir.transitions.plan_members import PlanMembers, plan_members
from titrate.fhir.transitions.provenance import PlanDecision, decision_provenance
from titrate.fhir.transitions.status_tables import followed

NOBODY = PlanDecision()
ENDED = {"revoked": "ABORT", "entered-in-error": "ABORT", "completed": "COMPLETE"}
TITLES = {"ABORT": "WITHDRAWN", "COMPLETE": "COMPLETED", "HOLD": "ON HOLD", "RESUME": "APPROVED"}
SENTENCES = {
    "ABORT": "A person withdrew this plan in the EHR.",
    "COMPLETE": "A person ended this plan in the EHR.",
    "HOLD": "A person put this plan on hold in the EHR.",
    "RESUME": "A person took this plan up again in the EHR.",
}
ACTIVE = Banner("APPROVED", "A person set this plan active in the EHR; who approved it is not recorded.")
REJECTED = Banner("REJECTED", "A person rejected this draft in the EHR.")


def propagate_status_changes(plans: PlanResources) -> tuple[Json, ...]:
    """The entries by which every plan's set follows its plan. Nothing where all of them do already."""
    in_force = plan_in_force(plans)
    return tuple(
        entry
        for plan in plans.care_plans
        if is_ours(plan, plans.site)
        for entry in _of(plans, plan, newest=plan is in_force)
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
    """Set active by a person: the whole set follows, once. Taken up again after a hold: what the hold had stopped."""
    acts = provenance_events(plans, plan)
    if acts and acts[-1][0] == "HOLD":
        yield from _resumed(plans, plan, acts[-1][1])
    elif not any(activity == "ACTIVATE" for activity, _ in acts):
        own = plan_members(plans, plan)
        if any(followed(own, "active", plans.at)) or before_it(plans, plan):
            yield from approval_entries(plans, plan, NOBODY, ACTIVE, {})


def _resumed(plans: PlanResources, plan: Resource, hold: Resource) -> Iterator[Json]:
    stopped = plans.named(targets(hold, "target"))
    entries = [
        *(
            update(item, status="active")
            for item in stopped
            if item.get("resourceType") == "ServiceRequest" and item.get("status") == "on-hold"
        ),
        *(
            update(item, lifecycleStatus="active")
            for item in stopped
            if item.get("resourceType") == "Goal" and item.get("lifecycleStatus") == "on-hold"
        ),
    ]
    yield from _with_plan(plans, plan, "RESUME", entries)


def _ended(plans: PlanResources, plan: Resource, activity: str) -> Iterator[Json]:
    """Withdrawn, finished, or, where it never was in force, a rejected draft."""
    own = plan_members(plans, plan)
    once = any(order.get("status") in ("active", "on-hold") for order in own.orders) or provenance_events(plans, plan)
    if once or activity == "COMPLETE":
        untold = is_last(plans, plan) and _last(plans, plan) not in (None, activity)
        yield from _follow(plans, own, activity, untold=untold)
    elif any(followed(own, "revoked", plans.at)):
        yield from rejection_entries(plans, plan, NOBODY, REJECTED, str(plan["status"]))


def _follow(plans: PlanResources, own: PlanMembers, activity: str, *, untold: bool = False) -> Iterator[Json]:
    """What is behind the plan. `untold`: the end itself is to be written down although nothing is behind."""
    entries = list(followed(own, str(own.plan["status"]), plans.at))
    if entries or untold:
        yield from _with_plan(plans, own.plan, activity, entries)


def _with_plan(plans: PlanResources, plan: Resource, activity: str, entries: list[Json]) -> Iterator[Json]:
    """The members' entries, the plan under its new banner, and Provenance without a person."""
    banner = with_banner(plan, TITLES[activity], SENTENCES[activity])
    changed = [update(plan, text=banner) if banner else update(plan), *entries]
    yield from changed
    yield decision_provenance(plan_names(plans, plan), activity, addresses(changed), NOBODY)


def _rejected_by_task(plans: PlanResources, plan: Resource) -> Iterator[Json]:
    """A clinician rejected the Task in the EHR's own list: that rejects the draft."""
    tasks = plan_members(plans, plan).tasks
    if tasks and all(task.get("status") == "rejected" for task in tasks):
        reason = text(part(tasks[-1], "statusReason"), "text")
        yield from rejection_entries(plans, plan, PlanDecision(reason=reason), REJECTED)


def _last(plans: PlanResources, plan: Resource) -> str | None:
    acts = provenance_events(plans, plan)
    return acts[-1][0] if acts else None
