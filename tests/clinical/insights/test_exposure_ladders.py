"""Exposure ladders by small cases: which ones appear, their order, the current step, and what blocks the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK, picture, walking
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import Number, answered, measured, on, session, sets, stamp, state
from titrate.clinical.insights.exposure_ladders import LadderProgress, ladder_progress
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.education_content import Pathway
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import Measurement, PatientGoal, Reading, Reporter, SessionReported

GENERAL = BOOK.guidance.pathways["general"]
STAND = Dose(Decimal(60), "s")
BALANCE, RISING = state("balance-stance", STAND, 2, ago(14)), state("sit-to-stand", sets(2, 8), 2, ago(14))


def fear(value: Number, days: int, ladder: str = "stairs") -> Measurement:
    """A rating of fear the given number of days ago."""
    return measured(f"fear-{ladder}", value, on(ago(days)))


def step(value: int, days: int, ladder: str = "stairs", hour: int = 9) -> Measurement:
    """The step that a clinician set the given number of days ago."""
    return measured(f"ladder-step-{ladder}", value, on(ago(days), time(hour)), Reporter.PRACTITIONER)


def of(
    *more: Reading, states: tuple[ExerciseState, ...] = (), sessions: tuple[SessionReported, ...] = ()
) -> ClinicalPicture:
    """An uneventful course with these ratings."""
    return picture(Case(states=states or None, sessions=sessions, more=more))


def climb(found: ClinicalPicture, ladder: str = "stairs", pathway: Pathway = GENERAL) -> LadderProgress:
    """One ladder."""
    (one,) = [c for c in ladder_progress(found, pathway) if c.ladder.name == ladder]
    return one


def names(*more: Reading, states: tuple[ExerciseState, ...] = ()) -> list[str]:
    """The ladders in order."""
    return [c.ladder.name for c in ladder_progress(of(*more, states=states), GENERAL)]


@pytest.mark.parametrize("phase", list(Phase))
def test_in_which_phases_a_step_waits(phase: Phase) -> None:
    """While symptoms or a clinician have lowered the doses."""
    waits = {Phase.FLARE, Phase.DELOAD, Phase.RETURN, Phase.STOPPED, Phase.DISCHARGED}
    assert bool(climb(replace(of(fear(60, 9)), phase=phase)).blocked_by) is (phase in waits)


def test_the_present_and_the_next_step_in_words() -> None:
    """No current step before the first, and no next step after the last."""
    steps = BOOK.guidance.ladders["stairs"].steps
    for number in range(len(steps) + 1):
        found = climb(of(fear(60, 9), *([step(number, 5)] if number else [])))
        assert found.now == (steps[number - 1] if number else None)
        assert found.next == (steps[number] if number < len(steps) else None)


def test_the_order_of_tasks() -> None:
    """Started, feared, part of a goal, then the rest; each by increasing fear after tasks without a rating."""
    reported = [fear(20, 9, "bend"), fear(40, 9, "rise-and-kneel"), fear(90, 9, "lift"), fear(70, 9, "stairs")]
    with_goal = (walking(), replace(RISING, goal_linked=True))
    assert names(*reported, states=with_goal) == ["stairs", "lift", "rise-and-kneel", "bend"]
    assert names(*reported, step(1, 5, "bend"), states=with_goal) == ["bend", "stairs", "lift", "rise-and-kneel"]
    both = (state("step-up", sets(2, 8), 2, ago(14), goal_linked=True), replace(RISING, goal_linked=True))
    assert names(fear("0.5", 9, "stairs"), states=both) == ["rise-and-kneel", "stairs"]


def test_a_balance_ladder_is_no_task() -> None:
    """Even if a programme lists it."""
    listed = replace(GENERAL, ladders=(*GENERAL.ladders, "balance"))
    found = climb(of(step(2, 5, "balance")), "balance", listed)
    assert (found.feared, found.for_goal, found.chosen, found.fear) == (False, False, False, None)


@pytest.mark.parametrize(
    ("number", "tries", "chosen"), [(6, (60, 60), True), (6, (20, 20), False), (2, (20, 20), True), (2, (60, 60), True)]
)
def test_a_task_is_worked_on_until_its_last_step_is_done(number: int, tries: tuple[int, int], chosen: bool) -> None:
    """A finished step below the top leads to the next step."""
    reported = [fear(70, 9), step(number, 5), fear(tries[0], 4), fear(tries[1], 3)]
    assert climb(of(*reported)).chosen is chosen


def test_a_started_ladder_appears_without_a_rating() -> None:
    """The fear is unknown."""
    found = climb(of(step(2, 5)))
    assert (found.step, found.fear, found.feared, found.chosen, found.ready) == (2, None, False, True, False)


def test_the_newest_rating_is_the_fear() -> None:
    """80, then 20."""
    assert climb(of(fear(80, 9), fear(20, 5))).fear == 20


def goal(exercise: str | None, status: str = "active") -> PatientGoal:
    """A goal about an exercise."""
    return PatientGoal("Goal/g", "Up", status, exercise, None, None, None, False, stamp("goal", on(ago(5))))


@pytest.mark.parametrize(
    ("with_goal", "there"),
    [
        (goal("sit-to-stand"), True), (goal("sit-to-stand", "completed"), False), (goal(None), False),
        (goal("sit-to-stand", "cancelled"), False), (goal("cycling"), False),
    ],
)  # fmt: skip
def test_an_open_goal_adds_its_ladder(with_goal: PatientGoal, there: bool) -> None:
    """Whatever else is in the plan; an exercise without a goal adds none."""
    assert ("rise-and-kneel" in names(with_goal, states=(walking(), RISING))) is there
    assert names(states=(walking(), RISING)) == []


def ready(*reported: Measurement) -> bool:
    """Whether the next step may come."""
    return climb(of(*reported)).ready


def test_fear_at_the_start_of_the_step() -> None:
    """The last rating up to that day; without one only 30 counts as low."""
    assert ready(fear(60, 9), fear(80, 5), step(2, 5), fear(40, 4), fear(40, 3))
    assert ready(fear(60, 9), fear(80, 7), step(2, 5), fear(40, 4), fear(40, 3))
    assert not ready(fear(80, 9), fear(60, 7), step(2, 5), fear(40, 4), fear(40, 3))
    assert not ready(step(2, 5), fear(31, 4), fear(30, 3))
    assert ready(step(2, 5), fear(30, 4), fear(30, 3))


def test_a_rating_of_the_day_on_which_it_began_is_no_try() -> None:
    """The rule needs two later ratings."""
    assert not ready(fear(80, 9), fear(20, 5), step(2, 5), fear(10, 4))
    assert ready(fear(80, 9), fear(20, 5), step(2, 5), fear(10, 4), fear(10, 3))


@pytest.mark.parametrize(
    ("reported", "since", "number"),
    [
        ([step(2, 3)], 3, 2), ([step(2, 6), step(2, 3)], 6, 2), ([step(1, 9), step(2, 6), step(2, 3)], 6, 2),
        ([step(2, 9), step(1, 6), step(2, 3)], 3, 2), ([step(2, 6), step(2, 3), step(4, 3, hour=12)], 6, 2),
        ([step(4, 6), step(2, 3), step(4, 3, hour=12)], 3, 2), ([step(9, 3)], 3, 6),
    ],
)  # fmt: skip
def test_the_day_on_which_a_step_began(reported: list[Measurement], since: int, number: int) -> None:
    """Recording a step again does not restart it, another step between does; of two on one day the lower counts."""
    found = climb(of(*reported))
    assert (found.since, found.step) == (ago(since), number)


def watched(on_first: int, *reported: Measurement) -> bool:
    """Whether a companion is needed on a ladder whose first `on_first` steps need one."""
    found = of(*reported)
    book, guidance = found.record.rulebook, found.record.rulebook.guidance
    ladders = {**guidance.ladders, "stairs": replace(guidance.ladders["stairs"], watched=on_first)}
    book = replace(book, guidance=replace(guidance, ladders=ladders))
    return climb(replace(found, record=replace(found.record, rulebook=book))).supported


@pytest.mark.parametrize(("on_first", "number", "done", "near"), [
    (0, 0, False, False), (1, 0, False, True), (2, 0, False, True), (1, 1, False, True), (1, 1, True, False),
    (2, 1, True, True), (2, 2, False, True), (2, 2, True, False), (2, 3, False, False),
])  # fmt: skip
def test_the_step_in_progress_needs_a_companion(on_first: int, number: int, done: bool, near: bool) -> None:
    """The first step before it is begun, and the next step once the current one is done."""
    tries = (10, 10) if done else (60, 60)
    reported = [fear(70, 9), *([step(number, 5)] if number else []), fear(tries[0], 4), fear(tries[1], 3)]
    assert watched(on_first, *reported) is near


# --- Balance


def stances(*days: int) -> tuple[SessionReported, ...]:
    """Balance sessions in good form the given number of days ago."""
    return tuple(session("balance-stance", ago(d), STAND, (2, 3), 3, form="good") for d in days)


@pytest.mark.parametrize(
    ("days", "done"), [((7, 5, 3), True), ((9, 7, 3), False), ((8, 5, 3), False), ((9, 7, 5, 3), True), ((5, 3), False)]
)
def test_balance_sessions_since_the_step_began(days: tuple[int, ...], done: bool) -> None:
    """Set seven days ago: that day counts, earlier days and other exercises do not."""
    reported = of(step(3, 7, "balance"), states=(walking(), BALANCE), sessions=stances(*days))
    assert climb(reported, "balance").ready is done


def test_falls_come_before_the_next_position() -> None:
    """However steady the sessions were."""
    fallen = answered("rf23", True, on(ago(1)))
    reported = of(step(3, 7, "balance"), fallen, states=(walking(), BALANCE), sessions=stances(7, 5, 3))
    found = climb(reported, "balance")
    assert found.blocked_by
    assert not found.ready


@pytest.mark.parametrize(
    ("states", "more", "there"),
    [
        ((walking(),), (), False), ((walking(), BALANCE), (), True), ((walking(),), (step(2, 5, "balance"),), True),
        ((walking(),), (measured("timed-up-and-go", 12, on(ago(5))),), True),
        ((walking(),), (measured("timed-up-and-go", 11, on(ago(5))),), False),
        ((walking(),), (answered("rf23", True, on(ago(1))),), True),
        ((walking(),), (answered("rf25", True, on(ago(1))),), False),
    ],
    ids=["nothing", "trained", "begun", "slow", "not slow", "falls", "another flag"],
)  # fmt: skip
def test_who_needs_balance(states: tuple[ExerciseState, ...], more: tuple[Reading, ...], there: bool) -> None:
    """Any one of these reasons is enough."""
    assert ("balance" in names(*more, states=states)) is there


def test_the_first_positions_need_a_companion() -> None:
    """Even if the test is not slow; later positions need one only if it is."""
    low, high = climb(of(step(1, 5, "balance")), "balance"), climb(of(step(5, 5, "balance")), "balance")
    assert low.supported
    assert not high.supported
    assert climb(of(step(5, 5, "balance"), measured("timed-up-and-go", 12, on(ago(5)))), "balance").supported
