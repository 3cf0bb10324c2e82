"""What only the row of readings shows: a load that jumps like a slipped unit, and more sessions than a day holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from titrate.clinical.values.readings import Reading, Refusal, RefusalReason, SessionReported
from titrate.fhir.read.plausibility import CHECK_UNIT
from titrate.fhir.read.read_context import Fault, refusal

SESSIONS_A_DAY = 5
_MOST = Decimal(2)
# Pounds a kilogram is 2.2046; a ratio this near to it, up or down, is more likely a unit than a load.
_SLIP = (Decimal("2.15"), Decimal("2.25"))
_TOO_MUCH = Fault(RefusalReason.IMPLAUSIBLE, "This cannot be true: the load is more than twice the last one")
_TOO_MANY = Fault(
    RefusalReason.IMPLAUSIBLE, f"This cannot be true: more than {SESSIONS_A_DAY} sessions of one exercise on one day"
)


def plausible_readings(readings: Iterable[Reading]) -> tuple[tuple[Reading, ...], tuple[Refusal, ...]]:
    """The readings in their order. A load that cannot be true becomes unknown; the session stays."""
    last: dict[str, Decimal] = {}
    count: Counter[tuple[str, date]] = Counter()
    kept: list[Reading] = []
    refusals: list[Refusal] = []
    for reading in readings:
        if not isinstance(reading, SessionReported):
            kept.append(reading)
            continue
        fault = _load_fault(reading.load, last.get(reading.exercise))
        if fault is not None:
            refusals.append(_refused(reading, fault, "session.load"))
        elif reading.load is not None:
            last[reading.exercise] = reading.load
        count[reading.exercise, reading.stamp.day] += 1
        if count[reading.exercise, reading.stamp.day] == SESSIONS_A_DAY + 1:
            refusals.append(_refused(reading, _TOO_MANY, "session.exercise"))
        kept.append(reading if fault is None else replace(reading, load=None))
    return tuple(kept), tuple(refusals)


def _load_fault(load: Decimal | None, last: Decimal | None) -> Fault | None:
    if load is None or last is None or last <= 0 or load <= 0:
        return None
    ratio = max(load, last) / min(load, last)
    if _SLIP[0] <= ratio <= _SLIP[1]:
        return CHECK_UNIT
    return _TOO_MUCH if load > _MOST * last else None


def _refused(reading: SessionReported, fault: Fault, what: str) -> Refusal:
    return refusal(reading.stamp.source, what, fault, what, reading.stamp.day)
