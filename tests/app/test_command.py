"""The output and exit codes of `titrate sync`, `titrate ledger` and `titrate settings`."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from tests.app.test_worker_pool import rules
from tests.project.sources import ROOT
from titrate.app.population.patient_result import (
    FailedStep,
    PatientBusyElsewhere,
    PatientDone,
    PatientFailed,
    ResourceChange,
)
from titrate.app.population.run_context import StopReason
from titrate.app.population.run_report import RunReport, run_report_json
from titrate.app.report.worklist import WorkItem, WorkKind
from titrate.cli.commands.sync import exit_code
from titrate.cli.main import main
from titrate.cli.output.run_output import run_lines
from titrate.json_codec import dumps
from titrate.ledger.ledger import open_ledger
from titrate.ledger.records import EntryRecord, FailureRecord, ReceiptRecord

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
SCHEMA = json.loads((ROOT / "docs" / "schema" / "sync.schema.json").read_text(encoding="utf-8"))
DONE = PatientDone(
    patient="p1",
    rule="D10",
    outcome="PROGRESS",
    review=False,
    transition="write-draft",
    delivery="written",
    created=8,
    refusals={"not-mapped": 2, "future": 1},
    unmapped={"http://loinc.org|718-7": 2},
    missing=("Flag: forbidden",),
    work=(WorkItem(WorkKind.WAITING, "Patient/p1", "CarePlan/c1"),),
)
FLAGGED = replace(
    DONE, patient="p2", outcome="STOP_ESCALATE", work=(WorkItem(WorkKind.FLAGGED, "Patient/p2", "CarePlan/c2"),)
)
FAILED = PatientFailed("p3", FailedStep.FETCH, "server-fault", "search Condition (HTTP 500): the EHR failed.")
WOULD = replace(
    DONE,
    delivery="not-sent",
    created=0,
    transition="replace-draft",
    work=(),
    doses=("walking: 15 min -> 16 min",),
    changes=(
        ResourceChange("create", "CarePlan"),
        ResourceChange("create", "Goal"),
        ResourceChange("update", "CarePlan/c0", "revoked"),
    ),
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str | None]:
    """Settings of an operator without an EHR."""
    return {
        "TITRATE_LEDGER": str(tmp_path / "ledger.sqlite"),
        "TITRATE_FHIR_URL": None,
        "TITRATE_ENROLLED": None,
        "TITRATE_SETTINGS": None,
        "TITRATE_TOKEN": None,
    }


@pytest.fixture
def kept(environment: dict[str, str | None]) -> Path:
    """A ledger with an ended run, a killed run, a receipt, an open and a resolved failure."""
    path = Path(str(environment["TITRATE_LEDGER"]))
    with closing(open_ledger(path)) as ledger:
        first = ledger.begin_run("sync", "abc", AT, AT)
        key, failed = ledger.patient_key("p1"), ledger.patient_key("p2")
        ledger.record_receipt(ReceiptRecord(first, key, "v", "written", (EntryRecord("CarePlan", "c1", "1"),), AT))
        ledger.release_patient(failed, first, FailureRecord(first, failed, "fetch", "server-fault", AT))
        ledger.release_patient(key, first, FailureRecord(first, key, "fetch", "bad-answer", AT))
        ledger.end_run(first, AT + timedelta(minutes=2), (3, 2))
        ledger.release_patient(key, ledger.begin_run("sync", "abc", AT, AT), None)
    return path


def titrate(environment: dict[str, str | None], *arguments: str) -> Result:
    """The command in this process."""
    return CliRunner().invoke(main, arguments, env=environment)


def rows(environment: dict[str, str | None], *arguments: str) -> list[dict[str, Any]]:
    """The rows of `titrate ledger ... --json`."""
    done = titrate(environment, "ledger", *arguments, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return found


@pytest.mark.parametrize(
    ("arguments", "url", "says"),
    [
        (["sync", "--all"], None, "TITRATE_FHIR_URL is not set"),
        (["sync"], "http://127.0.0.1:1/fhir", "Name the patients"),
        (["sync", "--all", "--group", "g"], "http://127.0.0.1:1/fhir", "Give only one of"),
        (["sync", "--all", "--at", "2026-11-25"], "http://127.0.0.1:1/fhir", "offset"),
        (["sync", "--all", "--threads", "0"], "http://127.0.0.1:1/fhir", "threads"),
        (["sync", "--group", "no/id"], "http://127.0.0.1:1/fhir", "A Group's id"),
        (["ledger", "replay", "1", "--all"], "http://127.0.0.1:1/fhir", "no failure 1"),
    ],
)
def test_a_usage_error_is_reported_on_standard_error(
    environment: dict[str, str | None], arguments: list[str], url: str | None, says: str
) -> None:
    """Exit status 2 and nothing on standard output."""
    done = titrate({**environment, "TITRATE_FHIR_URL": url}, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def test_an_unusable_ledger_is_a_usage_error(environment: dict[str, str | None], tmp_path: Path) -> None:
    """Because the ledger is a setting."""
    done = titrate({**environment, "TITRATE_LEDGER": str(tmp_path)}, "ledger", "runs")
    assert done.exit_code == 2
    assert "TITRATE_LEDGER" in done.stderr


def test_runs_are_listed_with_their_state(environment: dict[str, str | None], kept: Path) -> None:
    """A killed run is shown as cut off until it is repaired."""
    assert kept.exists()
    found = rows(environment, "runs")
    assert [(one["run"], one["state"], one["patients"], one["failed"]) for one in found] == [
        (1, "ended", 3, 2),
        (2, "cut-off", None, None),
    ]
    assert titrate(environment, "ledger", "repair").stdout == "Closed 1 interrupted run and released 0 patients.\n"
    assert [one["run"] for one in rows(environment, "runs", "--last", "1")] == [2]
    assert "cut-off" in titrate(environment, "ledger", "runs").stdout


def test_receipts_and_failures_of_a_patient_are_found_by_the_id(environment: dict[str, str | None], kept: Path) -> None:
    """The ledger does not contain the id. Resolved failures are listed on request."""
    assert b"p1" not in kept.read_bytes()
    assert [one["written"] for one in rows(environment, "receipts", "--patient", "p1")] == ["CarePlan/c1"]
    assert rows(environment, "receipts", "--patient", "p2") == []
    assert [one["reason"] for one in rows(environment, "failures")] == ["server-fault"]
    assert [one["settled"] for one in rows(environment, "failures", "--settled", "--patient", "p1")] == [2]
    assert titrate(environment, "ledger", "failures", "--run", "9").stdout == "No entries.\n"


def test_settings_are_printed_with_secrets_masked(environment: dict[str, str | None], tmp_path: Path) -> None:
    """With the source of each setting."""
    (tmp_path / "titrate.toml").write_text('zone = "Europe/Vienna"\ntoken = "abc-secret"\n', encoding="utf-8")
    environment = {
        **environment,
        "TITRATE_SETTINGS": str(tmp_path / "titrate.toml"),
        "TITRATE_LEDGER": "postgresql://user:word-secret@db.example:5432/titrate?password=also-secret",
        "TITRATE_FHIR_URL": "https://ehr.example/fhir",
    }
    done = titrate(environment, "settings", "--json")
    found = json.loads(done.stdout)
    assert found["zone"] == {"value": "Europe/Vienna", "source": "file"}
    assert found["token"] == {"value": "set, not shown", "source": "file"}
    assert found["ledger"] == {"value": "postgresql://user:***@db.example:5432/titrate", "source": "environment"}
    assert found["threads"] == {"value": "4", "source": "default"}
    assert "secret" not in done.output + titrate(environment, "settings").output


def test_all_wrong_settings_are_reported(environment: dict[str, str | None]) -> None:
    """Exit status 2."""
    done = titrate({**environment, "TITRATE_FHIR_URL": "ehr", "TITRATE_THREADS": "many"}, "settings")
    assert done.exit_code == 2
    assert {"TITRATE_FHIR_URL", "TITRATE_THREADS"} <= {
        line.strip().partition(":")[0] for line in done.stderr.splitlines()
    }


def test_a_report_ends_with_the_worklist() -> None:
    """After the counts and the failures with their reasons; the most urgent work first."""
    results = (DONE, FLAGGED, FAILED, PatientBusyElsewhere("p4"))
    text = "\n".join(run_lines(RunReport(7, AT, 4, results, left_out=2)))
    assert text.startswith(
        "Run 7. 2 of 4 patients processed, 16 new resources. 2 members of the Group have no usable reference to a "
        "patient of the EHR. Correct the Group. 1 patient is being processed by another run.\n"
    )
    assert "Codes without a mapping: 4 http://loinc.org|718-7\n" in text
    assert "Records that could not be used: 4 not-mapped, 2 future\n" in text
    assert "  Patient/p3: fetch: search Condition (HTTP 500): the EHR failed.\n" in text
    assert text.index("An open red flag (1):\n  Patient/p2  CarePlan/c2") < text.index(
        "A draft that is waiting for a clinician"
    )


def test_a_dry_run_shows_the_difference() -> None:
    """Resources to create, resources to close, and each dose before and after."""
    text = "\n".join(run_lines(RunReport(None, AT, 1, (WOULD,))))
    assert text.startswith("Dry run: nothing was written. 1 of 1 patients processed.\n")
    assert (
        "Patient/p1 would get a new draft plan that replaces the open one: 1 CarePlan, 1 Goal, CarePlan/c0 to revoked"
        in text
    )
    assert "  walking: 15 min -> 16 min\n" in text
    assert text.endswith("No patient needs attention.")


@pytest.mark.parametrize(
    ("tally", "code"),
    [
        (RunReport(1, AT, 1, (DONE,)), 0),
        (RunReport(1, AT, 2, (DONE, PatientBusyElsewhere("p4"))), 0),
        (RunReport(1, AT, 1, (replace(DONE, delivery="unknown"),)), 1),
        (RunReport(1, AT, 1, (FAILED,)), 1),
        (RunReport(1, AT, 1, (DONE,), left_out=1), 1),
        (RunReport(1, AT, 2, (DONE,), StopReason.SIGNAL), 1),
        (RunReport(1, AT, 9, (FAILED,), StopReason.UNREACHABLE), 3),
    ],
)
def test_exit_status_of_a_run(tally: RunReport, code: int) -> None:
    """0 done, 1 with failures or stopped, 3 when the EHR cannot be reached; the JSON is as documented."""
    assert exit_code(tally) == code
    found = json.loads(dumps(run_report_json(tally, rules().rulebook)))
    jsonschema.validate(found, SCHEMA, format_checker=jsonschema.FormatChecker())


def test_the_json_has_the_whole_difference() -> None:
    """As the schema describes it."""
    found = json.loads(dumps(run_report_json(RunReport(None, AT, 1, (WOULD,)), rules().rulebook)))
    jsonschema.validate(found, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert found["difference"][0]["changes"][2] == {"action": "update", "resource": "CarePlan/c0", "status": "revoked"}
