"""Patient data is in the EHR and in results only: not in logs, errors, the ledger or requested addresses.

FHIR requires one exception: a Patient is read at its own address, `Patient/ID`. All searches use POST, so that ids are
in the body.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Done, titrate
from tests.contract.people import Guest
from tests.ehr.odd_server import OddServer, ReceivedRequest, Reply, page, resource, serving
from tests.leaks.canaries import FIXTURES, WORD, canary, files_with_word
from tests.leaks.proxy import failing, passing
from titrate.sandbox.server import Sandbox

OWN_ADDRESS = re.compile(r"GET /fhir/Patient/[A-Za-z0-9.-]+")
AGAIN = {"retry_after": "0"}


def issue_response(status: int) -> Reply:
    """An error whose free text and element path name the patient."""
    issue = {"severity": "error", "code": WORD, "diagnostics": WORD, "expression": [f"Patient.where(id='{WORD}')"]}
    return resource({"resourceType": "OperationOutcome", "issue": [issue]}, status, **AGAIN)


FAILURES = {
    "patient not found": ("GET /fhir/Patient/", issue_response(404)),
    "token refused": ("POST /fhir/Condition/", issue_response(401)),
    "scope refused": ("POST /fhir/Task/", issue_response(403)),
    "server fails": ("POST /fhir/Goal/", issue_response(500)),
    "sign-in page": ("POST /fhir/Observation/", Reply(body=b"<p>Canary", headers={"Content-Type": "text/html"})),
    "cut short": ("POST /fhir/CarePlan/", Reply(body=b'{"name": "Canary"', headers={"Content-Type": "text/json"})),
    "no resource": ("POST /fhir/Procedure/", Reply(body=b'{"resource": "Canary"}')),
    "next page elsewhere": ("POST /fhir/Observation/", page(following="http://canary.example/Canary")),
    "next page missing": ("POST /fhir/Observation/", page(following="/fhir/Canary?patient=Canary")),
    "moved": ("POST /fhir/Goal/", Reply(302, headers={"Location": "http://canary.example/Canary"})),
    "draft refused": ("POST /fhir;", issue_response(422)),
    "draft in conflict": ("POST /fhir;", issue_response(409)),
    "reply to the draft lost": ("POST /fhir;", Reply(body=b"<p>Canary", headers={"Content-Type": "text/html"})),
    "server fails on the draft": ("POST /fhir;", issue_response(500)),
}


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    """An EHR with every canary in it."""
    with Sandbox() as sandbox:
        sandbox.fill(canary(fixture)[1] for fixture in FIXTURES)
        yield sandbox.base_url


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger of the process at DEBUG, those of libraries too."""
    before = logging.getLogger("urllib3").level
    with caplog.at_level(logging.DEBUG):
        yield caplog
    logging.getLogger("urllib3").setLevel(before)


def write(guest: Guest, server: OddServer, ledger: Path) -> Done:
    """Run `titrate plan --patient ... --write` with every log line."""
    words = ("plan", "--patient", guest.id, "--at", guest.at.isoformat(), "--write", "--json")
    return titrate(*words, fhir_url=server.base_url, ledger=str(ledger), log_level="debug", log_form="json")


def addresses(requests: list[ReceivedRequest]) -> list[str]:
    """The requested addresses that contain the word, except for reads of the Patient."""
    lines = (f"{one.method} {one.path}" for one in requests)
    return [line for line in lines if WORD in line and not OWN_ADDRESS.fullmatch(line)]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """The log of every library, except for the EHR in the same process, which has its own log."""
    records = (one for one in caplog.records if one.name.partition(".")[0] not in ("uvicorn", "sekmet"))
    return "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in records)


def headers(requests: list[ReceivedRequest]) -> list[str]:
    """The request headers that contain the word."""
    return [f"{name}: {value}" for one in requests for name, value in one.headers.items() if WORD in value]


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_successful_run_leaks_nothing(
    fixture: str, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Two runs, so that the second reads the plan back."""
    guest, _ = canary(fixture)
    with serving(passing(sandbox_url)) as server:
        runs = [write(guest, server, tmp_path / "ledger.sqlite") for _ in range(2)]
        assert (addresses(server.requests), headers(server.requests)) == ([], [])
    assert [run.code for run in runs] == [0, 0]
    assert f"Patient/{guest.id}" in runs[0].out
    assert WORD not in "".join(run.err for run in runs) + logged(loud)
    assert (tmp_path / "ledger.sqlite").stat().st_size > 0
    assert files_with_word(tmp_path) == []


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_run_leaks_nothing(
    name: str, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """However the server fails, and whatever its text says."""
    guest, bundle = canary("e2-progress")
    where, how = FAILURES[name]
    with serving(failing(sandbox_url, where, how)) as server:
        run = write(guest, server, tmp_path / "ledger.sqlite")
        found = [line for line in addresses(server.requests) if line != "GET /fhir/Canary?patient=Canary"]
    assert bundle["entry"]
    assert found == []
    assert WORD.lower() not in (run.err + logged(loud)).lower()
    assert files_with_word(tmp_path) == []


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_plan_from_a_file_leaks_nothing(fixture: str, loud: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Refusals name place and reason, never a value; nothing is logged."""
    guest, bundle = canary(fixture)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle, default=float), encoding="utf-8")
    run = titrate("plan", "--bundle", str(file), "--at", guest.at.isoformat(), "--json", log_level="debug")
    assert (run.code, run.err, WORD in logged(loud)) == (0, "", False)
    assert WORD not in "".join(one["message"] + one["path"] for one in run.json["refusals"])
