"""`titrate sync`: everyone who is enrolled, once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from titrate.app.population.cancellation import Cancellation, StopReason
from titrate.app.population.enrolment import (
    EnrolmentChoice,
    EnrolmentError,
    changed_since,
    enrolled_patients,
    enrolment_choice,
)
from titrate.app.population.run_context import RunContext
from titrate.app.population.run_population import run_population
from titrate.app.population.run_report import RunReport, run_report_json
from titrate.cli.bootstrap import (
    FAILED,
    UNREACHABLE,
    WRONG_USE,
    ehr_failures,
    exit_with_message,
    instant,
    rules_or_stop,
    settings_or_stop,
)
from titrate.cli.output.progress import progress
from titrate.cli.output.run_output import lines_of
from titrate.cli.run_setup import Site, cancel_on_signal, ledger_or_stop
from titrate.ehr.client import EHR
from titrate.event_log import open_event_log
from titrate.json_codec import dumps
from titrate.ledger.errors import LedgerUnusable
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
    help="A file with one patient id a line.",
)
@click.option("--all", "everyone", is_flag=True, help="Every Patient of the EHR.")
@click.option("--since", metavar="INSTANT", help="Only those of whom the EHR has anything new since then.")
@click.option("--at", "at_text", metavar="INSTANT", help="The moment of the decisions, with offset. Default: now.")
@click.option("--threads", type=click.IntRange(1, 64), help="How many patients at once. Default: TITRATE_THREADS.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show the difference to the EHR.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON (docs/schema/sync.schema.json).")
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
    """Draft the next safe step for everyone who is enrolled, and list what needs a person.

    Safe to start twice, to stop and to kill. --since is for runs between the daily ones: time alone changes decisions.
    """
    settings = settings_or_stop()
    choice = choice_or_stop(settings, EnrolmentChoice(group, patients, everyone))
    rules, at = rules_or_stop(settings), instant(at_text)
    site = Site(settings, rules, at, threads or settings.threads)
    whom = partial(_whom, choice=choice, at=at, since=None if since is None else instant(since))
    tally = sync(site, whom, dry_run=dry_run)
    if as_json:
        click.echo(dumps(run_report_json(tally, rules.rulebook)))
    else:
        click.echo("\n".join(lines_of(tally)))
    sys.exit(exit_code(tally))


def choice_or_stop(settings: Settings, given: EnrolmentChoice) -> EnrolmentChoice:
    """Exactly one way to say whom, or the site's setting; and there has to be an EHR to ask."""
    if settings.fhir_url is None:
        exit_with_message(
            "TITRATE_FHIR_URL is not set: write the base address of the EHR's FHIR server into it.", WRONG_USE
        )
    count = sum((given.group is not None, given.file is not None, given.everyone))
    if count > 1:
        exit_with_message("Give one of --group ID, --patients FILE and --all.", WRONG_USE)
    if count == 0 and settings.enrolled is None:
        exit_with_message("Say whom: --group ID, --patients FILE or --all, or set TITRATE_ENROLLED.", WRONG_USE)
    return given if count else enrolment_choice(str(settings.enrolled))


def sync(site: Site, whom: Callable[[EHR], tuple[str, ...]], *, dry_run: bool = False) -> RunReport:
    """Do the patients that `whom` finds. Ends the process where nobody can be found or reached."""
    with cancel_on_signal(Cancellation()) as switch:
        setup = site.setup(open_event_log(sys.stderr, site.settings.log_form, site.settings.log_level), switch)
        with ehr_failures():
            patients = whom(setup.connect())
        if dry_run:
            return _done(patients, setup, site)
        with ledger_or_stop(site.settings) as ledger:
            return _done(patients, replace(setup, ledger=ledger), site)


def _whom(ehr: EHR, choice: EnrolmentChoice, at: datetime, since: datetime | None) -> tuple[str, ...]:
    try:
        patients = enrolled_patients(ehr, choice, at)
    except EnrolmentError as error:
        exit_with_message(str(error), WRONG_USE)
    changed = changed_since(ehr, since) if since is not None else None
    if since is not None and changed is None:
        click.echo("The EHR cannot say what is new: everyone is done.", err=True)
    return patients if changed is None else tuple(one for one in patients if one in changed)


def _done(patients: tuple[str, ...], setup: RunContext, site: Site) -> RunReport:
    with progress(len(patients)) as tell:
        journal = open_event_log(sys.stderr, site.settings.log_form, site.settings.log_level)  # above the bar
        try:
            return run_population(patients, replace(setup, event_log=journal, on_result=tell))
        except LedgerUnusable as error:
            exit_with_message(str(error), WRONG_USE)


def exit_code(tally: RunReport) -> int:
    """0 when everyone was done, 3 when the EHR could not be reached, else 1."""
    if tally.stopped is StopReason.UNREACHABLE:
        return UNREACHABLE
    return FAILED if tally.failures or tally.not_started else 0
