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

from titrate.app.population.cancellation import Stop
from titrate.app.population.isolate_failures import Task, attempt
from titrate.app.population.lease_heartbeat import Hold, beating
from titrate.app.population.patient_result import Busy, Done, Failed, Outcome
from titrate.ehr.client import EHR
from titrate.event_log import Event, Journal
from titrate.ledger.ledger import LedgerUnusable

PAUSES_A_LEASE = 20


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works and how: `connect` gives each thread a client of its own. Without `hold` nothing is claimed or kept."""

    task: Task
    connect: Callable[[], EHR]
    journal: Journal
    stop: Stop
    hold: Hold | None
    threads: int = 1
    tell: Callable[[Outcome], None] = lambda _: None

    @property
    def run(self) -> int:
        """The run's number in the ledger, 0 for a dry run."""
        return self.hold.run if self.hold else 0


@dataclass(slots=True)
class _Shift:
    """The patients that nobody has begun, and what came of the others. Shared between threads."""

    left: deque[str]
    found: list[Outcome] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> str | None:
        with self.lock:
            return self.left.popleft() if self.left else None

    def put(self, outcome: Outcome, tell: Callable[[Outcome], None]) -> None:
        with self.lock:
            self.found.append(outcome)
            if not isinstance(outcome, Busy):
                tell(outcome)


def work(patients: Sequence[str], crew: Crew) -> tuple[Outcome, ...]:
    """Do all patients; those whom nobody began when the run was stopped are not among the outcomes."""
    crew.journal.note(Event.RUN_STARTED, run=crew.run, patients=len(patients))
    with beating(crew.hold, crew.stop, crew.journal) if crew.hold else nullcontext():
        found = _pass(patients, crew)
        found = _come_back(found, crew)
    order = {patient: place for place, patient in enumerate(patients)}
    return tuple(sorted(found, key=lambda one: order[one.patient]))


def _come_back(found: list[Outcome], crew: Crew) -> list[Outcome]:
    """Try those again whom another run had: for one lease, after which a run that still has them is alive."""
    if crew.hold is None:
        return found
    pause = crew.hold.lease / PAUSES_A_LEASE
    for _ in range(PAUSES_A_LEASE + 2):
        busy = [one.patient for one in found if isinstance(one, Busy)]
        if not busy or crew.stop.asked:
            break
        crew.stop.wait(pause.total_seconds())
        found = [*(one for one in found if not isinstance(one, Busy)), *_pass(busy, crew)]
    for one in found:
        if isinstance(one, Busy):
            crew.tell(one)
    return found


def _pass(patients: Sequence[str], crew: Crew) -> list[Outcome]:
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


def _hand(shift: _Shift, crew: Crew) -> None:
    """One thread: patient after patient with a client of its own."""
    ehr = crew.connect()
    try:
        while not crew.stop.asked and (patient := shift.next()) is not None:
            shift.put(_one(ehr, patient, crew), crew.tell)
    except LedgerUnusable:
        crew.journal.note(Event.LEDGER_FAILED, run=crew.run)
        crew.stop.ask("ledger")


def _one(ehr: EHR, patient: str, crew: Crew) -> Outcome:
    if crew.hold is not None and not crew.hold.take(patient):
        crew.journal.note(Event.PATIENT_BUSY, run=crew.run, patient=crew.journal.number(patient))
        return Busy(patient)
    outcome = attempt(ehr, patient, crew.task)
    crew.stop.heed(outcome.reason if isinstance(outcome, Failed) else None)
    failure = outcome.failure
    if crew.hold is not None:
        crew.hold.close(patient, failure.step if failure else None, failure.reason if failure else "")
    _note(outcome, crew)
    return outcome


def _note(outcome: Done | Failed, crew: Crew) -> None:
    run, patient, note = crew.run, crew.journal.number(outcome.patient), crew.journal.note
    if isinstance(outcome, Done):
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
