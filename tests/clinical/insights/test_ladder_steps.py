"""Steps of ladders: which task comes first, and when a step is done. Each number below, at and above its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.insights.talking_point_cases import guide, of, step
from tests.clinical.overviews import SINCE, WALK
from tests.courses.build import (
    answered,
    measured,
    on,
    session,
    sets,
    state,
)
from tests.courses.examples import Course, e4, e5
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import Measurement, Reading, Reporter

STEPPED = date(2025, 1, 5)
TIMES = [time(hour) for hour in (10, 11, 12, 13, 14, 15)]


def fear(value: int, day: date = SINCE, ladder: str = "stairs", at: time = TIMES[0]) -> Measurement:
    """A patient's fear of a task."""
    return measured(f"fear-{ladder}", value, on(day, at))


def climb(more: Sequence[Reading], ladder: str = "stairs", exercises: Sequence[ExerciseState] = ()) -> LadderProgress:
    """One ladder after two uneventful weeks."""
    return next(c for c in guide(more, exercises).ladders if c.ladder.name == ladder)


# --- Ladders of tasks


@pytest.mark.parametrize(("value", "chosen"), [(50, False), (51, True), (100, True)])
def test_a_task_is_chosen_when_its_fear_is_above_50(value: int, chosen: bool) -> None:
    """50 itself is not enough; the first step is then the next step."""
    found = climb([fear(value)])
    assert (found.feared, found.chosen) == (chosen, chosen)
    assert (found.now, found.next) == (None, "step up on a 10 cm step with a rail")


def test_started_tasks_come_first_and_then_the_least_feared() -> None:
    """60 before 80, 20 last; a started ladder continues whatever its fear."""
    reported = [fear(80, ladder="bend"), fear(60, ladder="lift"), fear(20, ladder="walk")]
    assert [c.ladder.name for c in guide(reported).ladders] == ["lift", "bend", "walk"]
    assert [c.ladder.name for c in guide(reported).ladders if c.chosen] == ["lift"]
    begun = guide([*reported, step(1, "walk")]).ladders
    assert [(c.ladder.name, c.chosen) for c in begun] == [("walk", True), ("lift", False), ("bend", False)]


@pytest.mark.parametrize(
    ("start", "tries", "ready"),
    [
        (70, (35, 35), True), (70, (36, 35), False), (70, (35, 36), False), (80, (40, 40), True), (55, (30, 30), True),
        (55, (31, 30), False), (70, (35,), False), (70, (90, 35, 30), True), (70, (35, 30, 90), False),
    ],
)  # fmt: skip
def test_a_step_is_done_when_fear_has_halved_or_is_30_in_two_tries(
    start: int, tries: tuple[int, ...], ready: bool
) -> None:
    """Half of the fear when the step began, or at most 30, in the last two consecutive tries."""
    reported = [fear(value, date(2025, 1, 7), at=at) for value, at in zip(tries, TIMES, strict=False)]
    assert climb([fear(start), step(2), *reported]).ready is ready


def test_tries_of_an_earlier_step_do_not_count() -> None:
    """A new step restarts the tries; recording the same step again does not."""
    reported = [fear(70), step(1), fear(30, date(2025, 1, 7)), fear(30, date(2025, 1, 8))]
    assert climb(reported).ready
    assert climb([*reported, step(1, day=date(2025, 1, 9))]).ready
    assert not climb([*reported, step(2, day=date(2025, 1, 9))]).ready


def test_of_two_steps_on_one_day_the_lower_counts() -> None:
    """In doubt the lower."""
    other = measured("ladder-step-stairs", 4, on(STEPPED, time(12)), Reporter.PRACTITIONER)
    assert climb([fear(70), step(2), other]).step == 2


def test_a_goal_adds_its_ladder_without_any_fear() -> None:
    """Standing up is a goal: its ladder is chosen, unless a feared task comes first."""
    with_goal = [state("walking", WALK, 3, SINCE), state("sit-to-stand", sets(2, 8), 2, SINCE, goal_linked=True)]
    found = climb([], "rise-and-kneel", with_goal)
    assert (found.for_goal, found.chosen, found.fear, found.step) == (True, True, None, 0)
    feared = [fear(60, ladder="bend")]
    assert not climb(feared, "rise-and-kneel", with_goal).chosen
    assert climb(feared, "bend", with_goal).chosen


def test_at_the_top_there_is_no_next_step() -> None:
    """After six steps with little fear the ladder is done, and the next task is chosen."""
    done = [fear(70), step(6), fear(20, date(2025, 1, 7)), fear(20, date(2025, 1, 8)), fear(60, ladder="bend")]
    found = climb(done)
    assert (found.next, found.ready, found.chosen) == (None, True, False)
    assert climb(done, "bend").chosen


@pytest.mark.parametrize("course", [e4(), e5()], ids=["deload follows", "flare"])
def test_in_a_flare_no_step_is_proposed(course: Course) -> None:
    """A step that is ready otherwise waits during a flare; E4's dose is not lowered before the decision."""
    day = course[2].date()
    reported = [fear(70, day - timedelta(days=5)), step(2, day=day - timedelta(days=4))]
    reported += [fear(20, day - timedelta(days=n)) for n in (2, 1)]
    found = next(c for c in of(course, *reported).ladders if c.ladder.name == "stairs")
    assert found.ready is (course[0] != e5()[0])
    assert bool(found.blocked_by) is not found.ready


def test_a_red_flag_makes_every_ladder_wait() -> None:
    """No step before the flag is cleared."""
    reported = [fear(70), step(2), fear(20, date(2025, 1, 7)), fear(20, date(2025, 1, 8))]
    found = climb([*reported, answered("rf01", True, on(date(2025, 1, 12)))])
    assert not found.ready
    assert "red flag" in str(found.blocked_by[0])


def test_a_preliminary_rating_does_not_make_a_step_ready() -> None:
    """A preliminary reading never favours a step."""
    rating = fear(20, date(2025, 1, 8))
    not_final = replace(rating, stamp=replace(rating.stamp, preliminary=True))
    assert not climb([fear(70), step(2), fear(20, date(2025, 1, 7)), not_final]).ready


@pytest.mark.parametrize(("number", "watched"), [(0, True), (1, True), (2, True), (3, False)])
def test_the_first_steps_need_a_companion(number: int, watched: bool) -> None:
    """The first two steps of the stairs."""
    reported = [fear(70), *([step(number)] if number else [])]
    assert climb(reported).supported is watched


# --- Balance

STAND = Dose(Decimal(60), "s")
BALANCE = [state("walking", WALK, 3, SINCE), state("balance-stance", STAND, 2, SINCE)]


def stances(*days: int, form: str = "good", peak: int = 3) -> list[Reading]:
    """Balance sessions on days of January."""
    return [session("balance-stance", date(2025, 1, d), STAND, (2, peak), 3, form=form) for d in days]


@pytest.mark.parametrize(
    ("sessions", "ready"),
    [
        (stances(6, 8, 10), True), (stances(8, 10), False), (stances(6, 8, 10, form="compensating"), False),
        ([*stances(6, 8), *stances(10, peak=6)], False), ([*stances(5, peak=6), *stances(6, 8, 10)], True),
    ],
    ids=["three", "two", "form", "last not tolerated", "first not tolerated"],
)  # fmt: skip
def test_a_position_is_done_after_three_tolerated_sessions_in_good_form(sessions: list[Reading], ready: bool) -> None:
    """The clinician then sets the next position."""
    assert climb([step(3, "balance"), *sessions], "balance", BALANCE).ready is ready


@pytest.mark.parametrize(("seconds", "watched"), [("11.9", False), ("12", True), ("12.4", True)])
def test_a_slow_timed_up_and_go_needs_a_companion(seconds: str, watched: bool) -> None:
    """On every step."""
    found = climb([measured("timed-up-and-go", seconds, on(SINCE)), step(5, "balance")], "balance", BALANCE)
    assert found.supported is watched


def test_falls_block_the_balance_ladder() -> None:
    """RF23: a clinician reviews first, even before balance is trained."""
    found = climb([answered("rf23", True, on(date(2025, 1, 12)))], "balance")
    assert "RF23" in str(found.blocked_by[0])
    assert not found.ready


def test_who_needs_no_balance_ladder_has_none() -> None:
    """No balance exercise in the plan, no slow test, no falls."""
    assert guide().ladders == ()
