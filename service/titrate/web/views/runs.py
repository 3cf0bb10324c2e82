"""Operations: which runs there were, what was delivered, what could not be. Nothing clinical."""

from __future__ import annotations

from typing import Any

from titrate.ledger.records import FailureRecord, ReceiptRecord, RunRecord
from titrate.web.app_context import app_context
from titrate.web.blueprint import Blueprint
from titrate.web.errors import Problem
from titrate.web.schemas import Receipts, ReceiptsQuery, Runs, RunsQuery, RunWhole

operations = Blueprint("operations", __name__, url_prefix="/v1", description="Runs and deliveries, out of the ledger")
Json = dict[str, Any]


@operations.at("/runs")
@operations.takes(RunsQuery)
@operations.gives(Runs, "Runs, the newest last.")
@operations.named("runs")
@operations.can_fail("ledger-unusable", "wrong-parameter")
def runs(asked: Json) -> Json:
    """The newest runs of this ledger."""
    return {"runs": [_run(one) for one in app_context().shelf.ledger().runs()[-asked["last"] :]]}


@operations.at("/runs/<int:number>")
@operations.gives(RunWhole, "The run, its deliveries and its failures.")
@operations.named("run")
@operations.can_fail("ledger-unusable", "not-found")
def run(number: int) -> Json:
    """One run with its deliveries and failures."""
    ledger = app_context().shelf.ledger()
    found = next((one for one in ledger.runs() if one.number == number), None)
    if found is None:
        raise Problem("not-found", "The ledger has no run of this number.")
    deliveries = [_receipt(one) for one in ledger.receipts(run=number)]
    return {**_run(found), "receipts": deliveries, "failures": [_failure(one) for one in ledger.failures(run=number)]}


@operations.at("/receipts")
@operations.takes(ReceiptsQuery)
@operations.gives(Receipts, "Deliveries, the newest last.")
@operations.named("receipts")
@operations.can_fail("ledger-unusable", "wrong-parameter")
def receipts(asked: Json) -> Json:
    """What was delivered, and what the EHR answered."""
    found = app_context().shelf.ledger().receipts(asked["run"], asked["key"])
    return {"receipts": [_receipt(one) for one in found[-asked["last"] :]]}


def _run(one: RunRecord) -> Json:
    return {
        "run": one.number,
        "kind": one.kind,
        "started": one.started_at,
        "ended": one.ended_at,
        "state": one.state(app_context().clock()),
        "patients": one.patients,
        "failed": one.failed,
        "rulebook": one.rulebook,
    }


def _receipt(one: ReceiptRecord) -> Json:
    entries = [{"type": entry.type, "id": entry.id, "version": entry.version} for entry in one.entries]
    return {
        "run": one.run,
        "key": one.patient_key,
        "plan": one.plan_version,
        "outcome": one.outcome,
        "at": one.sent_at,
        "entries": entries,
    }


def _failure(one: FailureRecord) -> Json:
    return {
        "number": one.number,
        "run": one.run,
        "key": one.patient_key,
        "step": one.step,
        "reason": one.reason,
        "at": one.failed_at,
        "settled": one.settled_by,
    }
