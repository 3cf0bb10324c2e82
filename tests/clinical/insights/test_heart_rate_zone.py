"""Heart rate as a guide: E1's zone, and every reason for showing none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.overviews import TODAY, WALK, calm, listed, pulse, seen, taken
from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import answered, limit, on, session
from tests.courses.examples import e1, e5
from titrate.clinical.insights.heart_rate_zone import HeartRateZone, heart_rate_zone
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, SessionReported
from titrate.messages.sessions import BirthDateUnknown, RestingHeartRateUnknown

LATELY = TODAY - timedelta(days=2)


def test_e1_has_a_zone_of_101_to_109() -> None:
    """208 - 0.7 x 58 = 167.4; the lower end is rounded up and the upper end down."""
    heart = seen(*e1()).heart_rate
    assert (heart.maximum, heart.resting) == (Decimal("167.4"), Decimal(72))
    assert (heart.low, heart.high, heart.suppressed) == (101, 109, ())


@pytest.mark.parametrize("group", ["beta-blocker", "rate-limiting-calcium-channel-blocker", "ivabradine"])
def test_a_rate_limiting_medicine_suppresses_the_zone(group: str) -> None:
    """No zone; the equation for these patients is for information only."""
    heart = calm([pulse(70, LATELY), taken(group)]).heart_rate
    assert (heart.low, heart.high) == (None, None)
    assert len(heart.suppressed) == 1
    assert heart.information == Decimal("122.0")
    assert heart.rpe_cap == 4


def test_a_medicine_that_is_no_longer_taken_does_not() -> None:
    """Only active medicines count."""
    assert calm([pulse(70, LATELY), taken("beta-blocker", active=False)]).heart_rate.high is not None


@pytest.mark.parametrize("concept", ["pacemaker", "atrial-fibrillation"])
def test_a_pacemaker_or_atrial_fibrillation_suppresses_the_zone(concept: str) -> None:
    """There is no equation to show."""
    heart = calm([pulse(70, LATELY), listed(concept)]).heart_rate
    assert heart.high is None
    assert heart.information is None


@pytest.mark.parametrize(("rate", "days", "shown"), [(70, 30, True), (70, 31, False), (100, 7, True), (100, 8, False)])
def test_old_vitals_suppress_the_zone(rate: int, days: int, shown: bool) -> None:
    """After thirty days, or seven if the rate is not normal; the last day still counts."""
    heart = calm([pulse(rate, TODAY - timedelta(days=days))]).heart_rate
    assert (heart.high is not None) is shown


def test_an_old_resting_rate_is_named_by_its_date() -> None:
    """The sentence is stored with the plan: it says when the rate was measured, not how long ago."""
    (reason,) = calm([pulse(70, TODAY - timedelta(days=31))]).heart_rate.suppressed
    assert str(reason) == "the resting heart rate of 2024-12-13 is out of date: it is valid for 30 days"


def test_without_a_resting_rate_no_zone_is_guessed() -> None:
    """The page names the missing value."""
    assert calm().heart_rate.suppressed == (RestingHeartRateUnknown(),)


def test_a_clinicians_limit_lowers_the_upper_end() -> None:
    """If the limit is below the zone, there is no zone."""
    free = calm([pulse(70, LATELY)]).heart_rate
    assert (free.low, free.high) == (99, 107)
    assert calm([pulse(70, LATELY), limit("heart-rate-limit", 103, date(2025, 1, 4))]).heart_rate.high == 103
    assert calm([pulse(70, LATELY), limit("heart-rate-limit", 98, date(2025, 1, 4))]).heart_rate.high is None


def test_in_a_flare_there_is_only_an_upper_end() -> None:
    """At most 30 % of the reserve: 208 - 0.7 x 52 = 171.6; 70 + 0.3 x 101.6 = 100.48, rounded down."""
    patient, in_force, at = e5()
    heart = seen(replace(patient, readings=(*patient.readings, pulse(70, date(2025, 3, 10)))), in_force, at).heart_rate
    assert (heart.low, heart.high, heart.suppressed) == (None, 100, ())


def test_breaches_name_the_session_and_the_limit() -> None:
    """Exertion, pulse and talk test beyond their limits, each with its day."""
    hard = session("walking", date(2025, 1, 11), WALK, (2, 3), 5, heart_rate=Decimal(130), talk_test="equivocal")
    (breach,) = calm([pulse(70, LATELY), hard]).heart_rate.breaches
    for part in ("walking on 2025-01-11", "exertion 5 above 4", "heart rate 130 above 107", "talk test"):
        assert part in str(breach)


@pytest.mark.parametrize(("cap", "in_flare"), [(4, 3), (2, 2)])
def test_one_cap_of_exertion_in_a_flare(cap: int, in_flare: int) -> None:
    """The page, the orders and the card show one exertion cap in a flare: 3, or less where that is the cap."""
    more = (limit("rpe-cap", cap, LATELY),)
    assert calm(more).heart_rate.rpe_cap == cap
    assert calm((*more, answered("flare-self-report", True, on(TODAY)))).heart_rate.rpe_cap == in_flare


def of(*more: Measurement | SessionReported, born: date | None = date(1965, 1, 1)) -> HeartRateZone:
    """The guidance for a patient of 60 on 20 January 2025 who is not stopped, whatever the rates."""
    found = picture(Case(sessions=(), more=more))
    person = replace(found.record.person, birth_date=born)
    return heart_rate_zone(replace(found, record=replace(found.record, person=person)), Phase.LOADING, stopped=False)


def test_the_zone_may_be_one_number() -> None:
    """208 - 0.7 x 60 = 166; 70 + 0.3 x 96 = 98.8, rounded up to 99; a limit of 99 leaves only that."""
    assert (of(pulse(70, ago(2))).low, of(pulse(70, ago(2))).high) == (99, 107)
    bounded = of(pulse(70, ago(2)), limit("heart-rate-limit", 99, ago(5)))
    assert (bounded.low, bounded.high, bounded.suppressed) == (99, 99, ())


def test_the_newest_final_rate_is_the_resting_one() -> None:
    """Neither an older rate nor a preliminary one."""
    not_final = pulse(60, ago(1))
    not_final = replace(not_final, stamp=replace(not_final.stamp, preliminary=True))
    assert of(pulse(80, ago(9)), pulse(70, ago(2)), not_final).resting == 70
    assert of(not_final).suppressed == (RestingHeartRateUnknown(),)


def test_without_a_birth_date_there_is_no_maximum() -> None:
    """Therefore there is no zone."""
    found = of(pulse(70, ago(2)), born=None)
    assert (found.maximum, found.low, found.high) == (None, None, None)
    assert found.suppressed == (BirthDateUnknown(),)


@pytest.mark.parametrize(
    ("rate", "days", "shown"),
    [(39, 7, True), (39, 8, False), (40, 8, True), (99, 8, True), (40, 30, True), (40, 31, False)],
)
def test_a_slow_rate_is_not_normal_either(rate: int, days: int, shown: bool) -> None:
    """A rate below 40 counts for seven days; 40 itself is normal."""
    assert bool(of(pulse(rate, ago(days))).high) is shown


def did(days: int, rpe: int | None = 3, **other: object) -> SessionReported:
    """A walk the given number of days ago."""
    return replace(session("walking", ago(days), WALK, (2, 3), rpe), **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "reported"), [(-1, False), (0, True), (1, True), (14, True), (15, False)])
def test_breaches_of_two_weeks_are_listed(days: int, reported: bool) -> None:
    """Today's and those of up to 14 days ago; an older one does not hide a newer one."""
    assert bool(of(did(days, 5)).breaches) is reported
    assert len(of(did(40, 5), did(days, 5)).breaches) == int(reported)


@pytest.mark.parametrize(
    ("given", "reported"),
    [
        ({"rpe": 4}, 0), ({"rpe": 5}, 1), ({"rpe": None}, 0), ({"talk_test": None}, 0), ({"talk_test": "equivocal"}, 1),
        ({"heart_rate": Decimal(107)}, 0), ({"heart_rate": Decimal(108)}, 1), ({"heart_rate": Decimal(90)}, 0),
    ],
    ids=str,
)  # fmt: skip
def test_at_a_limit_is_no_breach(given: dict[str, object], reported: int) -> None:
    """Exertion of 4, 107 beats, and unknown values."""
    assert len(of(pulse(70, ago(2)), did(1, **given)).breaches) == reported  # type: ignore[arg-type]


def test_without_a_zone_no_rate_is_a_breach() -> None:
    """There is no limit to exceed."""
    assert of(did(1, heart_rate=Decimal(180))).breaches == ()
