"""Blood pressure as a pair: a panel has its values in components, and the diastolic one is the lower."""

from __future__ import annotations

from titrate.clinical.values.readings import Measurement, ReadingSource, RefusalReason
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.fhir.read.reported_codes import ReportedCodes
from titrate.messages.refused_values import PressuresReversed, ValueTypeUnusable

UNUSABLE_PRESSURE = Fault(RefusalReason.WRONG_VALUE, ValueTypeUnusable())
_REVERSED = Fault(RefusalReason.IMPLAUSIBLE, PressuresReversed())


def is_pressure_panel(codes: ReportedCodes, context: ReadContext) -> bool:
    """Whether an Observation is a panel of blood pressure, which has no value of its own."""
    return any("systolic" in context.lookup.panels.get(key, ()) for key in codes.keys)


def checked_pressure(items: tuple[Item, ...], stamp: ReadingSource) -> tuple[Item, ...]:
    """The items without both pressures if the diastolic one is not below the systolic one."""
    pressures = {item.what: item.value for item in items if isinstance(item, Measurement)}
    systolic, diastolic = pressures.get("systolic"), pressures.get("diastolic")
    if systolic is None or diastolic is None or diastolic < systolic:
        return items
    return tuple(_without_pressure(item, stamp) for item in items)


def _without_pressure(item: Item, stamp: ReadingSource) -> Item:
    if isinstance(item, Measurement) and item.what in {"systolic", "diastolic"}:
        return refusal(stamp.source, "Observation.component", _REVERSED, item.what, stamp.day)
    return item
