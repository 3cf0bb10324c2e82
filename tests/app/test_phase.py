"""Phases that a clinician sets, on real servers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.plan_lifecycle.ehr_server import PHYSIOTHERAPIST, EhrServer, rules
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.decisions.approval import PhaseChoice, set_phase
from titrate.app.decisions.carry_out_decision import DecisionResult, DecisionStatus
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.plan import Phase

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(hours=1)
DAY = timedelta(days=1)


def moved(ehr_server: EhrServer, plan: str, phase: Phase, at: datetime) -> DecisionResult:
    """The clinician sets a phase."""
    return set_phase(ehr_server.ehr(), PhaseChoice(plan, PHYSIOTHERAPIST, phase, "as agreed"), rules(), at)


def approved(ehr_server: EhrServer) -> tuple[str, str]:
    """A patient and the id of their active plan."""
    who = enrolled_patient(ehr_server)
    ehr_server.run(who, AT)
    plan = ehr_server.draft(who)
    ehr_server.approve(plan, AT + timedelta(minutes=10))
    return who, plan


def test_maintenance_keeps_doses_and_proposes_no_rise(ehr_server: EhrServer) -> None:
    """The phase applies from that time, it is not a manual edit, and loading can begin again."""
    who, plan = approved(ehr_server)
    before = ehr_server.preview(who, LATER).plan
    decided = moved(ehr_server, plan, Phase.MAINTENANCE, LATER)
    assert (decided.ending, decided.changes) == (DecisionStatus.DONE, ("Phase: from loading to maintenance",))
    result = ehr_server.run(who, LATER + DAY).result
    assert (result.plan.phase, result.plan.phase_since) == (Phase.MAINTENANCE, LATER.date())
    assert (result.plan.exercises, result.plan.overrides) == (before.exercises, ())
    assert result.evaluation.decision.phase is Phase.MAINTENANCE
    assert all(one.gates["G2"].value == "fail" for one in result.evaluation.decision.candidates)
    noon = LATER + DAY + timedelta(hours=2)
    assert moved(ehr_server, plan, Phase.MAINTENANCE, noon).ending is DecisionStatus.ALREADY
    assert moved(ehr_server, plan, Phase.LOADING, noon).ending is DecisionStatus.DONE
    again = ehr_server.preview(who, LATER + 2 * DAY).plan
    assert (again.phase, again.loading_since) == (Phase.LOADING, (LATER + DAY).date())


def test_a_discharge_ends_the_programme(ehr_server: EhrServer) -> None:
    """Plan, orders and goal are completed; nothing is proposed again."""
    who, plan = approved(ehr_server)
    assert moved(ehr_server, plan, Phase.DISCHARGED, LATER).ending is DecisionStatus.DONE
    assert ehr_server.read(f"CarePlan/{plan}")["status"] == "completed"
    assert ehr_server.orders(who) == {}
    assert ehr_server.run(who, LATER + DAY).result.transition is Transition.LEAVE_ENDED


@pytest.mark.parametrize("phase", [Phase.BASELINE, Phase.LOADING])
def test_a_phase_that_cannot_follow_is_refused(ehr_server: EhrServer, phase: Phase) -> None:
    """A new baseline follows a stop only."""
    who, plan = approved(ehr_server)
    before = ehr_server.everything(who)
    assert moved(ehr_server, plan, phase, LATER).ending is (
        DecisionStatus.ALREADY if phase is Phase.LOADING else DecisionStatus.REFUSED
    )
    assert ehr_server.everything(who) == before
