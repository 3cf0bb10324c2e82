"""`titrate plan`: plan for one patient of the EHR or of a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from titrate.app.errors import AppError
from titrate.app.fetch_and_deliver import needs_attention
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.app.report.json_report import plan_json
from titrate.app.report.summary import receipt_json, summary
from titrate.cli.bootstrap import connect_ehr, ehr_failures, instant, now, read_rules, read_settings
from titrate.cli.errors import FailureError, UsageError
from titrate.cli.patient_source import (
    one_patient_options,
    preview_patient,
    print_fetch_faults,
    require_one_source,
)
from titrate.clinical.insights.dose_history import dose_history
from titrate.ehr.receipt import Receipt
from titrate.fhir.narrative.chart import chart as svg_chart
from titrate.fhir.narrative.clinician_sections import explain
from titrate.json_codec import dumps
from titrate.messages.cli import (
    FileUnwritable,
    GiveJsonOrExplain,
    PatientInOtherRun,
    WriteNeedsPatient,
)
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
    help="Draw the course so far into this file: sessions, plan, goals, morning pain. - prints only the chart.",
)
@click.option("--write", is_flag=True, help="Deliver the draft to the EHR. Without it nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/schema/plan.schema.json).")
@click.option("--explain", "as_text", is_flag=True, help="Print the plan and its reasons as a clinician reads them.")
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
        raise UsageError(WriteNeedsPatient())
    if as_json and as_text:
        raise UsageError(GiveJsonOrExplain())
    settings = read_settings()
    rules, at = read_rules(settings), instant(at_text)
    receipt: Receipt | None = None
    try:
        if write:
            result, receipt = _plan_and_deliver(str(patient), settings, rules, at)
        else:
            result = preview_patient(bundle, patient, settings, rules, at)
    except AppError as error:
        raise FailureError(str(error)) from None
    if chart is not None:
        _write_chart(chart, result, rules)
    if str(chart) != "-":
        _print(result, rules, receipt, as_json=as_json, as_text=as_text)
        if needs_attention(receipt):
            raise click.exceptions.Exit(FailureError.exit_code)


def _plan_and_deliver(
    patient: str, settings: Settings, rules: PlanningRules, at: datetime
) -> tuple[PipelineResult, Receipt | None]:
    # A preview does not load the database library.
    from titrate.app.errors import PatientBusy
    from titrate.app.population.run_population import LedgerContext, plan_one
    from titrate.cli.run_setup import site_ledger

    ehr = connect_ehr(settings)
    with ehr_failures(), site_ledger(settings) as ledger:
        context = LedgerContext(ledger, now, timedelta(seconds=settings.lease), "plan")
        try:
            done = plan_one(ehr, patient, rules, at, context)
        except PatientBusy:
            raise FailureError(PatientInOtherRun()) from None
    print_fetch_faults(done.faults)
    return done.result, done.receipt


def _write_chart(path: Path, result: PipelineResult, rules: PlanningRules) -> None:
    """Write the chart to the file; `-` is standard output. Raises UsageError if the file cannot be written."""
    svg = svg_chart(dose_history(result.evaluation.picture), rules.rulebook)
    if str(path) == "-":
        click.echo(svg, nl=False)
        return
    try:
        path.write_text(svg, encoding="utf-8")
    except OSError:
        raise UsageError(FileUnwritable(file=path.name)) from None


def _print(
    result: PipelineResult, rules: PlanningRules, receipt: Receipt | None, *, as_json: bool, as_text: bool
) -> None:
    if as_json:
        report = plan_json(result, rules.rulebook)
        if receipt is not None:
            report["receipt"] = receipt_json(receipt)
        click.echo(dumps(report))
    elif as_text and result.proposal is not None:
        click.echo(explain(result.proposal), nl=False)
    else:
        click.echo(summary(result, receipt))
