"""The population once: every patient through the same corridor, several at a time, each kept apart from the others.

One patient has one writer: a patient whom another run has is left for later, and at the end waited for as long as a
run that was killed may keep its claim.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field

from titrate.app.population.cancellation import Cancellation
from titrate.app.population.isolate_failures import PatientTask, process_patient
from titrate.app.population.lease_heartbeat import Lease, heartbeat
from titrate.app.population.patient_result import PatientBusyElsewhere, PatientDone, PatientFailed, PatientResult
from titrate.ehr.client import EHR
from titrate.event_log import Event, EventLog
from titrate.ledger.ledger import LedgerUnusable

RETRIES_PER_LEASE = 20


@dataclass(frozen=True, slots=True)
class WorkerPool:
    """Who works and how: `connect` gives each thread a client of its own. Without `hold` nothing is claimed or kept."""

    task: PatientTask
    connect: Callable[[], EHR]
    journal: EventLog
    stop: Cancellation
    hold: Lease | None
    threads: int = 1
    tell: Callable[[PatientResult], None] = lambda _: None

    @property
    def run(self) -> int:
        """The run's number in the ledger, 0 for a dry run."""
        return self.hold.run if self.hold else 0


@dataclass(slots=True)
class _Shift:
    """The patients that nobody has begun, and what came of the others. Shared between threads."""

    left: deque[str]
    found: list[PatientResult] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> str | None:
        with self.lock:
            return self.left.popleft() if self.left else None

    def put(self, outcome: PatientResult, tell: Callable[[PatientResult], None]) -> None:
        with self.lock:
            self.found.append(outcome)
            if not isinstance(outcome, PatientBusyElsewhere):
                tell(outcome)


def process_patients(patients: Sequence[str], crew: WorkerPool) -> tuple[PatientResult, ...]:
    """Do all patients; those whom nobody began when the run was stopped are not among the outcomes."""
    crew.journal.note(Event.RUN_STARTED, run=crew.run, patients=len(patients))
    with heartbeat(crew.hold, crew.stop, crew.journal) if crew.hold else nullcontext():
        found = _pass(patients, crew)
        found = _come_back(found, crew)
    order = {patient: place for place, patient in enumerate(patients)}
    return tuple(sorted(found, key=lambda one: order[one.patient]))


def _come_back(found: list[PatientResult], crew: WorkerPool) -> list[PatientResult]:
    """Try those again whom another run had: for one lease, after which a run that still has them is alive."""
    if crew.hold is None:
        return found
    pause = crew.hold.lease / RETRIES_PER_LEASE
    for _ in range(RETRIES_PER_LEASE + 2):
        busy = [one.patient for one in found if isinstance(one, PatientBusyElsewhere)]
        if not busy or crew.stop.asked:
            break
        crew.stop.wait(pause.total_seconds())
        found = [*(one for one in found if not isinstance(one, PatientBusyElsewhere)), *_pass(busy, crew)]
    for one in found:
        if isinstance(one, PatientBusyElsewhere):
            crew.tell(one)
    return found


def _pass(patients: Sequence[str], crew: WorkerPool) -> list[PatientResult]:
    """One time through `patients`. Raises LedgerUnusable once every thread has ended."""
    shift = _Shift(deque(patients))
    threads = max(1, min(crew.threads, len(patients)))
    with ThreadPoolExecutor(threads, thread_name_prefix="patients") as pool:
        hands = [pool.submit(_hand, shift, crew) for _ in range(threads)]
        while wait(hands, timeout=1).not_done:
            pass  # awake now and then, so that the signal to stop is heard on every Python
    for hand in hands:
        hand.result()
    if crew.stop.asked and shift.left:
        crew.journal.note(Event.RUN_STOPPING, run=crew.run, reason=crew.stop.reason, left=len(shift.left))
    return shift.found


def _hand(shift: _Shift, crew: WorkerPool) -> None:
    """One thread: patient after patient with a client of its own."""
    ehr = crew.connect()
    try:
        while not crew.stop.asked and (patient := shift.next()) is not None:
            shift.put(_one(ehr, patient, crew), crew.tell)
    except LedgerUnusable:
        crew.journal.note(Event.LEDGER_FAILED, run=crew.run)
        crew.stop.ask("ledger")


def _one(ehr: EHR, patient: str, crew: WorkerPool) -> PatientResult:
    if crew.hold is not None and not crew.hold.take(patient):
        crew.journal.note(Event.PATIENT_BUSY, run=crew.run, patient=crew.journal.number(patient))
        return PatientBusyElsewhere(patient)
    outcome = process_patient(ehr, patient, crew.task)
    crew.stop.heed(outcome.reason if isinstance(outcome, PatientFailed) else None)
    failure = outcome.failure
    if crew.hold is not None:
        crew.hold.close(patient, failure.step if failure else None, failure.reason if failure else "")
    _note(outcome, crew)
    return outcome


def _note(outcome: PatientDone | PatientFailed, crew: WorkerPool) -> None:
    run, patient, note = crew.run, crew.journal.number(outcome.patient), crew.journal.note
    if isinstance(outcome, PatientDone):
        note(
            Event.PATIENT_DECIDED,
            run=run,
            patient=patient,
            rule=outcome.rule,
            outcome=outcome.outcome,
            review=outcome.review,
        )
        if outcome.delivery == "unchanged":
            note(Event.UNCHANGED, run=run, patient=patient)
        elif outcome.failure is None:
            note(Event.DELIVERED, run=run, patient=patient, outcome=outcome.delivery, created=outcome.created)
    if failure := outcome.failure:
        note(Event.PATIENT_FAILED, run=run, patient=patient, step=failure.step, reason=failure.reason)
