"""`titrate sheet`: the patient's own page of the plan in force. Never of a draft."""

from __future__ import annotations

from pathlib import Path

import click

from titrate.app.pipeline import InvalidPlan
from titrate.app.report.patient_sheet import NoPatientSheet, patient_sheet
from titrate.cli.bootstrap import FAILED, exit_with_message, instant, rules_or_stop, settings_or_stop
from titrate.cli.patient_source import one_patient_options, previewed_patient, require_one_source
from titrate.fhir.narrative.html_page import html_page
from titrate.fhir.narrative.plain_text import plain_text

EXAMPLE = """
\b
Examples:
  titrate sheet --patient 123 --html > sheet.html
  titrate sheet --bundle fixtures/patients/e2-progress/bundle.json --at 2025-01-13T09:00:00Z
"""


@click.command("sheet", epilog=EXAMPLE)
@one_patient_options
@click.option("--html", "as_html", is_flag=True, help="A page in large type for print and screen, instead of text.")
def command(bundle: Path | None, patient: str | None, at_text: str | None, as_html: bool) -> None:
    """Print the patient's sheet of the plan in force: what, why, how it may feel, and which signs mean what.

    A draft is never printed. There is no sheet either while a red flag is open, while the plan is on hold, or when the
    records speak for a lower dose than the plan in force: decide on the draft first.
    """
    require_one_source(bundle, patient)
    settings = settings_or_stop()
    rules, at = rules_or_stop(settings), instant(at_text)
    try:
        sections = patient_sheet(previewed_patient(bundle, patient, settings, rules, at), rules)
    except (NoPatientSheet, InvalidPlan) as reason:
        exit_with_message(f"No sheet: {reason}.", FAILED)
    click.echo(html_page(sections) if as_html else plain_text(sections), nl=False)
