"""Whether a number can be true: its unit, its range and its finest step, and whether its unit has slipped."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.quantity import UNITS, UnitRefused, convert, same_scale
from titrate.clinical.values.readings import RefusalReason
from titrate.clinical.values.rulebook import Measure
from titrate.fhir.read.read_context import Fault

CHECK_UNIT = Fault(RefusalReason.CHECK_UNIT, "The value would fit another unit: check the unit and send it again")
# Where units are mixed up in practice; elsewhere an impossible value is just that.
_SLIPPING = frozenset({"temperature", "glucose", "mass"})
_NO_UNIT = Fault(RefusalReason.WRONG_UNIT, "There is no unit, and the number would mean different things: give a unit")


def plausible(value: Decimal, unit: str, measure: Measure) -> Decimal | Fault:
    """The value in the measure's unit, or why it cannot be used. The message names limits, never the value."""
    if unit not in (measure.unit, *measure.units):
        proposal = " or ".join((measure.unit, *measure.units))
        return Fault(RefusalReason.WRONG_UNIT, f"This unit is not accepted here: send it in {proposal}")
    kept = convert(value, unit, measure.unit)
    if isinstance(kept, UnitRefused):
        return Fault(RefusalReason.WRONG_UNIT, str(kept.message))
    if in_range(kept, measure):
        return kept if _on_grid(kept, measure) else _too_fine(measure)
    return CHECK_UNIT if _slipped(value, unit, measure) else _out_of_range(measure)


def without_unit(value: Decimal, measure: Measure, implied: bool) -> Decimal | Fault:
    """A bare number: accepted where the question names the unit, or every accepted unit would mean the same."""
    if implied or all(same_scale(unit, measure.unit) for unit in (measure.unit, *measure.units)):
        return plausible(value, measure.unit, measure)
    return _NO_UNIT


def in_range(value: Decimal, measure: Measure) -> bool:
    """Whether the value lies in the measure's range, both ends included."""
    above = measure.low is None or value >= measure.low
    return above and (measure.high is None or value <= measure.high)


def _on_grid(value: Decimal, measure: Measure) -> bool:
    return measure.grid is None or value % measure.grid == 0


def _slipped(value: Decimal, unit: str, measure: Measure) -> bool:
    """Whether the same number in another accepted unit would be in range."""
    for other in (measure.unit, *measure.units) if UNITS[unit] in _SLIPPING else ():
        read = convert(value, other, measure.unit)
        if not same_scale(other, unit) and isinstance(read, Decimal) and in_range(read, measure):
            return True
    return False


def _out_of_range(measure: Measure) -> Fault:
    bounds = f"from {measure.low} to {measure.high} {measure.unit}"
    return Fault(RefusalReason.IMPLAUSIBLE, f"This cannot be true, correct it: {measure.display} lies {bounds}")


def _too_fine(measure: Measure) -> Fault:
    return Fault(RefusalReason.IMPLAUSIBLE, f"{measure.display} comes in steps of {measure.grid}: check the value")
