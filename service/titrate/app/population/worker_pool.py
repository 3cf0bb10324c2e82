"""All patients of a run through the same pipeline, several at a time, isolated from each other.

One patient has one writer: a patient claimed by another run is retried at the end, for as long as the claim of a killed
run can last.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field

from titrate.app.errors import InvalidPlan
from titrate.app.fetch_and_deliver import plan_and_deliver, preview, receipt_keeper
from titrate.app.population.patient_result import (
    FailedStep,
    PatientBusyElsewhere,
    PatientDone,
    PatientFailed,
    PatientResult,
    done_patient,
    failure_of,
)
from titrate.app.population.run_context import Lease, RunContext, StopReason, heartbeat
from titrate.ehr.client import EHR
from titrate.ehr.deliver import WRITE_TRANSACTION
from titrate.ehr.errors import EHRError
from titrate.event_log import Event, error_location
from titrate.fhir.errors import NoPatient, SeveralPatients
from titrate.ledger.errors import LedgerUnusable
from titrate.messages.population_runs import NotOneRecord, ProgramFault

RETRIES_PER_LEASE = 20
# The number that log lines show for a run without a ledger.
DRY_RUN = 0


@dataclass(slots=True)
class _WorkQueue:
    """Patients of a run that are not started, and the results so far. Shared between threads."""

    context: RunContext
    lease: Lease | None
    patients: deque[str]
    results: list[PatientResult] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def run(self) -> int:
        return self.lease.run if self.lease else DRY_RUN

    def next(self) -> str | None:
        with self.lock:
            return self.patients.popleft() if self.patients else None

    def add(self, result: PatientResult) -> None:
        with self.lock:
            self.results.append(result)
            if not isinstance(result, PatientBusyElsewhere):
                self.context.on_result(result)


def process_patients(
    patients: Sequence[str], context: RunContext, lease: Lease | None = None
) -> tuple[PatientResult, ...]:
    """Process all patients, in their order. Patients not started before a stop are absent from the result.

    Without a lease nothing is claimed, delivered or recorded. Raises LedgerUnusable.
    """
    context.event_log.note(Event.RUN_STARTED, run=lease.run if lease else DRY_RUN, patients=len(patients))
    with heartbeat(lease, context.cancellation, context.event_log) if lease else nullcontext():
        results = _pass(patients, context, lease)
        if lease is not None:
            results = _retry_busy(results, context, lease)
    order = {patient: place for place, patient in enumerate(patients)}
    return tuple(sorted(results, key=lambda result: order[result.patient]))


def _retry_busy(results: list[PatientResult], context: RunContext, lease: Lease) -> list[PatientResult]:
    """Retry patients claimed by another run for one lease; after that the other run must be alive."""
    pause = lease.duration / RETRIES_PER_LEASE
    for _ in range(RETRIES_PER_LEASE + 2):
        busy = [result.patient for result in results if isinstance(result, PatientBusyElsewhere)]
        if not busy or context.cancellation.requested:
            break
        context.cancellation.wait(pause.total_seconds())
        results = [result for result in results if not isinstance(result, PatientBusyElsewhere)]
        results += _pass(busy, context, lease)
    for result in results:
        if isinstance(result, PatientBusyElsewhere):
            context.on_result(result)
    return results


def _pass(patients: Sequence[str], context: RunContext, lease: Lease | None) -> list[PatientResult]:
    """Go through `patients` once. Raises LedgerUnusable once every thread has ended."""
    queue = _WorkQueue(context, lease, deque(patients))
    threads = max(1, min(context.threads, len(patients)))
    with ThreadPoolExecutor(threads, thread_name_prefix="patients") as pool:
        workers = [pool.submit(_worker, queue) for _ in range(threads)]
        while wait(workers, timeout=1).not_done:
            pass  # wake every second so that signal handlers run on all Python versions
    for worker in workers:
        worker.result()
    if context.cancellation.requested and queue.patients:
        context.event_log.note(
            Event.RUN_STOPPING, run=queue.run, reason=context.cancellation.reason, left=len(queue.patients)
        )
    return queue.results


def _worker(queue: _WorkQueue) -> None:
    """One thread: patient after patient with a client of its own."""
    context = queue.context
    ehr = context.connect()
    try:
        while not context.cancellation.requested and (patient := queue.next()) is not None:
            queue.add(_claimed_result(ehr, patient, queue))
    except LedgerUnusable:
        context.event_log.note(Event.LEDGER_FAILED, run=queue.run)
        context.cancellation.request(StopReason.LEDGER)


def _claimed_result(ehr: EHR, patient: str, queue: _WorkQueue) -> PatientResult:
    """Claim, process and release one patient."""
    context, lease = queue.context, queue.lease
    if lease is not None and not lease.claim(patient):
        context.event_log.note(Event.PATIENT_BUSY, run=queue.run, patient=context.event_log.number(patient))
        return PatientBusyElsewhere(patient)
    result = process_patient(ehr, patient, context, lease)
    context.cancellation.record_outcome(result.reason if isinstance(result, PatientFailed) else None)
    failure = failure_of(result)
    if lease is not None:
        lease.release(patient, failure.step if failure else None, failure.reason if failure else "")
    _log_result(result, queue)
    return result


def process_patient(ehr: EHR, patient: str, context: RunContext, lease: Lease | None) -> PatientDone | PatientFailed:
    """Plan one patient, and deliver if there is a lease.

    Only LedgerUnusable propagates; every other failure stays with its patient.
    """
    try:
        if lease is None:
            result, faults = preview(ehr, patient, context.rules, context.at)
            return done_patient(result, faults, None, dry_run=True)
        keep = receipt_keeper(lease.ledger, lease.run, patient, context.at)
        delivered = plan_and_deliver(ehr, patient, context.rules, context.at, keep)
        return done_patient(delivered.result, delivered.faults, delivered.receipt, dry_run=False)
    except LedgerUnusable:
        raise
    except EHRError as error:
        return PatientFailed(
            patient,
            FailedStep.DELIVER if error.exchange == WRITE_TRANSACTION else FailedStep.FETCH,
            error.code,
            str(error),
        )
    except (NoPatient, SeveralPatients):
        return PatientFailed(patient, FailedStep.READ, "no-single-patient", str(NotOneRecord()))
    except InvalidPlan as error:
        return PatientFailed(patient, FailedStep.COMPOSE, "faulty-plan", str(error))
    except Exception as error:  # noqa: BLE001 - a bug in the service must not cost the other patients their plans
        message = ProgramFault(place=error_location(error))
        return PatientFailed(patient, FailedStep.PROGRAM, type(error).__name__, str(message))


def _log_result(result: PatientDone | PatientFailed, queue: _WorkQueue) -> None:
    event_log = queue.context.event_log
    run, patient, note = queue.run, event_log.number(result.patient), event_log.note
    failure = failure_of(result)
    if isinstance(result, PatientDone):
        note(
            Event.PATIENT_DECIDED,
            run=run,
            patient=patient,
            rule=result.rule,
            outcome=result.outcome,
            review=result.review,
        )
        if result.delivery == "unchanged":
            note(Event.UNCHANGED, run=run, patient=patient)
        elif failure is None:
            note(Event.DELIVERED, run=run, patient=patient, outcome=result.delivery, created=result.created)
    if failure is not None:
        note(Event.PATIENT_FAILED, run=run, patient=patient, step=failure.step, reason=failure.reason)
