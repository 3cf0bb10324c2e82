"""Approved by hand: what was drafted is then the plan in force, to the digit, and the next run has nothing to say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.hand import approve, written
from tests.contract.people import client, looked, moved_in, visited
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.decision import ExercisePrescription
from titrate.clinical.values.plan import Dose, ExerciseState

SOON = timedelta(minutes=30)
DRAFTED = ["e1-baseline-set", "e2-progress", "several-exercises", "e5-flare", "e4-reactive-deload", "units-mixed"]


@pytest.mark.parametrize("fixture", DRAFTED)
def test_state_comes_back_as_it_was_written(server_url: str, fixture: str) -> None:
    """Doses with their recorded roles, phase and usual values; no edit is reported; the replaced plan is not read."""
    ehr = client(server_url)
    guest = moved_in(ehr, fixture)
    done = visited(ehr, guest)
    assert done.receipt is not None
    approve(ehr, guest, done.receipt, guest.at + SOON)
    found, proposal = looked(ehr, guest, guest.at + 2 * SOON), done.result.evaluation.prescription
    assert proposal is not None
    assert found.plan.reference == next(str(one.reference) for one in done.receipt.entries if one.type == "CarePlan")
    assert {prescribed(one) for one in proposal.exercises} == {standing(one) for one in found.plan.exercises}
    assert found.plan.phase is proposal.phase
    assert (found.plan.usual_pain, found.plan.usual_fatigue) == (proposal.usual_pain, proposal.usual_fatigue)
    assert (found.plan.overrides, found.plan.written_by_clinician, found.plan.drafts) == ((), False, ())


@pytest.mark.parametrize("fixture", DRAFTED)
def test_a_run_after_the_approval_is_silent(server_url: str, fixture: str) -> None:
    """No new draft, no Task, at most the decision of the day, and after that nothing."""
    ehr = client(server_url)
    guest = moved_in(ehr, fixture)
    done = visited(ehr, guest)
    assert done.receipt is not None
    approve(ehr, guest, done.receipt, guest.at + SOON)
    again = visited(ehr, guest, guest.at + 2 * SOON)
    assert (again.result.transition, again.receipt) == (Transition.NOTHING, None)
    assert {one["status"] for one in written(ehr, done.receipt) if one["resourceType"] == "Task"} == {"completed"}


def prescribed(one: ExercisePrescription) -> tuple[str, Dose | None, int, Dose | None, bool]:
    """One exercise of a prescription."""
    return one.exercise, one.dose, one.weekly_frequency, one.start, one.goal_linked


def standing(one: ExerciseState) -> tuple[str, Dose | None, int, Dose | None, bool]:
    """One exercise of the plan in force."""
    return one.exercise, one.dose, one.weekly_frequency, one.start, one.goal_linked
