"""Exercises, measures, units and numbers as people call them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from titrate.clinical.values.quantity import unit_name
from titrate.fhir.identifiers import plain_number
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message
from titrate.messages.narrative import TrialOf
from titrate.messages.patient_profile import Days, Hours, Minutes, Once, Times

Name = Callable[[str], str]
# Characters of a patient's own words that one place shows.
MAX_QUOTE = 200
# From three days on a duration is in days, from three hours on in hours.
_LONG_UNITS: tuple[tuple[int, type[Days | Hours]], ...] = ((1440, Days), (60, Hours))


def names_of(proposal: PlanProposal) -> Name:
    """The display of an exercise by its code; the code where the rulebook does not know it."""
    exercises = proposal.rulebook.exercises
    return lambda code: exercises[code].display if code in exercises else code


def measure_label(proposal: PlanProposal, what: str) -> str | Message:
    """The display of a measure; of a tolerance trial by its exercise."""
    if what.startswith("trial."):
        return TrialOf(exercise=names_of(proposal)(what.removeprefix("trial.")))
    return proposal.rulebook.measures[what].display


def short_number(value: Decimal | None) -> str:
    """A number with at most two decimals; a dash where there is none."""
    if value is None:
        return "-"
    rounded = round(value, 2)
    return plain_number(rounded if rounded != value else value)


def unit_label(unit: str | None) -> str:
    """A unit to follow a number, with a space before it; empty where the number has no unit."""
    label = unit_name(unit) if unit else ""
    return f" {label}" if label else ""


def display_name(code: str | None) -> str:
    """A coded answer in words; a dash where there is none."""
    return "-" if code is None else code.replace("-", " ")


def display_names(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Coded answers in words."""
    return tuple(map(display_name, codes))


def quoted(words: str | None) -> str:
    """A patient's own words in quotation marks, cut where they are very long; empty where there are none."""
    if not words:
        return ""
    return f'"{words}"' if len(words) <= MAX_QUOTE else f'"{words[:MAX_QUOTE].rstrip()} ..."'


def times_words(count: int) -> Message:
    """How many times."""
    return Once() if count == 1 else Times(count=count)


def duration(minutes: Decimal) -> Message:
    """A duration in minutes, hours or days, whichever is easy to read."""
    for size, unit in _LONG_UNITS:
        if minutes >= 3 * size:
            return unit(number=short_number(minutes / size))
    return Minutes(number=short_number(minutes))


def duration_or_dash(minutes: Decimal | None) -> Message | str:
    """A duration; a dash where it is unknown."""
    return "-" if minutes is None else duration(minutes)
