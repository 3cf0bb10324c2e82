"""Relations between clinical numbers (which must not exceed which, which are whole), and units with one meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from titrate.clinical.values.quantity import UNITS, compared_spelling, is_ambiguous, known
from titrate.messages import Message
from titrate.messages.rulebook_problems import NumbersOutOfOrder, SpellingAmbiguous, SpellingOfTwoUnits
from titrate.messages.rulebook_tables import UnitUnknown

# The first must not be above the second, or rules would contradict each other, or a cautious case would allow more.
ORDERED = (
    ("CARRY_OK", "CARRY_X"),
    ("DAILY_MINIMUM", "DAILY_REDUCED"),
    ("PACING_CHUNK_CAUTIOUS", "PACING_CHUNK"),
    ("FEAR_LOW", "FEAR_PICK"),
    ("CONTACT_DAYS_START", "CONTACT_DAYS_STEADY"),
    ("CONTACT_FLARE_DAYS", "CONTACT_FLARE_REASSESS"),
    ("CONTACT_DAYS_STEADY", "CONTACT_DAYS_MAINTENANCE"),
    ("DONE_LOW", "DONE_HIGH"),
    ("DONE_STOPPED", "DONE_LOW"),
    ("FATIGUE_OK", "FATIGUE_X"),
    ("FLARE_F2", "FLARE_F1"),
    ("GAP_DAYS", "GAP_DAYS_LONG"),
    ("GAP_DAYS_LONG", "GAP_DAYS_REBASELINE"),
    ("GAP_FACTOR_LONG", "GAP_FACTOR"),
    ("HR_ZONE_FLARE", "HR_ZONE_HIGH"),
    ("HR_ZONE_LOW", "HR_ZONE_HIGH"),
    ("LOAD_STEP", "LOAD_STEP_MAX"),
    ("OUTLOOK_TAKEN_LOW", "OUTLOOK_TAKEN_HIGH"),
    ("PAIN_CEILING", "PAIN_PEAK_SEVERE"),
    ("RETURN_LONG", "RETURN_MIDDLE"),
    ("RETURN_LONG_DAYS", "GAP_DAYS_REBASELINE"),
    ("RETURN_MIDDLE", "RETURN_SHORT"),
    ("RETURN_MIDDLE_DAYS", "RETURN_LONG_DAYS"),
    ("RETURN_SHORT_DAYS", "RETURN_MIDDLE_DAYS"),
    ("START_FACTOR_CAUTIOUS", "START_FACTOR"),
    ("STEP_PCT", "STEP_MAX_PCT"),
    ("STEP_PCT_CAUTIOUS", "STEP_PCT"),
    ("VITALS_RECENT_DAYS_ABNORMAL", "VITALS_RECENT_DAYS"),
)
_COUNT_UNITS = ("1", "d", "h")


def ordering_problems(constants: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, NumbersOutOfOrder]]:
    """The name of each number that is above its upper partner, and the problem. Skips missing numbers."""
    for lesser, greater in ORDERED:
        if lesser in constants and greater in constants:
            small, large = constants[lesser]["value"], constants[greater]["value"]
            if small > large:
                yield lesser, NumbersOutOfOrder(small=small, greater=greater, large=large)


def whole_only(row: Mapping[str, Any]) -> bool:
    """Whether a number counts things, days or hours, so that its value and its range are whole numbers."""
    numbers = [row[key] for key in ("low", "value", "high") if row.get(key) is not None]
    return row["unit"] in _COUNT_UNITS and all(isinstance(one, Decimal) and one == int(one) for one in numbers)


def unit_problems(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Message]]:
    """(key, problem) for each unit that is not known, and for each spelling that is or could be another unit's."""
    meanings = {compared_spelling(unit): unit for unit in UNITS}
    for unit, row in rows.items():
        if not known(unit):
            yield unit, UnitUnknown()
        for index, spelling in enumerate(row["spellings"]):
            key = f"{unit}.spellings[{index}]"
            other = meanings.setdefault(compared_spelling(spelling), unit)
            if is_ambiguous(spelling):
                yield key, SpellingAmbiguous()
            elif other != unit:
                yield key, SpellingOfTwoUnits(other=other)
