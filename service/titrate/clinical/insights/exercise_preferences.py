"""Exercise preferences (C40): exercises to choose from, free days and time, and what in the plan does not suit.

Clinician and patient choose together: preferences change no dose and no exercise.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.insights.symptom_behaviour import aggravating_factors, has_equipment
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import PatientRecord, latest_answers, latest_number
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Domain, Exercise
from titrate.messages import Message
from titrate.messages.insights import (
    ExerciseDisliked,
    ExerciseNeedsEquipment,
    ExerciseResemblesFactors,
    SessionLongerThanFreeTime,
)

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ExerciseOption:
    """One exercise that suits: whether the patient likes it, and whether the plan has it already."""

    domain: Domain
    exercise: str
    liked: bool
    planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisePreferences:
    """The choice set by domain, liked exercises first; `without` lists domains that have none.

    `days` are ISO weekdays (Monday 1), `minutes` the free time on each. `doubts` name what in the plan does not suit.
    """

    choices: tuple[ExerciseOption, ...]
    without: tuple[Domain, ...]
    equipment: tuple[str, ...]
    days: tuple[int, ...]
    parts: tuple[str, ...]
    minutes: Decimal | None
    doubts: tuple[Message, ...]


def free_days(record: PatientRecord) -> tuple[int, ...]:
    """The ISO weekdays that the patient calls free; none where unknown."""
    return tuple(sorted(DAYS.index(day) + 1 for day in latest_answers(record, "free-day") if day in DAYS))


def exercise_preferences(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...]
) -> ExercisePreferences:
    """The patient's answers about liking, equipment and time, compared with the library and the plan.

    While a red flag is open there is nothing to choose from.
    """
    record, order = picture.record, list(Domain)
    liked, planned = latest_answers(record, "liked-exercise"), {s.exercise for s in states}
    library = () if picture.safety.flags else tuple(record.rulebook.exercises.values())
    suitable = [e for e in library if _objection(record, e) is None]
    choices = sorted(
        (ExerciseOption(e.domain, e.code, e.code in liked, e.code in planned) for e in suitable),
        key=lambda c: (order.index(c.domain), not c.liked, not c.planned, c.exercise),
    )
    return ExercisePreferences(
        choices=tuple(choices),
        without=tuple(d for d in Domain if library and all(c.domain is not d for c in choices)),
        equipment=latest_answers(record, "equipment"),
        days=free_days(record),
        parts=latest_answers(record, "free-part"),
        minutes=latest_number(record, "free-minutes"),
        doubts=(*_objections(record, planned.union(liked)), *_too_long(record, decision)) if library else (),
    )


def _objection(record: PatientRecord, exercise: Exercise) -> Message | None:
    """Why an exercise does not suit, from the patient's answers."""
    if exercise.code in latest_answers(record, "disliked-exercise"):
        return ExerciseDisliked(exercise=exercise.display)
    if not has_equipment(record, exercise):
        return ExerciseNeedsEquipment(exercise=exercise.display, equipment=tuple(exercise.needs))
    factors = tuple(sorted(aggravating_factors(record).intersection(exercise.like)))
    return ExerciseResemblesFactors(exercise=exercise.display, factors=factors) if factors else None


def _objections(record: PatientRecord, codes: set[str]) -> tuple[Message, ...]:
    exercises = (e for code, e in record.rulebook.exercises.items() if code in codes)
    return tuple(objection for e in exercises if (objection := _objection(record, e)) is not None)


def _too_long(record: PatientRecord, decision: Decision) -> tuple[Message, ...]:
    """Sessions in minutes that are longer than the free time of a day."""
    minutes, library = latest_number(record, "free-minutes"), record.rulebook.exercises
    doses = [(change.exercise, change.next) for change in decision.doses if change.next is not None]
    return tuple(
        SessionLongerThanFreeTime(exercise=library[code].display)
        for code, dose in doses
        if minutes is not None and dose.unit == "min" and dose.amount > minutes
    )
