"""`titrate reject`: one draft, as a clinician, for a reason."""

from __future__ import annotations

import click

from titrate.app.decisions.approval import Rejection, reject
from titrate.cli.bootstrap import WRONG_USE, exit_with_message
from titrate.cli.decision_command import carry_out

EXAMPLE = """
\b
Example:
  titrate reject 1234 --as Practitioner/77 --reason "wait for the next visit"
"""


@click.command("reject", epilog=EXAMPLE)
@click.argument("plan")
@click.option("--as", "who", required=True, metavar="REFERENCE", help="Practitioner/ID or PractitionerRole/ID.")
@click.option("--reason", required=True, help="Why. It is kept in the Task and in Provenance.")
@click.option("--at", "at_text", metavar="INSTANT", help="The moment of the decision, with offset. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def command(plan: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Reject the draft PLAN (a CarePlan's id).

    It is not proposed again for REJECTION_VALID_DAYS of the rulebook, or until a new session counts.
    """
    if not reason.strip():
        exit_with_message("--reason must say why.", WRONG_USE)
    rejection = Rejection(plan, who, reason.strip())
    carry_out("reject", lambda ehr, rules, at: reject(ehr, rejection, rules, at), at_text, as_json=as_json)
