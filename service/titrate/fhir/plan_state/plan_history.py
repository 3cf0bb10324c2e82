"""What happened to a plan: when it began and was approved, and every decision on it that Provenance records."""

from __future__ import annotations

from datetime import date

from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, instant, local_date, name, part, parts, target, targets, text
from titrate.fhir.plan_state.decisions import outcome_code
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, decided_at, from_titrate

# Statuses that a plan of the service has only after a clinician approved it.
APPROVED = ("active", "on-hold", "completed")
ACTIVITY = f"{code_systems.TERMINOLOGY}/v3-DataOperation"
ACTIVITIES = {
    "ACTIVATE": "activate",
    "HOLD": "hold",
    "RESUME": "resume",
    "COMPLETE": "complete",
    "ABORT": "abort",
}

# An activity and the Provenance that records it.
ProvenanceEvent = tuple[str, Resource]


def begin_date(plans: PlanResources, plan: Resource) -> date | None:
    """The first day of a plan."""
    zone = plans.person.zone
    return local_date(part(plan, "period").get("start"), zone) or local_date(plan.get("created"), zone)


def approved_on(plans: PlanResources, plan: Resource) -> date | None:
    """The local date of the newest approval, else of the plan's start."""
    zone = plans.person.zone
    recorded = [
        when
        for item in plans.of_type("Provenance")
        if name(plan) in targets(item, "target")
        and _approves(plans, item)
        and (when := instant(item.get("recorded"), zone)) is not None
        and when <= plans.at
    ]
    return max(recorded).date() if recorded else begin_date(plans, plan)


def _approves(plans: PlanResources, provenance: Resource) -> bool:
    """Whether a practitioner approved: a patient, a relative or a device cannot, and no one who is no longer active."""
    return any(
        code_systems.APPROVERS.intersection(codes(part(agent, "type"), code_systems.PARTICIPANT))
        and _may_approve(plans, part(agent, "who"))
        for agent in parts(provenance, "agent")
    )


def _may_approve(plans: PlanResources, who: Resource) -> bool:
    reference = target(who)
    if reference is None:
        return text(who, "type") in ("Practitioner", "PractitionerRole")
    if not reference.startswith(("Practitioner/", "PractitionerRole/")):
        return False
    return plans.by_name.get(reference, {}).get("active") is not False


def started_on(plans: PlanResources, plan: Resource) -> date | None:
    """The earliest start of a plan that was ever approved, or the first baseline decision."""
    approved = [item for item in plans.care_plans if from_titrate(item, plans.site) and item.get("status") in APPROVED]
    starts = [first for item in (plan, *approved) if (first := begin_date(plans, item)) is not None]
    baselines = [
        plans.local_day(decided_at(item, plans.person.zone))
        for item in plans.decisions
        if outcome_code(plans, item) == "baseline"
    ]
    return min((*starts, *baselines), default=None)


def provenance_events(plans: PlanResources, plan: Resource) -> tuple[ProvenanceEvent, ...]:
    """The decisions that are recorded on a plan, oldest first, without its creation."""
    zone = plans.person.zone
    found = [
        (code, item)
        for item in plans.of_type("Provenance")
        if name(plan) in targets(item, "target")
        for code in codes(part(item, "activity"), ACTIVITY)
        if code in ACTIVITIES
    ]
    return tuple(sorted(found, key=lambda event: instant(event[1].get("recorded"), zone) or LONG_AGO))


def is_last(plans: PlanResources, plan: Resource) -> bool:
    """Whether the plan was in force once, and no later plan that was in force has replaced it."""
    later = (item for item in plans.care_plans if name(plan) in targets(item, "replaces"))
    return _activated(plans, plan) and not any(_activated(plans, item) for item in later)


def _activated(plans: PlanResources, plan: Resource) -> bool:
    return any(activity == "ACTIVATE" for activity, _ in provenance_events(plans, plan))
