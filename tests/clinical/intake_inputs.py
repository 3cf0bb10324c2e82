"""Short constructors for answers of the intake profile, and the overview after two uneventful weeks with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from tests.clinical.overviews import calm
from tests.courses.build import Number, answered, dec, measured, on, stamp
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import (
    Comment,
    FactorReported,
    Measurement,
    Reading,
    RoutineBlock,
    SafetyAnswer,
)

DAY = date(2025, 1, 3)
LATER = date(2025, 1, 11)


def interview(*reported: Reading, exercises: Sequence[ExerciseState] = ()) -> IntakeSummary:
    """The intake profile after two uneventful weeks with these answers."""
    found = calm(reported, exercises).intake
    assert found is not None
    return found


def stated(what: str, *values: str, day: date = DAY) -> tuple[SafetyAnswer, ...]:
    """Answers to a question."""
    return tuple(answered(what, value, on(day)) for value in values)


def rated(what: str, value: Number, day: date = DAY) -> Measurement:
    """A number in answer to a question."""
    return measured(what, value, on(day))


def words(about: str, text: str, day: date = DAY) -> Comment:
    """Free text in answer to a question."""
    return Comment(text, stamp(about, on(day)), about)


def block(task: str, posture: str, minutes: Number | None, pain: Number | None, part: str = "midday") -> RoutineBlock:
    """A block of the day."""
    return RoutineBlock(stamp(task, on(DAY, time(9))), part, task, posture, dec(minutes), dec(pain))


def factor(what: str, *, eases: bool = False, day: date = DAY) -> FactorReported:
    """A factor that provokes or eases symptoms."""
    return FactorReported(stamp(what, on(day)), eases, what)
