"""The low-demand restart (C47): when it is offered, which exercise, and when symptoms come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.thresholds.probe import WALK, Case, ago, pain
from tests.courses.build import answered, minutes, on, sets, state
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.insights.adherence import Diary, ExerciseAdherence, RestartOffer, restart_offer
from titrate.clinical.insights.week_plan import DoseOptions
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import ExerciseState, Phase

KEPT, THIN = Diary(12, 14, alert=False), Diary(3, 14, alert=True)
LEAST = minutes(10)
WELL = Case().run(BOOK)
FEW = "few completed sessions in the week"


def options(*exercises: str, least: Sequence[str] | None = None) -> tuple[DoseOptions, ...]:
    """A minimum of ten minutes for each exercise of `least`; others have no least dose."""
    return tuple(DoseOptions(e, WALK, None, LEAST if least is None or e in least else None) for e in exercises)


def offer(result: Evaluation = WELL, *parts: str, diary: Diary = KEPT, **other: object) -> RestartOffer | None:
    """The offer when these parts of the week's sessions were done; other facts can be changed."""
    done = tuple(ExerciseAdherence("walking", Fraction(part)) for part in parts)
    chosen = options("walking")
    return restart_offer(replace(result.picture, **other), result.decision, chosen, done, diary)  # type: ignore[arg-type]


def begun(since: int, **plan: object) -> Evaluation:
    """A plan in force for the given number of days."""
    return Case(since=since, plan=plan).run(BOOK)


@pytest.mark.parametrize("phase", list(Phase))
def test_offered_in_phases_of_load_only(phase: Phase) -> None:
    """Not before a dose is found, in a flare, when stopped or after discharge."""
    expected = {Phase.LOADING, Phase.LIGHTER_WEEK, Phase.DELOAD, Phase.RETURN, Phase.MAINTENANCE}
    assert (offer(diary=THIN, phase=phase) is not None) is (phase in expected)


def test_not_in_a_flare_and_not_with_a_red_flag() -> None:
    """In any phase."""
    flare = Case(more=(pain(2, 6), pain(1, 6))).run(BOOK)
    assert flare.picture.flare is not None
    assert offer(flare, diary=THIN, phase=Phase.LOADING) is None
    flagged = Case(more=(answered("rf01", True, on(ago(1))),)).run(BOOK)
    assert offer(flagged, diary=THIN, phase=Phase.LOADING) is None
    assert offer(diary=THIN) is not None


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1/4",), True), (("49/100",), True), (("1/2",), False), (("1",), False), (("1/4", "1/3"), True),
        (("1/4", "1"), False), (("1", "1/4"), False), ((), False),
    ],
)  # fmt: skip
def test_a_week_counts_where_less_than_half_of_every_exercise_was_done(parts: Sequence[str], expected: bool) -> None:
    """One exercise that was done is enough; if nothing was planned nothing is missing."""
    found = offer(WELL, *parts)
    assert (found is not None) is expected
    assert found is None or tuple(map(str, found.reasons)) == (FEW,)


@pytest.mark.parametrize(
    ("since", "plan", "expected"),
    [
        (6, {}, False), (7, {}, True), (8, {}, True), (9, {"started": None}, True), (6, {"started": None}, False),
        (3, {"started": ago(9)}, True), (9, {"started": ago(3)}, False),
        (9, {"started": None, "approved": None}, False), (9, {"approved": None}, True),
    ],
    ids=[
        "six days", "seven", "eight", "approved nine days ago", "approved six days ago", "begun before its approval",
        "begun after it", "neither", "begun",
    ],
)  # fmt: skip
def test_a_week_has_to_have_passed(since: int, plan: dict[str, object], expected: bool) -> None:
    """Seven days since the plan began, or since its approval if the beginning is unknown."""
    assert (offer(begun(since, **plan), "1/4") is not None) is expected


def test_reasons_have_a_fixed_order() -> None:
    """A gap, a thin week, a thin diary; without any there is no offer."""
    assert offer() is None
    gap = replace(WELL, decision=replace(WELL.decision, outcome=Outcome.STEP_BACK))
    found = offer(gap, "1/4", diary=THIN)
    assert found is not None
    assert tuple(map(str, found.reasons)) == ("a gap without sessions", FEW, "few mornings with an entry")


def chosen(states: Sequence[ExerciseState], least: Sequence[str] | None = None) -> str | None:
    """The exercise that is offered with a thin diary."""
    dosed = replace(WELL.picture, dosed=tuple(states))
    found = restart_offer(dosed, WELL.decision, options(*(s.exercise for s in states), least=least), (), THIN)
    return None if found is None else found.exercise


def since_two_weeks(exercise: str, *, goal: bool = False) -> ExerciseState:
    """An exercise that has been in the plan for two weeks."""
    dose = WALK if exercise == "walking" else sets(2, 8)
    return state(exercise, dose, 3, date(2025, 1, 6), goal_linked=goal)


def test_the_goals_exercise_is_offered_else_the_first_by_name() -> None:
    """Only exercises with a least dose; if none has one there is no offer."""
    walk, stand = since_two_weeks("walking"), since_two_weeks("sit-to-stand")
    assert chosen([walk, stand]) == chosen([stand, walk]) == "sit-to-stand"
    assert chosen([stand, replace(walk, goal_linked=True)]) == "walking"
    assert chosen([replace(stand, goal_linked=True), replace(walk, goal_linked=True)]) == "sit-to-stand"
    assert chosen([stand, walk], least=["walking"]) == "walking"
    assert chosen([stand, walk], least=[]) is None
    assert chosen([]) is None


def test_an_exercise_that_is_not_laid_out_is_not_offered() -> None:
    """The week has no options for it."""
    two = replace(WELL.picture, dosed=(since_two_weeks("sit-to-stand"), since_two_weeks("walking")))
    found = restart_offer(two, WELL.decision, options("walking"), (), THIN)
    assert found is not None
    assert (found.exercise, found.dose, found.times, found.entries) == ("walking", LEAST, 2, 3)
