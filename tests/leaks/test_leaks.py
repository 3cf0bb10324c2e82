"""Patient data stays between the EHR and the result: not in logs, errors, the ledger, or an address that is asked for.

One exception, which FHIR leaves us no choice about: a Patient is read at its own address, `Patient/ID`. All searches go
by POST, so that ids stand in the body.
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
from tests.leaks.canaries import FIXTURES, WORD, canary, seen
from tests.leaks.proxy import failing, passing
from titrate.sandbox.server import Sandbox

OWN_ADDRESS = re.compile(r"GET /fhir/Patient/[A-Za-z0-9.-]+")
AGAIN = {"retry_after": "0"}


def told(status: int) -> Reply:
    """An error whose free text and element path name the patient."""
    issue = {"severity": "error", "code": WORD, "diagnostics": WORD, "expression": [f"Patient.where(id='{WORD}')"]}
    return resource({"resourceType": "OperationOutcome", "issue": [issue]}, status, **AGAIN)


FAILURES = {
    "patient not found": ("GET /fhir/Patient/", told(404)),
    "token refused": ("POST /fhir/Condition/", told(401)),
    "scope refused": ("POST /fhir/Task/", told(403)),
    "server fails": ("POST /fhir/Goal/", told(500)),
    "sign-in page": ("POST /fhir/Observation/", Reply(body=b"<p>Canary", headers={"Content-Type": "text/html"})),
    "cut short": ("POST /fhir/CarePlan/", Reply(body=b'{"name": "Canary"', headers={"Content-Type": "text/json"})),
    "no resource": ("POST /fhir/Procedure/", Reply(body=b'{"resource": "Canary"}')),
    "next page elsewhere": ("POST /fhir/Observation/", page(following="http://canary.example/Canary")),
    "next page missing": ("POST /fhir/Observation/", page(following="/fhir/Canary?patient=Canary")),
    "moved": ("POST /fhir/Goal/", Reply(302, headers={"Location": "http://canary.example/Canary"})),
    "draft refused": ("POST /fhir;", told(422)),
    "draft in conflict": ("POST /fhir;", told(409)),
    "reply to the draft lost": ("POST /fhir;", Reply(body=b"<p>Canary", headers={"Content-Type": "text/html"})),
    "server fails on the draft": ("POST /fhir;", told(500)),
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
    """`titrate plan --patient ... --write` with everything logged."""
    words = ("plan", "--patient", guest.id, "--at", guest.at.isoformat(), "--write", "--json")
    return titrate(*words, fhir_url=server.base_url, ledger=str(ledger), log_level="debug", log_form="json")


def addresses(asked: list[ReceivedRequest]) -> list[str]:
    """The addresses that the server was asked for and that hold the word, the exception left out."""
    lines = (f"{one.method} {one.path}" for one in asked)
    return [line for line in lines if WORD in line and not OWN_ADDRESS.fullmatch(line)]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What every library wrote, but for the EHR itself, which here lives in the same process and has its own log."""
    records = (one for one in caplog.records if one.name.partition(".")[0] not in ("uvicorn", "sekmet"))
    return "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in records)


def headers(asked: list[ReceivedRequest]) -> list[str]:
    """The request headers that hold the word."""
    return [f"{name}: {value}" for one in asked for name, value in one.headers.items() if WORD in value]


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_run_that_goes_well_tells_nothing(
    fixture: str, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Two runs, so that reading our own plan back is among it."""
    guest, _ = canary(fixture)
    with serving(passing(sandbox_url)) as server:
        runs = [write(guest, server, tmp_path / "ledger.sqlite") for _ in range(2)]
        assert (addresses(server.requests), headers(server.requests)) == ([], [])
    assert [run.code for run in runs] == [0, 0]
    assert f"Patient/{guest.id}" in runs[0].out
    assert WORD not in "".join(run.err for run in runs) + logged(loud)
    assert (tmp_path / "ledger.sqlite").stat().st_size > 0
    assert seen(tmp_path) == []


@pytest.mark.parametrize("name", FAILURES)
def test_a_run_that_fails_tells_nothing(
    name: str, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Whatever fails, and however much the server says about it."""
    guest, bundle = canary("e2-progress")
    where, how = FAILURES[name]
    with serving(failing(sandbox_url, where, how)) as server:
        run = write(guest, server, tmp_path / "ledger.sqlite")
        found = [line for line in addresses(server.requests) if line != "GET /fhir/Canary?patient=Canary"]
    assert bundle["entry"]
    assert found == []
    assert WORD.lower() not in (run.err + logged(loud)).lower()
    assert seen(tmp_path) == []


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_file_tells_nothing_but_its_result(fixture: str, loud: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Refusals name place and reason, never a value; nothing is logged."""
    guest, bundle = canary(fixture)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle, default=float), encoding="utf-8")
    run = titrate("plan", "--bundle", str(file), "--at", guest.at.isoformat(), "--json", log_level="debug")
    assert (run.code, run.err, WORD in logged(loud)) == (0, "", False)
    assert WORD not in "".join(one["message"] + one["path"] for one in run.json["refusals"])
