"""`titrate sheet`: the patient's sheet of the active plan, never of a draft."""

from __future__ import annotations

from pathlib import Path

import click

from titrate.app.errors import AppError
from titrate.app.report.patient_sheet import patient_sheet
from titrate.cli.bootstrap import instant, read_rules, read_settings
from titrate.cli.errors import FailureError
from titrate.cli.patient_source import one_patient_options, preview_patient, require_one_source
from titrate.fhir.narrative.section import html_page, plain_text
from titrate.messages.cli import (
    NoSheet,
)

EXAMPLE = """
\b
Examples:
  titrate sheet --patient 123 --html > sheet.html
  titrate sheet --bundle fixtures/patients/e2-progress/bundle.json --at 2025-01-13T09:00:00Z
"""


@click.command("sheet", epilog=EXAMPLE)
@one_patient_options
@click.option("--html", "as_html", is_flag=True, help="Print a page in large type for paper and screen.")
def command(bundle: Path | None, patient: str | None, at_text: str | None, as_html: bool) -> None:
    """Print the patient's sheet of the active plan: what to do, why, how it may feel, and which signs mean what.

    A draft is never printed. There is no sheet while a red flag is open, while the plan is on hold, or when the
    records support a lower dose than the active plan: decide on the draft first.
    """
    require_one_source(bundle, patient)
    settings = read_settings()
    rules, at = read_rules(settings), instant(at_text)
    try:
        sections = patient_sheet(preview_patient(bundle, patient, settings, rules, at), rules)
    except AppError as error:
        raise FailureError(NoSheet(reason=str(error))) from None
    click.echo(html_page(sections) if as_html else plain_text(sections), nl=False)
