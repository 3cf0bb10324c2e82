"""A whole run over given patients: from its number in the ledger to its tally. What `titrate sync` and the API call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.fetch_and_deliver import receipt_keeper
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.app.population.cancellation import Cancellation
from titrate.app.population.isolate_failures import PatientTask
from titrate.app.population.lease_heartbeat import Lease
from titrate.app.population.patient_result import PatientResult
from titrate.app.population.run_report import RunReport
from titrate.app.population.worker_pool import WorkerPool, process_patients
from titrate.ehr.client import EHR
from titrate.ehr.receipt import Receipt
from titrate.event_log import Event, EventLog
from titrate.ledger.ledger import Ledger, LedgerUnusable


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run needs beside its patients. `at` is the moment of every decision; `clock` tells how time passes.

    `connect` makes a client for one thread. `ledger` is None in a dry run, which claims, keeps and writes nothing.
    """

    rules: PlanningRules
    at: datetime
    connect: Callable[[], EHR]
    ledger: Ledger | None
    clock: Callable[[], datetime]
    journal: EventLog
    stop: Cancellation
    threads: int = 1
    lease: timedelta = timedelta(seconds=60)
    kind: str = "sync"


def run_population(
    patients: Sequence[str], setup: RunSettings, tell: Callable[[PatientResult], None] = lambda _: None
) -> RunReport:
    """Do all patients and say what came of each. `tell` hears of each as it is done, from any thread, one at a time.

    Raises LedgerUnusable when the run cannot begin; a ledger that is lost later stops the run and is in the tally.
    """
    begun, hold = setup.clock(), _begin(setup)
    task = PatientTask(setup.rules, setup.at, _keeper(hold, setup.at))
    crew = WorkerPool(task, setup.connect, setup.journal, setup.stop, hold, setup.threads, tell)
    outcomes = process_patients(patients, crew)
    _end(hold, RunReport(None, setup.at, len(patients), outcomes), setup)
    tally = RunReport(hold.run if hold else None, setup.at, len(patients), outcomes, setup.stop.reason)
    took = int((setup.clock() - begun) / timedelta(milliseconds=1))
    failed = len(tally.failures)
    setup.journal.note(Event.RUN_ENDED, run=crew.run, patients=len(patients), failed=failed, milliseconds=took)
    return tally


def _begin(setup: RunSettings) -> Lease | None:
    if setup.ledger is None:
        return None
    now = setup.clock()
    number = setup.ledger.begin_run(setup.kind, setup.rules.rulebook.digest, now, now + setup.lease)
    return Lease(setup.ledger, number, setup.lease, setup.clock)


def _keeper(hold: Lease | None, at: datetime) -> Callable[[str, PipelineResult, Receipt], None] | None:
    if hold is None:
        return None
    ledger, number = hold.ledger, hold.run
    return lambda patient, walked, receipt: receipt_keeper(ledger, number, patient, at)(walked, receipt)


def _end(hold: Lease | None, tally: RunReport, setup: RunSettings) -> None:
    """Write the end into the ledger and hand back what is still claimed."""
    if hold is None:
        return
    ending = "stopped" if setup.stop.asked else "ended"
    try:
        hold.ledger.end_run(hold.run, setup.clock(), (tally.patients, len(tally.failures)), ending)
    except LedgerUnusable:
        setup.stop.ask("ledger")
