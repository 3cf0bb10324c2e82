"""Courses that are lived once for all tests of this folder."""

from __future__ import annotations

from functools import cache

from titrate.app.pipeline import PlanningRules
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup
from titrate.simulation.archetype import archetypes
from titrate.simulation.course import Course, course
from titrate.simulation.judge import Verdict, judged
from titrate.simulation.simulated_patient import simulated_patient

WEEKS, SEED = 26, 1
KINDS = tuple(one.name for one in archetypes())


@cache
def rules() -> PlanningRules:
    """The rulebook that ships."""
    return PlanningRules(*load_with_lookup(), Site())


@cache
def lived(kind: str, number: int = 1, weeks: int = WEEKS) -> Course:
    """One person's course."""
    archetype = next(one for one in archetypes() if one.name == kind)
    return course(simulated_patient(archetype, number, SEED), rules(), weeks)


@cache
def verdict(kind: str, number: int = 1) -> Verdict:
    """What the judge says of it."""
    return judged(lived(kind, number), rules().rulebook)
