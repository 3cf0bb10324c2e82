"""Plans over HTTP: what the command line says, without writing unless it is asked for."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PATIENTS, moment, plan
from tests.web.service import NOW, Service, serving, settings
from titrate.ledger.ledger import open_ledger

TWO = json.dumps(
    {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": "Patient", "id": name}} for name in ("Canary", "b")],
    }
).encode()
FIXTURES = sorted(path.name for path in PATIENTS.iterdir() if (path / "bundle.json").is_file())


def bundle(fixture: str) -> bytes:
    """A fixture as a client would post it."""
    return (PATIENTS / fixture / "bundle.json").read_bytes()


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_preview_is_what_the_command_prints(fixture: str, alone: Service) -> None:
    """The same bytes, but for the types that an EHR could not give: a file is the whole EHR."""
    answered = alone.preview(bundle(fixture), moment(fixture))
    assert answered.status_code == 200
    printed = plan(fixture, "--json").out.strip()
    assert answered.text == f'{printed[:-1]},"missing":[]}}'


def test_decimals_keep_their_digits(alone: Service) -> None:
    """What comes in as 3.50 goes out as a decimal, not as a float."""
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
        (b'{"resourceType": "Bundle", "id": "\\ud800"}', "broken-json"),
        (b'{"resourceType": "Bundle", "id": "\\ud83d\\ude00"}', "no-patient"),
        (b"[]", "not-a-bundle"),
        (b'{"resourceType": "Patient", "id": "Canary"}', "not-a-bundle"),
        (b'{"resourceType": "Bundle"}', "no-patient"),
        (TWO, "several-patients"),
    ],
)
def test_a_body_that_cannot_be_used_is_a_named_problem(body: bytes, code: str, alone: Service) -> None:
    """The problem names what is wrong and repeats nothing."""
    answered = alone.preview(body)
    assert (answered.json()["code"], answered.status_code) == (code, answered.json()["status"])
    assert answered.headers["Content-Type"] == "application/problem+json"
    assert "Canary" not in answered.text


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2025-01-13T09:00:00", "now", ""])
def test_a_moment_that_is_none_is_refused(at: str, alone: Service) -> None:
    """An instant has an offset and lies in this century."""
    answered = alone.preview(bundle("e2-progress"), at)
    assert answered.json()["code"] == "wrong-parameter"
    assert [one["at"] for one in answered.json()["errors"]] == ["query.at"]


def test_without_a_moment_it_is_now(service: Service) -> None:
    """The clock of the service is asked where a request says nothing."""
    answered = service.post("/v1/plans", json={"patient": "e2-progress"})
    assert answered.json()["at"] == "2025-01-13T09:00:00+00:00"


def test_a_look_at_a_patient_writes_nothing(service: Service) -> None:
    """No receipt, and the ledger knows of no run."""
    before = service.get("/v1/runs").json()
    answered = service.post("/v1/plans", json={"patient": "e2-progress"})
    assert (answered.status_code, answered.json()["decision"]["rule"]) == (200, "D10")
    assert "receipt" not in answered.json()
    assert service.get("/v1/runs").json() == before


def test_a_draft_is_written_once(sandbox_url: str, tmp_path: Path) -> None:
    """The second request finds it there; runs and receipts are in the ledger."""
    asked = {"patient": "e3-hold", "at": moment("e3-hold"), "write": True}
    with serving(settings(tmp_path, fhir_url=sandbox_url)) as service:
        first, second = (service.post("/v1/plans", json=asked).json() for _ in range(2))
        runs = service.get("/v1/runs").json()["runs"]
        whole = service.get(f"/v1/runs/{runs[0]['run']}").json()
        key = whole["receipts"][0]["key"]
        mine = service.get("/v1/receipts", params={"key": key}).json()["receipts"]
    assert first["receipt"]["outcome"] == "written"
    assert second.get("receipt", {"created": 0})["created"] == 0
    assert [(one["kind"], one["state"], one["failed"]) for one in runs] == [("api", "ended", 0)] * 2
    assert [one["outcome"] for one in whole["receipts"]] == ["written"]
    assert mine[: len(whole["receipts"])] == whole["receipts"]


def test_a_patient_in_other_hands_is_left_alone(sandbox_url: str, tmp_path: Path) -> None:
    """One writer a patient: a run has them, so the request is refused and may come again."""
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    run = ledger.begin_run("sync", "x", NOW, NOW + timedelta(hours=1))
    assert ledger.claim(ledger.patient_key("e2-progress"), run, NOW, NOW + timedelta(hours=1))
    with serving(settings(tmp_path, fhir_url=sandbox_url)) as service:
        answered = service.post("/v1/plans", json={"patient": "e2-progress", "write": True})
    ledger.close()
    assert (answered.status_code, answered.json()["code"], answered.headers["Retry-After"]) == (409, "busy", "60")


@pytest.mark.parametrize(
    ("asked", "places"),
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
def test_a_wrong_request_names_its_fields(asked: Any, places: list[str], alone: Service) -> None:
    """All of them at once; a name that is not known is not repeated, for it could be anybody's."""
    answered = alone.post("/v1/plans", json=asked)
    assert answered.status_code == 422
    assert sorted(one["at"] for one in answered.json()["errors"]) == places
    assert "wirte" not in answered.text


def test_without_an_ehr_only_bundles_can_be_looked_at(alone: Service) -> None:
    """It says which setting is missing."""
    answered = alone.post("/v1/plans", json={"patient": "e2-progress"})
    assert (answered.status_code, answered.json()["code"]) == (503, "no-ehr")
    assert "TITRATE_FHIR_URL" in answered.json()["title"]


def test_a_patient_whom_nobody_knows_is_not_found(service: Service) -> None:
    """The EHR's 404 becomes ours, without the id."""
    answered = service.post("/v1/plans", json={"patient": "Canary-9"})
    assert (answered.status_code, answered.json()["code"]) == (404, "no-such-patient")
    assert "Canary" not in answered.text


def test_an_outcome_is_given_where_fhir_is_asked_for(alone: Service) -> None:
    """The same problem as an OperationOutcome."""
    answered = alone.preview(b"{", Accept="application/fhir+json")
    assert answered.headers["Content-Type"] == "application/fhir+json"
    (issue,) = answered.json()["issue"]
    assert (answered.status_code, issue["code"], issue["details"]["text"]) == (400, "structure", "broken-json")
