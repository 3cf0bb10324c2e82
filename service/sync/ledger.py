"""The ledger: which runs there were, what was delivered for whom, and what could not be.

Operations only. No clinical content, no names, no patient ids: a patient is a keyed hash, and the key lives in the
ledger and dies with it. Drop the file and run again, and nothing in the EHR changes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_MILLISECONDS = 10_000
KEY_BYTES = 16

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


class LedgerUnusable(RuntimeError):
    """The ledger's file cannot be opened or written. Names what to do, not the database's own words."""


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


class Ledger:
    """The open ledger. Every write is one short transaction that takes the write lock at its start."""

    def __init__(self, engine: sa.Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key

    def patient_key(self, patient_id: str) -> str:
        """The hash that stands for a patient of this ledger: the same in every run, meaningless outside."""
        return hashlib.blake2b(patient_id.encode(), key=self._key, digest_size=12).hexdigest()

    def begin_run(self, kind: str, rulebook: str, at: datetime) -> int:
        """Write that a run starts, and give its number."""
        row = runs.insert().values(kind=kind, rulebook=rulebook, started_at=_text(at)).returning(runs.c.id)
        with self._engine.begin() as connection:
            return int(connection.execute(row).scalar_one())

    def end_run(self, run: int, at: datetime) -> None:
        """Write that a run ended. A run without an end was cut off."""
        with self._engine.begin() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(ended_at=_text(at)))

    def record_receipt(self, record: ReceiptRecord) -> None:
        """Keep what became of a delivery."""
        entries = json.dumps([[one.type, one.id, one.version] for one in record.entries])
        row = receipts.insert().values(
            run=record.run, patient_key=record.patient_key, plan_version=record.plan_version, outcome=record.outcome,
            entries=entries, sent_at=_text(record.sent_at),
        )
        with self._engine.begin() as connection:
            connection.execute(row)

    def record_failure(self, record: FailureRecord) -> None:
        """Keep a dead letter: a patient that could not be done."""
        row = dead_letters.insert().values(
            run=record.run, patient_key=record.patient_key, step=record.step, reason=record.reason,
            failed_at=_text(record.failed_at),
        )
        with self._engine.begin() as connection:
            connection.execute(row)

    def receipts(self, run: int | None = None, patient_key: str | None = None) -> tuple[ReceiptRecord, ...]:
        """Deliveries in the order in which they were recorded, of one run or patient or of all."""
        return tuple(_receipt(row) for row in self._rows(receipts, run, patient_key))

    def failures(self, run: int | None = None, patient_key: str | None = None) -> tuple[FailureRecord, ...]:
        """Dead letters in the order in which they were recorded, of one run or patient or of all."""
        return tuple(_failure(row) for row in self._rows(dead_letters, run, patient_key))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _rows(self, table: sa.Table, run: int | None, patient_key: str | None) -> Sequence[sa.Row[Any]]:
        query = table.select().order_by(table.c.id)
        if run is not None:
            query = query.where(table.c.run == run)
        if patient_key is not None:
            query = query.where(table.c.patient_key == patient_key)
        with self._engine.begin() as connection:
            return connection.execute(query).all()


def open_ledger(path: Path) -> Ledger:
    """Open the ledger at `path`, and make it there when it is new. Raises LedgerUnusable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(path)
        with engine.begin() as connection:
            tables.create_all(connection)
            return Ledger(engine, _key(connection))
    except (OSError, sa.exc.DatabaseError):
        raise LedgerUnusable("The ledger cannot be opened. Set TITRATE_LEDGER to a file in a folder that you may write "
                             "to, on a local disk.") from None


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _take_write_lock)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Several threads and processes share the file: readers never wait, writers wait for each other a while."""
    connection.isolation_level = None  # the driver must not open deferred transactions of its own
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _take_write_lock(connection: sa.Connection) -> None:
    """A deferred transaction that turns into a write fails at once when another one writes; this one waits."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _key(connection: sa.Connection) -> bytes:
    known = connection.execute(sa.select(facts.c.value).where(facts.c.name == "patient-key")).scalar()
    if known is None:
        known = secrets.token_hex(KEY_BYTES)
        connection.execute(facts.insert().values(name="patient-key", value=known))
    return bytes.fromhex(known)


def _receipt(row: sa.Row[Any]) -> ReceiptRecord:
    entries = tuple(EntryRecord(*one) for one in json.loads(row.entries))
    return ReceiptRecord(row.run, row.patient_key, row.plan_version, row.outcome, entries, _instant(row.sent_at))


def _failure(row: sa.Row[Any]) -> FailureRecord:
    return FailureRecord(row.run, row.patient_key, row.step, row.reason, _instant(row.failed_at))


def _text(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("The ledger takes aware times only.")
    return at.astimezone(UTC).isoformat()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
