"""Strips of events: a letter for each week of each person, in a table that can be read aloud."""

from __future__ import annotations

from collections.abc import Sequence

from titrate.simulation.metrics import CourseMetrics
from titrate.simulation.page.html import table, words

SAYS = {
    "B": "baseline",
    "P": "progress",
    "H": "hold",
    "I": "too little data",
    "V": "hold and review",
    "L": "lighter week",
    "E": "end of the lighter week",
    "F": "flare",
    "R": "return to load",
    "D": "deload",
    "G": "step back after a gap",
    "S": "stop, red flag",
}


def legend() -> str:
    """What the letters and colours mean."""
    cells = "".join(f'<li><span class="w {key}">{key}</span> {words(text)}</li>' for key, text in SAYS.items())
    return f'<ul class="legend">{cells}</ul>\n'


def strips(people: Sequence[CourseMetrics]) -> str:
    """One row a person."""
    weeks = len(people[0].letters)
    rows = ([words(one.person.rpartition("-")[2]), *(_cell(letter) for letter in one.letters)] for one in people)
    return table(("Person", *(str(week + 1) for week in range(weeks))), rows, "Decisions by week", "strip")


def _cell(letter: str) -> str:
    if not letter:
        return ""
    return f'<span class="w {letter}" title="{words(SAYS.get(letter, letter))}">{letter}</span>'
