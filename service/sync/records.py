"""What the ledger keeps: its tables, and one frozen record for each kind of row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

tables = sa.MetaData()
facts = sa.Table(
    "facts", tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
runs = sa.Table(
    "runs", tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("rulebook", sa.String, nullable=False),
    sa.Column("started_at", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
)
receipts = sa.Table(
    "receipts", tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("plan_version", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("entries", sa.String, nullable=False),
    sa.Column("sent_at", sa.String, nullable=False),
)
dead_letters = sa.Table(
    "dead_letters", tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("step", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("failed_at", sa.String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One resource that was written: its type, its id in the EHR, its version there."""

    type: str
    id: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """One delivery. `outcome` is a code such as `written`; `sent_at` is aware, in UTC."""

    run: int
    patient_key: str
    plan_version: str | None
    outcome: str
    entries: tuple[EntryRecord, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """One patient that could not be done: at which step, for what reason (a code), and when."""

    run: int
    patient_key: str
    step: str
    reason: str
    failed_at: datetime


def row_of(record: ReceiptRecord | FailureRecord) -> sa.Insert:
    """The statement that keeps `record`."""
    if isinstance(record, FailureRecord):
        return dead_letters.insert().values(
            run=record.run, patient_key=record.patient_key, step=record.step, reason=record.reason,
            failed_at=instant_text(record.failed_at),
        )
    return receipts.insert().values(
        run=record.run, patient_key=record.patient_key, plan_version=record.plan_version, outcome=record.outcome,
        entries=json.dumps([[one.type, one.id, one.version] for one in record.entries]),
        sent_at=instant_text(record.sent_at),
    )


def receipt_of_row(row: sa.Row[Any]) -> ReceiptRecord:
    """The delivery in a row of `receipts`."""
    entries = tuple(EntryRecord(*one) for one in json.loads(row.entries))
    at = datetime.fromisoformat(row.sent_at)
    return ReceiptRecord(row.run, row.patient_key, row.plan_version, row.outcome, entries, at)


def failure_of_row(row: sa.Row[Any]) -> FailureRecord:
    """The dead letter in a row of `dead_letters`."""
    return FailureRecord(row.run, row.patient_key, row.step, row.reason, datetime.fromisoformat(row.failed_at))


def instant_text(at: datetime) -> str:
    """An aware time as text in UTC. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("The ledger takes aware times only.")
    return at.astimezone(UTC).isoformat()
