"""Whether reported numbers are plausible: unit, range and step of one value, and jumps between sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.merged_sessions import bouts_of
from titrate.clinical.values.quantity import UNITS, UnitRefused, convert, same_scale, unit_name
from titrate.clinical.values.readings import Reading, Refusal, RefusalReason, SessionReported
from titrate.clinical.values.rulebook import Measure
from titrate.fhir.read.read_context import Fault, refusal
from titrate.messages.refused_values import (
    LoadJumpImplausible,
    SessionsPerDayImplausible,
    UnitDoubtful,
    UnitMissing,
    UnitNotAccepted,
    ValueBeyondLimit,
    ValueOutOfRange,
    ValueTooFine,
)

_CHECK_UNIT = Fault(RefusalReason.CHECK_UNIT, UnitDoubtful())
# Kinds of quantity whose units are confused in practice; elsewhere an impossible value is only implausible.
_CONFUSED_KINDS = frozenset({"temperature", "glucose", "mass"})


def plausible(value: Decimal, unit: str, measure: Measure) -> Decimal | Fault:
    """The value in the measure's unit, or the fault. The message names limits, never the value."""
    accepted = (measure.unit, *measure.units)
    if unit not in accepted:
        return Fault(RefusalReason.WRONG_UNIT, UnitNotAccepted(measure=measure.display, units=accepted))
    converted = convert(value, unit, measure.unit)
    if isinstance(converted, UnitRefused):
        return Fault(RefusalReason.WRONG_UNIT, converted.message)
    if not measure.accepts(converted):
        return _CHECK_UNIT if _fits_another_unit(value, unit, measure) else _out_of_range(measure)
    if measure.grid is not None and converted % measure.grid != 0:
        return Fault(RefusalReason.IMPLAUSIBLE, ValueTooFine(measure=measure.display, step=measure.grid))
    return converted


def without_unit(value: Decimal, measure: Measure, implied: bool) -> Decimal | Fault:
    """A bare number, accepted if the question names the unit or all accepted units share one scale."""
    if implied or all(same_scale(unit, measure.unit) for unit in (measure.unit, *measure.units)):
        return plausible(value, measure.unit, measure)
    return Fault(RefusalReason.WRONG_UNIT, UnitMissing())


def _fits_another_unit(value: Decimal, unit: str, measure: Measure) -> bool:
    for other in (measure.unit, *measure.units) if UNITS[unit] in _CONFUSED_KINDS else ():
        converted = convert(value, other, measure.unit)
        if not same_scale(other, unit) and isinstance(converted, Decimal) and measure.accepts(converted):
            return True
    return False


def _out_of_range(measure: Measure) -> Fault:
    low, high, name = measure.low, measure.high, measure.display
    label = unit_name(measure.unit)
    unit = f" {label}" if label else ""
    if low is not None and high is not None:
        return Fault(RefusalReason.IMPLAUSIBLE, ValueOutOfRange(measure=name, low=low, high=high, unit=unit))
    limit = low if low is not None else high or Decimal(0)
    return Fault(RefusalReason.IMPLAUSIBLE, ValueBeyondLimit(measure=name, limit=limit, unit=unit))


def plausible_readings(
    readings: Iterable[Reading], numbers: ClinicalNumbers
) -> tuple[tuple[Reading, ...], tuple[Refusal, ...]]:
    """The readings in their order. An implausible load becomes unknown and its session stays."""
    last: dict[str, Decimal] = {}
    kept: list[Reading] = []
    refusals: list[Refusal] = []
    for reading in readings:
        if not isinstance(reading, SessionReported):
            kept.append(reading)
            continue
        fault = _load_fault(reading.load, last.get(reading.exercise), numbers)
        if fault is not None:
            refusals.append(_refused(reading, fault, "session.load"))
        elif reading.load is not None:
            last[reading.exercise] = reading.load
        kept.append(reading if fault is None else replace(reading, load=None))
    return tuple(kept), (*refusals, *_too_many_sessions(kept, numbers))


def _too_many_sessions(readings: Iterable[Reading], numbers: ClinicalNumbers) -> Iterator[Refusal]:
    """A refusal for each exercise and date with more bouts than are plausible, however often each was reported."""
    fault = Fault(RefusalReason.IMPLAUSIBLE, SessionsPerDayImplausible(limit=numbers.sessions_per_day_max))
    sessions = [reading for reading in readings if isinstance(reading, SessionReported)]
    count: Counter[tuple[str, date]] = Counter()
    for bout in bouts_of(sessions, timedelta(minutes=int(numbers.same_session_minutes))):
        count[bout[0].exercise, bout[0].stamp.day] += 1
        if count[bout[0].exercise, bout[0].stamp.day] == numbers.sessions_per_day_max + 1:
            yield _refused(bout[0], fault, "session.exercise")


def _load_fault(load: Decimal | None, last: Decimal | None, numbers: ClinicalNumbers) -> Fault | None:
    """A ratio near pounds per kilogram, up or down, is more likely a confused unit than a change of load."""
    if load is None or last is None or last <= 0 or load <= 0:
        return None
    ratio = max(load, last) / min(load, last)
    in_pounds = convert(Decimal(1), "kg", "[lb_av]")
    if isinstance(in_pounds, Decimal) and abs(ratio / in_pounds - 1) <= numbers.load_unit_tolerance:
        return _CHECK_UNIT
    if load > numbers.load_jump_max * last:
        return Fault(RefusalReason.IMPLAUSIBLE, LoadJumpImplausible(factor=numbers.load_jump_max))
    return None


def _refused(reading: SessionReported, fault: Fault, what: str) -> Refusal:
    return refusal(reading.stamp.source, what, fault, what, reading.stamp.day)
