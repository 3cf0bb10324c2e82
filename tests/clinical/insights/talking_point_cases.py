"""Talking points of short cases: two uneventful weeks, worked examples, and steps that a clinician set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tests.clinical.overviews import calm, seen
from tests.courses.build import (
    measured,
    on,
)
from tests.courses.examples import Course
from titrate.clinical.insights.clinician_overview import TalkingPoints
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import Measurement, Reading, Reporter

STEPPED = date(2025, 1, 5)


def guide(more: Sequence[Reading] = (), exercises: Sequence[ExerciseState] = ()) -> TalkingPoints:
    """Talking points after two uneventful weeks and `more` readings."""
    return calm(more, exercises).talking_points


def of(course: Course, *more: Reading, programme: str = "general") -> TalkingPoints:
    """Talking points of a worked example with `more` readings."""
    patient, in_force, at = course
    return seen(replace(patient, readings=(*patient.readings, *more)), in_force, at, programme).talking_points


def step(value: int, ladder: str = "stairs", day: date = STEPPED) -> Measurement:
    """The step that a clinician set."""
    return measured(f"ladder-step-{ladder}", value, on(day), Reporter.PRACTITIONER)
