"""The timeline: E1's arithmetic to the week, and where no projection is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.overviews import SINCE, TODAY, WALK, calm, seen, walk_goal
from tests.clinical.phase_cases import bad_on, in_phase
from tests.clinical.pictures import BOOK, walking
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import minutes, on, sets, stamp, state
from tests.courses.examples import e1, e5
from titrate.clinical.insights.goals import GoalTimeline, goal_timelines
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import DoseLimit, Reporter
from titrate.messages.insights import GoalBeyondProjection, OfferLaterDate


def of_e1(due: date) -> GoalTimeline:
    """E1 with the goal of 25 minutes."""
    patient, in_force, at = e1()
    with_goal = replace(patient, readings=(*patient.readings, walk_goal(25, due)))
    return seen(with_goal, in_force, at).timelines[0]


def test_e1_comes_to_its_goal_in_week_42_at_the_earliest() -> None:
    """7.0 to 25 minutes: 6 steps of half a minute and 15 of one, two in each four-week block."""
    found = of_e1(date(2024, 12, 7) + timedelta(weeks=12))
    assert (found.start, found.steps, found.earliest) == (minutes("7.0"), 21, 42)
    assert found.earliest_day == date(2024, 12, 7) + timedelta(weeks=41)


def test_e1s_twelve_weeks_are_unrealistic_and_come_to_ten_minutes() -> None:
    """Steps in weeks 2, 3, 6, 7, 10, 11 only; a goal of 10 minutes or split sessions are offered."""
    found = of_e1(date(2024, 12, 7) + timedelta(weeks=12))
    assert found.realistic is False
    assert found.by_then == minutes("10.0")
    assert any(str(offer).startswith("a goal of 10 min") for offer in found.offers)
    assert any("split bouts" in str(offer) for offer in found.offers)


@pytest.mark.parametrize(("weeks", "realistic"), [(40, False), (41, True), (42, True)])
def test_a_goal_is_realistic_from_its_earliest_day_on(weeks: int, realistic: bool) -> None:
    """The day before is too early."""
    assert of_e1(date(2024, 12, 7) + timedelta(weeks=weeks)).realistic is realistic
    assert bool(of_e1(date(2024, 12, 7) + timedelta(weeks=weeks)).offers) is not realistic


def test_likely_is_later_than_the_earliest() -> None:
    """21 steps need 28 opportunities if three of four are taken, and 42 if half of them are."""
    assert of_e1(date(2025, 3, 1)).likely == (55, 83)


def test_a_course_that_runs_keeps_its_own_lighter_weeks() -> None:
    """Loading since 4 January: steps on 20 January, 8 and 15 February, then 8 March."""
    (found,) = calm([walk_goal(20, date(2025, 3, 8))]).timelines
    assert (found.start, found.steps, found.earliest) == (minutes(16), 4, 8)
    assert (found.earliest_day, found.realistic) == (date(2025, 3, 8), True)


def test_three_sessions_at_two_a_week_take_two_weeks() -> None:
    """A step needs its sessions at the dose: at two a week a loading block holds one step."""
    twice = calm([walk_goal(17, None)], [state("walking", WALK, 2, SINCE, goal_linked=True)]).timelines[0]
    assert twice.earliest_day is not None
    assert twice.earliest_day - TODAY >= timedelta(weeks=2)


def test_a_clinicians_limit_ends_the_projection() -> None:
    """A target above it is out of reach, and no week is named."""
    limit = DoseLimit("walking", Decimal(18), "min", stamp("dose-limit", on(SINCE), by=Reporter.PRACTITIONER))
    (found,) = calm([walk_goal(25, date(2026, 1, 1)), limit]).timelines
    assert (found.earliest, found.realistic, found.by_then) == (None, False, minutes(18))
    assert "limit" in str(found.ends)


def test_without_a_number_only_the_horizon_is_shown() -> None:
    """Goal-linked without a target: the earliest dose in twelve weeks, and no verdict."""
    (found,) = calm().timelines
    assert (found.target, found.earliest, found.realistic) == (None, None, None)
    assert found.checked == TODAY + timedelta(weeks=12)
    assert found.by_then.amount > found.start.amount


def test_a_goal_in_another_unit_is_not_projected_on() -> None:
    """Minutes are not metres."""
    (found,) = calm([replace(walk_goal(500, None), unit="m")]).timelines
    assert found.target is None


def test_in_a_flare_nothing_is_projected() -> None:
    """No timeline is shown while the dose is down for a flare."""
    patient, in_force, at = e5()
    with_goal = replace(patient, readings=(*patient.readings, walk_goal(25, None)))
    assert in_force.phase is Phase.LOADING
    assert seen(with_goal, in_force, at).timelines == ()


def of(case: Case, *states: ExerciseState) -> tuple[GoalTimeline, ...]:
    """The timelines of a case; `exercises` may replace its own."""
    result = case.run(BOOK)
    return goal_timelines(result.picture, result.decision, states or result.picture.record.plan.exercises)


def linked(case: Case, **other: object) -> Case:
    """The case with exercises that are linked to a goal."""
    return replace(case, states=tuple(replace(s, goal_linked=True, **other) for s in case.states or ()))  # type: ignore[arg-type]


def test_the_timeline_continues_after_a_lighter_week() -> None:
    """It starts from the dose before the week, else from the dose in force; a deload starts at its own dose."""
    lighter = linked(in_phase(Phase.LIGHTER_WEEK, 4))
    assert [o.start for o in of(lighter)] == [minutes(20)]
    assert [o.start for o in of(linked(lighter, reference=None))] == [minutes(12)]
    assert [o.start for o in of(linked(Case(states=(walking(),), sessions=bad_on(5, 3))))] == [minutes(16)]
    assert of(linked(in_phase(Phase.MAINTENANCE))) == ()
    waiting = state("leg-press", None, 2, None, reference=sets(3, 10, 40), goal_linked=True)
    both = of(replace(lighter, states=(*(lighter.states or ()), waiting)))
    assert [o.exercise for o in both] == ["walking"]


def test_a_goal_is_enough_and_so_is_a_link() -> None:
    """An exercise without either has no timeline, and neither does one without a decision."""
    case = Case(states=(walking(),))
    assert of(case) == ()
    assert len(of(replace(case, more=(walk_goal(30, None),)))) == 1
    assert len(of(linked(case))) == 1
    assert of(linked(case), replace(walking(), exercise="cycling")) == ()


@pytest.mark.parametrize(("days", "known"), [(1, True), (0, False), (-1, False)])
def test_a_goal_is_due_in_the_future_or_not_at_all(days: int, known: bool) -> None:
    """Otherwise the horizon of twelve weeks applies."""
    due = TODAY + timedelta(days=days)
    (found,) = calm([walk_goal(25, due)]).timelines
    assert found.due == (due if known else None)
    assert found.checked == (due if known else TODAY + timedelta(weeks=12))
    assert found.realistic is (False if known else None)


def test_a_goal_without_a_number_gets_no_verdict() -> None:
    """No target is known: the horizon of twelve weeks applies."""
    (found,) = calm([replace(walk_goal(25, date(2025, 3, 8)), target=None)]).timelines
    assert (found.target, found.realistic, found.offers, found.ends) == (None, None, (), None)
    assert (found.due, found.checked) == (None, TODAY + timedelta(weeks=12))


@pytest.mark.parametrize(("day", "minutes_then"), [(19, 16), (20, 17), (21, 17)])
def test_a_step_on_the_day_itself_counts(day: int, minutes_then: int) -> None:
    """The first opportunity is on 20 January."""
    (found,) = calm([walk_goal(40, date(2025, 1, day))]).timelines
    assert found.by_then == minutes(minutes_then)
    assert found.ends is None


def test_twelve_weeks_hold_six_steps() -> None:
    """On days 7, 26, 33, 54, 61 and 82: 16 to 17, 18, 19, 20, 22 and 24 minutes."""
    (found,) = calm().timelines
    assert (found.by_then, found.ends) == (minutes(24), None)


def test_what_is_reached_already_is_reached_today() -> None:
    """No step, week 1."""
    (found,) = calm([walk_goal(10, date(2025, 3, 8))]).timelines
    assert (found.steps, found.earliest, found.earliest_day, found.likely) == (0, 1, TODAY, (1, 1))
    assert (found.realistic, found.ends) == (True, None)


def test_a_target_without_a_chance_is_not_projected() -> None:
    """With one session a week, the sessions for a step do not fit between two lighter weeks."""
    seldom = [state("walking", WALK, 1, SINCE, goal_linked=True)]
    (found,) = calm([walk_goal(30, None)], seldom).timelines
    assert (found.earliest, found.likely, found.ends) == (None, None, GoalBeyondProjection())


def test_the_only_chance_is_enough_for_the_only_step() -> None:
    """Once a week: there are enough sessions for the next step, and not for another."""
    seldom = linked(Case(states=(state("walking", minutes(20), 1, ago(30)),), screened=8))
    (found,) = of(replace(seldom, more=(walk_goal(22, None),)))
    assert (found.steps, found.earliest, found.ends) == (1, 1, None)
    (further,) = of(replace(seldom, more=(walk_goal(24, None),)))
    assert (further.earliest, further.ends) == (None, GoalBeyondProjection())


def test_a_far_goal_has_likely_weeks_too() -> None:
    """More than 52 steps: the projection covers twice as many opportunities as steps."""
    (found,) = calm([walk_goal(300, None)]).timelines
    assert found.steps is not None
    assert found.steps > 52
    assert found.likely is not None
    assert found.ends is None


@pytest.mark.parametrize(("unit", "split"), [("m", True), ("{repetitions}", False)])
def test_metres_can_be_split_and_repetitions_are_in_sets(unit: str, split: bool) -> None:
    """A smaller goal and a later date are always offered."""
    code, dose = ("lift-and-carry", Dose(Decimal(100), "m")) if split else ("sit-to-stand", sets(2, 8))
    with_goal = replace(walk_goal(1000, date(2025, 1, 20)), exercise=code, unit=unit)
    (found,) = calm([with_goal], [state(code, dose, 3, SINCE, goal_linked=True)]).timelines
    assert found.realistic is False
    assert any(str(offer).startswith("split bouts") for offer in found.offers) is split
    assert found.offers[-1] == OfferLaterDate()
