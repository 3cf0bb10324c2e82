"""`titrate phase`: set the phase of an active plan as a clinician."""

from __future__ import annotations

import click

from titrate.app.decisions.approval import PhaseChoice, set_phase
from titrate.cli.decision_command import decide_and_print, decision_options, required_reason
from titrate.clinical.values.plan import Phase
from titrate.fhir.plan_decisions.clinician_decision import CHOICES

EXAMPLE = """
\b
Examples:
  titrate phase 1234 maintenance --as Practitioner/77 --reason "goal met"
  titrate phase 1234 discharged --as Practitioner/77 --reason "continues alone"
"""


@click.command("phase", epilog=EXAMPLE)
@decision_options(
    click.argument("phase", type=click.Choice([phase.value for phase in CHOICES])),
    click.option("--reason", required=True, help="Recorded in the plan's state and in Provenance."),
)
def command(plan: str, phase: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Set the phase of the active PLAN (the id of a CarePlan).

    Doses do not change. A discharge ends the plan and its orders.
    """
    choice = PhaseChoice(plan, who, Phase(phase), required_reason(reason))
    decide_and_print("phase", lambda ehr, rules, at: set_phase(ehr, choice, rules, at), at_text, as_json=as_json)
