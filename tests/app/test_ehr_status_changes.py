"""Decisions made in the EHR alone, on real servers: the next run propagates, keeps and reports them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.diary import Bout, session, trial
from tests.fixtures.values import by_clinician, concept, observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.hospital import Hospital, Json
from tests.plan_lifecycle.people import admitted
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.plan import Phase

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(hours=1)
DAY = timedelta(days=1)


def drafted(hospital: Hospital) -> tuple[str, str]:
    """A patient with an active plan and a draft on top of it."""
    who = admitted(hospital)
    hospital.run(who, AT)
    return who, hospital.draft(who)


def person(who: str) -> Who:
    """The same patient, as in the fixtures."""
    return Who(who, "Europe/London", "1960-05-20", "male")


def silent(hospital: Hospital, who: str, at: datetime) -> bool:
    """Whether another run at the same time writes nothing."""
    before = hospital.everything(who)
    hospital.run(who, at)
    return hospital.everything(who) == before


def test_a_plan_activated_in_the_ehr_activates_its_members(hospital: Hospital) -> None:
    """Orders, goal and Task follow, the previous plan is completed, and an unknown approver is not named."""
    who, draft = drafted(hospital)
    hospital.set(f"CarePlan/{draft}", status="active")
    result = hospital.run(who, LATER).result
    assert tuple(map(str, result.status_changes)) == (
        f"CarePlan/{draft} is active",
        f"CarePlan/{who}-plan is completed",
    )
    assert hospital.active(who)["id"] == draft
    orders = hospital.of("ServiceRequest", who)
    assert sorted(order["status"] for order in orders) == ["active", "active", "completed", "completed"]
    assert [order.get("requester") for order in hospital.orders(who).values()] == [None, None]
    assert [task["status"] for task in hospital.of("Task", who)] == ["completed"]
    (event,) = [one for one in hospital.of("Provenance", who) if activity(one) == "ACTIVATE"]
    assert [agent["type"]["coding"][0]["code"] for agent in event["agent"]] == ["assembler"]
    assert silent(hospital, who, LATER)


def activity(event: Json) -> str | None:
    """The activity of a Provenance; those of the fixtures have none."""
    return next((str(one["code"]) for one in event.get("activity", {}).get("coding", ())), None)


def revoke(hospital: Hospital, draft: str, _who: str) -> None:
    """Reject the plan itself."""
    hospital.set(f"CarePlan/{draft}", status="revoked")


def reject_task(hospital: Hospital, _draft: str, who: str) -> None:
    """Reject the Task of the worklist."""
    (task,) = hospital.names("Task", who)
    hospital.set(task, status="rejected", statusReason={"text": "not before the scan"})


@pytest.mark.parametrize("how", [revoke, reject_task])
def test_a_draft_rejected_in_the_ehr_is_closed_completely(hospital: Hospital, how: Callable[..., None]) -> None:
    """In the plan or in the worklist: all its resources end, and it is not proposed again that day."""
    who, draft = drafted(hospital)
    how(hospital, draft, who)
    assert hospital.run(who, LATER).result.transition is Transition.LEAVE_REJECTED
    assert hospital.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert sorted(hospital.orders(who, "revoked")) == ["leg-press", "walking"]
    assert [task["status"] for task in hospital.of("Task", who)] == ["rejected"]
    assert silent(hospital, who, LATER)


def test_a_rejected_draft_is_proposed_again_after_a_session(hospital: Hospital) -> None:
    """The same prescription as a new draft, because there is new evidence."""
    who, draft = drafted(hospital)
    hospital.reject(draft, AT + timedelta(minutes=30))
    assert hospital.run(who, LATER).result.transition is Transition.LEAVE_REJECTED
    walk = Bout("walking", 15, 15, before=2, peak=3, rpe=6, talk="comfortable")
    hospital.put([session(person(who), "2025-01-13 10:00", walk)])
    assert hospital.run(who, AT + timedelta(hours=3)).result.transition is not Transition.LEAVE_REJECTED


def test_hold_and_resume(hospital: Hospital) -> None:
    """Orders follow the plan on hold and back; nothing is proposed meanwhile, and the open draft is withdrawn."""
    who, draft = drafted(hospital)
    plan = f"CarePlan/{who}-plan"
    hospital.set(plan, status="on-hold")
    assert hospital.run(who, LATER).result.transition is Transition.WITHDRAW_DRAFT
    assert hospital.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert sorted(hospital.orders(who, "on-hold")) == ["leg-press", "walking"]
    assert hospital.run(who, LATER + DAY).result.transition is Transition.LEAVE_HELD
    assert silent(hospital, who, LATER + DAY)
    hospital.set(plan, status="active")
    hospital.run(who, LATER + 2 * DAY)
    assert sorted(hospital.orders(who)) == ["leg-press", "walking"]


def test_a_draft_set_active_ends_the_plan_on_hold_before_it(hospital: Hospital) -> None:
    """Both changes reach one run: the plan before ends, each resource is updated once, the next run writes nothing."""
    who, draft = drafted(hospital)
    plan = f"CarePlan/{who}-plan"
    hospital.set(plan, status="on-hold")
    hospital.set(f"CarePlan/{draft}", status="active")
    hospital.run(who, LATER)
    assert hospital.read(plan)["status"] == "completed"
    assert sorted(hospital.orders(who)) == ["leg-press", "walking"]
    assert hospital.orders(who, "on-hold") == hospital.orders(who, "draft") == {}
    hospital.run(who, LATER + DAY)
    assert silent(hospital, who, LATER + DAY)


def test_an_order_that_was_stopped_alone_stays_stopped(hospital: Hospital) -> None:
    """Resuming the plan resumes only what the hold had stopped."""
    who, _ = drafted(hospital)
    plan, press = f"CarePlan/{who}-plan", f"ServiceRequest/{who}-order-leg-press"
    hospital.set(press, status="on-hold")
    hospital.set(plan, status="on-hold")
    hospital.run(who, LATER)
    hospital.set(plan, status="active")
    hospital.run(who, LATER + DAY)
    assert hospital.read(press)["status"] == "on-hold"
    assert "walking" in hospital.orders(who)


@pytest.mark.parametrize(("status", "after"), [("revoked", "revoked"), ("completed", "completed")])
def test_a_programme_ended_in_the_ehr_stays_ended(hospital: Hospital, status: str, after: str) -> None:
    """Orders end with it. Only new tolerance trials start another programme."""
    who, draft = drafted(hospital)
    hospital.approve(draft, AT + timedelta(minutes=30))
    hospital.set(f"CarePlan/{draft}", status=status)
    assert hospital.run(who, LATER + DAY).result.transition is Transition.LEAVE_ENDED
    assert hospital.orders(who) == {}
    assert all(
        hospital.read(f"ServiceRequest/{one['id']}")["status"] == after for one in hospital.orders(who, after).values()
    )
    assert silent(hospital, who, LATER + 2 * DAY)
    hospital.put([trial(person(who), "2025-01-16 10:00", "walking", 18, "min")])
    assert hospital.run(who, LATER + 3 * DAY).result.transition is Transition.WRITE_DRAFT


def test_a_red_flag_leaves_the_active_plan_and_ends_with_its_clearance(hospital: Hospital) -> None:
    """Draft withdrawn, alert, a draft without exercise; after the clearance all of these are closed."""
    who, draft = drafted(hospital)
    plan = hospital.active(who)
    hospital.put([observation(person(who), "rf09", "2025-01-13 09:30", valueBoolean=True)])
    assert hospital.run(who, LATER).result.transition is Transition.STOP
    assert hospital.active(who) == plan
    assert hospital.read(f"CarePlan/{draft}")["status"] == "revoked"
    stop = hospital.read(f"CarePlan/{hospital.draft(who)}")
    assert "activity" not in stop
    assert [flag["status"] for flag in hospital.of("Flag", who)] == ["active"]
    assert [task["priority"] for task in hospital.of("Task", who) if task["status"] == "requested"] == ["stat"]
    cleared(hospital, who)
    assert hospital.run(who, AT + timedelta(hours=4)).result.transition is not Transition.STOP
    assert hospital.read(f"CarePlan/{stop['id']}")["status"] == "revoked"
    assert hospital.active(who) == plan
    assert [flag["status"] for flag in hospital.of("Flag", who)] == ["inactive"]
    assert [message["status"] for message in hospital.of("Communication", who)] == ["completed"]


def cleared(hospital: Hospital, who: str) -> None:
    """A clinician's clearance of the flag."""
    value = concept("rf09")
    hospital.put([by_clinician(person(who), "flag-clearance", "2025-01-13 12:00", valueCodeableConcept=value)])


def test_an_approved_stop_is_ended_by_a_clinician_only(hospital: Hospital) -> None:
    """The clearance does not restart exercise; ending the stopped plan and new trials do."""
    who, _ = drafted(hospital)
    hospital.put([observation(person(who), "rf09", "2025-01-13 09:30", valueBoolean=True)])
    hospital.run(who, LATER)
    stop = hospital.draft(who)
    assert hospital.approve(stop, LATER + timedelta(minutes=9), "seen together").ending.value == "done"
    assert hospital.orders(who) == {}
    cleared(hospital, who)
    assert hospital.run(who, AT + timedelta(hours=4)).result.plan.phase is Phase.STOPPED
    assert hospital.plans(who, "draft") == []
    hospital.set(f"CarePlan/{stop}", status="completed")
    assert hospital.run(who, AT + timedelta(hours=5)).result.transition is Transition.LEAVE_ENDED


def test_a_plan_of_another_author_limits_the_draft(hospital: Hospital) -> None:
    """A rise above it is not proposed; the other plan is reported and not changed."""
    who = admitted(hospital)
    order = {**hospital.read(f"ServiceRequest/{who}-order-walking"), "id": f"{who}-theirs"}
    order.pop("identifier")
    plan = {
        **hospital.read(f"CarePlan/{who}-plan"),
        "id": f"{who}-their-plan",
        "author": {"reference": "Practitioner/example-physiotherapist"},
        "activity": [{"reference": {"reference": f"ServiceRequest/{who}-theirs"}}],
    }
    for key in ("identifier", "supportingInfo", "goal"):
        plan.pop(key, None)
    hospital.put([_bare(order), _bare(plan)])
    before = hospital.read(f"CarePlan/{who}-their-plan")
    result = hospital.run(who, AT).result
    walking = next(one for one in result.evaluation.decision.doses if one.exercise == "walking")
    assert walking.next == walking.current
    assert result.plan.other_plans == (f"CarePlan/{who}-their-plan",)
    assert hospital.read(f"CarePlan/{who}-their-plan") == before


def _bare(resource: Json) -> Json:
    return {key: item for key, item in resource.items() if key != "meta"}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("deceasedBoolean", True),
        ("birthDate", "2010-01-01"),
    ],
)
def test_nothing_is_written_for_a_patient_who_is_not_eligible(hospital: Hospital, element: str, value: Any) -> None:
    """Not even the end of an open draft."""
    who, _ = drafted(hospital)
    hospital.set(f"Patient/{who}", **{element: value})
    result = hospital.preview(who, LATER)
    assert (result.evaluation.decision.rule, result.bundle.get("entry")) == ("D0", None)
    assert silent(hospital, who, LATER)


def test_a_draft_without_a_decision_for_14_days_is_replaced(hospital: Hospital) -> None:
    """It is revoked as expired, and its Task is cancelled."""
    who, draft = drafted(hospital)
    hospital.run(who, AT + 15 * DAY)
    assert hospital.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert "cancelled" in [task["status"] for task in hospital.of("Task", who)]
