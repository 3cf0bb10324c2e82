"""What people decided about plans of ours, as Provenance tells it: activated, held, resumed, completed, ended."""

from __future__ import annotations

from datetime import date

from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, instant, name, part, targets
from titrate.fhir.plan_state.current_plan import plan_in_force
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, is_ours

ACTIVITY = f"{code_systems.TERMINOLOGY}/v3-DataOperation"
ACTIVITIES = {
    "ACTIVATE": "activate",
    "HOLD": "hold",
    "RESUME": "resume",
    "COMPLETE": "complete",
    "ABORT": "abort",
}

ENDS = ("COMPLETE", "ABORT")

# An activity and the Provenance that tells it.
ProvenanceEvent = tuple[str, Resource]


def provenance_events(plans: PlanResources, plan: Resource) -> tuple[ProvenanceEvent, ...]:
    """The decisions that are recorded on a plan, oldest first. Its creation is none."""
    zone = plans.person.zone
    found = [
        (code, item)
        for item in plans.of_type("Provenance")
        if name(plan) in targets(item, "target")
        for code in codes(part(item, "activity"), ACTIVITY)
        if code in ACTIVITIES
    ]
    return tuple(sorted(found, key=lambda act: instant(act[1].get("recorded"), zone) or LONG_AGO))


def ended_on(plans: PlanResources) -> date | None:
    """The local date on which a person ended the newest plan that was ever in force, where none stands now."""
    if plan_in_force(plans) is not None:
        return None
    zone, days = plans.person.zone, []
    for plan in plans.care_plans:
        acts = provenance_events(plans, plan) if is_ours(plan, plans.site) else ()
        if acts and acts[-1][0] in ENDS and is_last(plans, plan):
            when = instant(acts[-1][1].get("recorded"), zone)
            days.append(when.date() if when else plans.local_day(plans.at))
    return max(days, default=None)


def is_last(plans: PlanResources, plan: Resource) -> bool:
    """Whether it was in force once, and no later plan of ours that was in force has taken its place."""
    later = (item for item in plans.care_plans if name(plan) in targets(item, "replaces"))
    return _activated(plans, plan) and not any(_activated(plans, item) for item in later)


def _activated(plans: PlanResources, plan: Resource) -> bool:
    return any(activity == "ACTIVATE" for activity, _ in provenance_events(plans, plan))
