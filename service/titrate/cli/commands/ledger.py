"""`titrate ledger`: list runs, deliveries and failures, replay a failure, and repair interrupted runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from titrate.app.errors import RequestError
from titrate.app.population.enrolment import EnrolledPatients, EnrolmentChoice, enrolled_patients
from titrate.cli.bootstrap import ehr_failures, instant, now, read_rules, read_settings
from titrate.cli.commands.sync import print_report, read_enrolment_choice, run
from titrate.cli.errors import UsageError
from titrate.cli.run_setup import RunRequest, site_ledger
from titrate.ehr.client import connect
from titrate.json_codec import dumps
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import FailureRecord, ReceiptRecord, RunRecord
from titrate.messages.population_runs import FailureOfAnotherPatient, LedgerRepaired, NoEntries, UnknownFailure
from titrate.settings import Settings

T = TypeVar("T")
Rows = list[dict[str, Any]]
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group("ledger", epilog="\b\nExample:\n  titrate ledger failures --run 7")
def command() -> None:
    """List runs, deliveries and failures; replay a failure; repair interrupted runs.

    The ledger holds no patient data.
    """


@command.command("runs", epilog="\b\nExample:\n  titrate ledger runs --last 5")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="Number of most recent runs.")
@as_json_option
def runs_command(last: int, as_json: bool) -> None:
    """List the most recent runs: start, end, state, number of patients and of failures."""
    at = now()
    _print([_run_row(run, at) for run in _read(lambda ledger: ledger.runs())[-last:]], as_json=as_json)


@command.command("receipts", epilog="\b\nExample:\n  titrate ledger receipts --patient PATIENT-ID")
@click.option("--run", type=int, help="Only deliveries of this run.")
@click.option("--patient", metavar="ID", help="Only deliveries for this patient.")
@as_json_option
def receipts_command(run: int | None, patient: str | None, as_json: bool) -> None:
    """List what was delivered to the EHR and the result of each delivery."""
    found = _read(lambda ledger: ledger.receipts(run, ledger.patient_key(patient) if patient else None))
    _print([_receipt_row(one) for one in found], as_json=as_json)


@command.command("failures", epilog="\b\nExample:\n  titrate ledger failures --run 7")
@click.option("--run", type=int, help="Only failures of this run.")
@click.option("--patient", metavar="ID", help="Only failures of this patient.")
@click.option("--settled", is_flag=True, help="Include failures that a later run resolved.")
@as_json_option
def failures_command(run: int | None, patient: str | None, settled: bool, as_json: bool) -> None:
    """List the patients who failed. `replay` takes the number of a failure."""
    found = _read(lambda ledger: ledger.failures(run, ledger.patient_key(patient) if patient else None))
    _print([_failure_row(one) for one in found if settled or one.resolved_by is None], as_json=as_json)


@command.command("replay", epilog="\b\nExample:\n  titrate ledger replay 12 --all")
@click.argument("number", type=int)
@click.option("--group", metavar="ID", help="Search for the patient in this Group.")
@click.option(
    "--patients", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Search in a file of patient ids."
)
@click.option("--all", "everyone", is_flag=True, help="Search all patients of the EHR.")
@click.option("--at", "at_text", metavar="INSTANT", help="Time of the decision, with offset. Default: now.")
@as_json_option
def replay_command(
    number: int, group: str | None, patients: Path | None, everyone: bool, at_text: str | None, as_json: bool
) -> None:
    """Process one patient again: NUMBER is the number of the failure.

    The ledger identifies patients by a keyed hash only, so the command searches for the patient among those that the
    options name.
    """
    settings = read_settings()
    choice = read_enrolment_choice(settings, EnrolmentChoice(group, patients, everyone))
    rules = read_rules(settings)
    patient = _patient_of(number, settings, choice)
    request = RunRequest(settings=settings, rules=rules, at=instant(at_text), threads=1, kind="replay")
    print_report(run(request, lambda _: EnrolledPatients((patient,))), rules, as_json=as_json)


@command.command("repair", epilog="\b\nExample:\n  titrate ledger repair")
@as_json_option
def repair_command(as_json: bool) -> None:
    """Close runs that were killed and release their patients. Active runs are not changed."""
    closed, released = _read(lambda ledger: ledger.repair(now()))
    if as_json:
        click.echo(dumps({"closedRuns": closed, "freedPatients": released}))
    else:
        click.echo(LedgerRepaired(runs=closed, patients=released))


def _read(query: Callable[[Ledger], T]) -> T:
    """The result of a query on the ledger of the settings."""
    with site_ledger(read_settings()) as ledger:
        return query(ledger)


def _patient_of(number: int, settings: Settings, choice: EnrolmentChoice) -> str:
    """The id of the patient of a failure. Raises UsageError if the failure or the patient is not found."""
    with site_ledger(settings) as ledger:
        failure = next((one for one in ledger.failures() if one.number == number), None)
        if failure is None:
            raise UsageError(UnknownFailure(number=number))
        try:
            with ehr_failures():
                found = enrolled_patients(connect(settings), choice, now())
        except RequestError as error:
            raise UsageError(str(error)) from None
        patient = next((one for one in found.ids if ledger.patient_key(one) == failure.patient_key), None)
    if patient is None:
        raise UsageError(FailureOfAnotherPatient(number=number))
    return patient


def _print(rows: Rows, *, as_json: bool) -> None:
    if as_json:
        click.echo(dumps({"rows": rows}))
        return
    if not rows:
        click.echo(NoEntries())
        return
    click.echo("\n".join(_table(rows)))


def _table(rows: Rows) -> Iterable[str]:
    """Lines with aligned columns, the heading first."""
    cells = [list(rows[0])] + [["" if value is None else str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def _run_row(run: RunRecord, at: datetime) -> dict[str, Any]:
    return {
        "run": run.number,
        "kind": run.kind,
        "started": run.started_at.isoformat(timespec="seconds"),
        "ended": run.ended_at.isoformat(timespec="seconds") if run.ended_at else None,
        "state": run.state(at),
        "patients": run.patients,
        "failed": run.failed,
        "rulebook": run.rulebook[:12],
    }


def _receipt_row(one: ReceiptRecord) -> dict[str, Any]:
    entries = [f"{entry.type}/{entry.id}" for entry in one.entries if entry.id]
    return {
        "run": one.run,
        "patient": one.patient_key,
        "outcome": one.outcome,
        "at": one.sent_at.isoformat(timespec="seconds"),
        "written": " ".join(entries),
    }


def _failure_row(one: FailureRecord) -> dict[str, Any]:
    return {
        "number": one.number,
        "run": one.run,
        "patient": one.patient_key,
        "step": one.step,
        "reason": one.reason,
        "at": one.failed_at.isoformat(timespec="seconds"),
        "settled": one.resolved_by,
    }
