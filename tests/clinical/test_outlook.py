"""The timeline: E1's arithmetic to the week, and where the rules lead no further."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from service.clinical.outlook import Outlook
from service.clinical.plan import Phase
from service.clinical.readings import DoseLimited, Reporter
from tests.clinical.overviews import SINCE, TODAY, WALK, calm, seen, walk_goal
from tests.courses.build import minutes, on, stamp, state
from tests.courses.examples import e1, e5


def of_e1(due: date) -> Outlook:
    """E1 with the goal of 25 minutes."""
    told, in_force, at = e1()
    wished = replace(told, readings=(*told.readings, walk_goal(25, due)))
    return seen(wished, in_force, at).outlooks[0]


def test_e1_comes_to_its_goal_in_week_42_at_the_earliest() -> None:
    """7.0 to 25 minutes: 6 steps of half a minute and 15 of one, two in each block of four weeks."""
    found = of_e1(date(2024, 12, 7) + timedelta(weeks=12))
    assert (found.start, found.steps, found.earliest) == (minutes("7.0"), 21, 42)
    assert found.earliest_day == date(2024, 12, 7) + timedelta(weeks=41)


def test_e1s_twelve_weeks_are_unrealistic_and_come_to_ten_minutes() -> None:
    """Steps in weeks 2, 3, 6, 7, 10, 11 only; a goal of 10 minutes or split bouts are offered."""
    found = of_e1(date(2024, 12, 7) + timedelta(weeks=12))
    assert found.realistic is False
    assert found.by_then == minutes("10.0")
    assert any(offer.startswith("a goal of 10 min") for offer in found.offers)
    assert any("split bouts" in offer for offer in found.offers)


@pytest.mark.parametrize(("weeks", "realistic"), [(40, False), (41, True), (42, True)])
def test_a_goal_is_realistic_from_its_earliest_day_on(weeks: int, realistic: bool) -> None:
    """A day before is too early, the day itself is not."""
    assert of_e1(date(2024, 12, 7) + timedelta(weeks=weeks)).realistic is realistic
    assert bool(of_e1(date(2024, 12, 7) + timedelta(weeks=weeks)).offers) is not realistic


def test_likely_lies_behind_the_earliest() -> None:
    """21 steps out of 28 chances (three of four taken) to 42 chances (half of them)."""
    assert of_e1(date(2025, 3, 1)).likely == (55, 83)


def test_a_course_that_runs_keeps_its_own_lighter_weeks() -> None:
    """Loading since 4 January: steps on 20 January, 8 and 15 February, then 8 March."""
    (found,) = calm([walk_goal(20, date(2025, 3, 8))]).outlooks
    assert (found.start, found.steps, found.earliest) == (minutes(16), 4, 8)
    assert (found.earliest_day, found.realistic) == (date(2025, 3, 8), True)


def test_three_sessions_at_two_a_week_take_two_weeks() -> None:
    """A step needs its sessions at the dose: with two a week a block of loading weeks holds one step."""
    twice = calm([walk_goal(17, None)], [state("walking", WALK, 2, SINCE, goal_linked=True)]).outlooks[0]
    assert twice.earliest_day is not None
    assert twice.earliest_day - TODAY >= timedelta(weeks=2)


def test_a_clinicians_limit_ends_the_way() -> None:
    """The target above it is said not to be reached, and no week is named."""
    limit = DoseLimited("walking", Decimal(18), "min", stamp("dose-limit", on(SINCE), by=Reporter.PRACTITIONER))
    (found,) = calm([walk_goal(25, date(2026, 1, 1)), limit]).outlooks
    assert (found.earliest, found.realistic, found.by_then) == (None, False, minutes(18))
    assert "limit" in (found.ends or "")


def test_without_a_number_only_the_horizon_is_shown() -> None:
    """Goal-linked, no target: the dose in twelve weeks at the earliest, and no verdict."""
    (found,) = calm().outlooks
    assert (found.target, found.earliest, found.realistic) == (None, None, None)
    assert found.checked == TODAY + timedelta(weeks=12)
    assert found.by_then.amount > found.start.amount


def test_a_goal_in_another_unit_is_not_projected_on() -> None:
    """Minutes are not metres."""
    (found,) = calm([replace(walk_goal(500, None), unit="m")]).outlooks
    assert found.target is None


def test_in_a_flare_nothing_is_projected() -> None:
    """No timeline is shown while the dose is down for a flare."""
    told, in_force, at = e5()
    wished = replace(told, readings=(*told.readings, walk_goal(25, None)))
    assert in_force.phase is Phase.LOADING
    assert seen(wished, in_force, at).outlooks == ()
