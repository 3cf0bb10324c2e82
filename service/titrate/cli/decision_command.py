"""What `approve`, `reject` and `phase` share: their options, carrying out the decision, its receipt, the output."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import click

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
from titrate.ehr.client import EHR
from titrate.fhir.errors import InputError
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


def decision_options(*own: Option) -> Option:
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


def required_reason(text: str) -> str:
    """The reason without surrounding blanks. Raises UsageError if it is empty."""
    if not text.strip():
        raise UsageError(ReasonRequired())
    return text.strip()


def decide_and_print(kind: str, decide: Decide, at_text: str | None, *, as_json: bool) -> None:
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
