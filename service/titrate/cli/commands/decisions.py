"""`titrate approve`, `reject` and `phase`: a clinician's decision on a plan, with its receipt in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import click

from titrate.app.decisions.approval import Approval, PhaseChoice, Rejection, approve, reject, set_phase
from titrate.app.decisions.carry_out_decision import (
    DecisionResult,
    DecisionStatus,
    decision_json,
    record_decision_receipt,
)
from titrate.app.errors import AppError, RequestError
from titrate.app.pipeline import PlanningRules
from titrate.cli.bootstrap import connect_ehr, ehr_failures, instant, read_rules, read_settings
from titrate.cli.errors import FailureError, UsageError
from titrate.clinical.values.plan import Phase
from titrate.ehr.client import EHR
from titrate.fhir.errors import InputError
from titrate.fhir.plan_decisions.clinician_decision import CHOICES
from titrate.json_codec import dumps
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import open_ledger
from titrate.messages.cli import (
    DecisionAlreadyDone,
    DecisionChange,
    DecisionDone,
    DecisionOvertaken,
    DecisionReason,
    DecisionRefused,
    DecisionRemark,
    DecisionUnknown,
    DoseOptionFormat,
    ReasonRequired,
)
from titrate.settings import Settings

HEADINGS = {
    DecisionStatus.DONE: DecisionDone,
    DecisionStatus.ALREADY: DecisionAlreadyDone,
    DecisionStatus.REFUSED: DecisionRefused,
    DecisionStatus.OVERTAKEN: DecisionOvertaken,
    DecisionStatus.UNKNOWN: DecisionUnknown,
}

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
Decide = Callable[[EHR, PlanningRules, datetime], DecisionResult]
APPROVE_EXAMPLE = """
\b
Examples:
  titrate approve 1234 --as Practitioner/77
  titrate approve 1234 --as Practitioner/77 --dose walking=14 --reason "tired after a cold"
"""
REJECT_EXAMPLE = """
\b
Example:
  titrate reject 1234 --as Practitioner/77 --reason "wait for the next visit"
"""
PHASE_EXAMPLE = """
\b
Examples:
  titrate phase 1234 maintenance --as Practitioner/77 --reason "goal met"
  titrate phase 1234 discharged --as Practitioner/77 --reason "continues alone"
"""


def _decision_options(*own: Option) -> Option:
    """Adds PLAN, --as, --at and --json to a command, and the command's own options before --at."""
    options: tuple[Option, ...] = (
        click.argument("plan"),
        click.option("--as", "who", required=True, metavar="REFERENCE", help="Practitioner/ID or PractitionerRole/ID."),
        *own,
        click.option("--at", "at_text", metavar="INSTANT", help="Time of the decision, with offset. Default: now."),
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    )

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _required_reason(text: str) -> str:
    """The reason without surrounding blanks. Raises UsageError if it is empty."""
    if not text.strip():
        raise UsageError(ReasonRequired())
    return text.strip()


@click.command("approve", epilog=APPROVE_EXAMPLE)
@_decision_options(
    click.option(
        "--dose",
        "doses",
        multiple=True,
        metavar="EXERCISE=AMOUNT",
        help="Another dose than the draft's: the amount per session, or sets x repetitions, as in leg-press=3x8@40.",
    ),
    click.option("--reason", help="Required for more than the draft says, and while a flag is open."),
)
def approve_command(
    plan: str, who: str, doses: tuple[str, ...], reason: str | None, at_text: str | None, as_json: bool
) -> None:
    """Approve the draft PLAN (the id of a CarePlan).

    The plan becomes active with its orders and its goal, and the plan before it ends.
    """
    approval = Approval(plan, who, _doses(doses), reason)
    _decide_and_print("approve", lambda ehr, rules, at: approve(ehr, approval, rules, at), at_text, as_json=as_json)


@click.command("reject", epilog=REJECT_EXAMPLE)
@_decision_options(
    click.option("--reason", required=True, help="Recorded in the Task and in Provenance."),
)
def reject_command(plan: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Reject the draft PLAN (the id of a CarePlan).

    The same draft is not proposed again for REJECTION_VALID_DAYS of the rulebook, or until a new session counts.
    """
    rejection = Rejection(plan, who, _required_reason(reason))
    _decide_and_print("reject", lambda ehr, rules, at: reject(ehr, rejection, rules, at), at_text, as_json=as_json)


@click.command("phase", epilog=PHASE_EXAMPLE)
@_decision_options(
    click.argument("phase", type=click.Choice([phase.value for phase in CHOICES])),
    click.option("--reason", required=True, help="Recorded in the plan's state and in Provenance."),
)
def phase_command(plan: str, phase: str, who: str, reason: str, at_text: str | None, as_json: bool) -> None:
    """Set the phase of the active PLAN (the id of a CarePlan).

    Doses do not change. A discharge ends the plan and its orders.
    """
    choice = PhaseChoice(plan, who, Phase(phase), _required_reason(reason))
    _decide_and_print("phase", lambda ehr, rules, at: set_phase(ehr, choice, rules, at), at_text, as_json=as_json)


def _decide_and_print(kind: str, decide: Decide, at_text: str | None, *, as_json: bool) -> None:
    """Apply a decision and print the result. The exit code is 1 unless the decision is in the EHR."""
    settings = read_settings()
    rules, at = read_rules(settings), instant(at_text)
    ehr = connect_ehr(settings)
    try:
        with ehr_failures():
            result = decide(ehr, rules, at)
    except (RequestError, InputError) as error:
        raise UsageError(str(error)) from None
    except AppError as error:
        raise FailureError(str(error)) from None
    _record_receipt(kind, settings, rules, result, at)
    _print(result, as_json=as_json)
    if result.ending not in (DecisionStatus.DONE, DecisionStatus.ALREADY):
        raise click.exceptions.Exit(FailureError.exit_code)


def _record_receipt(kind: str, settings: Settings, rules: PlanningRules, result: DecisionResult, at: datetime) -> None:
    """Record the receipt in the ledger. The decision is in the EHR even if the ledger cannot be written."""
    if result.receipt is None:
        return
    try:
        with closing(open_ledger(settings.ledger)) as ledger:
            record_decision_receipt(ledger, kind, rules, result, at)
    except LedgerUnusable as error:
        click.echo(str(error), err=True)


def _print(result: DecisionResult, *, as_json: bool) -> None:
    if as_json:
        click.echo(dumps(decision_json(result)))
        return
    click.echo(HEADINGS[result.ending](plan=result.plan))
    done = result.ending is DecisionStatus.DONE
    for reason in result.why:
        click.echo(DecisionRemark(reason=str(reason)) if done else DecisionReason(reason=str(reason)))
    for change in result.changes:
        click.echo(DecisionChange(change=str(change)))


def _doses(options: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in options]
    if any(not exercise or not amount for exercise, _, amount in pairs):
        raise UsageError(DoseOptionFormat())
    return {exercise.strip(): amount for exercise, _, amount in pairs}
