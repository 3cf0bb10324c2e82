"""Overviews of courses built by hand with the shipped rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from tests.courses.build import measured, minutes, mornings, on, patient_readings, plan, screen, session, stamp, state
from titrate.clinical.evaluate import EvaluationContext, evaluate
from titrate.clinical.insights.clinician_overview import ClinicianOverview, clinician_overview
from titrate.clinical.values.plan import ExerciseState, Phase, PlanInForce
from titrate.clinical.values.readings import (
    Diagnosis,
    DiagnosisKind,
    Measurement,
    Medication,
    PatientGoal,
    PatientReadings,
    Reading,
)
from titrate.rulebook import load

BOOK = load()
TODAY = date(2025, 1, 13)
SINCE = date(2025, 1, 4)
WALK = minutes(15)


def seen(
    patient_readings_: PatientReadings, in_force: PlanInForce, at: datetime, programme: str = "general"
) -> ClinicianOverview:
    """The overview of a course."""
    result = evaluate(patient_readings_, in_force, BOOK, at, EvaluationContext(programme=programme))
    return clinician_overview(result.picture, result.decision, BOOK.programmes[programme])


def calm(
    more: Sequence[Reading] = (), exercises: Sequence[ExerciseState] = (), born: date = date(1965, 1, 1)
) -> ClinicianOverview:
    """Two uneventful weeks on 13 January 2025, walking 15 minutes three times a week since the 4th, and `more`."""
    readings: list[Reading] = [
        *mornings(date(2024, 12, 30), [2] * 14, fatigue=3),
        *screen(date(2025, 1, 11)),
        *(session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (6, 8, 10)),
        *more,
    ]
    chosen = tuple(exercises) or (state("walking", WALK, 3, SINCE, goal_linked=True),)
    return seen(patient_readings(readings, born=born), plan(Phase.LOADING, SINCE, chosen), on(TODAY, time(13)))


def walk_goal(target: int, due: date | None) -> PatientGoal:
    """The patient's goal of walking this long."""
    aim = Decimal(target)
    return PatientGoal("Goal/g", "Walk", "active", "walking", aim, "min", due, False, stamp("goal", on(SINCE)))


def taken(group: str, *, active: bool = True) -> Medication:
    """A medicine of this group."""
    return Medication(group, group, active, stamp(group, on(date(2020, 1, 1))))


def listed(concept: str) -> Diagnosis:
    """A condition on the problem list."""
    return Diagnosis(DiagnosisKind.CONDITION, concept, concept, stamp(concept, on(date(2020, 1, 1))))


def pulse(rate: int, day: date) -> Measurement:
    """A resting heart rate."""
    return measured("heart-rate", rate, on(day))
