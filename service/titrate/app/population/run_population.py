"""One run over a list of patients, from its number in the ledger to its report. `titrate sync` and the API call it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from titrate.app.population.cancellation import StopReason
from titrate.app.population.lease_heartbeat import Lease
from titrate.app.population.patient_result import failure_of
from titrate.app.population.run_context import RunContext
from titrate.app.population.run_report import RunReport
from titrate.app.population.worker_pool import DRY_RUN, process_patients
from titrate.event_log import Event
from titrate.ledger.errors import LedgerUnusable
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
