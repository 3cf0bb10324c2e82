"""What brings symptoms on and what eases them (C05), and what could stand in for an exercise that resembles it.

Nothing is swapped: a clinician chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.latest_answers import latest_answers, newest
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import FactorReported
from titrate.clinical.values.rulebook import Exercise


@dataclass(frozen=True, slots=True)
class ReportedFactor:
    """One factor as it was told; `threshold` in `unit` is the amount from which it counts."""

    eases: bool
    what: str | None
    words: str | None
    symptom: str | None
    threshold: Decimal | None
    unit: str | None
    day: date


@dataclass(frozen=True, slots=True)
class Alternative:
    """An exercise of the plan that resembles what brings symptoms on, and others of its domain that do not."""

    exercise: str
    factors: tuple[str, ...]
    instead: tuple[str, ...]


def reported_factors(record: PatientRecord) -> tuple[ReportedFactor, ...]:
    """Those of the newest day, the ones that bring symptoms on first."""
    told = [_told(f) for f in newest(record.factors)]
    return tuple(sorted(told, key=lambda f: (f.eases, f.what or "", repr(f))))


def _told(f: FactorReported) -> ReportedFactor:
    return ReportedFactor(f.eases, f.what, f.words, f.symptom, f.threshold, f.unit, f.stamp.day)


def aggravating(record: PatientRecord) -> frozenset[str]:
    """The factors of the mappings that bring symptoms on."""
    return frozenset(f.what for f in newest(record.factors) if f.what is not None and not f.eases)


def alternatives(record: PatientRecord, states: tuple[ExerciseState, ...]) -> tuple[Alternative, ...]:
    """For each exercise of the plan that resembles such a factor, what the library has instead."""
    library, against = record.rulebook.exercises, aggravating(record)
    found = [library[state.exercise] for state in states if state.exercise in library]
    return tuple(
        Alternative(one.code, tuple(sorted(against.intersection(one.like))), _instead(record, one, states))
        for one in found
        if against.intersection(one.like)
    )


def _instead(record: PatientRecord, exercise: Exercise, states: tuple[ExerciseState, ...]) -> tuple[str, ...]:
    """Of the same domain and tissue, not in the plan, not like such a factor, possible with the equipment at hand."""
    planned, against = {state.exercise for state in states}, aggravating(record)
    return tuple(
        other.code
        for other in record.rulebook.exercises.values()
        if other.domain is exercise.domain and _tissues(other) & _tissues(exercise) and other.code not in planned
        and not against.intersection(other.like) and possible(record, other)
    )  # fmt: skip


def _tissues(exercise: Exercise) -> set[str]:
    return set(exercise.tissue.split(" and "))


def possible(record: PatientRecord, exercise: Exercise) -> bool:
    """Whether it needs nothing, or something that is at hand, or nobody said what is at hand."""
    at_hand = latest_answers(record, "equipment")
    return not exercise.needs or not at_hand or bool(set(exercise.needs).intersection(at_hand))
