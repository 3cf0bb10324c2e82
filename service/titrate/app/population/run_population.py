"""One run over a list of patients, or over one on request, from its number in the ledger to its report.

Each patient is claimed in the ledger, planned for, delivered, and released. `titrate sync` and the API call it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.errors import PatientBusy
from titrate.app.fetch_and_deliver import DeliveredPlan, needs_attention, plan_and_deliver, receipt_keeper
from titrate.app.pipeline import PlanningRules
from titrate.app.population.patient_result import failure_of
from titrate.app.population.run_context import Cancellation, Lease, RunContext, StopReason, heartbeat
from titrate.app.population.run_report import RunReport
from titrate.app.population.worker_pool import DRY_RUN, process_patients
from titrate.ehr.client import EHR
from titrate.ehr.deliver import WRITE_TRANSACTION
from titrate.ehr.errors import EHRError
from titrate.event_log import Event
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger
from titrate.ledger.records import RunEnding


def run_population(patients: Sequence[str], context: RunContext) -> RunReport:
    """Process all patients and report the result of each.

    Raises LedgerUnusable if the run cannot begin; a ledger that is lost later stops the run and is in the report.
    """
    started, lease = context.clock(), _begin(context)
    results = process_patients(patients, context, lease)
    failed = sum(failure_of(result) is not None for result in results)
    if lease is not None:
        _end(lease, context, (len(patients), failed))
    number = None if lease is None else lease.run
    milliseconds = int((context.clock() - started) / timedelta(milliseconds=1))
    context.event_log.note(
        Event.RUN_ENDED, run=number or DRY_RUN, patients=len(patients), failed=failed, milliseconds=milliseconds
    )
    return RunReport(number, context.at, len(patients), results, context.cancellation.reason)


def _begin(context: RunContext) -> Lease | None:
    if context.ledger is None:
        return None
    now = context.clock()
    number = context.ledger.begin_run(context.kind, context.rules.rulebook.digest, now, now + context.lease)
    return Lease(context.ledger, number, context.lease, context.clock)


def _end(lease: Lease, context: RunContext, counts: tuple[int, int]) -> None:
    """Record the end of the run, which releases its remaining claims."""
    ending = RunEnding.STOPPED if context.cancellation.requested else RunEnding.ENDED
    try:
        lease.ledger.end_run(lease.run, context.clock(), counts, ending)
    except LedgerUnusable:
        context.cancellation.request(StopReason.LEDGER)


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """The ledger, the clock, how long a claim lasts, and the kind of run, such as `api`."""

    ledger: Ledger
    clock: Callable[[], datetime]
    lease: timedelta
    kind: str


def plan_one(ehr: EHR, patient: str, rules: PlanningRules, at: datetime, context: LedgerContext) -> DeliveredPlan:
    """Plan and deliver. Raises PatientBusy, EHRError, InvalidPlan and LedgerUnusable."""
    now = context.clock()
    number = context.ledger.begin_run(context.kind, rules.rulebook.digest, now, now + context.lease)
    lease, failed = Lease(context.ledger, number, context.lease, context.clock), 1
    try:
        if not lease.claim(patient):
            failed = 0
            raise PatientBusy
        done = _claimed(ehr, patient, rules, at, lease)
        failed = int(needs_attention(done.receipt))
        return done
    finally:
        context.ledger.end_run(number, context.clock(), (1, failed))


def _claimed(ehr: EHR, patient: str, rules: PlanningRules, at: datetime, lease: Lease) -> DeliveredPlan:
    try:
        with heartbeat(lease, Cancellation(), ehr.event_log):
            done = plan_and_deliver(ehr, patient, rules, at, receipt_keeper(lease.ledger, lease.run, patient, at))
    except EHRError as error:
        lease.release(patient, "deliver" if error.exchange == WRITE_TRANSACTION else "fetch", error.code)
        raise
    failure = done.receipt.outcome.value if done.receipt is not None and needs_attention(done.receipt) else None
    lease.release(patient, "deliver" if failure else None, failure or "")
    return done
