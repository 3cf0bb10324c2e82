"""`titrate sync`: one run over the enrolled patients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from titrate.app.errors import RequestError
from titrate.app.pipeline import PlanningRules
from titrate.app.population.enrolment import (
    EnrolledPatients,
    EnrolmentChoice,
    changed_since,
    enrolled_patients,
    enrolment_choice,
)
from titrate.app.population.run_context import Cancellation, RunContext, StopReason
from titrate.app.population.run_population import run_population
from titrate.app.population.run_report import RunReport, run_report_json
from titrate.cli.bootstrap import ehr_failures, instant, read_rules, read_settings, require_fhir_url, stderr_log
from titrate.cli.errors import FailureError, UnreachableError, UsageError
from titrate.cli.output.run_output import run_lines
from titrate.cli.run_setup import RunRequest, cancel_on_signal, progress_bar, site_ledger
from titrate.ehr.client import EHR
from titrate.json_codec import dumps
from titrate.messages.cli import (
    ChangesUnknown,
    EnrolmentRequired,
    GiveOneEnrolment,
)
from titrate.settings import Settings

EXAMPLE = """
\b
Examples:
  titrate sync --all --dry-run
  titrate sync --group enrolled --json
  titrate sync --patients ids.txt --since 2026-11-24T06:00:00Z
"""


@click.command("sync", epilog=EXAMPLE)
@click.option("--group", metavar="ID", help="The members of this Group of the EHR.")
@click.option(
    "--patients",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with one patient id per line.",
)
@click.option("--all", "everyone", is_flag=True, help="Every Patient of the EHR.")
@click.option("--since", metavar="INSTANT", help="Only patients with new or changed data in the EHR since then.")
@click.option("--at", "at_text", metavar="INSTANT", help="Time of the decisions, with offset. Default: now.")
@click.option("--threads", type=click.IntRange(1, 64), help="Patients in parallel. Default: TITRATE_THREADS.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show the difference to the EHR.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON (docs/schema/sync.schema.json).")
def command(
    group: str | None,
    patients: Path | None,
    everyone: bool,
    since: str | None,
    at_text: str | None,
    threads: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Plan for every enrolled patient and list what needs attention.

    You can start it twice, stop it or kill it at any time. Use --since between the daily runs, not instead of
    them: time alone changes decisions.
    """
    settings = read_settings()
    choice = read_enrolment_choice(settings, EnrolmentChoice(group, patients, everyone))
    rules, at = read_rules(settings), instant(at_text)
    request = RunRequest(settings=settings, rules=rules, at=at, threads=threads or settings.threads)
    find_patients = partial(_patients, choice=choice, at=at, since=None if since is None else instant(since))
    print_report(run(request, find_patients, dry_run=dry_run), rules, as_json=as_json)


def read_enrolment_choice(settings: Settings, options: EnrolmentChoice) -> EnrolmentChoice:
    """The choice of the options, or of TITRATE_ENROLLED. Raises UsageError for none, for several, or without an EHR."""
    require_fhir_url(settings)
    count = sum((options.group is not None, options.file is not None, options.everyone))
    if count > 1:
        raise UsageError(GiveOneEnrolment())
    if count == 0 and settings.enrolled is None:
        raise UsageError(EnrolmentRequired())
    return options if count else enrolment_choice(str(settings.enrolled))


def run(request: RunRequest, find_patients: Callable[[EHR], EnrolledPatients], *, dry_run: bool = False) -> RunReport:
    """Process the patients that `find_patients` returns. Raises CommandError if it finds none or the EHR fails."""
    with cancel_on_signal(Cancellation()) as cancellation:
        context = request.run_context(stderr_log(request.settings), cancellation)
        with ehr_failures():
            patients = find_patients(context.connect())
        if dry_run:
            return _run_with_progress(patients, context, request.settings)
        with site_ledger(request.settings) as ledger:
            return _run_with_progress(patients, replace(context, ledger=ledger), request.settings)


def print_report(report: RunReport, rules: PlanningRules, *, as_json: bool) -> None:
    """Print the report of a run and set the exit code of the command."""
    if as_json:
        click.echo(dumps(run_report_json(report, rules.rulebook)))
    else:
        click.echo("\n".join(run_lines(report)))
    if code := exit_code(report):
        raise click.exceptions.Exit(code)


def exit_code(report: RunReport) -> int:
    """0 if every enrolled patient was processed, 3 if the EHR could not be reached, else 1."""
    if report.stopped is StopReason.UNREACHABLE:
        return UnreachableError.exit_code
    return FailureError.exit_code if report.failures or report.not_started or report.left_out else 0


def _patients(ehr: EHR, choice: EnrolmentChoice, at: datetime, since: datetime | None) -> EnrolledPatients:
    try:
        patients = enrolled_patients(ehr, choice, at)
    except RequestError as error:
        raise UsageError(str(error)) from None
    if since is None:
        return patients
    changed = changed_since(ehr, since)
    if changed is None:
        click.echo(ChangesUnknown(), err=True)
        return patients
    return replace(patients, ids=tuple(one for one in patients.ids if one in changed))


def _run_with_progress(patients: EnrolledPatients, context: RunContext, settings: Settings) -> RunReport:
    with progress_bar(len(patients.ids)) as advance:
        event_log = stderr_log(settings)  # opened inside the bar, so that its lines appear above it
        report = run_population(patients.ids, replace(context, event_log=event_log, on_result=advance))
    return replace(report, left_out=patients.left_out)
