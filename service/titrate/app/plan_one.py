"""One patient on request, with delivery: claimed in the ledger like a patient of a population run, then released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.fetch_and_deliver import DeliveredPlan, needs_attention, plan_and_deliver, receipt_keeper
from titrate.app.pipeline import PlanningRules
from titrate.app.population.cancellation import Cancellation
from titrate.app.population.lease_heartbeat import Lease, heartbeat
from titrate.ehr.client import EHR
from titrate.ehr.deliver import WRITE_TRANSACTION
from titrate.ehr.errors import EHRError
from titrate.ledger.ledger import Ledger


class PatientBusy(Exception):
    """Another run is planning for this patient."""


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
