"""What the ledger keeps: one frozen record for each kind of row, and the way to the row and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from titrate.ledger.tables import dead_letters, receipts


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `ending` is `ended`, `stopped` or `cut-off`; None while it works, or when it was killed.

    `patients` and `failed` are counts, None for a run without an end. `alive` says whether it may be working still.
    """

    number: int
    kind: str
    rulebook: str
    started_at: datetime
    ended_at: datetime | None
    ending: str | None
    patients: int | None
    failed: int | None
    alive_until: datetime | None

    def state(self, at: datetime) -> str:
        """`ended`, `stopped`, `running` or `cut-off`."""
        if self.ending:
            return self.ending
        return "running" if self.alive_until is not None and self.alive_until > at else "cut-off"


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
    """A dead letter: one patient that could not be done, at which step, for what reason (a code), and when.

    `number` names it in the ledger; `settled_by` is the run that did the patient after all.
    """

    run: int
    patient_key: str
    step: str
    reason: str
    failed_at: datetime
    number: int | None = field(default=None, compare=False)
    settled_by: int | None = None


def row_of(record: ReceiptRecord | FailureRecord) -> sa.Insert:
    """The statement that keeps `record`."""
    if isinstance(record, FailureRecord):
        return dead_letters.insert().values(
            run=record.run,
            patient_key=record.patient_key,
            step=record.step,
            reason=record.reason,
            failed_at=instant_text(record.failed_at),
        )
    return receipts.insert().values(
        run=record.run,
        patient_key=record.patient_key,
        plan_version=record.plan_version,
        outcome=record.outcome,
        entries=json.dumps([[one.type, one.id, one.version] for one in record.entries]),
        sent_at=instant_text(record.sent_at),
    )


def run_of_row(row: sa.Row[Any]) -> RunRecord:
    """The run in a row of `runs`."""
    ended = None if row.ended_at is None else datetime.fromisoformat(row.ended_at)
    ending = row.ending or ("ended" if ended else None)
    alive = None if row.alive_until is None else datetime.fromtimestamp(row.alive_until / 1000, UTC)
    started = datetime.fromisoformat(row.started_at)
    return RunRecord(row.id, row.kind, row.rulebook, started, ended, ending, row.patients, row.failed, alive)


def receipt_of_row(row: sa.Row[Any]) -> ReceiptRecord:
    """The delivery in a row of `receipts`."""
    entries = tuple(EntryRecord(*one) for one in json.loads(row.entries))
    at = datetime.fromisoformat(row.sent_at)
    return ReceiptRecord(row.run, row.patient_key, row.plan_version, row.outcome, entries, at)


def failure_of_row(row: sa.Row[Any]) -> FailureRecord:
    """The dead letter in a row of `dead_letters`."""
    at = datetime.fromisoformat(row.failed_at)
    return FailureRecord(row.run, row.patient_key, row.step, row.reason, at, row.id, row.settled_by)


def instant_text(at: datetime) -> str:
    """An aware time as text in UTC. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("The ledger takes aware times only.")
    return at.astimezone(UTC).isoformat()


def milliseconds(at: datetime) -> int:
    """An aware time in milliseconds since 1970, rounded down: what databases of every locale sort alike."""
    if at.tzinfo is None:
        raise ValueError("The ledger takes aware times only.")
    return int(at.timestamp() * 1000)
