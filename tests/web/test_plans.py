"""Plans over HTTP: what the command line prints; nothing is written unless the request says so."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PATIENTS, moment, plan
from tests.web.service import NOW, Service, serving_ward
from titrate.ledger.ledger import open_ledger

OTHERS = json.dumps(
    {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "a"}},
            *(
                {"resource": {"resourceType": "Observation", "id": one, "subject": {"reference": "Patient/Canary"}}}
                for one in ("1", "2")
            ),
        ],
    }
).encode()
TWO = json.dumps(
    {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": "Patient", "id": name}} for name in ("Canary", "b")],
    }
).encode()
FIXTURES = sorted(path.name for path in PATIENTS.iterdir() if (path / "bundle.json").is_file())


def bundle(fixture: str) -> bytes:
    """A fixture as a client posts it."""
    return (PATIENTS / fixture / "bundle.json").read_bytes()


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_preview_equals_the_output_of_the_command(fixture: str, alone: Service) -> None:
    """Byte for byte, except for `missing`, which is empty for a file."""
    response = alone.preview(bundle(fixture), moment(fixture))
    assert response.status_code == 200
    printed = plan(fixture, "--json").out.strip()
    assert response.text == f'{printed[:-1]},"missing":[]}}'


def test_decimals_keep_their_digits(alone: Service) -> None:
    """What arrives as 3.50 leaves as a decimal and not as a float."""
    found = json.loads(alone.preview(bundle("e2-progress")).content, parse_float=lambda digits: digits)
    numbers = [one["peak"] for one in found["sessions"] if isinstance(one["peak"], str)]
    assert all(str(Decimal(one)) == one for one in numbers)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "broken-json"),
        (b'{"resourceType": "Bundle", "entry": [], "entry": []}', "broken-json"),
        (b"\xff", "broken-json"),
        (b"[" * 200 + b"]" * 200, "broken-json"),
        (b'{"a": NaN}', "broken-json"),
        (b'{"resourceType": "Bundle", "id": "\\ud800"}', "no-patient"),
        (b'{"resourceType": "Bundle", "id": "\\ud83d\\ude00"}', "no-patient"),
        (b"[]", "not-a-bundle"),
        (b'{"resourceType": "Patient", "id": "Canary"}', "not-a-bundle"),
        (b'{"resourceType": "Bundle"}', "no-patient"),
        (TWO, "several-patients"),
        (OTHERS, "other-patients"),
    ],
)
def test_an_invalid_body_is_a_problem(body: bytes, code: str, alone: Service) -> None:
    """Its code names the mistake, and it repeats nothing."""
    response = alone.preview(body)
    assert (response.json()["code"], response.status_code) == (code, response.json()["status"])
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "Canary" not in response.text


def test_a_saved_page_of_a_search_raises_no_dose(alone: Service) -> None:
    """The answer says which types are not complete, and why."""
    page = {**json.loads(bundle("e2-progress")), "type": "searchset", "total": 4711}
    report = alone.preview(json.dumps(page).encode(), moment("e2-progress")).json()
    assert report["decision"]["rule"] == "D5"
    assert {one["type"] for one in report["completeness"]["incomplete"]} > {"Condition", "Observation", "Flag"}


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2025-01-13T09:00:00", "now", ""])
def test_an_invalid_instant_is_rejected(at: str, alone: Service) -> None:
    """An instant has an offset and lies in this century."""
    response = alone.preview(bundle("e2-progress"), at)
    assert response.json()["code"] == "wrong-parameter"
    assert [one["at"] for one in response.json()["errors"]] == ["query.at"]


def test_the_default_instant_is_now(service: Service) -> None:
    """By the clock of the service."""
    response = service.post("/v1/plans", json={"patient": "e2-progress"})
    assert response.json()["at"] == "2025-01-13T09:00:00+00:00"


def test_a_preview_of_a_patient_writes_nothing(service: Service) -> None:
    """It has no receipt, and the ledger has no run."""
    before = service.get("/v1/runs").json()
    response = service.post("/v1/plans", json={"patient": "e2-progress"})
    assert (response.status_code, response.json()["decision"]["rule"]) == (200, "D10")
    assert "receipt" not in response.json()
    assert service.get("/v1/runs").json() == before


def test_a_draft_is_written_once(sandbox_url: str, tmp_path: Path) -> None:
    """The second request finds it in the EHR; runs and receipts are in the ledger."""
    payload = {"patient": "e3-hold", "at": moment("e3-hold"), "write": True}
    with serving_ward(tmp_path, fhir_url=sandbox_url) as service:
        first, second = (service.post("/v1/plans", json=payload).json() for _ in range(2))
        runs = service.get("/v1/runs").json()["runs"]
        whole = service.get(f"/v1/runs/{runs[0]['run']}").json()
        key = whole["receipts"][0]["key"]
        mine = service.get("/v1/receipts", params={"key": key}).json()["receipts"]
    assert first["receipt"]["outcome"] == "written"
    assert second.get("receipt", {"created": 0})["created"] == 0
    assert [(one["kind"], one["state"], one["failed"]) for one in runs] == [("api", "ended", 0)] * 2
    assert [one["outcome"] for one in whole["receipts"]] == ["written"]
    assert mine[: len(whole["receipts"])] == whole["receipts"]


def test_a_patient_of_another_run_is_busy(sandbox_url: str, tmp_path: Path) -> None:
    """One patient has one writer; the request can be repeated."""
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    run = ledger.begin_run("sync", "x", NOW, NOW + timedelta(hours=1))
    assert ledger.claim(ledger.patient_key("e2-progress"), run, NOW, NOW + timedelta(hours=1))
    with serving_ward(tmp_path, fhir_url=sandbox_url) as service:
        response = service.post("/v1/plans", json={"patient": "e2-progress", "write": True})
    ledger.close()
    assert (response.status_code, response.json()["code"], response.headers["Retry-After"]) == (409, "busy", "60")


@pytest.mark.parametrize(
    ("payload", "places"),
    [
        ({}, ["json.patient"]),
        ({"patient": "a/b"}, ["json.patient"]),
        ({"patient": ".."}, ["json.patient"]),
        ({"patient": "a\n"}, ["json.patient"]),
        ({"patient": "p", "write": "true"}, ["json.write"]),
        ({"patient": "p", "wirte": True}, ["json"]),
        ({"patient": 7, "at": "x", "write": 1.5}, ["json.at", "json.patient", "json.write"]),
        ([], ["json"]),
    ],
)
def test_an_invalid_request_names_its_fields(payload: Any, places: list[str], alone: Service) -> None:
    """All of them; an unknown name is not repeated, because it could be a patient's."""
    response = alone.post("/v1/plans", json=payload)
    assert response.status_code == 422
    assert sorted(one["at"] for one in response.json()["errors"]) == places
    assert "wirte" not in response.text


def test_without_an_ehr_only_bundles_are_accepted(alone: Service) -> None:
    """The problem names the missing setting."""
    response = alone.post("/v1/plans", json={"patient": "e2-progress"})
    assert (response.status_code, response.json()["code"]) == (503, "no-ehr")
    assert "TITRATE_FHIR_URL" in response.json()["title"]


def test_an_unknown_patient_is_not_found(service: Service) -> None:
    """404, without the id."""
    response = service.post("/v1/plans", json={"patient": "Canary-9"})
    assert (response.status_code, response.json()["code"]) == (404, "no-such-patient")
    assert "Canary" not in response.text


def test_an_operation_outcome_is_returned_for_fhir_json(alone: Service) -> None:
    """The same problem in FHIR's form."""
    response = alone.preview(b"{", Accept="application/fhir+json")
    assert response.headers["Content-Type"] == "application/fhir+json"
    (issue,) = response.json()["issue"]
    assert (response.status_code, issue["code"], issue["details"]["text"]) == (400, "structure", "broken-json")
