"""The engine with the shipped rulebook, on the worked examples and changed versions of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tests.courses.examples import Course, e2
from titrate.clinical.evaluate import Evaluation, EvaluationContext, evaluate
from titrate.clinical.values.decision import OpenFlag, Outcome
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.readings import Reading, SessionReported
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import load


@cache
def book() -> Rulebook:
    """The shipped rulebook."""
    return load()


def decided(course: Course, *open_flags: OpenFlag) -> Evaluation:
    """The decision for a course, with red flags that earlier runs recorded as open."""
    patient_readings, plan, at = course
    return evaluate(patient_readings, plan, book(), at, EvaluationContext(open_flags=open_flags))


def with_more(course: Course, more: Iterable[Reading]) -> Course:
    """The course with more readings."""
    patient_readings, plan, at = course
    return replace(patient_readings, readings=(*patient_readings.readings, *more)), plan, at


def with_only(course: Course, kept: Iterable[Reading]) -> Course:
    """The course with these readings only."""
    patient_readings, plan, at = course
    return replace(patient_readings, readings=tuple(kept)), plan, at


def with_sessions(course: Course, exercise: str, **values: object) -> Course:
    """The course with other values in every session of one exercise."""
    patient_readings, plan, at = course
    readings = (
        replace(r, **values) if isinstance(r, SessionReported) and r.exercise == exercise else r  # type: ignore[arg-type]
        for r in patient_readings.readings
    )
    return replace(patient_readings, readings=tuple(readings)), plan, at


def height(dose: Dose | None) -> tuple[float, float]:
    """A comparable key of a dose: load, then amount; no dose is lowest."""
    return (-1.0, -1.0) if dose is None else (float(dose.load or 0), float(dose.amount))


def doses(result: Evaluation) -> dict[str, Dose | None]:
    """The next dose of each exercise."""
    return {change.exercise: change.next for change in result.decision.doses}


def earned(result: Evaluation) -> dict[str, Dose | None]:
    """The dose that each exercise earned: its next dose, or a step deferred for another exercise (B11.34)."""
    steps = {one.exercise: one.step for one in result.decision.candidates if one.eligible}
    return {name: max(dose, steps.get(name), key=height) for name, dose in doses(result).items()}


def progressing() -> Course:
    """E2: walking rises, so that a single problem visibly stops it."""
    course = e2()
    assert decided(course).decision.outcome is Outcome.PROGRESS
    return course
