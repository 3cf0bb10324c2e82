"""Intake, pain behaviour, limiting factors, adherence, diary, pacing, cues and psychosocial effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.clinical.overviews import SINCE, TODAY, WALK, calm, seen
from tests.courses.build import answered, measured, mornings, on, patient_readings, plan, screen, session, stamp, state
from tests.courses.examples import e1, e4
from titrate.clinical.insights.adherence import Diary
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Comment
from titrate.clinical.values.rulebook import Domain

DAY = date(2025, 1, 9)


def test_intake_is_ordered_by_domain_with_the_newest_of_each() -> None:
    """Tolerance trials of E1 and a test."""
    patient, in_force, at = e1()
    more = (
        measured("timed-up-and-go", 12, on(date(2024, 12, 3))),
        measured("timed-up-and-go", 11, on(date(2024, 12, 4))),
    )
    found = seen(replace(patient, readings=(*patient.readings, *more)), in_force, at).capabilities
    assert [(c.domain, c.what, int(c.value)) for c in found] == [
        (Domain.AEROBIC, "trial.walking", 10),
        (Domain.STRENGTH, "trial.sit-to-stand", 10),
        (Domain.NEUROMOTOR, "timed-up-and-go", 11),
    ]


def test_pain_profile_of_two_weeks() -> None:
    """Spread of mornings, mean rise in a session, and how often it settled."""
    pain = calm([measured("pain-other", 5, on(DAY)), measured("csi", 44, on(SINCE))]).pain
    assert pain.usual == pain.lowest == pain.highest == 2
    assert pain.spread == 0
    assert pain.rise == 1
    assert (pain.settled, pain.followed) == (3, 3)
    assert pain.other_times == 5
    assert pain.sensitisation == 44


def test_factors_count_what_limited_and_provoked() -> None:
    """E4: one session stopped for pain and two not tolerated; the most frequent first."""
    most = seen(*e4()).factors[0]
    assert (str(most.factor), most.times) == ("not tolerated", 2)
    unusual = session("walking", DAY, WALK, (2, 3), 3, stop_reason="fatigue", pain_quality="sharp")
    assert {str(f.factor) for f in calm([unusual]).factors} >= {"stopped for fatigue", "sharp pain"}


def test_adherence_is_the_parts_of_the_weeks_sessions() -> None:
    """Three of four sessions."""
    (found,) = calm(exercises=[state("walking", WALK, 4, SINCE)]).adherence
    assert found.part == Fraction(3, 4)


@pytest.mark.parametrize(("entries", "alert"), [(8, True), (9, False)])
def test_a_thin_diary_alerts_below_60_percent_of_14_days(entries: int, alert: bool) -> None:
    """8/14 = 57 %, 9/14 = 64 %."""
    rated = [2 if n < entries else None for n in range(14)]
    readings = [*mornings(date(2024, 12, 30), rated), *screen(date(2025, 1, 11))]
    in_force = plan(Phase.LOADING, date(2024, 12, 1), [state("walking", WALK, 3, date(2024, 12, 1))])
    assert seen(patient_readings(readings), in_force, on(TODAY)).diary == Diary(entries, 14, alert)


def test_a_new_plan_gives_no_alert() -> None:
    """No patient can have kept a diary of 14 days after nine."""
    assert calm().diary.alert is False
    readings = [*mornings(date(2025, 1, 11), [2, 2])]
    in_force = plan(Phase.LOADING, SINCE, [state("walking", WALK, 3, SINCE)])
    assert seen(patient_readings(readings), in_force, on(TODAY)).diary == Diary(2, 14, False)


@pytest.mark.parametrize(("busiest", "uneven"), [(5999, False), (6000, True)])
def test_activity_is_uneven_from_twice_the_middle_day(busiest: int, uneven: bool) -> None:
    """Steps of five days; days without a record are left out."""
    counts = [3000, 2900, 3000, 3100, busiest]
    steps = [measured("steps", n, on(TODAY - timedelta(days=d + 1))) for d, n in enumerate(counts)]
    found = calm(steps).pacing
    assert (found.measure, found.uneven) == ("steps", uneven)
    assert calm(steps[:4]).pacing.index is None


def test_overshoots_count_as_uneven_pacing() -> None:
    """Well above the plan on a good day."""
    over = session("walking", DAY, WALK, (2, 3), 3, done=WALK.amount * 2)
    assert (calm([over]).pacing.overshoots, calm([over]).pacing.uneven) == (1, True)


def test_cues_are_scores_mood_and_own_words() -> None:
    """The newest three comments of two weeks, newest first."""
    words = [Comment(f"day {n}", stamp("comment", on(TODAY - timedelta(days=n)))) for n in (1, 2, 3, 4, 20)]
    found = calm([measured("pseq", 31, on(DAY)), measured("mood", 6, on(DAY)), *words]).cues
    assert dict(found.scores) == {"pseq": 31}
    assert found.mood == 6
    assert [text for _, text, _ in found.comments] == ["day 1", "day 2", "day 3"]


@pytest.mark.parametrize(
    ("what", "below", "at"), [("tsk-11", 28, 29), ("tsk-17", 37, 38), ("csi", 39, 40), ("pseq", 20, 19)]
)
def test_scores_of_the_cautious_profile_are_shown_from_their_limit_on(what: str, below: int, at: int) -> None:
    """Together with their consequence."""
    assert [e.what for e in calm([measured(what, below, on(DAY))]).effects] == []
    (effect,) = calm([measured(what, at, on(DAY))]).effects
    assert effect.what == what
    assert effect.score == at
    assert str(effect.follows).startswith("smaller steps")


def test_high_fear_waits_for_the_exposure_ladder() -> None:
    """TSK-11 from 36: no rise before the ladder has started."""
    high = measured("tsk-11", 36, on(DAY))
    assert "no increase until" in str(calm([high]).effects[0].follows)
    assert "has started" in str(calm([high, answered("exposure-ladder-started", True, on(DAY))]).effects[0].follows)


def test_a_major_stressor_is_shown_with_its_hold() -> None:
    """G8 decides; the page only informs."""
    (effect,) = calm([answered("stressor", "major", on(DAY))]).effects
    assert (str(effect.finding), "G8" in str(effect.follows)) == ("a major stressor", True)


def test_worsening_after_exertion_is_shown_with_what_follows() -> None:
    """RF16 ends fixed increments; another flag is not one of these effects."""
    (effect,) = calm([answered("rf16", True, on(DAY))]).effects
    assert (effect.what, effect.score) == ("exertion", None)
    assert "no programme with fixed increments" in str(effect.follows)
    assert calm([answered("rf01", True, on(DAY))]).effects == ()
