"""What holds between numbers: which may not pass which, and which count whole things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

# The first may not be above the second, or a rule would contradict another or the careful case be the bolder one.
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
_COUNTED = ("1", "d", "h")


def ordering_problems(constants: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The name of each number that passes another, and what is wrong. Missing numbers are another check's."""
    for lesser, greater in ORDERED:
        if lesser in constants and greater in constants:
            small, large = constants[lesser]["value"], constants[greater]["value"]
            if small > large:
                yield lesser, f"{small} is above {greater}, which is {large}: lower this one or raise the other"


def whole_only(row: Mapping[str, Any]) -> bool:
    """Whether a number counts things, days or hours: whole as it ships, and so are the ends of its range."""
    given = [row[key] for key in ("low", "value", "high") if row.get(key) is not None]
    return row["unit"] in _COUNTED and all(isinstance(one, Decimal) and one == int(one) for one in given)
