"""Changed scores: at, below and above every minimal important change of the mappings; function comes before pain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.overviews import BOOK, SINCE, TODAY, WALK, calm, seen
from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import measured, mornings, on, patient_readings, plan, state
from titrate.clinical.insights.outcome_measures import (
    Aspect,
    OutcomeChange,
    Verdict,
    outcome_changes,
    outcome_summary,
    verdict_of,
)
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, Reading

FIRST, LATEST = date(2025, 1, 3), date(2025, 1, 11)
# measure, the stem of its numbers, a first score in the middle of its range
JUDGED = [
    ("psfs", "PSFS", "4"), ("odi", "ODI", "50"), ("rmdq", "RMDQ", "18"), ("ndi", "NDI", "25"),
    ("quickdash", "QUICKDASH", "50"), ("koos-daily-living", "KOOS", "50"), ("hoos-sport", "KOOS", "50"),
    ("six-minute-walk", "SIX_MINUTE_WALK", "400"), ("chair-stand", "CHAIR_STAND", "10"),
    ("timed-up-and-go", "TIMED_UP_AND_GO", "14"), ("gait-speed", "GAIT_SPEED", "0.9"), ("peg", "PEG", "6"),
    ("pseq", "PSEQ", "30"), ("tsk-11", "TSK_11", "24"), ("tsk-17", "TSK_17", "34"), ("phq-9", "PHQ9", "8"),
    ("pain-average", "PAIN", "7"),
]  # fmt: skip


def changed(measure: str, first: Decimal | str, latest: Decimal | str) -> OutcomeChange:
    """The change of one measure between the two days."""
    scores = [measured(measure, first, on(FIRST)), measured(measure, latest, on(LATEST))]
    (found,) = [c for c in calm(scores).changes if c.measure == measure]
    return found


@pytest.mark.parametrize(("measure", "stem", "first"), JUDGED)
def test_the_smallest_important_change_itself_counts(measure: str, stem: str, first: str) -> None:
    """At the number of the mappings the score is better or worse; just below it is unchanged."""
    change = BOOK.number(f"{stem}_CHANGE")
    start, little = Decimal(first), Decimal("0.01") * (1 if change > 0 else -1)
    certain = f"{stem}_CERTAIN" in BOOK.constants
    assert changed(measure, start, start + change).verdict is (Verdict.POSSIBLE if certain else Verdict.IMPROVED)
    assert changed(measure, start, start + change - little).verdict is Verdict.NO_CHANGE
    assert changed(measure, start, start - change).verdict is Verdict.WORSE
    assert changed(measure, start, start - change + little).verdict is Verdict.NO_CHANGE


@pytest.mark.parametrize(
    ("latest", "verdict"),
    [("36.7", "no change"), ("36.6", "possible"), ("33.0", "possible"), ("32.9", "improved"), ("63.4", "worse")],
)
def test_between_important_and_certain_it_is_possible(latest: str, verdict: str) -> None:
    """QuickDASH from 50: 13.4 points are important, 17.1 exceed the measurement error."""
    assert changed("quickdash", "50", latest).verdict.value == verdict


@pytest.mark.parametrize(("first", "latest", "verdict"), [("20", "14", "improved"), ("20", "14.1", "no change")])
def test_thirty_percent_count_where_they_are_less(first: str, latest: str, verdict: str) -> None:
    """ODI from 20: six points are thirty per cent."""
    assert changed("odi", first, latest).verdict.value == verdict


@pytest.mark.parametrize(("latest", "large"), [("4", False), ("3.5", True), ("3", True)])
def test_half_the_pain_or_four_points_are_a_large_change(latest: str, large: bool) -> None:
    """Pain from 7."""
    assert changed("pain-average", "7", latest).substantial is large


@pytest.mark.parametrize(
    ("first", "latest", "large"), [("9", "5", True), ("9", "5.1", False), ("0", "0", False), ("1", "0.5", True)]
)
def test_four_points_are_large_where_half_would_be_more(first: str, latest: str, large: bool) -> None:
    """Half of 9 is 4.5; there is no half of no pain."""
    assert changed("pain-average", first, latest).substantial is large


@pytest.mark.parametrize(("latest", "verdict"), [("2.1", "improved"), ("2.2", "no change")])
def test_thirty_percent_of_little_are_less_than_a_point(latest: str, verdict: str) -> None:
    """ODI from 3: 0.9 points."""
    assert changed("odi", "3", latest).verdict.value == verdict


@pytest.mark.parametrize("measure", ["koos-pain", "hoos-pain"])
def test_the_pain_parts_of_knee_and_hip_scores_are_about_pain(measure: str) -> None:
    """All other parts are about function."""
    assert changed(measure, "50", "60").aspect is Aspect.PAIN
    assert changed(measure.replace("pain", "sport"), "50", "60").aspect is Aspect.FUNCTION


def test_a_score_that_is_not_final_changes_nothing() -> None:
    """The final one before it is the latest."""
    not_final = measured("odi", 10, on(TODAY))
    not_final = replace(not_final, stamp=replace(not_final.stamp, preliminary=True))
    scores: list[Measurement] = [measured("odi", 40, on(FIRST)), measured("odi", 39, on(LATEST)), not_final]
    (found,) = [c for c in calm(scores).changes if c.measure == "odi"]
    assert (str(found.latest), found.latest_day) == ("39", LATEST)


def weekly(*days: Reading, started: date | None = None) -> OutcomeChange | None:
    """The change of morning pain by weeks, for a plan that began two weeks ago."""
    other = {"started": started} if started else {}
    changes = outcome_changes(record_of(Case(days=days, plan=other)))
    return next((c for c in changes if c.measure == "pain-morning"), None)


def ends(found: OutcomeChange) -> tuple[int, date, int, date]:
    """First and latest score with their dates."""
    return int(found.first), found.first_day, int(found.latest), found.latest_day


def test_weeks_are_counted_back_from_yesterday() -> None:
    """The sixth week back covers 42 to 36 days ago, and has the date of its last day."""
    found = weekly(*mornings(ago(40), [6] * 5), *mornings(ago(7), [2] * 7))
    assert found is not None
    assert ends(found) == (6, ago(36), 2, ago(1))
    assert found.verdict is Verdict.IMPROVED


def test_a_week_of_four_mornings_is_none() -> None:
    """Five final ratings are needed."""
    rest = mornings(ago(7), [2] * 7)
    four, fifth = mornings(ago(40), [6] * 4), measured("pain-morning", 6, on(ago(36)))
    not_final = replace(fifth, stamp=replace(fifth.stamp, preliminary=True))
    assert weekly(*four, *rest) is weekly(*four, not_final, *rest) is None
    assert weekly(*four, fifth, *rest) is not None
    assert weekly(*mornings(ago(42), [6] * 7), *rest) is not None


def test_of_several_weeks_before_the_plan_the_last_is_the_first_score() -> None:
    """The newest week is the latest score, whatever lies between."""
    days = [*mornings(ago(35), [7] * 7), *mornings(ago(28), [6] * 7), *mornings(ago(21), [5] * 7)]
    found = weekly(*days, *mornings(ago(14), [4] * 7), *mornings(ago(7), [3] * 7), started=ago(20))
    assert found is not None
    assert ends(found) == (6, ago(22), 3, ago(1))


def test_a_score_alone_or_twice_on_one_day_is_no_change() -> None:
    """There is no other day to compare with."""
    once = [measured("psfs", 3, on(LATEST))]
    assert [c for c in calm(once).changes if c.measure == "psfs"] == []
    assert [c for c in calm([*once, measured("psfs", 6, on(LATEST))]).changes if c.measure == "psfs"] == []


def test_the_first_score_is_the_last_before_the_plan() -> None:
    """Changes before the plan are not attributed to it."""
    scores = [measured("psfs", v, on(d)) for v, d in ((1, date(2024, 11, 1)), (4, SINCE), (5, LATEST))]
    (found,) = [c for c in calm(scores).changes if c.measure == "psfs"]
    assert found.first == 4
    assert found.verdict is Verdict.NO_CHANGE


def test_an_old_score_is_due() -> None:
    """A score is recent up to 42 days, and due at 43."""
    begun = date(2024, 10, 1)
    in_force = plan(Phase.LOADING, begun, [state("walking", WALK, 3, begun)])
    for days, due in ((42, False), (43, True)):
        old = [measured("odi", 40, on(begun)), measured("odi", 40, on(TODAY - timedelta(days=days)))]
        (found,) = [c for c in seen(patient_readings(old), in_force, on(TODAY)).changes if c.measure == "odi"]
        assert found.due is due


def test_pain_and_fatigue_of_mornings_are_compared_by_week() -> None:
    """A mean of at least five mornings; single ratings are not compared."""
    found = {c.measure: c for c in calm().changes}
    assert found["pain-morning"].first == found["pain-morning"].latest == 2
    assert found["fatigue-morning"].verdict is Verdict.NO_CHANGE


def test_function_comes_before_pain_and_worse_is_never_hidden() -> None:
    """The order of the table and of the sentence."""
    scores = [
        *(measured("pain-average", v, on(d)) for v, d in ((7, FIRST), (3, LATEST))),
        *(measured("psfs", v, on(d)) for v, d in ((3, FIRST), (6, LATEST))),
        *(measured("timed-up-and-go", v, on(d)) for v, d in ((10, FIRST), (12, LATEST))),
    ]
    changes = calm(scores).changes
    assert changes[0].aspect is Aspect.FUNCTION
    assert changes[-1].aspect is Aspect.PAIN
    assert str(outcome_summary(changes)) == (
        "Function: 1 improved, 1 worse; fatigue: 1 no change; pain: 1 improved, 1 no change."
    )
    assert outcome_summary(()) is None


def test_no_certain_change_known_means_that_the_important_one_decides() -> None:
    """Without a smallest detectable change no change is only `possible`."""
    assert verdict_of(Decimal(2), Decimal(2), None) is Verdict.IMPROVED
    assert verdict_of(Decimal(2), Decimal(2), Decimal(3)) is Verdict.POSSIBLE
