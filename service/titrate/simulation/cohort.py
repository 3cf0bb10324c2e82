"""The cohort: so many people of each kind, one after the other, each with what the judge found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titrate.app.pipeline import Rules
from titrate.simulation.archetype import Archetype, archetypes
from titrate.simulation.course import Course, course
from titrate.simulation.judge import Verdict, judged
from titrate.simulation.simulated_patient import person


@dataclass(frozen=True, slots=True)
class Size:
    """How many people of each kind, for how many weeks, from which seed; `kinds` are those wanted, none means all."""

    people: int
    weeks: int
    seed: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lived:
    """One person's half year, judged."""

    course: Course
    verdict: Verdict


def lived(size: Size, rules: Rules) -> Iterator[Lived]:
    """Everyone in order: kind by kind, number by number."""
    for kind in wanted(size.kinds):
        for number in range(1, size.people + 1):
            found = course(person(kind, number, size.seed), rules, size.weeks)
            yield Lived(found, judged(found, rules.rulebook))


def wanted(kinds: Sequence[str]) -> tuple[Archetype, ...]:
    """The kinds of these names, all of them where none is named."""
    return tuple(one for one in archetypes() if not kinds or one.name in kinds)
