"""Claims of a run on its patients, extended while the run works. When a run dies, its claims expire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.population.cancellation import Cancellation, StopReason
from titrate.event_log import Event, EventLog
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import FailureRecord

HEARTBEATS_PER_LEASE = 3


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of a run to work on the patients that it claims, renewed for `duration` at each heartbeat."""

    ledger: Ledger
    run: int
    duration: timedelta
    clock: Callable[[], datetime]

    def claim(self, patient: str) -> bool:
        """Claim a patient; False while another run has the claim."""
        at = self.clock()
        return self.ledger.claim(self.ledger.patient_key(patient), self.run, at, at + self.duration)

    def release(self, patient: str, failed_step: str | None = None, reason: str = "") -> None:
        """End the claim on a patient, with a dead letter if a step failed."""
        key = self.ledger.patient_key(patient)
        failure = None if failed_step is None else FailureRecord(self.run, key, failed_step, reason, self.clock())
        self.ledger.release_patient(key, self.run, failure)


@contextmanager
def heartbeat(lease: Lease, cancellation: Cancellation, event_log: EventLog) -> Iterator[None]:
    """Extend the claims of the run in a thread until the block ends. If the ledger is lost, cancel the run."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(lease.duration.total_seconds() / HEARTBEATS_PER_LEASE):
            try:
                lease.ledger.extend_claims(lease.run, lease.clock() + lease.duration)
            except LedgerUnusable:
                event_log.note(Event.LEDGER_FAILED, run=lease.run)
                cancellation.request(StopReason.LEDGER)
                return

    thread = threading.Thread(target=beat, name="ledger", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
