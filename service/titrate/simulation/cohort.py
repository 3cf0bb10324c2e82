"""The cohort: so many people of each kind, one after the other, each with what the judge found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titrate.app.pipeline import PlanningRules
from titrate.simulation.archetype import Archetype, archetypes
from titrate.simulation.course import Course, course
from titrate.simulation.judge import Verdict, judged
from titrate.simulation.simulated_patient import simulated_patient


@dataclass(frozen=True, slots=True)
class CohortSize:
    """How many people of each kind, for how many weeks, from which seed; `kinds` are those wanted, none means all."""

    people: int
    weeks: int
    seed: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulatedCohort:
    """One person's half year, judged."""

    course: Course
    verdict: Verdict


def simulate_cohort(size: CohortSize, rules: PlanningRules) -> Iterator[SimulatedCohort]:
    """Everyone in order: kind by kind, number by number."""
    for kind in proposal(size.kinds):
        for number in range(1, size.people + 1):
            found = course(simulated_patient(kind, number, size.seed), rules, size.weeks)
            yield SimulatedCohort(found, judged(found, rules.rulebook))


def proposal(kinds: Sequence[str]) -> tuple[Archetype, ...]:
    """The kinds of these names, all of them where none is named."""
    return tuple(one for one in archetypes() if not kinds or one.name in kinds)
