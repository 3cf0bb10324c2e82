"""Courses that are simulated once for all tests of this folder."""

from __future__ import annotations

from functools import cache

from titrate.app.pipeline import PlanningRules
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup
from titrate.simulation.course import Course, simulate_course
from titrate.simulation.judge import CourseVerdict, judge_course
from titrate.simulation.simulated_patient import archetypes, simulated_patient

WEEKS, SEED = 26, 1
KINDS = tuple(one.name for one in archetypes())


@cache
def rules() -> PlanningRules:
    """The shipped rulebook."""
    return PlanningRules(*load_with_lookup(), Site())


@cache
def simulated_course(kind: str, number: int = 1, weeks: int = WEEKS) -> Course:
    """The course of one simulated patient."""
    archetype = next(one for one in archetypes() if one.name == kind)
    return simulate_course(simulated_patient(archetype, number, SEED), rules(), weeks)


@cache
def verdict(kind: str, number: int = 1) -> CourseVerdict:
    """The verdict of the judge on it."""
    return judge_course(simulated_course(kind, number), rules().rulebook)
