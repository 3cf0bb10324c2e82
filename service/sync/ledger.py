"""The ledger: which runs there were, what was delivered for whom, and what could not be.

Operations only. No clinical content, no names, no patient ids: a patient is a keyed hash, and the key lives in the
ledger and dies with it. Drop the file and run again, and nothing in the EHR changes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.sync.records import (
    FailureRecord,
    ReceiptRecord,
    dead_letters,
    facts,
    failure_of_row,
    instant_text,
    receipt_of_row,
    receipts,
    row_of,
    runs,
    tables,
)

BUSY_MILLISECONDS = 10_000
KEY_BYTES = 16
REMEDY = "Set TITRATE_LEDGER to a file in a folder that you may write to, on a local disk."


class LedgerUnusable(RuntimeError):
    """The ledger's file cannot be opened or written. Names what to do, not the database's own words."""


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
        row = runs.insert().values(kind=kind, rulebook=rulebook, started_at=instant_text(at)).returning(runs.c.id)
        with self._transaction() as connection:
            return int(connection.execute(row).scalar_one())

    def end_run(self, run: int, at: datetime) -> None:
        """Write that a run ended. A run without an end was cut off."""
        with self._transaction() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(ended_at=instant_text(at)))

    def record_receipt(self, record: ReceiptRecord) -> None:
        """Keep what became of a delivery."""
        with self._transaction() as connection:
            connection.execute(row_of(record))

    def record_failure(self, record: FailureRecord) -> None:
        """Keep a dead letter: a patient that could not be done."""
        with self._transaction() as connection:
            connection.execute(row_of(record))

    def receipts(self, run: int | None = None, patient_key: str | None = None) -> tuple[ReceiptRecord, ...]:
        """Deliveries in the order in which they were recorded, of one run or patient or of all."""
        return tuple(receipt_of_row(row) for row in self._rows(receipts, run, patient_key))

    def failures(self, run: int | None = None, patient_key: str | None = None) -> tuple[FailureRecord, ...]:
        """Dead letters in the order in which they were recorded, of one run or patient or of all."""
        return tuple(failure_of_row(row) for row in self._rows(dead_letters, run, patient_key))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _rows(self, table: sa.Table, run: int | None, patient_key: str | None) -> Sequence[sa.Row[Any]]:
        query = table.select().order_by(table.c.id)
        if run is not None:
            query = query.where(table.c.run == run)
        if patient_key is not None:
            query = query.where(table.c.patient_key == patient_key)
        with self._transaction() as connection:
            return connection.execute(query).all()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DatabaseError as error:
            raise LedgerUnusable(f"The ledger cannot be used ({_kind(error)}). {REMEDY}") from None


def open_ledger(path: Path) -> Ledger:
    """Open the ledger at `path`, and make it there when it is new. Raises LedgerUnusable."""
    engine = _engine(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with engine.begin() as connection:
            tables.create_all(connection)
            return Ledger(engine, _key(connection))
    except (OSError, sa.exc.DatabaseError) as error:
        engine.dispose()
        raise LedgerUnusable(f"The ledger cannot be opened ({_kind(error)}). {REMEDY}") from None


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


def _kind(error: Exception) -> str:
    """What went wrong in one word of the library's; its sentences can hold statements and values."""
    return type(error).__name__
