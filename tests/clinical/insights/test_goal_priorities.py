"""What goals mean to the patient (C03): which ones appear, and in which order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import dec, on, stamp
from titrate.clinical.insights.goals import goal_priorities
from titrate.clinical.values.readings import PatientGoal


def goal(text: str, importance: int | None = None, priority: str | None = None, status: str = "active") -> PatientGoal:
    """A goal with this text."""
    stated = stamp(f"goal-{text}", on(ago(5)))
    bare = PatientGoal(f"Goal/{text}", text, status, None, None, None, None, False, stated)
    return replace(bare, importance=dec(importance), priority=priority)


def reported(*goals: PatientGoal) -> list[str]:
    """The goals in order."""
    return [one.text for one in goal_priorities(record_of(Case(more=goals)))]


@pytest.mark.parametrize("status", ["completed", "cancelled", "rejected", "entered-in-error"])
def test_a_closed_goal_does_not_appear(status: str) -> None:
    """However important it was; goals of any other status appear."""
    assert reported(goal("garden", 9, status=status), goal("walk", 3, status="proposed")) == ["walk"]


def test_an_importance_or_a_priority_has_to_be_known() -> None:
    """Either is enough."""
    assert reported(goal("a", 5), goal("b", None, "low"), goal("c", 4, "high"), goal("d")) == ["a", "c", "b"]


def test_the_most_important_comes_first() -> None:
    """By number, then by the priority of the EHR, then by name; a missing number comes last, after 0."""
    goals = [
        goal("low", None, "low"), goal("odd", None, "urgent"), goal("high", None, "high"), goal("nought", 0),
        goal("nine", 9), goal("medium", None, "medium"), goal("one", 1), goal("b", 5), goal("a", 5),
        goal("c", 5, "high"),
    ]  # fmt: skip
    assert reported(*goals) == ["nine", "c", "a", "b", "one", "nought", "high", "medium", "low", "odd"]


def test_of_equal_goals_the_last_rating_counts() -> None:
    """The same text with another number."""
    first = goal("walk", 9)
    again = replace(goal("walk", 2), reference="Goal/again", stamp=stamp("goal-again", on(ago(2))))
    (priority,) = goal_priorities(record_of(Case(more=(first, again))))
    assert priority.importance == Decimal(2)
