"""What a run does to the draft of an earlier run, when the data or the draft have changed since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.hand import instruct, reject, written
from tests.contract.people import Guest, client, limit, moved_in, store, visited
from titrate.app.draft_lifecycle import Transition
from titrate.ehr.client import EHR

LATER = timedelta(minutes=30)


@pytest.fixture
def ehr(server_url: str) -> EHR:
    """A client of each server in turn."""
    return client(server_url)


def states(ehr: EHR, receipt: Any) -> set[str]:
    """The statuses of what a delivery left, as they are now; records of what was computed are left out."""
    records = ("Observation", "Provenance")
    left = [one for one in written(ehr, receipt) if one["resourceType"] not in records]
    return {str(one.get("lifecycleStatus") or one["status"]) for one in left}


def screened(guest: Guest) -> dict[str, Any]:
    """The patient says yes to a red flag."""
    code = {"coding": [{"system": "https://titrate.example/fhir/CodeSystem/titrate", "code": "rf01"}], "text": "rf01"}
    return {
        "resourceType": "Observation",
        "id": f"flag-{guest.id}",
        "status": "final",
        "code": code,
        "subject": {"reference": f"Patient/{guest.id}"},
        "effectiveDateTime": guest.at.isoformat(),
        "valueBoolean": True,
    }


def test_new_data_replace_a_draft(ehr: EHR) -> None:
    """A clinician's limit below the dose drafted: the old draft is revoked with all of it, the new one is written."""
    guest = moved_in(ehr, "e1-baseline-set")
    first = visited(ehr, guest)
    dose = first.result.evaluation.decision.doses[0]
    store(ehr, practitioner(), limit(guest, dose.exercise, "2"))
    second = visited(ehr, guest, guest.at + LATER)
    assert second.result.transition is Transition.REPLACE_DRAFT
    assert states(ehr, first.receipt) == {"revoked", "cancelled"}
    third = visited(ehr, guest, guest.at + 2 * LATER)
    assert (third.result.transition, third.receipt) == (Transition.KEEP_DRAFT, None)


def test_a_draft_that_says_no_more_is_withdrawn(ehr: EHR) -> None:
    """A limit at the dose in force takes the step away: the draft goes, the plan in force stays."""
    guest = moved_in(ehr, "red-flag-cleared")
    first = visited(ehr, guest)
    dose = first.result.evaluation.decision.doses[0]
    assert dose.current is not None
    store(ehr, limit(guest, dose.exercise, str(dose.current.amount), dose.current.unit))
    second = visited(ehr, guest, guest.at + LATER)
    assert second.result.transition is Transition.WITHDRAW_DRAFT
    assert states(ehr, first.receipt) == {"revoked", "cancelled"}
    third = visited(ehr, guest, guest.at + 2 * LATER)
    assert (third.result.transition, third.receipt) == (Transition.NOTHING, None)


def test_a_red_flag_stops_a_draft(ehr: EHR) -> None:
    """The open draft is revoked, an alert and a draft without exercises replace it, and that happens once."""
    guest = moved_in(ehr, "e2-progress")
    first = visited(ehr, guest)
    store(ehr, screened(guest))
    second = visited(ehr, guest, guest.at + LATER)
    assert second.result.transition is Transition.STOP
    assert states(ehr, first.receipt) == {"revoked", "cancelled"}
    third = visited(ehr, guest, guest.at + 2 * LATER)
    assert (third.result.transition, third.receipt) == (Transition.KEEP_DRAFT, None)


def test_what_a_person_wrote_into_a_draft_stays(ehr: EHR) -> None:
    """Even when the data would ask for another draft now."""
    guest = moved_in(ehr, "e1-baseline-set")
    first = visited(ehr, guest)
    assert first.receipt is not None
    instruct(ehr, first.receipt, "Only on level ground.")
    store(ehr, practitioner(), limit(guest, first.result.evaluation.decision.doses[0].exercise, "2"))
    second = visited(ehr, guest, guest.at + LATER)
    assert (second.result.transition, second.receipt) == (Transition.LEAVE_TOUCHED, None)
    assert "draft" in states(ehr, first.receipt)


def test_what_a_person_rejected_is_not_proposed_again(ehr: EHR) -> None:
    """Not on the same day; after eight days it is, under a new name."""
    guest = moved_in(ehr, "nothing-known-yet")
    first = visited(ehr, guest)
    assert first.receipt is not None
    reject(ehr, first.receipt, guest.at + LATER)
    second = visited(ehr, guest, guest.at + 2 * LATER)
    assert (second.result.transition, second.receipt) == (Transition.LEAVE_REJECTED, None)
    third = visited(ehr, guest, guest.at + timedelta(days=8))
    assert third.result.transition is Transition.WRITE_DRAFT
    assert third.receipt is not None
    assert third.receipt.created >= 4


def practitioner() -> dict[str, Any]:
    """Who sets limits."""
    return {"resourceType": "Practitioner", "id": "example-physiotherapist", "active": True}
