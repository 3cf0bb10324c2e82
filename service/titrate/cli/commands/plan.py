"""`titrate plan`: one patient, from the EHR or from a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from titrate.app.fetch_and_deliver import needs_attention, plan_and_deliver, preview, receipt_keeper
from titrate.app.pipeline import InvalidPlan, PipelineResult, PlanningRules
from titrate.app.report.json_report import plan_json
from titrate.app.report.summary import receipt_json, summary
from titrate.cli.bootstrap import (
    FAILED,
    WRONG_USE,
    ehr_failures,
    exit_with_message,
    instant,
    rules_or_stop,
    settings_or_stop,
)
from titrate.cli.patient_source import (
    ehr_or_stop,
    from_file,
    one_patient_options,
    print_fetch_faults,
    require_one_source,
)
from titrate.clinical.insights.dose_history import dose_history
from titrate.ehr.client import EHR
from titrate.ehr.receipt import Receipt
from titrate.fhir.narrative.chart import chart as drawn
from titrate.fhir.narrative.plain_text import explain
from titrate.json_codec import dumps
from titrate.settings import Settings

EXAMPLE = """
\b
Examples:
  titrate plan --bundle fixtures/patients/e2-progress/bundle.json --at 2025-01-13T09:00:00Z --explain
  titrate plan --patient 123 --explain --chart way.svg
  titrate plan --patient 123 --json
  titrate plan --patient 123 --write
"""


@click.command("plan", epilog=EXAMPLE)
@one_patient_options
@click.option(
    "--chart",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    metavar="FILE.svg",
    help="Draw the way so far into this file: sessions, plan, goals, morning pain. - prints the picture alone.",
)
@click.option("--write", is_flag=True, help="Deliver the draft to the EHR. Without it nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object (docs/schema/plan.schema.json).")
@click.option("--explain", "as_text", is_flag=True, help="The plan and its reasons, as a clinician reads them.")
def command(
    bundle: Path | None,
    patient: str | None,
    at_text: str | None,
    chart: Path | None,
    write: bool,
    as_json: bool,
    as_text: bool,
) -> None:
    """Assess one patient and draft the next safe step. Writes nothing unless --write is given."""
    require_one_source(bundle, patient)
    if bundle is not None and write:
        exit_with_message("--write needs --patient: a file is not an EHR.", WRONG_USE)
    if as_json and as_text:
        exit_with_message("Give either --json or --explain.", WRONG_USE)
    settings = settings_or_stop()
    rules, at = rules_or_stop(settings), instant(at_text)
    receipt: Receipt | None = None
    try:
        if bundle is not None:
            walked = from_file(bundle, rules, at)
        else:
            walked, receipt = _from_ehr(str(patient), settings, rules, at, write=write)
    except InvalidPlan as fault:
        exit_with_message(str(fault), FAILED)
    if chart is not None and _drawn(chart, walked, rules):
        return
    _show(walked, rules, receipt, as_json=as_json, as_text=as_text)
    if needs_attention(receipt):
        sys.exit(FAILED)


def _from_ehr(
    patient: str, settings: Settings, rules: PlanningRules, at: datetime, *, write: bool
) -> tuple[PipelineResult, Receipt | None]:
    ehr = ehr_or_stop(settings)
    with ehr_failures():
        if not write:
            walked, faults = preview(ehr, patient, rules, at)
            receipt = None
        else:
            walked, faults, receipt = _written(ehr, patient, settings, rules, at)
    print_fetch_faults(faults)
    return walked, receipt


def _written(
    ehr: EHR, patient: str, settings: Settings, rules: PlanningRules, at: datetime
) -> tuple[PipelineResult, Any, Receipt | None]:
    from titrate.ledger.errors import LedgerUnusable
    from titrate.ledger.ledger import open_ledger  # loads the database library

    try:
        ledger = open_ledger(settings.ledger)
    except LedgerUnusable as error:
        exit_with_message(str(error), WRONG_USE)
    try:
        run = ledger.begin_run("plan", rules.rulebook.digest, at)
        done = plan_and_deliver(ehr, patient, rules, at, receipt_keeper(ledger, run, patient, at))
        ledger.end_run(run, at)
        return done.result, done.faults, done.receipt
    finally:
        ledger.close()


def _drawn(path: Path, walked: PipelineResult, rules: PlanningRules) -> bool:
    """The picture into its file; true where it was all that is to be printed."""
    picture = drawn(dose_history(walked.evaluation.picture), rules.rulebook)
    if str(path) == "-":
        click.echo(picture, nl=False)
        return True
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError:
        exit_with_message(f"{path.name} cannot be written.", WRONG_USE)
    return False


def _show(
    walked: PipelineResult, rules: PlanningRules, receipt: Receipt | None, *, as_json: bool, as_text: bool
) -> None:
    if as_json:
        found = plan_json(walked, rules.rulebook)
        if receipt is not None:
            found["receipt"] = receipt_json(receipt)
        click.echo(dumps(found))
        return
    if as_text and walked.proposal is not None:
        click.echo(explain(walked.proposal), nl=False)
        return
    click.echo(summary(walked, receipt))
