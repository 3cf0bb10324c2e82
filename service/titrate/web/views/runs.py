"""Operations: runs, deliveries and failures from the ledger. Nothing clinical."""

from __future__ import annotations

from typing import Any

from titrate.ledger.records import FailureRecord, ReceiptRecord, RunRecord
from titrate.messages import http_errors
from titrate.web.app_context import app_context
from titrate.web.errors import Problem, ProblemType
from titrate.web.openapi import Blueprint
from titrate.web.schemas import ReceiptsQuerySchema, ReceiptsSchema, RunDetailsSchema, RunsQuerySchema, RunsSchema

operations = Blueprint("operations", __name__, url_prefix="/v1", description="Runs and deliveries from the ledger")
Json = dict[str, Any]


@operations.route("/runs")
@operations.arguments(RunsQuerySchema, location="query")
@operations.response(200, RunsSchema, description="Runs, oldest first.")
@operations.doc(operationId="runs")
@operations.problems(ProblemType.LEDGER_UNUSABLE, ProblemType.WRONG_PARAMETER)
def runs(query: Json) -> Json:
    """The most recent runs of this ledger."""
    return {"runs": [_run(record) for record in app_context().ledger.runs()[-query["last"] :]]}


@operations.route("/runs/<int:number>")
@operations.response(200, RunDetailsSchema, description="The run, its deliveries and its failures.")
@operations.doc(operationId="run")
@operations.problems(ProblemType.LEDGER_UNUSABLE, ProblemType.NOT_FOUND)
def run(number: int) -> Json:
    """One run with its deliveries and failures."""
    ledger = app_context().ledger
    record = next((record for record in ledger.runs() if record.number == number), None)
    if record is None:
        raise Problem(ProblemType.NOT_FOUND, http_errors.HttpNoSuchRun())
    return {
        **_run(record),
        "receipts": [_receipt(receipt) for receipt in ledger.receipts(run=number)],
        "failures": [_failure(failure) for failure in ledger.failures(run=number)],
    }


@operations.route("/receipts")
@operations.arguments(ReceiptsQuerySchema, location="query")
@operations.response(200, ReceiptsSchema, description="Deliveries, oldest first.")
@operations.doc(operationId="receipts")
@operations.problems(ProblemType.LEDGER_UNUSABLE, ProblemType.WRONG_PARAMETER)
def receipts(query: Json) -> Json:
    """What was delivered, and how the EHR responded."""
    records = app_context().ledger.receipts(query["run"], query["key"])
    return {"receipts": [_receipt(record) for record in records[-query["last"] :]]}


def _run(record: RunRecord) -> Json:
    return {
        "run": record.number,
        "kind": record.kind,
        "started": record.started_at,
        "ended": record.ended_at,
        "state": record.state(app_context().clock()),
        "patients": record.patients,
        "failed": record.failed,
        "rulebook": record.rulebook,
    }


def _receipt(record: ReceiptRecord) -> Json:
    return {
        "run": record.run,
        "key": record.patient_key,
        "plan": record.plan_version,
        "outcome": record.outcome,
        "at": record.sent_at,
        "entries": [{"type": entry.type, "id": entry.id, "version": entry.version} for entry in record.entries],
    }


def _failure(record: FailureRecord) -> Json:
    return {
        "number": record.number,
        "run": record.run,
        "key": record.patient_key,
        "step": record.step,
        "reason": record.reason,
        "at": record.failed_at,
        "settled": record.resolved_by,
    }
