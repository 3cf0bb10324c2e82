"""Components of a decision that cannot be what the service wrote: of a wrong type, or dated after the decision."""

from __future__ import annotations

from datetime import date, timedelta

from titrate.clinical.values.plan import FlareGrade, Phase
from titrate.fhir.component_values import ComponentValues, by_code
from titrate.fhir.decision_record import LIMITS, OF_AN_EXERCISE, PHASE_BEFORE
from titrate.fhir.elements import Resource, coding_keys, part, parts

_DATES = frozenset({"phase-since", "loading-since", "flare-first-day", "dose-since", "last-raised", "since"})
_PHASES = {"phase": Phase, PHASE_BEFORE: Phase, "flare-grade": FlareGrade}
_NUMBERS = frozenset({"usual-pain", "usual-fatigue", *LIMITS})
_NUMBERS_OF_AN_EXERCISE = OF_AN_EXERCISE - {"dose-since", "last-raised", "instruction"}
# A date that was written in a zone far to the east of the one in which it is read.
_ZONES_APART = timedelta(days=1)


def decision_faults(decision: Resource, system: str, zone: str, day: date, today: date) -> tuple[str, ...]:
    """The codes of components that carry no state although they should, sorted.

    `day` is the date of the decision: nothing in it can be later, and nothing can be later than `today`.
    """
    listed, found = decision.get("component"), parts(decision, "component")
    count = len(listed) if isinstance(listed, list | tuple) else int(listed is not None)
    if len(found) != count or not all(coding_keys(part(one, "code")) for one in found):
        return ("component",)
    values = ComponentValues.of(found, system, zone)
    last = min(today, day + _ZONES_APART)
    return tuple(sorted({code for code, _ in by_code(found, system) if not _is_usable(code, values, last)}))


def _is_usable(code: str, values: ComponentValues, last: date) -> bool:
    kind = code.rpartition(".")[2]
    if kind in _DATES:
        when = values.date(code)
        return when is not None and when <= last
    if code in _PHASES:
        return values.member(code, _PHASES[code]) is not None
    is_number = code in _NUMBERS or code.partition(".")[2].partition(".")[0] in _NUMBERS_OF_AN_EXERCISE
    return not is_number or values.number(code) is not None
