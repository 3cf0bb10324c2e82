"""The record and the clinical picture of a case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.clinical.thresholds.probe import WALK, Case, ago
from tests.courses.build import Number, measured, on, state
from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.record.patient_record import PatientRecord, patient_record
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import PatientGoal, Refusal
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import load

BOOK = load()


def record_of(case: Case, *refusals: Refusal, book: Rulebook = BOOK) -> PatientRecord:
    """The record of a case."""
    readings, plan, at = case.course()
    return patient_record(
        type(readings)(readings.person, readings.readings, refusals, readings.resources), plan, book, at
    )


def picture(case: Case) -> ClinicalPicture:
    """The clinical picture of a case."""
    return clinical_picture(record_of(case))


def walking(**other: object) -> ExerciseState:
    """20 minutes of walking three times a week, for two weeks."""
    return state("walking", WALK, 3, ago(14), **other)


def goal(target: Number | None, **other: object) -> PatientGoal:
    """A goal of walking, in minutes."""
    amount = None if target is None else Decimal(str(target))
    stamp = measured("g", 1, on(ago(20))).stamp
    made = PatientGoal("Goal/b", "To the shop", "active", "walking", amount, "min", ago(-60), False, stamp)
    return replace(made, **other)  # type: ignore[arg-type]
