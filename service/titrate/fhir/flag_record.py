"""The red flags that a decision carries as open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from titrate.clinical.values.rulebook import Urgency
from titrate.fhir.component_values import by_code
from titrate.fhir.elements import Resource, codes, instant, part, text

_FLAG = re.compile(r"(?P<flag>\w+)-(?P<part>open-since|urgency)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRecord:
    """A red flag that was open: since when and how urgent. `urgency` is None where the record does not say."""

    flag: str
    since: datetime
    urgency: Urgency | None = None


def open_flags_in(
    components: Iterable[Resource], system: str, zone: str, recorded: datetime | None = None
) -> tuple[FlagRecord, ...]:
    """The red flags that a decision carries as open, with a moment that can be read.

    `recorded`: when the decision was made, which counts where the moment cannot be read or lies later.
    """
    since: dict[str, datetime] = {}
    urgency: dict[str, Urgency] = {}
    for code, component in by_code(components, system):
        known = _FLAG.fullmatch(code)
        if known is None:
            continue
        if known["part"] == "open-since":
            when = _earlier(instant(text(component, "valueDateTime"), zone), recorded)
            if when is not None:
                since[known["flag"]] = when
        else:
            word = next(iter(codes(part(component, "valueCodeableConcept"), system)), "").upper()
            if word in set(Urgency):
                urgency[known["flag"]] = Urgency(word)
    return tuple(FlagRecord(flag=flag, since=when, urgency=urgency.get(flag)) for flag, when in since.items())


def _earlier(when: datetime | None, recorded: datetime | None) -> datetime | None:
    return min((one for one in (when, recorded) if one is not None), default=None)
