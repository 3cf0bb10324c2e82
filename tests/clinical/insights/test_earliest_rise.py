"""The earliest days on which a dose can rise, by the calendar of E1: weeks 2, 3, 6, 7, 10, 11 (C09)."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from tests.clinical.phase_cases import bad_on, in_phase, two_weeks
from tests.clinical.pictures import BOOK, walking
from tests.clinical.thresholds.probe import WALK, Case, ago, walks
from tests.courses.build import minutes, session, sets, state
from titrate.clinical.insights.goals import earliest_rises
from titrate.clinical.values.plan import Phase

PRESS = sets(3, 10, 40)
PRESSING = state("leg-press", PRESS, 2, ago(14))
PRESSED = tuple(session("leg-press", ago(d), PRESS, (2, 3), 3, last_set=12) for d in (12, 10, 6, 4, 2))


def days(case: Case, rule: str, exercise: str = "walking", count: int = 4) -> list[int]:
    """The days of the first possible rises of an exercise, after a decision by this rule."""
    result = case.run(BOOK)
    assert result.decision.rule == rule
    one = next(s for s in result.picture.record.plan.exercises if s.exercise == exercise)
    return list(islice(earliest_rises(result.picture, result.decision, one), count))


def test_after_a_step() -> None:
    """The two loading weeks are over: the next week would end in the lighter week that begins on day 7."""
    assert days(Case(), "D10") == [21, 28, 49, 56]


def test_after_a_hold() -> None:
    """Tomorrow at the earliest if sessions and days suffice; seven days after the rise of another exercise."""
    held = Case(screened=8)
    assert days(held, "D7") == [1, 21, 28, 49]
    presses = (*two_weeks(), *PRESSED)
    other = replace(held, states=(walking(), replace(PRESSING, last_raised=ago(3))), sessions=presses)
    assert days(other, "D7") == [4, 21, 28, 49]
    assert days(replace(held, states=(replace(walking(), dose_since=None),)), "D7")[:1] == [21]
    both = (walking(last_raised=ago(12)), replace(PRESSING, last_raised=ago(3)))
    assert days(replace(other, states=both), "D7") == [4, 21, 28, 49]


def test_after_anothers_step() -> None:
    """One change a cycle: the leg press waits seven days after the walk's rise, whenever its own last rise was."""
    both = Case(states=(walking(goal_linked=True, last_raised=ago(10)), PRESSING), sessions=(*two_weeks(), *PRESSED))
    assert days(both, "D10", "leg-press") == [28, 56, 84, 112]
    early = replace(both, plan={"loading_since": ago(7)})
    assert days(early, "D10", "leg-press") == [7, 35, 63, 91]


def test_lighter_week() -> None:
    """It lasts seven days, the dose is restored, and a week at that dose is needed."""
    assert days(Case(plan={"loading_since": ago(21)}), "D9") == [14, 21, 42, 49]
    assert days(in_phase(Phase.LIGHTER_WEEK, 4), "D9") == [10, 17, 38, 45]
    assert days(in_phase(Phase.LIGHTER_WEEK, 7), "D9") == [7, 14, 35, 42]
    assert days(replace(in_phase(Phase.LIGHTER_WEEK, 9), screened=8), "D7") == [7, 14, 35, 42]


@pytest.mark.parametrize(("weekly", "expected"), [(3, [14, 21, 42, 49]), (2, [28, 56, 84, 112]), (0, [])])
def test_deload(weekly: int, expected: list[int]) -> None:
    """It ends after three sessions; the sessions for the next step follow."""
    assert days(Case(states=(state("walking", WALK, weekly, ago(14)),), sessions=bad_on(5, 3)), "D3") == expected


def test_own_change_counts_beside_others() -> None:
    """A step of the exercise restarts its count of sessions, even if the dose of another does not change."""
    walk = state("walking", WALK, 2, ago(14), goal_linked=True)
    case = Case(states=(walk, PRESSING), sessions=(*two_weeks(), *PRESSED), plan={"loading_since": ago(7)})
    assert days(case, "D10") == [35, 63, 91, 119]


def test_rung() -> None:
    """A rung of one exercise is a rise that the others wait for."""
    low, less = minutes(16), sets(3, 8, 40)
    states = (
        state("walking", low, 3, ago(9), before_flare=WALK),
        state("leg-press", less, 3, ago(9), before_flare=PRESS),
    )
    done = tuple(session("leg-press", ago(d), less, (2, 3), 3, last_set=8) for d in (6, 2))
    case = Case(states=states, phase=Phase.RETURN, since=9, sessions=(*walks((5, 3, 1), low), *done))
    assert days(case, "D8", "leg-press") == [7, 14, 35, 42]


def test_loading_that_began_long_ago() -> None:
    """A loading block that is over does not begin before today."""
    assert days(in_phase(Phase.MAINTENANCE, loading_since=ago(40)), "D11") == [14, 21, 42, 49]


@pytest.mark.parametrize("weekly", [0, 1])
def test_too_seldom(weekly: int) -> None:
    """Three sessions do not fit into three weeks: no rise is possible, and the search ends."""
    assert days(Case(states=(state("walking", WALK, weekly, ago(14)),), screened=8), "D7", count=2)[1:] == []
