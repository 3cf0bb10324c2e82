"""The tables of the ledger, one frozen type for each kind of row, and its conversion to and from the row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from titrate import json_codec
from titrate.ledger.errors import NaiveTimestamp

RUNNING = "running"

# The tables after all migrations, which are in `service/titrate/ledger/migrations`.
tables = sa.MetaData()

facts = sa.Table(
    "facts",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
# `alive_until` (milliseconds since 1970) is extended while a run works; a run without an end after it was cut off.
runs = sa.Table(
    "runs",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("rulebook", sa.String, nullable=False),
    sa.Column("started_at", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
    sa.Column("ending", sa.String),
    sa.Column("patients", sa.Integer),
    sa.Column("failed", sa.Integer),
    sa.Column("alive_until", sa.BigInteger),
)
receipts = sa.Table(
    "receipts",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("plan_version", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("entries", sa.String, nullable=False),
    sa.Column("sent_at", sa.String, nullable=False),
)
# `settled_by` is the later run that processed the patient.
dead_letters = sa.Table(
    "dead_letters",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("step", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("failed_at", sa.String, nullable=False),
    sa.Column("settled_by", sa.Integer),
)
# One row per claimed patient. After `until` (milliseconds since 1970) any run may claim the patient.
claims = sa.Table(
    "claims",
    tables,
    sa.Column("patient_key", sa.String, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("until", sa.BigInteger, nullable=False),
)


class RunEnding(StrEnum):
    """How a run ended. `CUT_OFF`: it was killed, and `titrate ledger repair` closed it."""

    ENDED = "ended"
    STOPPED = "stopped"
    CUT_OFF = "cut-off"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `ending` is None while it works, or if it was killed.

    `patients` and `failed` are counts, None for a run without an end. Until `alive_until` it may still be working.
    """

    number: int
    kind: str
    rulebook: str
    started_at: datetime
    ended_at: datetime | None
    ending: RunEnding | None
    patients: int | None
    failed: int | None
    alive_until: datetime | None

    def state(self, at: datetime) -> str:
        """`ended`, `stopped`, `running` or `cut-off` at an instant."""
        if self.ending:
            return self.ending.value
        alive = self.alive_until is not None and self.alive_until > at
        return RUNNING if alive else RunEnding.CUT_OFF.value


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One resource that was written: its type, its id and its version in the EHR."""

    type: str
    id: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """One delivery. `outcome` is a code such as `written`."""

    run: int
    patient_key: str
    plan_version: str | None
    outcome: str
    entries: tuple[EntryRecord, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """A dead letter: a patient who failed, at which step, for what reason (a code), and when.

    `number` identifies it in the ledger; `resolved_by` is the later run that processed the patient.
    """

    run: int
    patient_key: str
    step: str
    reason: str
    failed_at: datetime
    number: int | None = field(default=None, compare=False)
    resolved_by: int | None = None


def row_of(record: ReceiptRecord | FailureRecord) -> sa.Insert:
    """The statement that inserts `record`."""
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
    ending = RunEnding(row.ending or RunEnding.ENDED) if row.ending or ended else None
    alive = None if row.alive_until is None else datetime.fromtimestamp(row.alive_until / 1000, UTC)
    started = datetime.fromisoformat(row.started_at)
    return RunRecord(row.id, row.kind, row.rulebook, started, ended, ending, row.patients, row.failed, alive)


def receipt_of_row(row: sa.Row[Any]) -> ReceiptRecord:
    """The delivery in a row of `receipts`."""
    entries = tuple(EntryRecord(*one) for one in json_codec.loads(row.entries))
    at = datetime.fromisoformat(row.sent_at)
    return ReceiptRecord(row.run, row.patient_key, row.plan_version, row.outcome, entries, at)


def failure_of_row(row: sa.Row[Any]) -> FailureRecord:
    """The dead letter in a row of `dead_letters`."""
    at = datetime.fromisoformat(row.failed_at)
    return FailureRecord(row.run, row.patient_key, row.step, row.reason, at, row.id, row.settled_by)


def instant_text(at: datetime) -> str:
    """A timestamp as text in UTC. Raises NaiveTimestamp."""
    if at.tzinfo is None:
        raise NaiveTimestamp
    return at.astimezone(UTC).isoformat()


def milliseconds(at: datetime) -> int:
    """A timestamp in milliseconds since 1970, rounded down, which every database sorts alike. Raises NaiveTimestamp."""
    if at.tzinfo is None:
        raise NaiveTimestamp
    return int(at.timestamp() * 1000)
