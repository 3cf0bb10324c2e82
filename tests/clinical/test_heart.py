"""Heart rate as a guide: E1's zone, and every reason for showing none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.overviews import TODAY, WALK, calm, listed, pulse, seen, taken
from tests.courses.build import answered, limit, on, session
from tests.courses.examples import e1, e5

LATELY = TODAY - timedelta(days=2)


def test_e1_has_a_zone_of_101_to_109() -> None:
    """208 - 0.7 x 58 = 167.4; the lower end is rounded up and the upper end down."""
    heart = seen(*e1()).heart
    assert (heart.maximum, heart.resting) == (Decimal("167.4"), Decimal(72))
    assert (heart.low, heart.high, heart.suppressed) == (101, 109, ())


@pytest.mark.parametrize("group", ["beta-blocker", "rate-limiting-calcium-channel-blocker", "ivabradine"])
def test_a_rate_limiting_medicine_suppresses_the_zone(group: str) -> None:
    """No zone; the equation for such people is information only."""
    heart = calm([pulse(70, LATELY), taken(group)]).heart
    assert (heart.low, heart.high) == (None, None)
    assert len(heart.suppressed) == 1
    assert heart.information == Decimal("122.0")
    assert heart.rpe_cap == 4


def test_a_medicine_that_is_no_longer_taken_does_not() -> None:
    """Only what is active counts."""
    assert calm([pulse(70, LATELY), taken("beta-blocker", active=False)]).heart.high is not None


@pytest.mark.parametrize("concept", ["pacemaker", "atrial-fibrillation"])
def test_a_heart_that_keeps_its_own_time_suppresses_the_zone(concept: str) -> None:
    """A pacemaker and atrial fibrillation; there is no equation to show."""
    heart = calm([pulse(70, LATELY), listed(concept)]).heart
    assert heart.high is None
    assert heart.information is None


@pytest.mark.parametrize(("rate", "days", "shown"), [(70, 30, True), (70, 31, False), (100, 7, True), (100, 8, False)])
def test_old_vitals_suppress_the_zone(rate: int, days: int, shown: bool) -> None:
    """Thirty days, seven where the rate is not normal; the last day still counts."""
    heart = calm([pulse(rate, TODAY - timedelta(days=days))]).heart
    assert (heart.high is not None) is shown


def test_without_a_resting_rate_no_zone_is_guessed() -> None:
    """What is not known is said."""
    assert calm().heart.suppressed == ("no resting heart rate is known",)


def test_a_clinicians_limit_lowers_the_upper_end() -> None:
    """And where it lies below the zone, there is no zone."""
    free = calm([pulse(70, LATELY)]).heart
    assert (free.low, free.high) == (99, 107)
    assert calm([pulse(70, LATELY), limit("heart-rate-limit", 103, date(2025, 1, 4))]).heart.high == 103
    assert calm([pulse(70, LATELY), limit("heart-rate-limit", 98, date(2025, 1, 4))]).heart.high is None


def test_in_a_flare_there_is_only_an_upper_end() -> None:
    """At most 30 % of the reserve: 208 - 0.7 x 52 = 171.6; 70 + 0.3 x 101.6 = 100.48, rounded down."""
    told, in_force, at = e5()
    heart = seen(replace(told, readings=(*told.readings, pulse(70, date(2025, 3, 10)))), in_force, at).heart
    assert (heart.low, heart.high, heart.suppressed) == (None, 100, ())


def test_breaches_name_the_session_and_the_limit() -> None:
    """Exertion, pulse and talk test beyond their limits, on their day."""
    hard = session("walking", date(2025, 1, 11), WALK, (2, 3), 5, heart_rate=Decimal(130), talk_test="equivocal")
    (breach,) = calm([pulse(70, LATELY), hard]).heart.breaches
    for part in ("walking on 2025-01-11", "exertion 5 above 4", "heart rate 130 above 107", "talk test"):
        assert part in breach


@pytest.mark.parametrize(("cap", "in_flare"), [(4, 3), (2, 2)])
def test_one_cap_of_exertion_in_a_flare(cap: int, in_flare: int) -> None:
    """What is said about intensity in a flare is what its orders and its card say: 3, or less where that is the cap."""
    more = (limit("rpe-cap", cap, LATELY),)
    assert calm(more).heart.rpe_cap == cap
    assert calm((*more, answered("flare-self-report", True, on(TODAY)))).heart.rpe_cap == in_flare
