"""`titrate phase`: maintenance, loading again, a new baseline, discharge, as a clinician chooses."""

from __future__ import annotations

import click

from titrate.app.decisions.phase import PhaseChoice, set_phase
from titrate.cli.bootstrap import WRONG_USE, exit_with_message
from titrate.cli.decision_command import carry_out
from titrate.clinical.values.plan import Phase
from titrate.fhir.transitions.set_phase import CHOICES

EXAMPLE = """
\b
Examples:
  titrate phase 1234 maintenance --as Practitioner/77 --reason "goal met"
  titrate phase 1234 discharged --as Practitioner/77 --reason "goes on alone"
"""


@click.command("phase", epilog=EXAMPLE)
@click.argument("plan")
@click.argument("phase", type=click.Choice([phase.value for phase in CHOICES]))
@click.option("--as", "who", required=True, metavar="REFERENCE", help="Practitioner/ID or PractitionerRole/ID.")
@click.option("--reason", required=True, help="Why. It is kept in the state and in Provenance.")
@click.option("--at", "at_text", metavar="INSTANT", help="The moment of the decision, with offset. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def command(plan: str, phase: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Set the phase of the active PLAN (a CarePlan's id). Doses stay; a discharge ends the plan and its orders."""
    if not reason.strip():
        exit_with_message("--reason must say why.", WRONG_USE)
    choice = PhaseChoice(plan, who, Phase(phase), reason.strip())
    carry_out("phase", lambda ehr, rules, at: set_phase(ehr, choice, rules, at), at_text, as_json=as_json)
