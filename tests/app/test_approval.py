"""Approving and rejecting a draft on real servers: one transaction for the whole plan, and no edit overwritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.values import by_clinician, component, concept, observation, quantity
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import PHYSIOTHERAPIST, EhrServer, rules
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.decisions.approval import Approval, approval_outcome, approve
from titrate.app.decisions.carry_out_decision import DecisionOutcome, DecisionStatus, PlanCase, carry_out_decision
from titrate.app.draft_lifecycle import Transition
from titrate.app.errors import NotAPractitioner
from titrate.clinical.values.plan import Dose
from titrate.ehr.errors import NotFound
from titrate.fhir.errors import InvalidDose

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
DAY = timedelta(days=1)
LATER = AT + timedelta(hours=1)


def drafted(ehr_server: EhrServer) -> tuple[str, str]:
    """A patient whose walk may rise from 15 to 16 min, and the id of that draft."""
    who = enrolled_patient(ehr_server)
    assert ehr_server.run(who, AT).result.transition is Transition.WRITE_DRAFT
    return who, ehr_server.draft(who)


def dose(ehr_server: EhrServer, who: str, exercise: str, at: datetime) -> Dose | None:
    """The dose in force as a run reads it."""
    states = {state.exercise: state for state in ehr_server.preview(who, at).plan.exercises}
    return states[exercise].dose


def test_an_approval_activates_the_whole_plan_and_completes_the_previous_one(ehr_server: EhrServer) -> None:
    """Plan, orders with requester, goal and Task; Provenance names the clinician."""
    who, draft = drafted(ehr_server)
    old = ehr_server.active(who)
    result = ehr_server.approve(draft, AT + DAY)
    assert (result.ending, result.plan, result.patient) == (
        DecisionStatus.DONE,
        f"CarePlan/{draft}",
        f"Patient/{who}",
    )
    assert result.changes == ("Walking: from 15 min to 16 min",)
    plan = ehr_server.active(who)
    assert plan["id"] == draft
    assert ehr_server.read(f"CarePlan/{old['id']}")["status"] == "completed"
    orders = ehr_server.of("ServiceRequest", who)
    assert sorted(order["status"] for order in orders) == ["active", "active", "completed", "completed"]
    assert {order["requester"]["reference"] for order in orders} == {PHYSIOTHERAPIST}
    goal = next(one for one in ehr_server.of("Goal", who) if one["description"]["text"].startswith("Complete the"))
    assert goal["lifecycleStatus"] == "active"
    assert [task["status"] for task in ehr_server.of("Task", who)] == ["completed"]
    verifiers = [
        agent["who"]
        for recorded in ehr_server.of("Provenance", who)
        for agent in recorded["agent"]
        if agent["type"]["coding"][0]["code"] == "verifier" and recorded["recorded"].startswith("2025-01-14")
    ]
    assert [found["reference"] for found in verifiers] == [PHYSIOTHERAPIST]


def test_the_state_read_back_is_the_state_written(ehr_server: EhrServer) -> None:
    """Doses, recorded doses and days of the next run's plan are those of the prescription, dated by the approval."""
    who, draft = drafted(ehr_server)
    prescription = ehr_server.preview(who, AT).evaluation.prescription
    ehr_server.approve(draft, AT + DAY)
    plan = ehr_server.preview(who, AT + DAY).plan
    assert prescription is not None
    doses = {one.exercise: one.dose for one in prescription.exercises}
    assert {one.exercise: one.dose for one in plan.exercises} == doses
    expected = (prescription.phase, prescription.usual_pain, (AT + DAY).date())
    assert (plan.phase, plan.usual_pain, plan.approved) == expected
    walking = next(one for one in plan.exercises if one.exercise == "walking")
    assert (walking.dose_since, walking.last_raised) == ((AT + DAY).date(), (AT + DAY).date())
    assert plan.overrides == ()


def test_the_patients_own_goal_stays_open(ehr_server: EhrServer) -> None:
    """Both plans are linked to it; only a goal that was written with the previous plan would end with it."""
    who, draft = drafted(ehr_server)
    ehr_server.approve(draft, LATER)
    assert ehr_server.read(f"Goal/{who}-goal")["lifecycleStatus"] == "active"


def test_the_narrative_says_that_it_is_approved(ehr_server: EhrServer) -> None:
    """The banner of the draft is replaced by one with the clinician and the time of the approval."""
    _, draft = drafted(ehr_server)
    ehr_server.approve(draft, LATER)
    words = ehr_server.read(f"CarePlan/{draft}")["text"]["div"]
    assert "This is a draft" not in words
    assert f"Approved by {PHYSIOTHERAPIST} on 2025-01-13." in words


def test_approving_twice_changes_nothing(ehr_server: EhrServer) -> None:
    """The second approval writes nothing, and the result says so."""
    who, draft = drafted(ehr_server)
    ehr_server.approve(draft, LATER)
    before = ehr_server.everything(who)
    assert ehr_server.approve(draft, LATER).ending is DecisionStatus.ALREADY
    assert ehr_server.everything(who) == before


def test_a_lower_dose_is_part_of_the_approval(ehr_server: EhrServer) -> None:
    """The order has it, the next run reads it as the dose in force, and it is not an override."""
    who, draft = drafted(ehr_server)
    result = ehr_server.approve(draft, LATER, walking="14")
    assert result.changes == ("Walking: from 15 min to 14 min",)
    order = ehr_server.orders(who)["walking"]
    assert order["quantityQuantity"]["value"] == 14
    assert order["orderDetail"][0] == {"text": "14 min"}
    plan = ehr_server.preview(who, AT + DAY).plan
    assert plan.overrides == ()
    assert {one.exercise: one.dose for one in plan.exercises}["walking"] == Dose(Decimal(14), "min")


@pytest.mark.parametrize(
    ("reason", "ending"), [(None, DecisionStatus.REFUSED), ("she walks this already", DecisionStatus.DONE)]
)
def test_more_than_the_draft_needs_a_reason(ehr_server: EhrServer, reason: str | None, ending: DecisionStatus) -> None:
    """Without one nothing is written; with one it is recorded in Provenance."""
    who, draft = drafted(ehr_server)
    before = ehr_server.everything(who)
    assert ehr_server.approve(draft, LATER, reason, walking="17 min").ending is ending
    if reason is None:
        assert ehr_server.everything(who) == before
    else:
        assert dose(ehr_server, who, "walking", LATER) == Dose(Decimal(17), "min")
        recorded = [one for one in ehr_server.of("Provenance", who) if one.get("reason")]
        assert [one["reason"][0]["text"] for one in recorded] == [reason]


def limited(ehr_server: EhrServer, who: str, minutes: int) -> None:
    """A clinician's limit for walking."""
    person = Who(who, "Europe/London", "1960-05-20", "male")
    parts = [
        component("exercise", valueCodeableConcept=concept("walking")),
        component("amount", valueQuantity=quantity(minutes, "min")),
    ]
    ehr_server.put([by_clinician(person, "dose-limit", "2025-01-13 08:00", component=parts)])


def test_no_reason_overrides_a_limit(ehr_server: EhrServer) -> None:
    """A limit set after the draft forbids even the draft's own dose."""
    who, draft = drafted(ehr_server)
    limited(ehr_server, who, 15)
    result = ehr_server.approve(draft, LATER, "I insist")
    assert result.ending is DecisionStatus.REFUSED
    assert result.why == ("walking: above a limit that a clinician or another plan sets",)
    assert ehr_server.approve(draft, LATER, "as limited", walking="15").ending is DecisionStatus.DONE


@pytest.mark.parametrize(("amount", "ending"), [("18", DecisionStatus.DONE), ("19", DecisionStatus.REFUSED)])
def test_no_reason_allows_more_than_a_fifth_above_the_dose_in_force(
    ehr_server: EhrServer, amount: str, ending: DecisionStatus
) -> None:
    """15 min in force: 18 is 1.20 times that; 19 is a typing error or needs another decision."""
    _, draft = drafted(ehr_server)
    assert ehr_server.approve(draft, LATER, "strong", walking=amount).ending is ending


def test_a_red_flag_since_the_draft_forbids_it(ehr_server: EhrServer) -> None:
    """Chest pain answered yes after the draft was made."""
    who, draft = drafted(ehr_server)
    person = Who(who, "Europe/London", "1960-05-20", "male")
    ehr_server.put([observation(person, "rf09", "2025-01-13 08:30", valueBoolean=True)])
    result = ehr_server.approve(draft, LATER, "I insist")
    assert result.ending is DecisionStatus.REFUSED
    assert "open flag RF09, chest symptoms or fainting" in result.why[0]


def test_only_a_clinician_of_this_ehr_approves(ehr_server: EhrServer) -> None:
    """Not the patient, and not a practitioner whom the EHR does not know."""
    who, draft = drafted(ehr_server)
    with pytest.raises(NotAPractitioner):
        approve(ehr_server.ehr(), Approval(draft, f"Patient/{who}"), rules(), LATER)
    with pytest.raises(NotFound):
        approve(ehr_server.ehr(), Approval(draft, "Practitioner/nobody-here"), rules(), LATER)
    assert ehr_server.draft(who) == draft


@pytest.mark.parametrize("typed", ["", "a lot", "16 m", "-3", "0", "3x10"])
def test_an_amount_in_another_unit_is_refused(ehr_server: EhrServer, typed: str) -> None:
    """Walking is dosed in minutes."""
    _, draft = drafted(ehr_server)
    with pytest.raises(InvalidDose):
        ehr_server.approve(draft, LATER, walking=typed)


def test_an_old_draft_is_not_approved(ehr_server: EhrServer) -> None:
    """After 14 days it is out of date."""
    _, draft = drafted(ehr_server)
    result = ehr_server.approve(draft, AT + 15 * DAY)
    assert result.ending is DecisionStatus.REFUSED
    assert any("older than 14 days" in line for line in result.why)


def test_a_rejection_closes_the_whole_draft(ehr_server: EhrServer) -> None:
    """Plan and orders revoked, goal rejected, Task rejected with the reason; the plan in force stays."""
    who, draft = drafted(ehr_server)
    assert ehr_server.reject(draft, LATER, "wait for the visit").ending is DecisionStatus.DONE
    assert ehr_server.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert sorted(ehr_server.orders(who, "revoked")) == ["leg-press", "walking"]
    assert sorted(ehr_server.orders(who)) == ["leg-press", "walking"]
    (task,) = ehr_server.of("Task", who)
    assert (task["status"], task["statusReason"]["text"]) == ("rejected", "wait for the visit")
    assert ehr_server.run(who, AT + timedelta(hours=8)).result.transition is Transition.LEAVE_REJECTED


def edit_requester(order: dict[str, Any]) -> None:
    """A clinician edits the draft's order."""
    order["patientInstruction"] = "Walk with your daughter."


def test_an_edited_draft_is_approved_with_a_reason(ehr_server: EhrServer) -> None:
    """It is approved as edited: the edited text stays."""
    who, draft = drafted(ehr_server)
    place = next(f"ServiceRequest/{one['id']}" for one in ehr_server.orders(who, "draft").values())
    ehr_server.change(place, edit_requester)
    assert ehr_server.approve(draft, LATER).ending is DecisionStatus.REFUSED
    assert ehr_server.approve(draft, LATER, "agreed with her").ending is DecisionStatus.DONE
    assert ehr_server.read(place)["patientInstruction"] == "Walk with your daughter."


@pytest.mark.parametrize(
    ("words", "ending"), [("Walk with a stick.", DecisionStatus.OVERTAKEN), (None, DecisionStatus.DONE)]
)
def test_a_concurrent_edit_is_not_overwritten(ehr_server: EhrServer, words: str | None, ending: DecisionStatus) -> None:
    """An edit between reading and writing stops the decision; a write without a change does not."""
    who, draft = drafted(ehr_server)
    order = ehr_server.orders(who, "draft")["walking"]
    place, instruction = f"ServiceRequest/{order['id']}", words or order["patientInstruction"]
    turns: list[PlanCase] = []

    def between(case: PlanCase) -> DecisionOutcome:
        proposal = approval_outcome(case, Approval(draft, PHYSIOTHERAPIST, {}, "seen"), rules(), LATER)
        if not turns:
            ehr_server.set(place, patientInstruction=instruction)
        turns.append(case)
        return proposal

    result = carry_out_decision(ehr_server.ehr(), draft, rules(), LATER, between)
    assert result.ending is ending
    assert ehr_server.read(place)["patientInstruction"] == instruction
    if words:
        assert result.why == (f"{place} has changed in the meantime",)
        assert ehr_server.draft(who) == draft


@pytest.mark.parametrize("plan", ["..", "CarePlan/..", "../Patient/x", ""])
def test_a_plan_is_identified_by_an_id(ehr_server: EhrServer, plan: str) -> None:
    """An id that would lead to another address is not requested."""
    with pytest.raises(NotFound, match="64 letters"):
        ehr_server.approve(plan, LATER)


@pytest.mark.parametrize("person", ["Practitioner/..", "Practitioner/.", "Patient/x"])
def test_a_practitioner_is_identified_by_an_id(ehr_server: EhrServer, person: str) -> None:
    """The same for the clinician who approves."""
    with pytest.raises(NotAPractitioner):
        approve(ehr_server.ehr(), Approval("p", person), rules(), LATER)
