"""What all patients of one run share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from titrate.app.pipeline import PlanningRules
from titrate.app.population.cancellation import Cancellation
from titrate.app.population.patient_result import PatientResult
from titrate.ehr.client import EHR
from titrate.event_log import EventLog
from titrate.ledger.ledger import Ledger


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
