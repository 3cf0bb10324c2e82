"""When a clinician should review, goals, and the end of progression (D12, B11.26, C03, C50)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.clinical.pictures import goal, picture, record_of, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import WALK, Case, ago, walks
from tests.courses.build import Number, measured, on, state
from titrate.clinical.rules.review_triggers import phase_advice, review_reasons
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import PastDecision, Phase
from titrate.clinical.values.readings import PatientGoal


def past(days: int, outcome: Outcome, phase: Phase = Phase.LOADING, hour: int = 9) -> PastDecision:
    """A decision a number of days ago, and the phase that it set."""
    return PastDecision(
        ago(days), outcome.code, phase, datetime(2025, 1, 1, hour, tzinfo=UTC) + timedelta(days=100 - days)
    )


def reviewed(
    *history: PastDecision, outcome: Outcome = Outcome.HOLD, increases: bool = False, **plan: object
) -> tuple[str, ...]:
    """The reasons for a review of a patient whose plan began two weeks ago."""
    return texts(review_reasons(picture(Case(plan={"history": history, **plan})), outcome, increases=increases))


def test_four_weeks_without_a_rise() -> None:
    """28 days since the latest of start, last rise and last baseline, unless today's decision raises a dose."""
    assert reviewed(started=ago(27)) == ()
    assert reviewed(started=ago(28)) == (f"no increase since {ago(28)}",)
    assert reviewed(started=ago(28), increases=True) == ()
    assert reviewed(past(27, Outcome.BASELINE), started=ago(40)) == ()
    assert reviewed(past(27, Outcome.HOLD), started=ago(40)) != ()
    assert reviewed(started=None) == ()
    raised = Case(states=(walking(last_raised=ago(20)),), plan={"started": ago(40)})
    assert review_reasons(picture(raised), Outcome.HOLD, increases=False) == ()
    older = Case(states=(walking(last_raised=ago(30)),), plan={"started": ago(40)})
    assert texts(review_reasons(picture(older), Outcome.HOLD, increases=False)) == (f"no increase since {ago(30)}",)


@pytest.mark.parametrize("outcome", [Outcome.STOP_ESCALATE, Outcome.NOT_ELIGIBLE])
def test_no_review_of_a_stopped_or_withdrawn_patient(outcome: Outcome) -> None:
    """A flag has its own task, and a patient who is not enrolled has none."""
    assert reviewed(started=ago(40), outcome=outcome) == ()


def test_no_review_without_a_dose() -> None:
    """Without a dose nothing can stall."""
    waiting = Case(states=(state("walking", None, 3, None),), plan={"started": ago(40)})
    assert review_reasons(picture(waiting), Outcome.HOLD, increases=False) == ()


DELOAD, FLARE = Outcome.REACTIVE_DELOAD, Outcome.FLARE_PROTOCOL
TWICE: dict[str, tuple[tuple[PastDecision, ...], Outcome, tuple[str, ...]]] = {
    "one": ((past(9, DELOAD),), Outcome.HOLD, ()),
    "two": ((past(20, DELOAD), past(18, Outcome.HOLD), past(9, DELOAD)), Outcome.HOLD, ("2 deloads in 28 days",)),
    "one and today": ((past(9, DELOAD), past(5, Outcome.HOLD)), DELOAD, ("2 deloads in 28 days",)),
    "one that goes on": ((past(9, DELOAD), past(8, DELOAD)), Outcome.HOLD, ()),
    "one in phase deload": ((past(9, DELOAD), past(7, Outcome.HOLD), past(5, DELOAD, Phase.DELOAD)), Outcome.HOLD, ()),
    "27 days ago": ((past(27, DELOAD), past(9, Outcome.HOLD)), DELOAD, ("2 deloads in 28 days",)),
    "28 days ago": ((past(28, DELOAD), past(9, Outcome.HOLD)), DELOAD, ()),
    "28 days ago, and it went on": ((past(28, DELOAD), past(27, DELOAD), past(9, Outcome.HOLD)), DELOAD, ()),
    "two flares": ((past(20, FLARE), past(9, Outcome.HOLD, Phase.RETURN)), FLARE, ("2 flares in 28 days",)),
    "a flare in phase flare": ((past(20, FLARE), past(9, Outcome.HOLD), past(8, FLARE, Phase.FLARE)), Outcome.HOLD, ()),
    "a flare and a deload": ((past(20, FLARE), past(9, Outcome.HOLD)), DELOAD, ()),
    "the last of a day": ((past(20, DELOAD, hour=8), past(20, Outcome.HOLD, hour=9), past(15, Outcome.HOLD),
                         past(9, DELOAD)), Outcome.HOLD, ()),
    "the last of a day, told in another order": (
        (past(20, Outcome.HOLD, hour=9), past(20, DELOAD, hour=8), past(15, Outcome.HOLD), past(9, DELOAD)),
        Outcome.HOLD, ()),
    "told in another order": ((past(9, DELOAD), past(18, Outcome.HOLD), past(20, DELOAD)), Outcome.HOLD,
                              ("2 deloads in 28 days",)),
}  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_two_in_four_weeks(name: str) -> None:
    """Two deloads or two flares that began in the last 28 days, today's included; the last decision of a day counts."""
    history, outcome, words = TWICE[name]
    assert reviewed(*history, outcome=outcome) == words


GOALS: list[tuple[tuple[PatientGoal, ...], str | None]] = [
    ((), None), ((goal(25),), "Goal/b"), ((goal(None),), None), ((goal(25, unit="m"),), None),
    ((goal(25, exercise="cycling"),), None), ((goal(25, status="completed"),), None),
    ((goal(25, status="cancelled"),), None), ((goal(25, status="rejected"),), None),
    ((goal(25, status="entered-in-error"),), None), ((goal(25, status="proposed"),), "Goal/b"),
    ((goal(25), goal(30, reference="Goal/a", due=ago(-30))), "Goal/a"),
    ((goal(25, due=None), goal(30, reference="Goal/c")), "Goal/c"),
    ((goal(25), goal(30, reference="Goal/a")), "Goal/a"),
]  # fmt: skip


@pytest.mark.parametrize(("goals", "reference"), GOALS)
def test_open_goal(goals: tuple[PatientGoal, ...], reference: str | None) -> None:
    """Open, measurable, in the exercise's unit; of several the one due first, then by name."""
    found = record_of(Case(more=goals)).open_goal("walking")
    assert (found.reference if found else None) == reference


@pytest.mark.parametrize(("target", "reached"), [(25, False), (20, True), (15, True)])
def test_goal_reached(target: int, reached: bool) -> None:
    """At the goal's dose maintenance is the clinician's choice; only in loading."""
    words = ("walking has reached the dose of its goal: the clinician may choose maintenance",)
    assert texts(phase_advice(picture(Case(more=(goal(target),))))) == (words if reached else ())
    assert phase_advice(picture(Case(more=(goal(target),), phase=Phase.LIGHTER_WEEK))) == ()


def kept(
    scores: tuple[tuple[int, Number], ...] = (), done: tuple[int, ...] = (3, 5, 10, 12, 17, 19), since: int = 30
) -> tuple[str, ...]:
    """Advice for a patient in maintenance with three planned walks a week."""
    more = tuple(measured("psfs", value, on(ago(day))) for day, value in scores)
    one = state("walking", WALK, 3, ago(since))
    case = Case(states=(one,), phase=Phase.MAINTENANCE, since=since, more=more, sessions=tuple(walks(done)))
    return texts(phase_advice(picture(case)))


def test_when_maintenance_is_too_little() -> None:
    """PSFS two points below its best in maintenance; fewer than half of the sessions in three consecutive weeks."""
    fell = ("back to the active programme? PSFS has fallen by 2",)
    assert kept() == ()
    assert kept(((20, 7), (5, 5))) == fell
    assert kept(((20, 7), (5, "5.1"))) == ()
    assert kept(((25, 6), (20, 7), (5, 5))) == fell
    assert kept(((31, 9), (5, 5))) == ()
    assert kept(((30, 7), (5, 5))) == fell
    little = ("back to the active programme? fewer sessions than planned in 3 weeks in a row",)
    assert kept(done=(3, 10, 17)) == little
    assert kept(done=(3, 10, 17, 21)) == ()
    assert kept(done=(3, 5, 10, 17)) == ()
    assert kept(done=(3, 8, 14, 17)) == ()
    assert kept(done=(1, 8, 15, 22)) == little
    assert kept(done=(7, 1, 10)) == ()
    assert kept(done=(0, 3, 10, 17)) == little


def test_maintenance_without_a_dose_asks_for_nothing() -> None:
    """If nothing is planned nothing is missed."""
    waiting = Case(states=(state("walking", None, 3, None),), phase=Phase.MAINTENANCE, sessions=())
    assert phase_advice(picture(waiting)) == ()
