"""The example week: rest days, 48 hours between heavy sessions of a tissue, and smaller doses for bad days."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clinical.overviews import BOOK, SINCE, WALK, calm, seen
from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case
from tests.courses.build import minutes, sets, state
from tests.courses.examples import e1, e2
from titrate.clinical.insights.week_plan import WeekPlan, week_of_doses
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain

BALANCE = state("balance-stance", minutes(1), 2, SINCE)


def of(*exercises: ExerciseState) -> WeekPlan:
    """The week of a plan."""
    week = calm(exercises=exercises).week
    assert week is not None
    return week


def days_of(week: WeekPlan, exercise: str) -> list[int]:
    """The days of an exercise, one for each session."""
    return [day for day, codes in week.days.items() for code in codes if code == exercise]


def test_e1_walks_five_days_rises_on_two_and_rests_on_two() -> None:
    """Walking 5 d/wk, sit to stand on 2 d/wk, 1-2 rest days."""
    week = seen(*e1()).week
    assert week is not None
    assert len(days_of(week, "walking")) == 5
    assert len(days_of(week, "sit-to-stand")) == 2
    assert len(week.rest) == 2
    assert week.warm_up.startswith("Begin")
    assert week.cool_down.startswith("End")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_heavy_sessions_of_a_tissue_lie_48_hours_apart(times: int) -> None:
    """Both strength exercises of knee and hip share their days; also across the end of the week."""
    week = of(state("leg-press", sets(3, 10, 40), times, SINCE), state("sit-to-stand", sets(2, 8), times, SINCE))
    days = days_of(week, "leg-press")
    assert days == days_of(week, "sit-to-stand")
    assert len(days) == times
    assert all(b - a >= 2 for a, b in zip(days, [*days[1:], days[0] + 7], strict=True))
    assert week.doubts == ()


def test_what_cannot_be_kept_apart_is_named() -> None:
    """Four heavy sessions of one tissue a week do not fit."""
    assert "48 hours" in str(of(state("leg-press", sets(3, 10, 40), 4, SINCE)).doubts[0])


@pytest.mark.parametrize(("times", "rest"), [(3, 3), (5, 2), (6, 1), (7, 0)])
def test_rest_days_are_kept_where_the_frequency_allows(times: int, rest: int) -> None:
    """Two with up to five sessions, one with six, none with seven."""
    assert len(of(state("walking", WALK, times, SINCE)).rest) >= min(rest, 2)
    assert len(days_of(of(state("walking", WALK, times, SINCE)), "walking")) == times


def test_nine_sessions_a_week_are_two_on_some_days() -> None:
    """Two sessions of one day appear twice."""
    assert len(days_of(of(state("walking", WALK, 9, SINCE)), "walking")) == 9


def test_domains_alternate_where_the_week_allows() -> None:
    """Two cycling and two strength sessions are on four different days."""
    week = of(state("cycling", WALK, 2, SINCE), state("leg-press", sets(3, 10, 40), 2, SINCE))
    assert set(days_of(week, "cycling")).isdisjoint(days_of(week, "leg-press"))


def test_a_session_has_balance_first_and_mobility_last() -> None:
    """Balance while fresh, stretching when warm."""
    week = of(
        state("mobility-routine", minutes(5), 7, SINCE), state("walking", WALK, 7, SINCE),
        state("balance-stance", minutes(1), 7, SINCE),
    )  # fmt: skip
    assert all(codes == ("balance-stance", "walking", "mobility-routine") for codes in week.days.values())


def test_missing_domains_are_named() -> None:
    """Four domains belong to a plan."""
    assert of(state("walking", WALK, 3, SINCE)).missing == (Domain.STRENGTH, Domain.MOBILITY, Domain.NEUROMOTOR)


def test_options_are_70_and_50_percent_rounded_down() -> None:
    """E2: 16 minutes to 11 (11.2) and 8; leg press 3 x 10 to 2 x 10 (21) and 1 x 10: no longer set."""
    week = seen(*e2()).week
    assert week is not None
    walk, press = week.options
    assert (walk.full, walk.reduced, walk.minimum) == (minutes(16), minutes(11), minutes(8))
    assert (press.reduced, press.minimum) == (sets(2, 10, 40), sets(1, 10, 40))


@pytest.mark.parametrize(
    ("exercise", "full", "reduced", "least"),
    [
        ("leg-press", sets(3, 9, 40), sets(2, 9, 40), sets(1, 9, 40)),  # 18 and 13: 6 each are below 8
        ("leg-press", sets(2, 30, 40), sets(2, 12, 40), sets(2, 12, 40)),  # 21 and 15 each are above 12
        ("sit-to-stand", Dose(Decimal(10), "{repetitions}"), sets(1, 7), sets(1, 5)),
        ("balance-stance", Dose(Decimal(60), "s", 3), Dose(Decimal(40), "s", 3), Dose(Decimal(30), "s", 3)),
        ("walking", minutes("0.5"), None, None),
    ],
)  # fmt: skip
def test_smaller_doses_of_a_day(exercise: str, full: Dose, reduced: Dose | None, least: Dose | None) -> None:
    """70 and 50 %, rounded down; a set gets no longer than it was, nor longer than its range allows."""
    own = state(exercise, full, 2, SINCE)
    week = week_of_doses(picture(Case(states=(own,))), {exercise: full}, (own,), BOOK.programmes["general"])
    assert week is not None
    (found,) = week.options
    assert (found.full, found.reduced, found.minimum) == (full, reduced, least)


@pytest.mark.parametrize("times", [1, 3, 5, 7])
def test_rest_days_are_those_without_a_session(times: int) -> None:
    """Each day has sessions or is a rest day."""
    week = of(state("walking", WALK, times, SINCE))
    assert week.rest == tuple(day for day in range(1, 8) if not week.days[day])
    assert len(week.rest) == 7 - times


def test_without_a_dose_there_is_no_week() -> None:
    """Without doses there is nothing to schedule."""
    assert calm(exercises=[state("walking", None, 3, SINCE)]).week is None


@given(
    number=st.integers(1, 5), each=st.integers(1, 30), load=st.sampled_from([None, 5, 40]),
    exercise=st.sampled_from(["leg-press", "sit-to-stand", "scaption", "heel-raise"]),
)  # fmt: skip
def test_a_smaller_dose_of_a_day_is_smaller_in_every_way(
    number: int, each: int, load: int | None, exercise: str
) -> None:
    """Sets, set length and load are at most as planned; the least dose is at most the reduced one."""
    week = calm(exercises=[state(exercise, sets(number, each, load), 2, SINCE)]).week
    if week is None:
        return
    (options,), full = week.options, week.options[0].full
    for part in (options.reduced, options.minimum):
        if part is not None and part.sets and full.sets:
            assert part.sets <= full.sets
            assert part.amount / part.sets <= full.amount / full.sets
            assert part.load == full.load
    if options.minimum is not None:
        assert options.reduced is not None
        assert options.minimum.amount <= options.reduced.amount
