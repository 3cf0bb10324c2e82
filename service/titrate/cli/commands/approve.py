"""`titrate approve`: approve a draft plan as a clinician."""

from __future__ import annotations

import click

from titrate.app.decisions.approval import Approval, approve
from titrate.cli.decision_command import decide_and_print, decision_options
from titrate.cli.errors import UsageError
from titrate.messages.cli import (
    DoseOptionFormat,
)

EXAMPLE = """
\b
Examples:
  titrate approve 1234 --as Practitioner/77
  titrate approve 1234 --as Practitioner/77 --dose walking=14 --reason "tired after a cold"
"""


@click.command("approve", epilog=EXAMPLE)
@decision_options(
    click.option(
        "--dose",
        "doses",
        multiple=True,
        metavar="EXERCISE=AMOUNT",
        help="Another dose than the draft's: the amount per session, or sets x repetitions, as in leg-press=3x8@40.",
    ),
    click.option("--reason", help="Required for more than the draft says, and while a flag is open."),
)
def command(
    plan: str, who: str, doses: tuple[str, ...], reason: str | None, at_text: str | None, as_json: bool
) -> None:
    """Approve the draft PLAN (the id of a CarePlan).

    The plan becomes active with its orders and its goal, and the plan before it ends.
    """
    approval = Approval(plan, who, _doses(doses), reason)
    decide_and_print("approve", lambda ehr, rules, at: approve(ehr, approval, rules, at), at_text, as_json=as_json)


def _doses(options: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in options]
    if any(not exercise or not amount for exercise, _, amount in pairs):
        raise UsageError(DoseOptionFormat())
    return {exercise.strip(): amount for exercise, _, amount in pairs}
