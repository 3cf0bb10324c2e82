"""Exercises, measures, units and numbers as people call them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from titrate.fhir.doses import UNIT_WORDS
from titrate.fhir.identifiers import plain_number
from titrate.fhir.plan_proposal import PlanProposal

Name = Callable[[str], str]
# Characters of somebody's own words that are shown in one place.
LONGEST = 200


def names_of(proposal: PlanProposal) -> Name:
    """The display of an exercise by its code."""
    exercises = proposal.rulebook.exercises
    return lambda code: exercises[code].display if code in exercises else code


def measure_label(proposal: PlanProposal, what: str) -> str:
    """The measure as people call it; a tolerance trial by its exercise."""
    if what.startswith("trial."):
        return f"{names_of(proposal)(what.removeprefix('trial.'))}, tolerance trial"
    return proposal.rulebook.measures[what].display


def short(value: Decimal | None) -> str:
    """To hundredths at most: a mean has no end."""
    if value is None:
        return "-"
    short = round(value, 2)
    return plain_number(short if short != value else value)


def unit_label(unit: str) -> str:
    """A unit after a number, with a space before it."""
    words = UNIT_WORDS.get(unit, unit)
    return f" {words}" if words else ""


def display_name(code: str | None) -> str:
    """A coded answer in words; a dash where there is none."""
    return "-" if code is None else code.replace("-", " ")


def quoted(words: str | None) -> str:
    """Somebody's own words between marks, cut where they are very long; empty where there are none."""
    if not words:
        return ""
    return f'"{words}"' if len(words) <= LONGEST else f'"{words[:LONGEST].rstrip()} ..."'


def often(times: int) -> str:
    """How many times, in words."""
    return "once" if times == 1 else f"{times} times"


def span(minutes: Decimal | None) -> str:
    """A time as people say it: minutes, from three hours on hours, from three days on days."""
    if minutes is None:
        return "-"
    for size, word in ((1440, "days"), (60, "h")):
        if minutes >= 3 * size:
            return f"{short(minutes / size)} {word}"
    return f"{short(minutes)} min"
