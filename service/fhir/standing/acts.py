"""What people decided about plans of ours, as Provenance tells it: activated, held, resumed, completed, ended."""

from __future__ import annotations

from datetime import date

from service.fhir import terms
from service.fhir.elements import Resource, codes, instant, name, part, targets
from service.fhir.standing.holdings import LONG_AGO, Holdings, is_ours
from service.fhir.standing.selecting import plan_in_force

ACTIVITY = f"{terms.TERMINOLOGY}/v3-DataOperation"
ACTIVITIES = {
    "ACTIVATE": "activate", "HOLD": "hold", "RESUME": "resume", "COMPLETE": "complete", "ABORT": "abort",
}

# An activity and the Provenance that tells it.
Acted = tuple[str, Resource]


def acts_on(holdings: Holdings, plan: Resource) -> tuple[Acted, ...]:
    """The decisions that are recorded on a plan, oldest first. Its creation is none."""
    zone = holdings.person.zone
    found = [
        (code, item) for item in holdings.of_type("Provenance") if name(plan) in targets(item, "target")
        for code in codes(part(item, "activity"), ACTIVITY) if code in ACTIVITIES
    ]
    return tuple(sorted(found, key=lambda act: instant(act[1].get("recorded"), zone) or LONG_AGO))


def ended_on(holdings: Holdings) -> date | None:
    """The local date on which a person ended the newest plan that was ever in force, where none stands now."""
    if plan_in_force(holdings) is not None:
        return None
    acts = {name(plan): acts_on(holdings, plan) for plan in holdings.plans if is_ours(plan, holdings.site)}
    once = {place for place, told in acts.items() if any(activity == "ACTIVATE" for activity, _ in told)}
    replaced = {item for place in once for item in targets(holdings.by_name[place], "replaces")}
    last = [acts[place][-1] for place in sorted(once - replaced)]
    days = [
        when.date() for activity, item in last if activity in ("ABORT", "COMPLETE")
        and (when := instant(item.get("recorded"), holdings.person.zone)) is not None
    ]
    return max(days, default=None)
