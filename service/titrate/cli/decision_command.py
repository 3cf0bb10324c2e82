"""What `approve` and `reject` share: carry out a decision on a plan, keep the receipt, say what became of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import click

from titrate.app.decisions.approval import NotAPractitioner
from titrate.app.decisions.decide_on_plan import DecisionResult, DecisionStatus, decision_json, record_decision_receipt
from titrate.app.pipeline import InvalidPlan, PlanningRules
from titrate.cli.bootstrap import (
    FAILED,
    WRONG_USE,
    ehr_failures,
    exit_with_message,
    instant,
    rules_or_stop,
    settings_or_stop,
)
from titrate.ehr.client import EHR, connect
from titrate.event_log import open_event_log
from titrate.fhir.transitions.dose_input import InvalidDose
from titrate.json_codec import dumps
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import open_ledger
from titrate.settings import Settings

STATUS_WORDS = {
    DecisionStatus.DONE: "done",
    DecisionStatus.ALREADY: "nothing to do",
    DecisionStatus.REFUSED: "not possible",
    DecisionStatus.OVERTAKEN: "stopped: somebody else was there",
    DecisionStatus.UNKNOWN: "unknown: the reply was lost; look at the plan in the EHR before doing it again",
}

Decide = Callable[[EHR, PlanningRules, datetime], DecisionResult]


def carry_out(kind: str, decide: Decide, at_text: str | None, *, as_json: bool) -> None:
    """Carry out a decision and end: exit code 1 when it was not done."""
    settings = settings_or_stop()
    rules, at = rules_or_stop(settings), instant(at_text)
    if settings.fhir_url is None:
        exit_with_message(
            "TITRATE_FHIR_URL is not set: write the base address of the EHR's FHIR server into it.", WRONG_USE
        )
    ehr = connect(settings, open_event_log(sys.stderr, settings.log_form, settings.log_level))
    try:
        with ehr_failures():
            settled = decide(ehr, rules, at)
    except (NotAPractitioner, InvalidDose) as error:
        exit_with_message(str(error), WRONG_USE)
    except InvalidPlan as fault:
        exit_with_message(str(fault), FAILED)
    _keep(kind, settings, rules, settled, at)
    _show(settled, as_json=as_json)
    if settled.ending not in (DecisionStatus.DONE, DecisionStatus.ALREADY):
        sys.exit(FAILED)


def _keep(kind: str, settings: Settings, rules: PlanningRules, settled: DecisionResult, at: datetime) -> None:
    """Keep the receipt. The decision stands in the EHR whether or not the ledger can be written."""
    if settled.receipt is None:
        return
    try:
        ledger = open_ledger(settings.ledger)
        try:
            record_decision_receipt(ledger, kind, rules, settled, at)
        finally:
            ledger.close()
    except LedgerUnusable as error:
        click.echo(str(error), err=True)


def _show(settled: DecisionResult, *, as_json: bool) -> None:
    if as_json:
        click.echo(dumps(decision_json(settled)))
        return
    click.echo(f"{settled.plan}: {STATUS_WORDS[settled.ending]}")
    for line in settled.why:
        click.echo(f"  because {line}" if settled.ending is not DecisionStatus.DONE else f"  although {line}")
    for line in settled.changes:
        click.echo(f"  {line}")
