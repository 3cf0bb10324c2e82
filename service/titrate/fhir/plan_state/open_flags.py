"""Red flags that earlier runs recorded as open. What has left the record since is not forgotten with it.

An open flag is carried by our decision Observations, a component each for its moment and its urgency, and by our active
Flag. A clinician's clearance closes what is carried, as it closes anything else; nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from titrate.clinical.red_flags.safety import OPEN
from titrate.clinical.values.readings import PatientDetails, ReadingSource, SafetyAnswer, Source
from titrate.clinical.values.rulebook import Rulebook, Urgency
from titrate.fhir.elements import Resource, codes, instant, name, part, parts, text
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours, plan_resources
from titrate.fhir.site import Site

SINCE, URGENCY = "open-since", "urgency"
_CODE = re.compile(rf"(rf\d\d)-({SINCE}|{URGENCY})")


def recorded_flags(
    resources: Sequence[Mapping[str, Any]], person: PatientDetails, rulebook: Rulebook, site: Site, at: datetime
) -> tuple[SafetyAnswer, ...]:
    """Every flag that was ever recorded as open, once for each moment at which it opened; its urgency as the answer."""
    holdings = plan_resources(resources, person, rulebook, site, at)
    found: dict[tuple[str, datetime], SafetyAnswer] = {}
    for item in _flags(holdings):  # says no urgency, so the row's; a decision says it better
        found.setdefault((item.what, item.stamp.when), item)
    for decision in holdings.decisions:
        for item in _carried(holdings, decision):
            found[item.what, item.stamp.when] = item
    return tuple(found[key] for key in sorted(found))


def _carried(holdings: PlanResources, decision: Resource) -> Iterator[SafetyAnswer]:
    """What one decision carries."""
    since: dict[str, str] = {}
    urgency: dict[str, str] = {}
    for component in parts(decision, "component"):
        for code in codes(part(component, "code"), holdings.site.codes):
            known = _CODE.fullmatch(code)
            if known is not None and known[2] == SINCE:
                since[known[1]] = text(component, "valueDateTime") or ""
            elif known is not None:
                value = codes(part(component, "valueCodeableConcept"), holdings.site.codes)
                urgency[known[1]] = next(iter(value), "").upper()
    for flag, written in since.items():
        yield from _opened(holdings, flag, written, urgency.get(flag), decision)


def _flags(holdings: PlanResources) -> Iterator[SafetyAnswer]:
    """Our Flags that are still active."""
    for item in holdings.of_type("Flag"):
        if item.get("status") == "active" and is_ours(item, holdings.site):
            for flag in codes(part(item, "code"), holdings.site.codes):
                yield from _opened(holdings, flag, text(part(item, "period"), "start"), None, item)


def _opened(
    holdings: PlanResources, flag: str, written: str | None, urgency: str | None, source: Resource
) -> Iterator[SafetyAnswer]:
    when, row = instant(written, holdings.person.zone), holdings.rulebook.flags.get(flag)
    if when is None or row is None or when > holdings.at:
        return
    how = urgency if urgency in set(Urgency) else row.urgency.value
    yield SafetyAnswer(f"{flag}{OPEN}", how, ReadingSource(Source(name(source)), when))
