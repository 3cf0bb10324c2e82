"""Decisions made in the EHR alone, on real servers: the next run propagates, keeps and reports them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.diary import Bout, session, trial
from tests.fixtures.values import by_clinician, concept, observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, Json
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.plan import Phase

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(hours=1)
DAY = timedelta(days=1)


def drafted(ehr_server: EhrServer) -> tuple[str, str]:
    """A patient with an active plan and a draft on top of it."""
    who = enrolled_patient(ehr_server)
    ehr_server.run(who, AT)
    return who, ehr_server.draft(who)


def person(who: str) -> Who:
    """The same patient, as in the fixtures."""
    return Who(who, "Europe/London", "1960-05-20", "male")


def silent(ehr_server: EhrServer, who: str, at: datetime) -> bool:
    """Whether another run at the same time writes nothing."""
    before = ehr_server.everything(who)
    ehr_server.run(who, at)
    return ehr_server.everything(who) == before


def test_a_plan_activated_in_the_ehr_activates_its_members(ehr_server: EhrServer) -> None:
    """Orders, goal and Task follow, the previous plan is completed, and an unknown approver is not named."""
    who, draft = drafted(ehr_server)
    ehr_server.set(f"CarePlan/{draft}", status="active")
    result = ehr_server.run(who, LATER).result
    assert tuple(map(str, result.status_changes)) == (
        f"CarePlan/{draft} is active",
        f"CarePlan/{who}-plan is completed",
    )
    assert ehr_server.active(who)["id"] == draft
    orders = ehr_server.of("ServiceRequest", who)
    assert sorted(order["status"] for order in orders) == ["active", "active", "completed", "completed"]
    assert [order.get("requester") for order in ehr_server.orders(who).values()] == [None, None]
    assert [task["status"] for task in ehr_server.of("Task", who)] == ["completed"]
    (event,) = [one for one in ehr_server.of("Provenance", who) if activity(one) == "ACTIVATE"]
    assert [agent["type"]["coding"][0]["code"] for agent in event["agent"]] == ["assembler"]
    assert silent(ehr_server, who, LATER)


def activity(event: Json) -> str | None:
    """The activity of a Provenance; those of the fixtures have none."""
    return next((str(one["code"]) for one in event.get("activity", {}).get("coding", ())), None)


def revoke(ehr_server: EhrServer, draft: str, _who: str) -> None:
    """Reject the plan itself."""
    ehr_server.set(f"CarePlan/{draft}", status="revoked")


def reject_task(ehr_server: EhrServer, _draft: str, who: str) -> None:
    """Reject the Task of the worklist."""
    (task,) = ehr_server.names("Task", who)
    ehr_server.set(task, status="rejected", statusReason={"text": "not before the scan"})


@pytest.mark.parametrize("how", [revoke, reject_task])
def test_a_draft_rejected_in_the_ehr_is_closed_completely(ehr_server: EhrServer, how: Callable[..., None]) -> None:
    """In the plan or in the worklist: all its resources end, and it is not proposed again that day."""
    who, draft = drafted(ehr_server)
    how(ehr_server, draft, who)
    assert ehr_server.run(who, LATER).result.transition is Transition.LEAVE_REJECTED
    assert ehr_server.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert sorted(ehr_server.orders(who, "revoked")) == ["leg-press", "walking"]
    assert [task["status"] for task in ehr_server.of("Task", who)] == ["rejected"]
    assert silent(ehr_server, who, LATER)


def test_a_rejected_draft_is_proposed_again_after_a_session(ehr_server: EhrServer) -> None:
    """The same prescription as a new draft, because there is new evidence."""
    who, draft = drafted(ehr_server)
    ehr_server.reject(draft, AT + timedelta(minutes=30))
    assert ehr_server.run(who, LATER).result.transition is Transition.LEAVE_REJECTED
    walk = Bout("walking", 15, 15, before=2, peak=3, rpe=6, talk="comfortable")
    ehr_server.put([session(person(who), "2025-01-13 10:00", walk)])
    assert ehr_server.run(who, AT + timedelta(hours=3)).result.transition is not Transition.LEAVE_REJECTED


def test_hold_and_resume(ehr_server: EhrServer) -> None:
    """Orders follow the plan on hold and back; nothing is proposed meanwhile, and the open draft is withdrawn."""
    who, draft = drafted(ehr_server)
    plan = f"CarePlan/{who}-plan"
    ehr_server.set(plan, status="on-hold")
    assert ehr_server.run(who, LATER).result.transition is Transition.WITHDRAW_DRAFT
    assert ehr_server.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert sorted(ehr_server.orders(who, "on-hold")) == ["leg-press", "walking"]
    assert ehr_server.run(who, LATER + DAY).result.transition is Transition.LEAVE_HELD
    assert silent(ehr_server, who, LATER + DAY)
    ehr_server.set(plan, status="active")
    ehr_server.run(who, LATER + 2 * DAY)
    assert sorted(ehr_server.orders(who)) == ["leg-press", "walking"]


def test_a_draft_set_active_ends_the_plan_on_hold_before_it(ehr_server: EhrServer) -> None:
    """Both changes reach one run: the plan before ends, each resource is updated once, the next run writes nothing."""
    who, draft = drafted(ehr_server)
    plan = f"CarePlan/{who}-plan"
    ehr_server.set(plan, status="on-hold")
    ehr_server.set(f"CarePlan/{draft}", status="active")
    ehr_server.run(who, LATER)
    assert ehr_server.read(plan)["status"] == "completed"
    assert sorted(ehr_server.orders(who)) == ["leg-press", "walking"]
    assert ehr_server.orders(who, "on-hold") == ehr_server.orders(who, "draft") == {}
    ehr_server.run(who, LATER + DAY)
    assert silent(ehr_server, who, LATER + DAY)


def test_an_order_that_was_stopped_alone_stays_stopped(ehr_server: EhrServer) -> None:
    """Resuming the plan resumes only what the hold had stopped."""
    who, _ = drafted(ehr_server)
    plan, press = f"CarePlan/{who}-plan", f"ServiceRequest/{who}-order-leg-press"
    ehr_server.set(press, status="on-hold")
    ehr_server.set(plan, status="on-hold")
    ehr_server.run(who, LATER)
    ehr_server.set(plan, status="active")
    ehr_server.run(who, LATER + DAY)
    assert ehr_server.read(press)["status"] == "on-hold"
    assert "walking" in ehr_server.orders(who)


@pytest.mark.parametrize(("status", "after"), [("revoked", "revoked"), ("completed", "completed")])
def test_a_programme_ended_in_the_ehr_stays_ended(ehr_server: EhrServer, status: str, after: str) -> None:
    """Orders end with it. Only new tolerance trials start another programme."""
    who, draft = drafted(ehr_server)
    ehr_server.approve(draft, AT + timedelta(minutes=30))
    ehr_server.set(f"CarePlan/{draft}", status=status)
    assert ehr_server.run(who, LATER + DAY).result.transition is Transition.LEAVE_ENDED
    assert ehr_server.orders(who) == {}
    assert all(
        ehr_server.read(f"ServiceRequest/{one['id']}")["status"] == after
        for one in ehr_server.orders(who, after).values()
    )
    assert silent(ehr_server, who, LATER + 2 * DAY)
    ehr_server.put([trial(person(who), "2025-01-16 10:00", "walking", 18, "min")])
    assert ehr_server.run(who, LATER + 3 * DAY).result.transition is Transition.WRITE_DRAFT


def test_a_red_flag_leaves_the_active_plan_and_ends_with_its_clearance(ehr_server: EhrServer) -> None:
    """Draft withdrawn, alert, a draft without exercise; after the clearance all of these are closed."""
    who, draft = drafted(ehr_server)
    plan = ehr_server.active(who)
    ehr_server.put([observation(person(who), "rf09", "2025-01-13 09:30", valueBoolean=True)])
    assert ehr_server.run(who, LATER).result.transition is Transition.STOP
    assert ehr_server.active(who) == plan
    assert ehr_server.read(f"CarePlan/{draft}")["status"] == "revoked"
    stop = ehr_server.read(f"CarePlan/{ehr_server.draft(who)}")
    assert "activity" not in stop
    assert [flag["status"] for flag in ehr_server.of("Flag", who)] == ["active"]
    assert [task["priority"] for task in ehr_server.of("Task", who) if task["status"] == "requested"] == ["stat"]
    cleared(ehr_server, who)
    assert ehr_server.run(who, AT + timedelta(hours=4)).result.transition is not Transition.STOP
    assert ehr_server.read(f"CarePlan/{stop['id']}")["status"] == "revoked"
    assert ehr_server.active(who) == plan
    assert [flag["status"] for flag in ehr_server.of("Flag", who)] == ["inactive"]
    assert [message["status"] for message in ehr_server.of("Communication", who)] == ["completed"]


def cleared(ehr_server: EhrServer, who: str) -> None:
    """A clinician's clearance of the flag."""
    value = concept("rf09")
    ehr_server.put([by_clinician(person(who), "flag-clearance", "2025-01-13 12:00", valueCodeableConcept=value)])


def test_an_approved_stop_is_ended_by_a_clinician_only(ehr_server: EhrServer) -> None:
    """The clearance does not restart exercise; ending the stopped plan and new trials do."""
    who, _ = drafted(ehr_server)
    ehr_server.put([observation(person(who), "rf09", "2025-01-13 09:30", valueBoolean=True)])
    ehr_server.run(who, LATER)
    stop = ehr_server.draft(who)
    assert ehr_server.approve(stop, LATER + timedelta(minutes=9), "seen together").ending.value == "done"
    assert ehr_server.orders(who) == {}
    cleared(ehr_server, who)
    assert ehr_server.run(who, AT + timedelta(hours=4)).result.plan.phase is Phase.STOPPED
    assert ehr_server.plans(who, "draft") == []
    ehr_server.set(f"CarePlan/{stop}", status="completed")
    assert ehr_server.run(who, AT + timedelta(hours=5)).result.transition is Transition.LEAVE_ENDED


def test_a_plan_of_another_author_limits_the_draft(ehr_server: EhrServer) -> None:
    """A rise above it is not proposed; the other plan is reported and not changed."""
    who = enrolled_patient(ehr_server)
    order = {**ehr_server.read(f"ServiceRequest/{who}-order-walking"), "id": f"{who}-theirs"}
    order.pop("identifier")
    plan = {
        **ehr_server.read(f"CarePlan/{who}-plan"),
        "id": f"{who}-their-plan",
        "author": {"reference": "Practitioner/example-physiotherapist"},
        "activity": [{"reference": {"reference": f"ServiceRequest/{who}-theirs"}}],
    }
    for key in ("identifier", "supportingInfo", "goal"):
        plan.pop(key, None)
    ehr_server.put([_bare(order), _bare(plan)])
    before = ehr_server.read(f"CarePlan/{who}-their-plan")
    result = ehr_server.run(who, AT).result
    walking = next(one for one in result.evaluation.decision.doses if one.exercise == "walking")
    assert walking.next == walking.current
    assert result.plan.other_plans == (f"CarePlan/{who}-their-plan",)
    assert ehr_server.read(f"CarePlan/{who}-their-plan") == before


def _bare(resource: Json) -> Json:
    return {key: item for key, item in resource.items() if key != "meta"}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("deceasedBoolean", True),
        ("birthDate", "2010-01-01"),
    ],
)
def test_nothing_is_written_for_a_patient_who_is_not_eligible(ehr_server: EhrServer, element: str, value: Any) -> None:
    """Not even the end of an open draft."""
    who, _ = drafted(ehr_server)
    ehr_server.set(f"Patient/{who}", **{element: value})
    result = ehr_server.preview(who, LATER)
    assert (result.evaluation.decision.rule, result.bundle.get("entry")) == ("D0", None)
    assert silent(ehr_server, who, LATER)


def test_a_draft_without_a_decision_for_14_days_is_replaced(ehr_server: EhrServer) -> None:
    """It is revoked as expired, and its Task is cancelled."""
    who, draft = drafted(ehr_server)
    ehr_server.run(who, AT + 15 * DAY)
    assert ehr_server.read(f"CarePlan/{draft}")["status"] == "revoked"
    assert "cancelled" in [task["status"] for task in ehr_server.of("Task", who)]
