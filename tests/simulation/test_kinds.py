"""Half a year of one person of each kind: no unsafe step, and each does what the name says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.simulation.people import KINDS, lived, verdict
from titrate.simulation.clinician import limit_of
from titrate.simulation.judge import CHECKS

WALKING = "walking"
MINUTES = 60


def walked(kind: str, number: int = 1) -> list[Decimal]:
    """The doses of walking after each run; none is 0."""
    found = (step.after.get(WALKING) for step in lived(kind, number).steps)
    return [Decimal(0) if dose is None else dose.amount for dose in found]


@pytest.mark.timeout(5 * MINUTES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_step_is_unsafe(kind: str) -> None:
    """By every check, at every run."""
    assert [one for one in verdict(kind).findings if one.unsafe] == []


def test_every_check_had_something_to_judge() -> None:
    """A check that never applies finds nothing and shows nothing."""
    verdicts = [*(verdict(kind) for kind in KINDS), verdict("post-exertional", 2)]
    counts = {check.name: sum(one.judged[check.name] for one in verdicts) for check in CHECKS}
    assert [name for name, count in counts.items() if count == 0] == []


def test_a_responder_rises() -> None:
    """Further than anybody who bears less."""
    responder, slow = walked("responder"), walked("slow-responder")
    assert max(responder) >= responder[0] * Decimal("1.3")
    assert max(responder) / responder[0] > max(slow) / slow[0]


def test_flares_are_answered_and_left_again() -> None:
    """A lower dose in a flare, and a return to load after it."""
    outcomes = {step.outcome for step in lived("flarer").steps}
    assert {"FLARE_PROTOCOL", "RETURN_TO_LOAD"} <= outcomes


def test_boom_and_bust_earns_nothing_by_overdoing() -> None:
    """Sessions far above the dose happen, and the dose does not follow them."""
    course = lived("boom-and-bust")
    assert any(bout.done > bout.asked * Decimal("1.2") for day in course.days for bout in day.bouts)
    assert max(walked("boom-and-bust")) <= walked("boom-and-bust")[0] * Decimal("1.2")


def test_who_stays_away_gets_no_session_target() -> None:
    """After two weeks without a word every run says that the plan has expired."""
    course = lived("dropout")
    away = {day.number for day in course.days if day.away}
    late = [step for step in course.steps if set(range(step.number - 15, step.number + 1)) <= away]
    assert late
    assert all("PLAN_EXPIRED" in step.notes for step in late)


def test_the_sensitised_take_smaller_steps() -> None:
    """One step of theirs is at most a tenth of the dose, or the smallest there is."""
    course = lived("sensitised")
    steps = [
        (s.before[WALKING].amount, s.after[WALKING].amount)
        for s in course.steps
        if s.rule == "D10" and WALKING in s.before
    ]
    assert all(
        after - before <= max(before / 10, Decimal("0.5") if before < 10 else Decimal(1)) for before, after in steps
    )


def test_who_tells_of_crashes_is_stopped() -> None:
    """From the day of the telling no run gives a dose, and none is approved."""
    course = lived("post-exertional", 2)
    told = next(day.number for day in course.days if "rf16" in day.yes)
    assert {step.outcome for step in course.steps if step.number >= told} == {"STOP_ESCALATE"}


def test_who_does_not_tell_of_crashes_goes_down() -> None:
    """The reports speak for them: the dose is lowered or stopped, and never above where it began."""
    outcomes = {step.outcome for step in lived("post-exertional").steps}
    doses = walked("post-exertional")
    assert outcomes & {"STOP_ESCALATE", "REACTIVE_DELOAD"}
    assert max(doses) == doses[0] > doses[-1]


def test_after_surgery_the_limit_holds() -> None:
    """The dose reaches the surgeon's limit and never passes it."""
    course = lived("post-surgical")
    for step in course.steps:
        for exercise, dose in step.after.items():
            limit = limit_of(course.person, exercise, step.number)
            assert limit is None or dose.amount <= limit


def test_missing_reports_never_help() -> None:
    """Who reports by halves rises less often than who reports."""
    rises = {
        kind: sum(step.outcome == "PROGRESS" for step in lived(kind).steps) for kind in ("missing-data", "responder")
    }
    assert rises["missing-data"] < rises["responder"]


def test_wrong_values_never_raise() -> None:
    """Faults come, and no rise rests on one."""
    course = lived("bad-devices")
    assert sum(len(day.faults) for day in course.days) >= 3
    assert [step for step in course.steps if step.helped] == []
