"""The value that every rule which lowers a dose gives, and how several of them come together (clinical rule B6).

Each gives, for every exercise with a dose, the dose it would set; the lowest of all that match wins. None of them asks
whether data are sufficient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Dose

Doses = Mapping[str, Dose | None]


@dataclass(frozen=True, slots=True)
class LoweringResult:
    """One matched lowering rule: its id, the dose of every dosed exercise under it, its reasons and its trace.

    `asks` is what is missing; `reviews` is what a clinician is to look at.
    """

    rule: str
    doses: Doses
    reasons: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    asks: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()


def lowest_doses(current: Doses, found: tuple[LoweringResult, ...]) -> dict[str, Dose | None]:
    """For each exercise the lowest dose of all that match, never above the dose in force."""
    doses = dict(current)
    for lowering in found:
        for exercise, dose in lowering.doses.items():
            doses[exercise] = lower(doses[exercise], dose)
    return doses


def decimal_text(value: Decimal | None) -> str | None:
    """A number as the trace prints it: plain digits, no exponent."""
    return None if value is None else f"{value:f}"


def part_text(factor: Decimal, of: str) -> str:
    """What a rule that lowers leaves: a part of a dose, or none before new trials."""
    return f"{factor} of {of}" if factor else "no session target until new trials"
