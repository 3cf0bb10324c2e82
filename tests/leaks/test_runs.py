"""A run over the population leaks nothing in its log, its failures or its ledger.

Its report is for authorised readers: it names patients and plans by reference only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Done, moment, titrate
from tests.ehr.odd_server import OddServer, Reply, resource, serving
from tests.leaks.canaries import FIXTURES, WORD, canary, files_with_word
from tests.leaks.proxy import failing, passing
from titrate.sandbox.server import Sandbox

AT = moment("e2-progress")
ISSUE = {"severity": "error", "code": WORD, "diagnostics": WORD, "expression": [f"Patient.where(id='{WORD}')"]}
REFUSAL = resource({"resourceType": "OperationOutcome", "issue": [ISSUE]}, 422)
FAILURES = {
    "scope refused": ("GET /fhir/Patient/", resource({"resourceType": "OperationOutcome", "issue": [ISSUE]}, 403)),
    "cut short": ("GET /fhir/Patient/", Reply(body=b'{"name": "Canary"', headers={"Content-Type": "text/json"})),
    "drafts refused": ("POST /fhir;", REFUSAL),
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


def run(server: OddServer, folder: Path, *more: str) -> Done:
    """Run `titrate sync --all` with every log line, and a ledger in `folder`."""
    place = {"fhir_url": server.base_url, "ledger": str(folder / "ledger.sqlite")}
    return titrate("sync", "--all", "--at", AT, "--json", *more, **place, log_level="debug", log_form="json")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """The log of every library, except for the EHR in the same process."""
    records = (one for one in caplog.records if one.name.partition(".")[0] not in ("uvicorn", "sekmet"))
    return "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in records)


def report_without_references(done: Done) -> str:
    """The report without the references of patients, plans and updated resources."""
    report = done.json
    for one in (*report["failures"], *report["worklist"], *report["difference"]):
        one.update(patient="", plan="")
    return json.dumps(report)


@pytest.mark.parametrize("name", FAILURES)
def test_failing_runs_leak_nothing(name: str, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Failures have steps, codes and Titrate's own sentences. Nothing is written here."""
    with serving(failing(sandbox_url, *FAILURES[name])) as server:
        done = run(server, tmp_path)
    assert done.code == 1
    assert done.json["created"] == 0
    assert WORD not in done.err + logged(loud) + report_without_references(done)
    assert files_with_word(tmp_path) == []


@pytest.mark.parametrize("status", [200, 403])
def test_runs_on_incomplete_records_leak_nothing(
    status: int, sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A type that is withheld, and an outcome in place of its records."""
    refused = resource({"resourceType": "OperationOutcome", "issue": [ISSUE]}, status)
    with serving(failing(sandbox_url, "POST /fhir/Condition/", refused)) as server:
        done = run(server, tmp_path, "--dry-run")
    assert done.code == 0
    assert {one["work"] for one in done.json["worklist"]} >= {"incomplete"}
    assert WORD not in done.err + logged(loud) + report_without_references(done)


def test_successful_runs_leak_nothing(sandbox_url: str, loud: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """A dry run, a run and a second one over every patient."""
    with serving(passing(sandbox_url)) as server:
        runs = [run(server, tmp_path, *more) for more in (("--dry-run",), (), ())]
    assert [one.code for one in runs] == [0, 0, 0]
    assert WORD not in "".join(one.err for one in runs) + logged(loud)
    assert WORD not in report_without_references(runs[1])
    assert (tmp_path / "ledger.sqlite").stat().st_size > 0
    assert files_with_word(tmp_path) == []
