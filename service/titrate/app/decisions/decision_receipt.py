"""What became of a person's decision on a plan: kept in the ledger, and as JSON for the command line and the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from titrate.app.decisions.decide_on_plan import DecisionResult
from titrate.app.pipeline import PlanningRules
from titrate.app.report.summary import receipt_json
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import EntryRecord, ReceiptRecord


def record_decision_receipt(
    ledger: Ledger, kind: str, rules: PlanningRules, settled: DecisionResult, at: datetime
) -> None:
    """Keep the receipt, as a run of its own. Nothing is kept where nothing was sent. Raises LedgerUnusable."""
    if settled.receipt is None:
        return
    run = ledger.begin_run(kind, rules.rulebook.digest, at)
    patient = ledger.patient_key(settled.patient.removeprefix("Patient/"))
    entries = tuple(EntryRecord(one.type, one.id, one.version) for one in settled.receipt.entries)
    ledger.record_receipt(ReceiptRecord(run, patient, None, settled.receipt.outcome.value, entries, at))
    ledger.end_run(run, at)


def decision_json(settled: DecisionResult) -> dict[str, Any]:
    """The result as JSON."""
    return {
        "plan": settled.plan,
        "patient": settled.patient,
        "ending": settled.ending.value,
        "why": list(settled.why),
        "changes": list(settled.changes),
        "receipt": None if settled.receipt is None else receipt_json(settled.receipt),
    }
