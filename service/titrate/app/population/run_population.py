"""A whole run over given patients: from its number in the ledger to its tally. What `titrate sync` and the API call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.fetch_and_deliver import receipt_keeper
from titrate.app.pipeline import Rules, Walked
from titrate.app.population.cancellation import Stop
from titrate.app.population.isolate_failures import Task
from titrate.app.population.lease_heartbeat import Hold
from titrate.app.population.patient_result import Outcome
from titrate.app.population.run_report import Tally
from titrate.app.population.worker_pool import Crew, work
from titrate.ehr.client import EHR
from titrate.ehr.receipt import Receipt
from titrate.event_log import Event, Journal
from titrate.ledger.ledger import Ledger, LedgerUnusable


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run needs beside its patients. `at` is the moment of every decision; `clock` tells how time passes.

    `connect` makes a client for one thread. `ledger` is None in a dry run, which claims, keeps and writes nothing.
    """

    rules: Rules
    at: datetime
    connect: Callable[[], EHR]
    ledger: Ledger | None
    clock: Callable[[], datetime]
    journal: Journal
    stop: Stop
    threads: int = 1
    lease: timedelta = timedelta(seconds=60)
    kind: str = "sync"


def run(patients: Sequence[str], setup: Setup, tell: Callable[[Outcome], None] = lambda _: None) -> Tally:
    """Do all patients and say what came of each. `tell` hears of each as it is done, from any thread, one at a time.

    Raises LedgerUnusable when the run cannot begin; a ledger that is lost later stops the run and is in the tally.
    """
    begun, hold = setup.clock(), _begin(setup)
    task = Task(setup.rules, setup.at, _keeper(hold, setup.at))
    crew = Crew(task, setup.connect, setup.journal, setup.stop, hold, setup.threads, tell)
    outcomes = work(patients, crew)
    _end(hold, Tally(None, setup.at, len(patients), outcomes), setup)
    tally = Tally(hold.run if hold else None, setup.at, len(patients), outcomes, setup.stop.reason)
    took = int((setup.clock() - begun) / timedelta(milliseconds=1))
    failed = len(tally.failures)
    setup.journal.note(Event.RUN_ENDED, run=crew.run, patients=len(patients), failed=failed, milliseconds=took)
    return tally


def _begin(setup: Setup) -> Hold | None:
    if setup.ledger is None:
        return None
    now = setup.clock()
    number = setup.ledger.begin_run(setup.kind, setup.rules.rulebook.digest, now, now + setup.lease)
    return Hold(setup.ledger, number, setup.lease, setup.clock)


def _keeper(hold: Hold | None, at: datetime) -> Callable[[str, Walked, Receipt], None] | None:
    if hold is None:
        return None
    ledger, number = hold.ledger, hold.run
    return lambda patient, walked, receipt: receipt_keeper(ledger, number, patient, at)(walked, receipt)


def _end(hold: Hold | None, tally: Tally, setup: Setup) -> None:
    """Write the end into the ledger and hand back what is still claimed."""
    if hold is None:
        return
    ending = "stopped" if setup.stop.asked else "ended"
    try:
        hold.ledger.end_run(hold.run, setup.clock(), (tally.patients, len(tally.failures)), ending)
    except LedgerUnusable:
        setup.stop.ask("ledger")
