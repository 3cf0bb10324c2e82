"""Half a year of one simulated patient of each archetype: no unsafe step, and behaviour as named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.simulation.courses import KINDS, simulated_course, verdict
from titrate.simulation.clinician import dose_limit
from titrate.simulation.judge import CHECKS

WALKING = "walking"
MINUTES = 60


def walking_doses(kind: str, number: int = 1) -> list[Decimal]:
    """The doses of walking after each run; a missing dose counts as 0."""
    found = (step.after.get(WALKING) for step in simulated_course(kind, number).steps)
    return [Decimal(0) if dose is None else dose.amount for dose in found]


@pytest.mark.timeout(5 * MINUTES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_step_is_unsafe(kind: str) -> None:
    """By every check, at every run."""
    assert [one for one in verdict(kind).findings if one.unsafe] == []


def test_every_check_judged_some_runs() -> None:
    """A check that never applies proves nothing."""
    verdicts = [*(verdict(kind) for kind in KINDS), verdict("post-exertional", 2)]
    counts = {check.name: sum(one.judged[check.name] for one in verdicts) for check in CHECKS}
    assert [name for name, count in counts.items() if count == 0] == []


def test_a_responder_rises() -> None:
    """By 30 % at least, and further than a slow responder."""
    responder, slow = walking_doses("responder"), walking_doses("slow-responder")
    assert max(responder) >= responder[0] * Decimal("1.3")
    assert max(responder) / responder[0] > max(slow) / slow[0]


def test_flares_lower_the_dose_until_they_end() -> None:
    """A lower dose in a flare, and a return to load after it."""
    outcomes = {step.outcome for step in simulated_course("flarer").steps}
    assert {"FLARE_PROTOCOL", "RETURN_TO_LOAD"} <= outcomes


def test_overdoing_does_not_raise_the_dose() -> None:
    """Sessions far above the dose happen, and the dose does not follow them."""
    course = simulated_course("boom-and-bust")
    assert any(session.done > session.prescribed * Decimal("1.2") for day in course.days for session in day.sessions)
    assert max(walking_doses("boom-and-bust")) <= walking_doses("boom-and-bust")[0] * Decimal("1.2")


def test_an_absent_patient_has_no_session_target() -> None:
    """After two weeks without reports every run notes that the plan has expired."""
    course = simulated_course("dropout")
    away = {day.number for day in course.days if day.away}
    late = [step for step in course.steps if set(range(step.number - 15, step.number + 1)) <= away]
    assert late
    assert all("PLAN_EXPIRED" in step.notes for step in late)


def test_sensitised_patients_take_smaller_steps() -> None:
    """A step is at most a tenth of the dose, or the smallest increment."""
    course = simulated_course("sensitised")
    steps = [
        (s.before[WALKING].amount, s.after[WALKING].amount)
        for s in course.steps
        if s.rule == "D10" and WALKING in s.before
    ]
    assert all(
        after - before <= max(before / 10, Decimal("0.5") if before < 10 else Decimal(1)) for before, after in steps
    )


def test_reported_crashes_stop_the_programme() -> None:
    """From the day of the report every run stops the programme."""
    course = simulated_course("post-exertional", 2)
    first = next(day.number for day in course.days if "rf16" in day.reported_flags)
    assert {step.outcome for step in course.steps if step.number >= first} == {"STOP_ESCALATE"}


def test_unreported_crashes_lower_the_dose() -> None:
    """Morning reports show them: the dose is lowered or stopped, and never above the first one."""
    outcomes = {step.outcome for step in simulated_course("post-exertional").steps}
    doses = walking_doses("post-exertional")
    assert outcomes & {"STOP_ESCALATE", "REACTIVE_DELOAD"}
    assert max(doses) == doses[0] > doses[-1]


def test_after_surgery_the_limit_holds() -> None:
    """The dose reaches the surgeon's limit and never passes it."""
    course = simulated_course("post-surgical")
    for step in course.steps:
        for exercise, dose in step.after.items():
            limit = dose_limit(course.patient, exercise, step.number)
            assert limit is None or dose.amount <= limit


def test_missing_reports_never_help() -> None:
    """A patient with missing reports rises less often than one with complete reports."""
    rises = {
        kind: sum(step.outcome == "PROGRESS" for step in simulated_course(kind).steps)
        for kind in ("missing-data", "responder")
    }
    assert rises["missing-data"] < rises["responder"]


def test_wrong_values_never_raise() -> None:
    """Faulty reports arrive, and no rise depends on one."""
    course = simulated_course("bad-devices")
    assert sum(len(day.faults) for day in course.days) >= 3
    assert [step for step in course.steps if step.unearned] == []
