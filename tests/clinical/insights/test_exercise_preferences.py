"""Exercises that suit the patient, alternatives, and free days in the week. None of it is an order."""

from __future__ import annotations

from datetime import date

import pytest

from tests.clinical.intake_inputs import factor, interview, rated, stated
from tests.clinical.overviews import SINCE, WALK, calm
from tests.courses.build import answered, minutes, on, sets, state
from titrate.clinical.insights.week_plan import WeekPlan
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import Reading
from titrate.clinical.values.rulebook import Domain

STEP = state("step-up", sets(2, 8), 2, SINCE)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def offered(*reported: Reading) -> set[str]:
    """The exercises of the choice set."""
    return {c.exercise for c in interview(*reported).preferences.choices}


def test_equipment_and_dislikes_narrow_the_choice() -> None:
    """Exercises without equipment stay; disliked ones are left out."""
    found = offered(*stated("equipment", "none"), *stated("disliked-exercise", "heel-raise"))
    assert found == {"walking", "hip-abduction", "mobility-routine", "balance-stance", "lift-and-carry"}


def test_without_a_report_on_equipment_everything_is_offered() -> None:
    """Nothing was reported as missing."""
    assert "pool-walking" in offered(rated("change-importance", 8))


def test_what_resembles_an_aggravating_factor_is_left_out() -> None:
    """A factor of stairs leaves out the step exercise; an easing factor leaves out nothing."""
    assert "step-up" not in offered(factor("stairs"))
    assert "step-up" in offered(factor("stairs", eases=True))


def test_liked_exercises_come_first_and_misfits_are_named() -> None:
    """A liked exercise that cannot be done, and a planned one that resembles an aggravating factor."""
    reported: list[Reading] = [*stated("liked-exercise", "pool-walking", "cycling"), *stated("equipment", "bike")]
    reported.append(factor("walking"))
    found = interview(*reported).preferences
    assert next(c for c in found.choices if c.domain is Domain.AEROBIC).exercise == "cycling"
    assert tuple(map(str, found.doubts)) == (
        "Walking resembles an aggravating factor (walking)",
        "Pool walking needs pool, which the patient does not have",
    )


def test_resembled_factors_are_sorted_by_name() -> None:
    """Whatever the order of the reports."""
    reported: list[Reading] = [*stated("liked-exercise", "lift-and-carry")]
    reported += [factor("lifting"), factor("bending"), factor("carrying")]
    assert tuple(map(str, interview(*reported).preferences.doubts)) == (
        "Lift and carry resembles an aggravating factor (bending, carrying, lifting)",
    )


def test_the_order_of_what_is_offered() -> None:
    """By domain; then liked exercises, then planned ones, then by name; each is marked accordingly."""
    found = interview(
        *stated("liked-exercise", "pool-walking"), exercises=[state("walking", WALK, 3, SINCE)]
    ).preferences
    aerobic = [(c.exercise, c.liked, c.planned) for c in found.choices if c.domain is Domain.AEROBIC]
    assert aerobic == [("pool-walking", True, False), ("walking", False, True), ("cycling", False, False)]
    order = list(dict.fromkeys(c.domain for c in found.choices))
    assert order == [d for d in Domain if d in order]


def test_nothing_is_missing_while_nothing_is_offered() -> None:
    """With an open red flag no domain counts as empty."""
    reported = (factor("walking"), answered("rf23", True, on(date(2025, 1, 12))))
    assert interview(*reported).preferences.without == ()


def test_answers_that_are_not_weekdays_are_ignored() -> None:
    """Days appear in the order of the week."""
    assert interview(*stated("free-day", "sunday", "whenever", "monday")).preferences.days == (1, 7)


def test_only_minutes_are_longer_than_minutes() -> None:
    """Thirty repetitions are not thirty minutes, and an exercise without a dose takes no time."""
    reported = rated("free-minutes", 15)
    waiting = [state("step-up", sets(2, 15), 2, SINCE), state("cycling", None, 2, None)]
    assert interview(reported, exercises=waiting).preferences.doubts == ()


def test_a_domain_without_anything_is_named() -> None:
    """Turning and bending rule out every mobility exercise."""
    assert interview(factor("turning")).preferences.without == (Domain.MOBILITY,)


@pytest.mark.parametrize(("free", "confirmed"), [(15, True), (16, False)])
def test_a_session_longer_than_the_free_time_is_named(free: int, confirmed: bool) -> None:
    """The next dose is 16 minutes."""
    assert any("takes longer" in str(d) for d in interview(rated("free-minutes", free)).preferences.doubts) is confirmed


def test_an_exercise_like_a_factor_has_others_in_its_place() -> None:
    """Of the same domain and tissue, possible, not planned, and not like another factor."""
    found = interview(factor("stairs"), *stated("equipment", "chair"), exercises=[STEP]).alternatives
    assert [(s.exercise, s.factors, s.instead) for s in found] == [
        ("step-up", ("stairs",), ("sit-to-stand", "hip-abduction"))
    ]
    assert interview(factor("cold"), exercises=[STEP]).alternatives == ()


def test_an_open_flag_leaves_nothing_to_choose() -> None:
    """What may be done is decided by the clearance."""
    found = interview(factor("walking"), rated("free-minutes", 5), answered("rf23", True, on(date(2025, 1, 12))))
    assert (found.preferences.choices, found.preferences.doubts, found.alternatives) == ((), (), ())


def week(free: tuple[str, ...], *exercises: ExerciseState) -> WeekPlan:
    """The week of a patient with these free days."""
    found = calm(stated("free-day", *free), exercises).week
    assert found is not None
    return found


def days_of(found: WeekPlan, exercise: str) -> list[int]:
    """The days of an exercise."""
    return [day for day, codes in found.days.items() if exercise in codes]


def test_sessions_lie_on_free_days() -> None:
    """Three walks on Tuesday, Thursday and Saturday."""
    found = week(("tuesday", "thursday", "saturday"), state("walking", WALK, 3, SINCE))
    assert days_of(found, "walking") == [2, 4, 6]
    assert (found.free, found.doubts) == ((2, 4, 6), ())


def test_too_few_free_days_are_filled_and_named() -> None:
    """Free days are used first, then others."""
    found = week(("tuesday",), state("walking", WALK, 3, SINCE))
    assert 2 in days_of(found, "walking")
    assert len(days_of(found, "walking")) == 3
    assert tuple(map(str, found.doubts)) == (
        "Walking needs more free days, or free days further apart: agree on other days",
    )


def test_rest_of_a_tissue_wins_over_free_days() -> None:
    """With Monday and Tuesday free, two heavy sessions of one tissue are still 48 hours apart."""
    found = week(("monday", "tuesday"), STEP)
    first, second = days_of(found, "step-up")
    assert second - first >= 2
    assert first + 7 - second >= 2
    assert "further apart" in str(found.doubts[0])


@pytest.mark.parametrize("times", range(1, 8))
def test_a_week_of_free_days_holds_every_session(times: int) -> None:
    """With every day free all sessions have a day, and rest days remain."""
    found = week(DAYS, state("walking", minutes(15), times, SINCE))
    assert len(days_of(found, "walking")) == times
    assert len(found.rest) >= min(7 - times, 2)
    assert tuple(map(str, found.doubts)) == ()
