"""Aggravating and easing factors (C05), and alternatives to exercises that resemble an aggravating factor.

The service swaps nothing: a clinician chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.latest_answers import latest_answers, newest
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Exercise


@dataclass(frozen=True, slots=True)
class ReportedFactor:
    """One factor as reported; `threshold` in `unit` is the amount from which it applies."""

    eases: bool
    what: str | None
    words: str | None
    symptom: str | None
    threshold: Decimal | None
    unit: str | None
    day: date


@dataclass(frozen=True, slots=True)
class Alternative:
    """An exercise of the plan that resembles aggravating factors, and exercises of its domain that do not."""

    exercise: str
    factors: tuple[str, ...]
    instead: tuple[str, ...]


def reported_factors(record: PatientRecord) -> tuple[ReportedFactor, ...]:
    """The factors of the newest day, aggravating ones first."""
    found = [
        ReportedFactor(f.eases, f.what, f.words, f.symptom, f.threshold, f.unit, f.stamp.day)
        for f in newest(record.factors)
    ]
    return tuple(sorted(found, key=lambda f: (f.eases, f.what or "", repr(f))))


def aggravating_factors(record: PatientRecord) -> frozenset[str]:
    """The codes of the newest aggravating factors."""
    return frozenset(f.what for f in newest(record.factors) if f.what is not None and not f.eases)


def alternatives(record: PatientRecord, states: tuple[ExerciseState, ...]) -> tuple[Alternative, ...]:
    """For each exercise of the plan that resembles an aggravating factor, the alternatives of the library."""
    library, factors = record.rulebook.exercises, aggravating_factors(record)
    planned = [library[state.exercise] for state in states if state.exercise in library]
    return tuple(
        Alternative(one.code, tuple(sorted(factors.intersection(one.like))), _alternatives_to(record, one, states))
        for one in planned
        if factors.intersection(one.like)
    )


def _alternatives_to(record: PatientRecord, exercise: Exercise, states: tuple[ExerciseState, ...]) -> tuple[str, ...]:
    """Exercises of the same domain and tissue, not planned, unlike the factors, with equipment that is there."""
    planned, factors = {state.exercise for state in states}, aggravating_factors(record)
    return tuple(
        other.code
        for other in record.rulebook.exercises.values()
        if other.domain is exercise.domain and _tissues(other) & _tissues(exercise) and other.code not in planned
        and not factors.intersection(other.like) and has_equipment(record, other)
    )  # fmt: skip


def _tissues(exercise: Exercise) -> set[str]:
    return set(exercise.tissue.split(" and "))


def has_equipment(record: PatientRecord, exercise: Exercise) -> bool:
    """Whether the patient has what the exercise needs. Unknown equipment counts as present."""
    equipment = latest_answers(record, "equipment")
    return not exercise.needs or not equipment or bool(set(exercise.needs).intersection(equipment))
