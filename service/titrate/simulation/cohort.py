"""The cohort: a number of simulated patients of each archetype, and what the judge found in each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titrate.app.pipeline import PlanningRules
from titrate.simulation.archetype import Archetype, archetypes
from titrate.simulation.course import Course, simulate_course
from titrate.simulation.judge import Verdict, judge_course
from titrate.simulation.simulated_patient import simulated_patient


@dataclass(frozen=True, slots=True)
class CohortSize:
    """Patients per archetype, weeks and seed. `kinds` are the names of the archetypes; empty for all."""

    patients: int
    weeks: int
    seed: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedCourse:
    """The course of one simulated patient, with the verdict of the judge."""

    course: Course
    verdict: Verdict


def simulate_cohort(size: CohortSize, rules: PlanningRules) -> Iterator[JudgedCourse]:
    """All simulated patients, ordered by archetype and number."""
    for archetype in selected_archetypes(size.kinds):
        for number in range(1, size.patients + 1):
            course = simulate_course(simulated_patient(archetype, number, size.seed), rules, size.weeks)
            yield JudgedCourse(course, judge_course(course, rules.rulebook))


def selected_archetypes(names: Sequence[str]) -> tuple[Archetype, ...]:
    """The archetypes of these names, or all if no name is given."""
    return tuple(archetype for archetype in archetypes() if not names or archetype.name in names)
