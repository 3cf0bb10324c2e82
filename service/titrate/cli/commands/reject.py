"""`titrate reject`: reject a draft plan as a clinician, with a reason."""

from __future__ import annotations

import click

from titrate.app.decisions.approval import Rejection, reject
from titrate.cli.decision_command import decide_and_print, decision_options, required_reason

EXAMPLE = """
\b
Example:
  titrate reject 1234 --as Practitioner/77 --reason "wait for the next visit"
"""


@click.command("reject", epilog=EXAMPLE)
@decision_options(
    click.option("--reason", required=True, help="Recorded in the Task and in Provenance."),
)
def command(plan: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Reject the draft PLAN (the id of a CarePlan).

    The same draft is not proposed again for REJECTION_VALID_DAYS of the rulebook, or until a new session counts.
    """
    rejection = Rejection(plan, who, required_reason(reason))
    decide_and_print("reject", lambda ehr, rules, at: reject(ehr, rejection, rules, at), at_text, as_json=as_json)
