"""One patient on request, with delivery: claimed in the ledger like a patient of a run, and handed back at the end."""

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
    """Another run works on this patient."""


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """Where it is kept: the ledger, how time passes, how long a claim lasts, and the kind of run, such as `api`."""

    ledger: Ledger
    clock: Callable[[], datetime]
    lease: timedelta
    kind: str


def plan_one(ehr: EHR, patient: str, rules: PlanningRules, at: datetime, books: LedgerContext) -> DeliveredPlan:
    """Look and deliver. Raises BusyElsewhere, EHRError, FaultyPlan and LedgerUnusable."""
    now = books.clock()
    number = books.ledger.begin_run(books.kind, rules.rulebook.digest, now, now + books.lease)
    hold, lost = Lease(books.ledger, number, books.lease, books.clock), 1
    try:
        if not hold.claim(patient):
            lost = 0
            raise PatientBusy
        done = _held(ehr, patient, rules, at, hold)
        lost = int(needs_attention(done.receipt))
        return done
    finally:
        books.ledger.end_run(number, books.clock(), (1, lost))


def _held(ehr: EHR, patient: str, rules: PlanningRules, at: datetime, hold: Lease) -> DeliveredPlan:
    try:
        with heartbeat(hold, Cancellation(), ehr.event_log):
            done = plan_and_deliver(ehr, patient, rules, at, receipt_keeper(hold.ledger, hold.run, patient, at))
    except EHRError as error:
        hold.release(patient, "deliver" if error.exchange == WRITE_TRANSACTION else "fetch", error.code)
        raise
    missed = done.receipt.outcome.value if done.receipt is not None and needs_attention(done.receipt) else None
    hold.release(patient, "deliver" if missed else None, missed or "")
    return done
