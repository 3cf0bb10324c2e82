"""`titrate approve`: one draft, as a clinician."""

from __future__ import annotations

import click

from titrate.app.decisions.approval import Approval, approve
from titrate.cli.bootstrap import WRONG_USE, exit_with_message
from titrate.cli.decision_command import carry_out

EXAMPLE = """
\b
Examples:
  titrate approve 1234 --as Practitioner/77
  titrate approve 1234 --as Practitioner/77 --dose walking=14 --reason "tired after a cold"
"""


@click.command("approve", epilog=EXAMPLE)
@click.argument("plan")
@click.option("--as", "who", required=True, metavar="REFERENCE", help="Practitioner/ID or PractitionerRole/ID.")
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="EXERCISE=AMOUNT",
    help="Another dose than the draft's: an amount of a session, or sets x repetitions, as in leg-press=3x8@40.",
)
@click.option("--reason", help="Why. Needed for more than the draft says, and where a flag is open.")
@click.option("--at", "at_text", metavar="INSTANT", help="The moment of the decision, with offset. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def command(
    plan: str, who: str, doses: tuple[str, ...], reason: str | None, at_text: str | None, as_json: bool
) -> None:
    """Approve the draft PLAN (a CarePlan's id): it goes active with its orders and goal; the plan before it ends."""
    approval = Approval(plan, who, _doses(doses), reason)
    carry_out("approve", lambda ehr, rules, at: approve(ehr, approval, rules, at), at_text, as_json=as_json)


def _doses(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not exercise or not amount for exercise, _, amount in pairs):
        exit_with_message("--dose needs EXERCISE=AMOUNT, as in --dose walking=14.", WRONG_USE)
    return {exercise.strip(): amount for exercise, _, amount in pairs}
