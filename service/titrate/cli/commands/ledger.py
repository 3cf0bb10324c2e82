"""`titrate ledger`: what was done, for whom it could not be done, one of them once more, and repair."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from titrate.app.population.enrolment import EnrolmentChoice, EnrolmentError, enrolled_patients
from titrate.app.population.run_report import run_report_json
from titrate.cli.bootstrap import WRONG_USE, ehr_failures, exit_with_message, instant, rules_or_stop, settings_or_stop
from titrate.cli.commands.sync import choice_or_stop, exit_code, sync
from titrate.cli.output.run_output import lines_of
from titrate.cli.run_setup import Site, ledger_or_stop, now
from titrate.ehr.client import connect
from titrate.json_codec import dumps
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import FailureRecord, ReceiptRecord, RunRecord
from titrate.settings import Settings

T = TypeVar("T")
Rows = list[dict[str, Any]]
as_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group("ledger", epilog="\b\nExample:\n  titrate ledger failures --run 7")
def command() -> None:
    """Look at runs, deliveries and failures; replay one; repair. The ledger holds no patient data."""


@command.command("runs", epilog="\b\nExample:\n  titrate ledger runs --last 5")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@as_json_option
def runs_command(last: int, as_json: bool) -> None:
    """The newest runs: when, how they ended, how many patients, how many of them failed."""
    at = now()
    _show([_run_row(run, at) for run in _read(lambda ledger: ledger.runs())[-last:]], as_json=as_json)


@command.command("receipts", epilog="\b\nExample:\n  titrate ledger receipts --patient PATIENT-ID")
@click.option("--run", type=int, help="Those of one run.")
@click.option("--patient", metavar="ID", help="Those of one patient.")
@as_json_option
def receipts_command(run: int | None, patient: str | None, as_json: bool) -> None:
    """What was delivered, and what the EHR answered."""
    found = _read(lambda ledger: ledger.receipts(run, ledger.patient_key(patient) if patient else None))
    _show([_receipt_row(one) for one in found], as_json=as_json)


@command.command("failures", epilog="\b\nExample:\n  titrate ledger failures --run 7")
@click.option("--run", type=int, help="Those of one run.")
@click.option("--patient", metavar="ID", help="Those of one patient.")
@click.option("--settled", is_flag=True, help="Also those who were done by a later run.")
@as_json_option
def failures_command(run: int | None, patient: str | None, settled: bool, as_json: bool) -> None:
    """Patients who could not be done. The number is what `replay` takes."""
    found = _read(lambda ledger: ledger.failures(run, ledger.patient_key(patient) if patient else None))
    _show([_failure_row(one) for one in found if settled or one.resolved_by is None], as_json=as_json)


@command.command("replay", epilog="\b\nExample:\n  titrate ledger replay 12 --all")
@click.argument("number", type=int)
@click.option("--group", metavar="ID", help="Look for the patient among the members of this Group.")
@click.option(
    "--patients", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Look in a file of patient ids."
)
@click.option("--all", "everyone", is_flag=True, help="Look among all patients of the EHR.")
@click.option("--at", "at_text", metavar="INSTANT", help="The moment of the decision, with offset. Default: now.")
@as_json_option
def replay_command(
    number: int, group: str | None, patients: Path | None, everyone: bool, at_text: str | None, as_json: bool
) -> None:
    """Do one patient again, by the number of the failure.

    The ledger knows patients by a keyed hash only, so whoever it is has to be found among those who are enrolled.
    """
    settings = settings_or_stop()
    choice = choice_or_stop(settings, EnrolmentChoice(group, patients, everyone))
    rules = rules_or_stop(settings)
    patient = _patient_of(number, settings, choice)
    tally = sync(Site(settings, rules, instant(at_text), 1, "replay"), lambda _: (patient,))
    if as_json:
        click.echo(dumps(run_report_json(tally, rules.rulebook)))
    else:
        click.echo("\n".join(lines_of(tally)))
    sys.exit(exit_code(tally))


@command.command("repair", epilog="\b\nExample:\n  titrate ledger repair")
@as_json_option
def repair_command(as_json: bool) -> None:
    """Close runs that were killed and free the patients they had. Runs that work are left alone."""
    closed, freed = _read(lambda ledger: ledger.repair(now()))
    if as_json:
        click.echo(dumps({"closedRuns": closed, "freedPatients": freed}))
    else:
        click.echo(f"{closed} runs closed that were cut off, {freed} patients freed.")


def _read(ask: Callable[[Ledger], T]) -> T:
    """Open, ask, close."""
    with ledger_or_stop(settings_or_stop()) as ledger:
        try:
            return ask(ledger)
        except LedgerUnusable as error:
            exit_with_message(str(error), WRONG_USE)


def _patient_of(number: int, settings: Settings, choice: EnrolmentChoice) -> str:
    with ledger_or_stop(settings) as ledger:
        letter = next((one for one in ledger.failures() if one.number == number), None)
        if letter is None:
            exit_with_message(f"The ledger has no failure {number}: `titrate ledger failures` lists them.", WRONG_USE)
        try:
            with ehr_failures():
                found = enrolled_patients(connect(settings), choice, now())
        except EnrolmentError as error:
            exit_with_message(str(error), WRONG_USE)
        patient = next((one for one in found if ledger.patient_key(one) == letter.patient_key), None)
    if patient is None:
        exit_with_message(f"Nobody of them is the patient of failure {number}: look among more patients.", WRONG_USE)
    return patient


def _show(rows: Rows, *, as_json: bool) -> None:
    if as_json:
        click.echo(dumps({"rows": rows}))
        return
    if not rows:
        click.echo("Nothing.")
        return
    click.echo("\n".join(_table(rows)))


def _table(rows: Rows) -> Iterable[str]:
    """Columns as wide as what is in them."""
    texts = [list(rows[0])] + [["" if value is None else str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in texts)


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
