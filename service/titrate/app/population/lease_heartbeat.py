"""Keeps a run's claims alive while it works: a run that dies stops doing so, and its patients become free."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.population.cancellation import Cancellation
from titrate.event_log import Event, EventLog
from titrate.ledger.ledger import Ledger, LedgerUnusable
from titrate.ledger.records import FailureRecord

HEARTBEATS_PER_LEASE = 3


@dataclass(frozen=True, slots=True)
class Lease:
    """A run in the ledger: its number, and the moment, by `clock`, until which it may have what it claims."""

    ledger: Ledger
    run: int
    lease: timedelta
    clock: Callable[[], datetime]

    def take(self, patient: str) -> bool:
        """Whether the patient is this run's now."""
        at = self.clock()
        return self.ledger.take(self.ledger.patient_key(patient), self.run, at, at + self.lease)

    def close(self, patient: str, step: str | None, reason: str) -> None:
        """Give a patient back, with a dead letter if a step failed."""
        key = self.ledger.patient_key(patient)
        letter = None if step is None else FailureRecord(self.run, key, step, reason, self.clock())
        self.ledger.close_patient(key, self.run, letter)


@contextmanager
def heartbeat(hold: Lease, stop: Cancellation, journal: EventLog) -> Iterator[None]:
    """Prolong what the run holds, several times a lease, until the block is left. A lost ledger stops the run."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(hold.lease.total_seconds() / HEARTBEATS_PER_LEASE):
            try:
                hold.ledger.prolong(hold.run, hold.clock() + hold.lease)
            except LedgerUnusable:
                journal.note(Event.LEDGER_FAILED, run=hold.run)
                stop.ask("ledger")
                return

    thread = threading.Thread(target=beat, name="ledger", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
