"""What suits the patient (C40): exercises to choose from, free days and time, and what in the plan does not fit them.

A choice to talk about: no dose and no exercise changes by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.insights.aggravating_factors import aggravating, possible
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.latest_answers import latest_answers, latest_number
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Domain, Exercise

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ExerciseOption:
    """One exercise that could be done: whether it is liked, and whether the plan has it already."""

    domain: Domain
    exercise: str
    liked: bool
    planned: bool


@dataclass(frozen=True, slots=True)
class ExercisePreferences:
    """The choice set, by domain and the liked ones first; `without` are domains that have none.

    `days` are ISO weekdays (Monday 1), `minutes` the time on one. `doubts` say what in the plan does not fit.
    """

    choices: tuple[ExerciseOption, ...]
    without: tuple[Domain, ...]
    equipment: tuple[str, ...]
    days: tuple[int, ...]
    parts: tuple[str, ...]
    minutes: Decimal | None
    doubts: tuple[str, ...]


def free_days(record: PatientRecord) -> tuple[int, ...]:
    """The ISO weekdays that the patient calls free; none where nobody said."""
    return tuple(sorted(DAYS.index(day) + 1 for day in latest_answers(record, "free-day") if day in DAYS))


def exercise_preferences(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...]
) -> ExercisePreferences:
    """What was said about liking, equipment and time, laid beside the library and the plan.

    While a red flag is open there is nothing to choose from.
    """
    record, order = picture.record, list(Domain)
    liked, planned = latest_answers(record, "liked-exercise"), {s.exercise for s in states}
    library = () if picture.safety.flags else tuple(record.rulebook.exercises.values())
    found = [e for e in library if not _against(record, e)]
    choices = sorted(
        (ExerciseOption(e.domain, e.code, e.code in liked, e.code in planned) for e in found),
        key=lambda c: (order.index(c.domain), not c.liked, not c.planned, c.exercise),
    )
    return ExercisePreferences(
        tuple(choices),
        tuple(d for d in Domain if library and all(c.domain is not d for c in choices)),
        latest_answers(record, "equipment"),
        free_days(record),
        latest_answers(record, "free-part"),
        latest_number(record, "free-minutes"),
        (*_unsuited(record, planned.union(liked)), *_too_long(record, decision)) if library else (),
    )


def _against(record: PatientRecord, exercise: Exercise) -> str | None:
    """Why an exercise does not suit, as far as was said."""
    if exercise.code in latest_answers(record, "disliked-exercise"):
        return "is not liked"
    if not possible(record, exercise):
        return f"needs {' or '.join(exercise.needs)}, which is not at hand"
    resembled = sorted(aggravating(record).intersection(exercise.like))
    return f"resembles what brings symptoms on ({', '.join(resembled)})" if resembled else None


def _unsuited(record: PatientRecord, proposal: set[str]) -> tuple[str, ...]:
    exercises = (e for code, e in record.rulebook.exercises.items() if code in proposal)
    return tuple(f"{e.display} {why}" for e in exercises if (why := _against(record, e)) is not None)


def _too_long(record: PatientRecord, decision: Decision) -> tuple[str, ...]:
    """Sessions in minutes that are longer than the time that is free."""
    minutes, library = latest_number(record, "free-minutes"), record.rulebook.exercises
    doses = [(change.exercise, change.next) for change in decision.doses if change.next is not None]
    return tuple(
        f"{library[code].display} takes longer than the time that is free on a day: split it, or agree on other times"
        for code, dose in doses
        if minutes is not None and dose.unit == "min" and dose.amount > minutes
    )
