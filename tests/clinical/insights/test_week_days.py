"""The days of each exercise in a week, worked out by hand, day 1 first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.clinical.intake_inputs import stated
from tests.clinical.overviews import SINCE, WALK, calm
from tests.clinical.pictures import BOOK, picture
from tests.clinical.thresholds.probe import Case, changed
from tests.courses.build import minutes, sets, state
from titrate.clinical.insights.week_plan import WeekPlan, week_of_doses
from titrate.clinical.values.plan import ExerciseState

DOSES = {"walking": WALK, "cycling": WALK, "mobility-routine": minutes(5), "balance-stance": minutes(1)}


def done(exercise: str, times: int) -> ExerciseState:
    """An exercise with this weekly frequency."""
    return state(exercise, DOSES.get(exercise, sets(3, 10, 40)), times, SINCE)


def week(times: Mapping[str, int], *free: str) -> WeekPlan:
    """The week of exercises with these frequencies, for a patient with these free days."""
    found = calm(stated("free-day", *free), [done(exercise, n) for exercise, n in times.items()]).week
    assert found is not None
    return found


def days(found: WeekPlan) -> dict[str, list[int]]:
    """The days of each exercise; a day appears twice for two sessions."""
    codes = {code for day in found.days.values() for code in day}
    return {code: [day for day, held in found.days.items() for one in held if one == code] for code in codes}


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"walking": 3}, {"walking": [1, 3, 5]}),
        ({"walking": 5}, {"walking": [1, 2, 3, 5, 6]}),
        ({"walking": 6}, {"walking": [1, 2, 3, 4, 5, 6]}),
        ({"walking": 6, "mobility-routine": 3}, {"walking": [1, 2, 3, 4, 5, 6], "mobility-routine": [1, 3, 5]}),
        ({"walking": 8}, {"walking": [1, 1, 2, 3, 4, 5, 6, 7]}),
        # The more frequent exercise first; then the days with the fewest sessions among equally spaced ones.
        ({"mobility-routine": 3, "walking": 4}, {"walking": [1, 2, 3, 5], "mobility-routine": [1, 3, 6]}),
        ({"leg-press": 2, "row": 3}, {"row": [1, 3, 5], "leg-press": [2, 6]}),
        ({"leg-press": 2}, {"leg-press": [1, 5]}),
        # There is no rest day from a daily walk: day 4 is as far from day 1 as the week allows.
        ({"leg-press": 2, "walking": 7}, {"leg-press": [1, 4], "walking": [1, 2, 3, 4, 5, 6, 7]}),
        # The same tissue: the days of the more frequent exercise.
        ({"leg-press": 3, "sit-to-stand": 1}, {"leg-press": [1, 3, 5], "sit-to-stand": [1]}),
    ],
    ids=str,
)  # fmt: skip
def test_days_without_free_days(times: dict[str, int], expected: dict[str, list[int]]) -> None:
    """Rest on days 4 and 7, on day 7 with six sessions; tissues 48 hours apart; evenly spread."""
    found = week(times)
    assert days(found) == expected
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("times", "hours", "reported"), [(3, 48, False), (3, 49, True), (3, 72, True), (7, 24, False), (8, 24, True)]
)
def test_how_often_a_tissue_can_be_trained(times: int, hours: int, reported: bool) -> None:
    """With more than two days of rest three sessions a week do not fit, and more than one a day never do."""
    press = done("leg-press", times)
    found = picture(Case(states=(press,)))
    book = changed(BOOK, "REST_SAME_TISSUE", hours - BOOK.numbers.rest_same_tissue)
    found = replace(found, record=replace(found.record, rulebook=book))
    plan = week_of_doses(found, {"leg-press": press.dose}, (press,), book.programmes["general"])
    assert plan is not None
    assert bool(plan.doubts) is reported


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (("monday", "wednesday", "friday"), [1, 2, 3, 5, 6]), (("monday", "thursday", "sunday"), [1, 3, 4, 6, 7]),
        (("monday", "tuesday", "wednesday", "thursday", "sunday"), [1, 2, 3, 4, 7]),
    ],
)  # fmt: skip
def test_rest_lies_on_days_that_are_not_free(free: tuple[str, ...], expected: list[int]) -> None:
    """The usual rest days if they are not free, else those furthest apart."""
    assert days(week({"walking": 5}, *free)) == {"walking": expected}


def test_what_does_not_fit_on_free_days_is_named() -> None:
    """Each exercise separately, by name."""
    found = week({"walking": 3, "cycling": 2}, "monday")
    assert [str(doubt).split(" needs")[0] for doubt in found.doubts] == ["Cycling", "Walking"]
