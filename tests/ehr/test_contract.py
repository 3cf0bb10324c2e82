"""What the service requires of a FHIR server, tested on each that is available."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.contract.site import token
from tests.ehr.ehr_client import client
from titrate.ehr.capabilities import probe
from titrate.ehr.client import EHR
from titrate.ehr.deliver import deliver
from titrate.ehr.errors import Conflict, NotFound, Refused
from titrate.ehr.fetch import ObservationCodes, fetch_patient
from titrate.ehr.receipt import DeliveryOutcome, Receipt
from titrate.ehr.search import search

CANONICAL = "https://titrate.example/fhir"
CODES = f"{CANONICAL}/CodeSystem/titrate"
SINCE = date(2026, 8, 1)


@pytest.fixture
def ehr(server_url: str) -> EHR:
    """A client with pages of two that really sleeps."""
    return client(server_url, token=token(), page_size=2, read_timeout=60.0)


@pytest.fixture
def patient(ehr: EHR) -> str:
    """A patient of this test alone, with three Observations: two new and one old."""
    name = f"c-{secrets.token_hex(8)}"
    days = {"a": "2026-09-01", "b": "2026-09-02", "old": "2020-01-01"}
    deliver(
        ehr,
        transaction(
            put({"resourceType": "Patient", "id": name, "gender": "female"}, ehr),
            *(put(observation(f"{key}-{name}", name, day), ehr) for key, day in days.items()),
        ),
    )
    return name


def transaction(*entries: dict[str, Any]) -> dict[str, Any]:
    """A transaction Bundle."""
    return {"resourceType": "Bundle", "type": "transaction", "entry": [*entries]}


def put(resource: dict[str, Any], ehr: EHR, if_match: str | None = None) -> dict[str, Any]:
    """An entry that stores `resource` under its own id."""
    place = f"{resource['resourceType']}/{resource['id']}"
    request = {"method": "PUT", "url": place, **({"ifMatch": if_match} if if_match else {})}
    return {"fullUrl": f"{ehr.base_url}/{place}", "resource": resource, "request": request}


def post(resource: dict[str, Any], value: str, system: str = "resource") -> dict[str, Any]:
    """An entry that creates `resource` unless its identifier exists."""
    identifier = {"system": f"{CANONICAL}/identifier/{system}", "value": value}
    query = f"identifier={identifier['system']}|{value}"
    kind = resource["resourceType"]
    return {
        "fullUrl": urn(value),
        "resource": {**resource, "identifier": [identifier]},
        "request": {"method": "POST", "url": kind, "ifNoneExist": query},
    }


def urn(value: str) -> str:
    """The fullUrl of an entry."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, value)}"


def observation(name: str, patient: str, day: str) -> dict[str, Any]:
    """An Observation with a decimal in it."""
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": CODES, "code": "fatigue-nrs"}], "text": "Fatigue"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": Decimal("7.50"), "unit": "1", "system": "http://unitsofmeasure.org", "code": "1"},
    }


def plan(patient: str) -> list[dict[str, Any]]:
    """The types of resources of a plan."""
    subject = {"reference": f"Patient/{patient}"}
    focus = {"reference": urn(f"plan-{patient}")}
    request = {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "subject": subject,
        "code": {"text": "Walking"},
        "quantityQuantity": {"value": Decimal("7.50"), "unit": "min"},
    }
    goal = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "Walk"}, "subject": subject}
    task = {"resourceType": "Task", "status": "requested", "intent": "order", "for": subject, "focus": focus}
    care_plan = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "subject": subject,
        "goal": [{"reference": urn(f"goal-{patient}")}],
        "activity": [{"reference": {"reference": urn(f"request-{patient}")}}],
    }
    provenance = {
        "resourceType": "Provenance",
        "target": [focus],
        "recorded": "2026-11-25T12:00:00Z",
        "agent": [{"who": {"display": "Titrate"}}],
    }
    return [
        post(care_plan, f"plan-{patient}", "plan-version"),
        post(goal, f"goal-{patient}"),
        post(request, f"request-{patient}"),
        post(task, f"task-{patient}"),
        {
            "fullUrl": urn(f"provenance-{patient}"),
            "resource": provenance,
            "request": {"method": "POST", "url": "Provenance"},
        },
    ]


def written(ehr: EHR, patient: str) -> Receipt:
    """The receipt of a plan for `patient`."""
    return deliver(ehr, transaction(*plan(patient)))


def test_the_server_declares_r4_and_transactions(ehr: EHR) -> None:
    """And the types that the service needs."""
    profile = probe(ehr)
    assert profile.supports_r4
    assert profile.transaction
    assert {"CarePlan", "Goal", "Observation"} <= profile.searchable.keys()


def test_a_patient_is_fetched_completely(ehr: EHR, patient: str) -> None:
    """Over pages, from a date on, and by code at any age."""
    fetched = fetch_patient(ehr, patient, SINCE)
    assert {one["id"].partition("-")[0] for one in fetched.resources} == {"c", "a", "b"}
    assert fetched.faults == ()
    lasting = fetch_patient(ehr, patient, SINCE, ObservationCodes([f"{CODES}|fatigue-nrs"]))
    assert {one["id"].partition("-")[0] for one in lasting.resources} == {"c", "a", "b", "old"}
    assert all(one["valueQuantity"]["value"] == Decimal("7.5") for one in lasting.resources[1:])


def test_a_plan_is_written_and_read_back(ehr: EHR, patient: str) -> None:
    """Every entry gets an id and a version, and references between entries are resolved."""
    receipt = written(ehr, patient)
    assert (receipt.outcome, receipt.created) == (DeliveryOutcome.WRITTEN, 5)
    assert all(one.id and one.version and one.status == 201 for one in receipt.entries)
    back = {one["resourceType"]: one for one in fetch_patient(ehr, patient, SINCE).resources}
    ids = {one.type: one.reference for one in receipt.entries}
    assert back["CarePlan"]["goal"] == [{"reference": ids["Goal"]}]
    assert back["CarePlan"]["activity"] == [{"reference": {"reference": ids["ServiceRequest"]}}]
    assert back["Task"]["focus"]["reference"] == ids["CarePlan"]
    assert back["Provenance"]["target"][0]["reference"].startswith(str(ids["CarePlan"]))
    assert back["ServiceRequest"]["quantityQuantity"]["value"] == Decimal("7.5")


def test_the_same_plan_is_not_created_again(ehr: EHR, patient: str) -> None:
    """Conditional creates find it; Provenance has no identifier and is left out."""
    first = written(ehr, patient)
    again = deliver(ehr, transaction(*plan(patient)[:4]))
    assert (again.outcome, again.created) == (DeliveryOutcome.UNCHANGED, 0)
    assert [one.reference for one in again.entries] == [one.reference for one in first.entries[:4]]


def test_a_stale_version_is_a_conflict_and_changes_nothing(ehr: EHR, patient: str) -> None:
    """412 on most servers, 409 on some; the whole transaction is rolled back."""
    receipt = written(ehr, patient)
    current = ehr.get(str(receipt.entries[0].reference), "read CarePlan")
    stale = f'W/"{current["meta"]["versionId"]}"'
    done = deliver(ehr, transaction(put({**current, "title": "Changed"}, ehr, stale)))
    assert done.outcome is DeliveryOutcome.WRITTEN
    extra = post({**observation("x", patient, "2026-09-03")}, f"extra-{patient}")
    del extra["resource"]["id"]
    with pytest.raises(Conflict):
        deliver(ehr, transaction(extra, put({**current, "title": "Lost"}, ehr, stale)))
    after = ehr.get(str(receipt.entries[0].reference), "read CarePlan")
    assert after["title"] == "Changed"
    query = [("identifier", f"{CANONICAL}/identifier/resource|extra-{patient}")]
    assert search(ehr, "Observation", query).resources == ()


def test_an_invalid_resource_is_refused(ehr: EHR) -> None:
    """An unknown element, and a reference that is a number."""
    wrong = {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "odd": "x", "subject": {"reference": 7}}
    receipt = deliver(ehr, transaction(post(wrong, "wrong")))
    assert receipt.outcome is DeliveryOutcome.REFUSED


def test_an_unknown_search_parameter_is_refused(ehr: EHR) -> None:
    """So that a search never returns more than was requested."""
    with pytest.raises(Refused):
        search(ehr, "Goal", [("no-such-parameter", "1")])


def test_an_unknown_patient_is_not_found(ehr: EHR) -> None:
    """404."""
    with pytest.raises(NotFound):
        fetch_patient(ehr, "not-in-the-ehr", SINCE)
