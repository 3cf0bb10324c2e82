"""The ledger: runs, deliveries, failures, and which run is processing which patient.

Operations only: no clinical content, names or patient ids. A patient is a keyed hash, and the key is stored in the
ledger alone. Delete the ledger, run again, and nothing in the EHR changes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from titrate.ledger import claims
from titrate.ledger.database import bring_up_to_date, engine_of, remedy
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.records import (
    FailureRecord,
    ReceiptRecord,
    RunEnding,
    RunRecord,
    dead_letters,
    facts,
    failure_of_row,
    instant_text,
    milliseconds,
    receipt_of_row,
    receipts,
    row_of,
    run_of_row,
    runs,
)
from titrate.messages.installation import LedgerNotOpened, LedgerNotUsable

KEY_BYTES = 16
Record = TypeVar("Record")


class Ledger:
    """An open ledger. Every write is one short transaction; on SQLite it takes the write lock at its start."""

    def __init__(self, engine: sa.Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key

    def patient_key(self, patient_id: str) -> str:
        """The hash of a patient id: the same in every run of this ledger, meaningless outside."""
        return hashlib.blake2b(patient_id.encode(), key=self._key, digest_size=12).hexdigest()

    def begin_run(self, kind: str, rulebook: str, at: datetime, alive_until: datetime | None = None) -> int:
        """Record the start of a run and return its number."""
        alive = None if alive_until is None else milliseconds(alive_until)
        row = runs.insert().values(kind=kind, rulebook=rulebook, started_at=instant_text(at), alive_until=alive)
        with self._transaction() as connection:
            return int(connection.execute(row.returning(runs.c.id)).scalar_one())

    def end_run(
        self,
        run: int,
        at: datetime,
        counts: tuple[int | None, int | None] = (None, None),
        ending: RunEnding = RunEnding.ENDED,
    ) -> None:
        """Record the end of a run with `counts` (patients, failed), and release its claims."""
        values = {"ended_at": instant_text(at), "ending": ending.value, "patients": counts[0], "failed": counts[1]}
        with self._transaction() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(values))
            claims.release(connection, run)

    def claim(self, patient_key: str, run: int, at: datetime, until: datetime) -> bool:
        """Claim a patient until an instant; False while another run has the claim."""
        with self._transaction() as connection:
            return claims.claim(connection, patient_key, run, at, until)

    def extend_claims(self, run: int, until: datetime) -> None:
        """Extend every claim of a run."""
        with self._transaction() as connection:
            claims.extend(connection, run, until)

    def release_patient(self, patient_key: str, run: int, failure: FailureRecord | None) -> None:
        """Release a patient and, in the same transaction, record a dead letter or resolve the earlier ones."""
        with self._transaction() as connection:
            if failure is None:
                unresolved = (dead_letters.c.patient_key == patient_key) & dead_letters.c.settled_by.is_(None)
                connection.execute(dead_letters.update().where(unresolved).values(settled_by=run))
            else:
                connection.execute(row_of(failure))
            claims.release(connection, run, patient_key)

    def record_receipt(self, record: ReceiptRecord) -> None:
        """Record the outcome of a delivery."""
        with self._transaction() as connection:
            connection.execute(row_of(record))

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, the oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(runs.select().order_by(runs.c.id)).all()
        return self._records(run_of_row, rows)

    def receipts(self, run: int | None = None, patient_key: str | None = None) -> tuple[ReceiptRecord, ...]:
        """Deliveries in the order of recording, optionally of one run or patient."""
        return self._records(receipt_of_row, self._rows(receipts, run, patient_key))

    def failures(self, run: int | None = None, patient_key: str | None = None) -> tuple[FailureRecord, ...]:
        """Dead letters in the order of recording, optionally of one run or patient."""
        return self._records(failure_of_row, self._rows(dead_letters, run, patient_key))

    def repair(self, at: datetime) -> tuple[int, int]:
        """Close runs that were cut off and delete expired claims. Returns the number of runs and of claims."""
        cut_off = [run.number for run in self.runs() if run.ending is None and run.state(at) == RunEnding.CUT_OFF]
        values = {"ended_at": instant_text(at), "ending": RunEnding.CUT_OFF.value}
        with self._transaction() as connection:
            released = claims.drop_expired(connection, at)
            connection.execute(runs.update().where(runs.c.id.in_(cut_off)).values(values))
        return len(cut_off), released

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _rows(self, table: sa.Table, run: int | None, patient_key: str | None) -> Sequence[sa.Row[Any]]:
        query = table.select().order_by(table.c.id)
        if run is not None:
            query = query.where(table.c.run == run)
        if patient_key is not None:
            query = query.where(table.c.patient_key == patient_key)
        with self._transaction() as connection:
            return connection.execute(query).all()

    def _records(self, record: Callable[[sa.Row[Any]], Record], rows: Iterable[sa.Row[Any]]) -> tuple[Record, ...]:
        """The record of each row. Raises LedgerUnusable for a number, a time or a text out of bounds."""
        try:
            return tuple(map(record, rows))
        except (ArithmeticError, OSError, TypeError, ValueError) as error:
            unusable = LedgerNotUsable(error=type(error).__name__, remedy=remedy(self._engine))
            raise LedgerUnusable(unusable) from None

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DatabaseError as error:
            unusable = LedgerNotUsable(error=type(error).__name__, remedy=remedy(self._engine))
            raise LedgerUnusable(unusable) from None


def open_ledger(place: Path | str) -> Ledger:
    """Open the ledger in a file or at a `postgresql://` address and migrate its tables. Raises LedgerUnusable."""
    engine = engine_of(place)
    try:
        with engine.begin() as connection:
            bring_up_to_date(connection)
            return Ledger(engine, _key(connection))
    except LedgerUnusable:
        engine.dispose()
        raise
    except (OSError, sa.exc.DatabaseError) as error:
        engine.dispose()
        raise LedgerUnusable(LedgerNotOpened(error=type(error).__name__, remedy=remedy(engine))) from None


def _key(connection: sa.Connection) -> bytes:
    known = connection.execute(sa.select(facts.c.value).where(facts.c.name == "patient-key")).scalar()
    if known is None:
        known = secrets.token_hex(KEY_BYTES)
        connection.execute(facts.insert().values(name="patient-key", value=known))
    return bytes.fromhex(known)
