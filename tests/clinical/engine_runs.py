"""Decisions of the rules in the form that the invariants compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tests.courses.examples import Course
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import Dose
from titrate.rulebook import load

BOOK = load()
# The rules that raise one exercise and defer the others.
ONE_AT_A_TIME = frozenset({"D8", "D10"})


def decide(course: Course) -> Evaluation:
    """The evaluation of a course."""
    readings, plan, at = course
    return evaluate(readings, plan, BOOK, at)


def key(dose: Dose | None) -> tuple[Decimal, Decimal]:
    """The order of doses of one exercise: by load, then by amount; no dose is the lowest (B11.34)."""
    return (Decimal(-1), Decimal(-1)) if dose is None else (dose.load or Decimal(0), dose.amount)


def nexts(decision: Decision) -> dict[str, Dose | None]:
    """The dose that the decision gives each exercise."""
    return {change.exercise: change.next for change in decision.doses}


def earned(course: Course) -> Mapping[str, Dose | None]:
    """The dose that each exercise has earned, prescribed or deferred: what it would get if it came first."""
    decision = decide(course).decision
    doses = nexts(decision)
    if decision.rule not in ONE_AT_A_TIME or len(doses) < 2:
        return doses
    return {exercise: nexts(decide(_first(course, exercise)).decision)[exercise] for exercise in doses}


def _first(course: Course, exercise: str) -> Course:
    readings, plan, at = course
    states = tuple(replace(s, goal_linked=s.exercise == exercise) for s in plan.exercises)
    return readings, replace(plan, exercises=states), at
