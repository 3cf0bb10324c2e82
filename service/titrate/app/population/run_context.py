"""What all patients of one run share: its settings, its cancellation, and its claims on patients.

Cancellation is cooperative, on a signal or because continuing is pointless: work in progress is completed. Claims are
extended while the run works; when a run dies, they expire.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from titrate.app.pipeline import PlanningRules
from titrate.app.population.patient_result import PatientResult
from titrate.ehr.client import EHR
from titrate.event_log import Event, EventLog
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import FailureRecord

MAX_CONSECUTIVE = 8
HEARTBEATS_PER_LEASE = 3


class StopReason(StrEnum):
    """Why a run stopped before it had processed every patient."""

    SIGNAL = "signal"
    TIME = "time"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    LEDGER = "ledger"


FATAL_REASONS = frozenset({StopReason.UNREACHABLE, StopReason.UNAUTHORISED})


@dataclass(slots=True)
class Cancellation:
    """A one-way switch shared by the threads of a run. The first reason is kept.

    `wait` replaces `time.sleep`, so that a pause ends as soon as the run is cancelled.
    """

    reason: StopReason | None = None
    consecutive_failures: int = 0
    _event: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, reason: StopReason) -> None:
        """Cancel the run. Safe to call from a signal handler."""
        if self.reason is None:
            self.reason = reason
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether the run is cancelled."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but wake up when the run is cancelled."""
        self._event.wait(seconds)

    def record_outcome(self, reason: str | None) -> None:
        """Count consecutive fatal failures and cancel at the limit: an EHR lost for many patients is lost for all."""
        with self._lock:
            if reason not in FATAL_REASONS:
                self.consecutive_failures = 0
                return
            self.consecutive_failures += 1
            if self.consecutive_failures >= MAX_CONSECUTIVE:
                self.request(StopReason(reason))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a run needs besides its patients.

    `at` is the instant of every decision, `clock` returns the current time. `connect` opens a client for one thread.
    `ledger` is None in a dry run, which claims, records and delivers nothing. `on_result` is called with each result
    as soon as it is final, from any thread, one call at a time.
    """

    rules: PlanningRules
    at: datetime
    connect: Callable[[], EHR]
    ledger: Ledger | None
    clock: Callable[[], datetime]
    event_log: EventLog
    cancellation: Cancellation
    threads: int = 1
    lease: timedelta = timedelta(seconds=60)
    kind: str = "sync"
    on_result: Callable[[PatientResult], None] = lambda _: None
