"""The sandbox EHR: start, fill, stop, and its differences from a real EHR."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests

from titrate.sandbox.search_parameters import MISSING
from titrate.sandbox.server import Sandbox, SeedError

SECONDS = 10


def bundle(*entries: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    """A Bundle with these entries."""
    return {"resourceType": "Bundle", "type": kind, "entry": [*entries]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One server for all tests of this module."""
    with Sandbox() as started:
        yield started


def get_json(sandbox: Sandbox, path: str) -> Any:
    """The JSON at `path`."""
    return requests.get(f"{sandbox.base_url}/{path}", headers={"Prefer": "handling=strict"}, timeout=SECONDS).json()


def test_it_listens_on_loopback_only(sandbox: Sandbox) -> None:
    """At a free port."""
    assert sandbox.base_url.startswith("http://127.0.0.1:")
    assert get_json(sandbox, "metadata")["fhirVersion"] == "4.0.1"


def test_a_stored_patient_keeps_its_id(sandbox: Sandbox) -> None:
    """In any order: the Observation comes before its patient."""
    observation = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": "Patient/e2"},
    }
    assert sandbox.fill([bundle({"resource": observation}, {"resource": {"resourceType": "Patient", "id": "e2"}})]) == 2
    assert get_json(sandbox, "Observation?patient=e2")["entry"][0]["resource"]["id"] == "o1"


def test_references_inside_a_bundle_become_relative(sandbox: Sandbox) -> None:
    """As generated transactions have them: by urn:uuid, the resources without ids of their own."""
    patient, condition = "6f1c2a58-0000-4000-8000-000000000001", "6f1c2a58-0000-4000-8000-000000000002"
    subject = {"reference": f"urn:uuid:{patient}"}
    sandbox.fill(
        [
            bundle(
                {"fullUrl": f"urn:uuid:{condition}", "resource": {"resourceType": "Condition", "subject": subject}},
                {"fullUrl": f"urn:uuid:{patient}", "resource": {"resourceType": "Patient"}},
                kind="transaction",
            )
        ]
    )
    assert get_json(sandbox, f"Condition/{condition}")["subject"] == {"reference": f"Patient/{patient}"}


def test_invalid_data_can_be_stored(sandbox: Sandbox) -> None:
    """The reader must cope with a time without a zone and an unknown status."""
    odd = {
        "resourceType": "Observation",
        "id": "odd",
        "status": "nope",
        "effectiveDateTime": "2026-09-01T08:00:00",
        "subject": {"reference": "Patient/e2"},
        "extra": {"kept": True},
    }
    sandbox.fill([bundle({"resource": odd})])
    assert get_json(sandbox, "Observation/odd").items() >= odd.items()


def test_it_stores_binary_fractions(sandbox: Sandbox) -> None:
    """A quirk of this server: 7.50 comes back as 7.5, whatever the client."""
    observation = {
        "resourceType": "Observation",
        "id": "d",
        "status": "final",
        "code": {"text": "x"},
        "valueQuantity": {"value": Decimal("7.50")},
    }
    sandbox.fill([bundle({"resource": observation})])
    assert get_json(sandbox, "Observation/d")["valueQuantity"]["value"] == 7.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"resourceType": "Patient"},
        {},
        bundle({"resource": {"resourceType": "Patient"}}),
        bundle({"fullUrl": "urn:uuid:1"}),
    ],
)
def test_an_invalid_bundle_is_refused_and_nothing_is_stored(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    """All or nothing."""
    good = bundle({"resource": {"resourceType": "Patient", "id": "not-stored"}})
    with pytest.raises(SeedError):
        sandbox.fill([good, wrong])
    assert get_json(sandbox, "Patient/not-stored")["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(("kind", "name"), [(kind, row[0]) for kind, rows in MISSING.items() for row in rows])
def test_the_missing_search_parameters_are_registered(sandbox: Sandbox, kind: str, name: str) -> None:
    """An unknown parameter is an error, because the search is strict."""
    value = "2026-01-01" if name.endswith("date") or name == "authored" else "x"
    assert get_json(sandbox, f"{kind}?{name}={value}")["resourceType"] == "Bundle"
    assert get_json(sandbox, f"{kind}?no-such={value}")["resourceType"] == "OperationOutcome"


def test_writes_are_validated(sandbox: Sandbox) -> None:
    """A CarePlan without subject is refused."""
    wrong = {"resourceType": "CarePlan", "status": "draft", "intent": "plan"}
    answer = requests.post(f"{sandbox.base_url}/CarePlan", json=wrong, timeout=SECONDS)
    assert answer.status_code == 400


def test_no_hospital_is_simulated(sandbox: Sandbox) -> None:
    """An order stays as it was written: no simulated department picks it up."""
    order = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "code": {"text": "x"},
        "subject": {"reference": "Patient/e2"},
    }
    place = requests.post(f"{sandbox.base_url}/ServiceRequest", json=order, timeout=SECONDS).headers["Location"]
    assert requests.get(place.partition("/_history")[0], timeout=SECONDS).json()["status"] == "active"
    assert get_json(sandbox, "Task?_count=0")["total"] == 0


def test_it_logs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Its log lines would contain ids; and it does not configure logging for the process."""
    before = list(logging.getLogger().handlers), logging.getLogger().level
    with Sandbox() as sandbox:
        requests.get(f"{sandbox.base_url}/Patient/secret-id", timeout=SECONDS)
        requests.post(f"{sandbox.base_url}/Patient", json={"resourceType": "Patient", "x": 1}, timeout=SECONDS)
    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before
    assert capfd.readouterr() == ("", "")


def test_it_stops() -> None:
    """Its data is deleted: the next server is empty. Stopping twice is not an error."""
    with Sandbox() as sandbox:
        sandbox.fill([bundle({"resource": {"resourceType": "Patient", "id": "p"}})])
        address = sandbox.base_url
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/metadata", timeout=SECONDS)
    with Sandbox() as fresh:
        assert get_json(fresh, "Patient?_count=0")["total"] == 0


def test_a_port_can_be_chosen() -> None:
    """For a demo that stays up."""
    with Sandbox() as first:
        port = int(first.base_url.split(":")[2].partition("/")[0])
    with Sandbox(port) as second:
        assert second.base_url == first.base_url
