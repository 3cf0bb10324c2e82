"""The plan of a decision: what is recorded, since when, and what is never allowed in it (B11.2-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import bad_on, in_phase
from tests.clinical.pictures import BOOK, picture, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import answered, limit, minutes, on, sets, state
from titrate.clinical.prescription.exercise_prescription import UnsafeDose, prescribe
from titrate.clinical.values.decision import Decision, DoseChange, ExercisePrescription, Prescription
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import Reading

NOW = on(AT)
TICK = answered("flare-self-report", True, NOW)
SETTLED = (*without(calm(), (1, 2, 3, 4)), pain(4, 4), pain(3, 4), pain(2, 2), pain(1, 2))


def planned(case: Case) -> tuple[Prescription, ExercisePrescription]:
    """The prescription of a case, and its walk."""
    found = case.run(BOOK).prescription
    assert found is not None
    return found, found.exercises[0]


def test_a_step() -> None:
    """D10: the new dose from today, raised today; everything else stays as it was, for four weeks."""
    whole, walk = planned(Case(states=(walking(goal_linked=True, start=minutes(14)),)))
    assert (walk.dose, walk.dose_since, walk.last_raised, walk.start) == (minutes(22), AT, AT, minutes(14))
    assert (walk.reference, walk.before_flare, walk.before_deload, walk.rung) == (None, None, None, None)
    assert (walk.weekly_frequency, walk.goal_linked, walk.domain.value) == (3, True, "aerobic")
    assert (whole.phase, whole.phase_since, whole.loading_since) == (Phase.LOADING, ago(14), ago(14))
    assert (whole.flare_first_day, whole.flare_grade) == (None, None)
    assert (whole.period_start, whole.period_end) == (AT, AT + timedelta(days=28))
    assert (whole.usual_pain, whole.usual_fatigue) == (Decimal(2), Decimal(3))


def test_a_hold() -> None:
    """D11: the dose keeps its start and the day of its last rise."""
    _, walk = planned(Case(states=(walking(last_raised=ago(12)),), more=(answered("stressor", "major", NOW),)))
    assert (walk.dose, walk.dose_since, walk.last_raised) == (WALK, ago(14), ago(12))


def test_a_flare() -> None:
    """D2: its first day and grade, and the dose before it; lowering today is not a rise."""
    whole, walk = planned(
        Case(more=(TICK, answered("daily-activity-kept", "no", NOW)), states=(walking(last_raised=ago(12)),))
    )
    assert (whole.phase, whole.phase_since, whole.flare_first_day, whole.flare_grade) == (Phase.FLARE, AT, AT, "f2")
    assert (walk.dose, walk.before_flare, walk.dose_since, walk.last_raised) == (minutes(10), WALK, AT, ago(12))
    assert (whole.loading_since, walk.rung) == (None, None)


def test_a_deload() -> None:
    """D3: the dose before it, which stays recorded while the deload lasts."""
    _, walk = planned(Case(sessions=bad_on(5, 3)))
    assert (walk.dose, walk.before_deload, walk.before_flare, walk.reference) == (minutes(16), WALK, None, None)
    low = minutes(16)
    going_on = Case(states=(state("walking", low, 3, ago(4), before_deload=WALK),), sessions=(*walks((14, 12)),
    *walks((3,), low)),
                    phase=Phase.DELOAD, since=4)  # fmt: skip
    whole, walk = planned(going_on)
    assert (whole.phase, whole.phase_since, walk.before_deload, walk.dose) == (Phase.DELOAD, ago(4), WALK, low)


def test_a_lighter_week() -> None:
    """D9: the loading dose stays recorded and is restored; then loading begins again."""
    whole, walk = planned(Case(plan={"loading_since": ago(21)}))
    assert (whole.phase, walk.dose, walk.reference, whole.loading_since) == (
        Phase.LIGHTER_WEEK,
        minutes(12),
        WALK,
        None,
    )
    _, walk = planned(in_phase(Phase.LIGHTER_WEEK, 6))
    assert (walk.dose, walk.reference) == (minutes(12), WALK)
    whole, walk = planned(in_phase(Phase.LIGHTER_WEEK, 7))
    assert (whole.phase, walk.dose, walk.reference) == (Phase.LOADING, WALK, None)
    assert (whole.loading_since, whole.phase_since, walk.last_raised) == (AT, AT, None)


def test_a_return() -> None:
    """D8: the rung, and the dose before the flare, from its start to its end."""
    whole, walk = planned(Case(days=SETTLED))
    assert (whole.phase, walk.dose, walk.rung, walk.before_flare) == (Phase.RETURN, minutes(16), minutes(16), WALK)
    assert (whole.flare_first_day, whole.flare_grade) == (None, None)
    low = minutes(16)
    climbing = Case(states=(state("walking", low, 3, ago(6), before_flare=WALK),), phase=Phase.RETURN, since=6,
                    sessions=tuple(walks((5, 3, 1), low)))  # fmt: skip
    whole, walk = planned(climbing)
    assert (walk.dose, walk.rung, walk.before_flare, walk.last_raised) == (minutes(18), minutes(18), WALK, AT)
    assert (whole.phase, whole.phase_since) == (Phase.RETURN, ago(6))
    topped = Case(states=(state("walking", WALK, 3, ago(8), before_flare=WALK),), phase=Phase.RETURN, since=14,
                  sessions=tuple(walks((7, 5, 3))))  # fmt: skip
    whole, walk = planned(topped)
    assert (whole.phase, whole.loading_since, walk.rung, walk.before_flare) == (Phase.LOADING, AT, None, None)


@pytest.mark.parametrize(("now", "kept"), [(1, "1"), (2, "2"), (3, "2")])
def test_usual_at_the_end_of_a_lighter_week(now: int, kept: str) -> None:
    """B11.2: a lower value is adopted, a higher one is not, and neither is at any other time."""
    rest = tuple(r for r in calm() if getattr(r, "what", "") != "pain-morning" or r.stamp.day < ago(7))
    days: tuple[Reading, ...] = (*(pain(n, now) for n in range(1, 8)), *rest)
    assert planned(replace(in_phase(Phase.LIGHTER_WEEK, 7), days=days))[0].usual_pain == Decimal(kept)
    assert planned(replace(in_phase(Phase.LIGHTER_WEEK, 6), days=days))[0].usual_pain == 2
    assert planned(Case(days=days))[0].usual_pain == 2


def test_usual_stays_where_mornings_are_few() -> None:
    """Four mornings are too few for a usual value."""
    days = (*(pain(n, 1) for n in range(1, 5)), *(r for r in calm() if r.stamp.day < ago(7)))
    assert planned(replace(in_phase(Phase.LIGHTER_WEEK, 7), days=days))[0].usual_pain == 2


def test_limits_and_caps() -> None:
    """The limits that applied, with author and day, and the caps of a session; in a flare exertion up to 3."""
    whole, walk = planned(Case())
    assert [(x.name, x.value, x.owner, x.since) for x in whole.limits] == [
        ("pain-ceiling", Decimal(5), None, None),
        ("rpe-cap", Decimal(4), None, None),
    ]
    assert texts(walk.caps) == (
        "pain during and straight after the session up to 5 of 10",
        "exertion up to 4 of 10 (CR10)",
    )
    mine = limit("heart-rate-limit", 120, ago(3))
    whole, walk = planned(Case(more=(mine, limit("rpe-cap", 2, ago(3)), TICK)))
    assert (whole.limits[2].owner, whole.limits[2].since) == (mine.stamp.source.reference, ago(3))
    assert texts(walk.caps[1:]) == ("exertion up to 2 of 10 (CR10)", "heart rate up to 120 beats a minute")
    assert str(planned(Case(more=(TICK,)))[1].caps[1]) == "exertion up to 3 of 10 (CR10)"
    assert planned(Case(more=(answered("rf01", True, NOW),)))[1].caps == ()


def test_a_start() -> None:
    """The first dose of an exercise is recorded as its start."""
    waiting = state("walking", None, 3, None)
    stopped = Case(states=(waiting,), sessions=())
    _, walk = planned(stopped)
    assert (walk.dose, walk.start) == (None, None)


def carried(rule: str, dose: Dose | None, one: ExerciseState, phase: Phase = Phase.LOADING) -> Prescription:
    """A decision by this rule that gives this dose, as a prescription."""
    whole = picture(Case(states=(one,)))
    made = Case(states=(one,)).run(BOOK).decision
    change = DoseChange(one.exercise, whole.domain(one.exercise), one.dose, dose)
    decision: Decision = replace(made, rule=rule, phase=phase, doses=(change,))
    return prescribe(whole, decision, BOOK.programmes["general"])


PRESS = state("leg-press", sets(3, 10, 40), 2, ago(14))
UNSAFE: list[tuple[str, Dose, ExerciseState]] = [
    ("D10", minutes("24.5"), walking()), ("D8", minutes("24.5"), walking()), ("D10", sets(3, 8, 49), PRESS),
    ("D10", sets(3, 13, 40), PRESS), ("D11", minutes("20.5"), walking()), ("D9", minutes(21), walking()),
    ("D9", minutes(31), walking(reference=minutes(30))), ("D2", minutes(21), walking()),
    ("D11", minutes(30), walking(reference=minutes(30))),
    ("D10", sets(3, 10, 1), state("leg-press", sets(3, 10), 2, ago(14))),
]  # fmt: skip
SAFE: list[tuple[str, Dose | None, ExerciseState]] = [
    ("D10", minutes(24), walking()), ("D8", minutes(24), walking()), ("D10", sets(3, 8, 48), PRESS),
    ("D10", sets(3, 12, 40), PRESS), ("D9", minutes(30), walking(reference=minutes(30))), ("D3", minutes(16),
    walking()),
    ("D11", WALK, walking()), ("D1", None, walking()), ("D6", minutes(40), state("walking", None, 3, None)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "dose", "one"), UNSAFE)
def test_a_dose_that_is_never_prescribed(rule: str, dose: Dose, one: ExerciseState) -> None:
    """More than 1.20 of the dose in force, or any rise by another rule, is an internal error."""
    with pytest.raises(UnsafeDose):
        carried(rule, dose, one)


@pytest.mark.parametrize(("rule", "dose", "one"), SAFE)
def test_a_dose_that_may_be_prescribed(rule: str, dose: Dose | None, one: ExerciseState) -> None:
    """Up to 1.20 by D8 and D10, the loading dose after a lighter week, a lower dose, a first dose."""
    assert carried(rule, dose, one).exercises[0].dose == dose


def test_a_new_start_is_remembered() -> None:
    """D6 resets the start; D10 gives a waiting exercise its first; other exercises keep their start."""
    waiting = state("walking", None, 3, None)
    assert carried("D6", minutes(8), replace(waiting, start=minutes(5))).exercises[0].start == minutes(8)
    assert carried("D10", minutes(8), waiting).exercises[0].start == minutes(8)
    assert carried("D10", minutes(22), walking(start=minutes(14))).exercises[0].start == minutes(14)
    assert carried("D11", WALK, replace(walking(), start=None)).exercises[0].start is None
