"""Sets, repetitions and load from the text of an order, such as `3 x 10 @ 40 kg`. Only unambiguous text counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

POUND = Decimal("0.45359237")

TIMES = "[x\N{MULTIPLICATION SIGN}]"

_SETS = re.compile(
    rf"(?<![\d.,])(?P<sets>\d{{1,2}})\s*(?:sets?\s+of|(?:sets?\s*)?{TIMES})\s*(?P<repetitions>\d{{1,3}})(?!\d|[.,]\d)"
    r"(?:\s*(?:repetitions|reps?)\b)?"
    r"(?:\s*(?:@|at|with|,)\s*(?P<load>\d+(?:[.,]\d+)?)\s*(?P<unit>kg|lbs?|\[lb_av\]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDose:
    """Sets, repetitions in each set, and the load in kg if the text gives one."""

    sets: int
    repetitions: int
    load: Decimal | None

    @property
    def total(self) -> Decimal:
        """Repetitions of a session."""
        return Decimal(self.sets * self.repetitions)


def read_dose_text(words: tuple[str, ...]) -> WrittenDose | None:
    """The one dose in the text. None where there is none, or two that differ."""
    found = {_dose(match) for sentence in words for match in _SETS.finditer(sentence)}
    return found.pop() if len(found) == 1 else None


def _dose(match: re.Match[str]) -> WrittenDose:
    return WrittenDose(int(match["sets"]), int(match["repetitions"]), _load(match["load"], match["unit"]))


def _load(amount: str | None, unit: str | None) -> Decimal | None:
    if amount is None or unit is None:
        return None
    kilograms = Decimal(amount.replace(",", "."))
    return kilograms if unit.lower() == "kg" else kilograms * POUND
