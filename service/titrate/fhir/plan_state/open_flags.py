"""Red flags that earlier runs recorded as open, so that one outlives the evidence that opened it.

A decision carries a flag with its moment and urgency, and the service's active Flag its moment. Only a clinician's
clearance closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from titrate.clinical.values.decision import OpenFlag
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir.decision_record import open_flags_in
from titrate.fhir.elements import Resource, codes, instant, name, part, parts
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate


def open_flags(plans: PlanResources) -> tuple[OpenFlag, ...]:
    """Every flag that was ever recorded as open, once for each moment at which it opened."""
    found: dict[tuple[str, datetime], OpenFlag] = {}
    for item in _from_flags(plans):  # a Flag has no urgency of its own; a decision records it
        found.setdefault((item.flag, item.since), item)
    for decision in plans.decisions:
        for item in _from_decision(plans, decision):
            found[item.flag, item.since] = item
    return tuple(found[key] for key in sorted(found))


def _from_decision(plans: PlanResources, decision: Resource) -> Iterator[OpenFlag]:
    """The flags that one decision carries."""
    for item in open_flags_in(parts(decision, "component"), plans.site.codes, plans.person.zone):
        yield from _opened(plans, item.flag, item.since, decision, item.urgency)


def _from_flags(plans: PlanResources) -> Iterator[OpenFlag]:
    """The service's Flags that are still active."""
    for item in plans.of_type("Flag"):
        since = instant(part(item, "period").get("start"), plans.person.zone)
        if item.get("status") == "active" and since is not None and from_titrate(item, plans.site):
            for flag in codes(part(item, "code"), plans.site.codes):
                yield from _opened(plans, flag, since, item)


def _opened(
    plans: PlanResources, flag: str, since: datetime, source: Resource, urgency: Urgency | None = None
) -> Iterator[OpenFlag]:
    row = plans.rulebook.flags.get(flag)
    if row is not None and since <= plans.at:
        yield OpenFlag(flag, urgency or row.urgency, since, Source(name(source)))
