"""What a clinician does with a draft by hand in the EHR: approve it, reject it, write into it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.contract.people import Guest, Resource, store
from titrate.ehr.client import EHR
from titrate.ehr.receipt import Receipt

PHYSIOTHERAPIST = {"reference": "Practitioner/example-physiotherapist"}
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
# What approval sets on each draft.
STEPS: dict[str, dict[str, Any]] = {
    "CarePlan": {"status": "active"},
    "ServiceRequest": {"status": "active", "requester": PHYSIOTHERAPIST},
    "Goal": {"lifecycleStatus": "active"},
    "Task": {"status": "completed"},
}


def written(ehr: EHR, receipt: Receipt) -> list[Resource]:
    """What a delivery left in the EHR, as the EHR shows it now."""
    return [ehr.get(str(one.reference), f"read {one.type}") for one in receipt.entries]


def approve(ehr: EHR, guest: Guest, receipt: Receipt, at: datetime) -> None:
    """Flip each status as plan-by-plan sign-off does, complete what is replaced, and say who verified it."""
    drafts = {str(one["resourceType"]): one for one in written(ehr, receipt)}
    store(
        ehr,
        {"resourceType": "Practitioner", "id": "example-physiotherapist", "active": True},
        *(_approved(one) for one in written(ehr, receipt) if one["resourceType"] in STEPS),
        *_replaced(ehr, drafts["CarePlan"]),
        _verified(guest, drafts["CarePlan"], at),
    )


def _approved(draft: Resource) -> Resource:
    return _kept({**draft, **STEPS[draft["resourceType"]]})


def _replaced(ehr: EHR, plan: Resource) -> list[Resource]:
    found = [ehr.get(one["reference"], "read CarePlan") for one in plan.get("replaces", ())]
    orders = [
        ehr.get(activity["reference"]["reference"], "read ServiceRequest")
        for one in found
        for activity in one.get("activity", ())
    ]
    return [_kept({**one, "status": "completed"}) for one in (*found, *orders)]


def _verified(guest: Guest, plan: Resource, at: datetime) -> Resource:
    role = {"coding": [{"system": PARTICIPANT, "code": "verifier"}]}
    return {
        "resourceType": "Provenance",
        "id": f"verified-{guest.id}",
        "target": [{"reference": f"CarePlan/{plan['id']}"}],
        "recorded": at.isoformat(timespec="seconds"),
        "agent": [{"type": role, "who": PHYSIOTHERAPIST}],
    }


def reject(ehr: EHR, receipt: Receipt, at: datetime) -> None:
    """The plan is revoked with all of it, and its Task rejected."""
    ends = {"CarePlan": "revoked", "ServiceRequest": "revoked", "Task": "rejected"}
    drafts = [one for one in written(ehr, receipt) if one["resourceType"] in ends]
    moved = {"lastModified": at.isoformat(timespec="seconds")}
    store(
        ehr,
        *(
            _kept({**one, "status": ends[one["resourceType"]], **(moved if one["resourceType"] == "Task" else {})})
            for one in drafts
        ),
    )


def instruct(ehr: EHR, receipt: Receipt, words: str) -> None:
    """Write into the first order of a draft."""
    order = next(one for one in written(ehr, receipt) if one["resourceType"] == "ServiceRequest")
    store(ehr, _kept({**order, "patientInstruction": words}))


def _kept(resource: Resource) -> Resource:
    """Without what the server keeps for itself."""
    return {key: item for key, item in resource.items() if key != "meta"}
