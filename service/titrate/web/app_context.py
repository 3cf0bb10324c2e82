"""What every request of the HTTP service is answered from: settings, rules, who may ask, the ledger and the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app, g

from titrate.app.pipeline import PlanningRules
from titrate.ehr.client import EHR
from titrate.event_log import EventLog
from titrate.settings import Settings
from titrate.web.auth import Authenticator, Client, Scope
from titrate.web.ehr_client import Deadline, timed
from titrate.web.errors import Problem
from titrate.web.metrics import Metrics

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger


@dataclass(slots=True)
class LazyLedger:
    """The ledger, opened when it is first needed and then shared by all threads."""

    settings: Settings
    _ledger: Ledger | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ledger(self) -> Ledger:
        """The open ledger. Raises LedgerUnusable."""
        from titrate.ledger.ledger import open_ledger  # loads the database library

        with self._lock:
            if self._ledger is None:
                self._ledger = open_ledger(self.settings.ledger)
            return self._ledger

    def close(self) -> None:
        """Let go of it, if it was opened."""
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None


@dataclass(frozen=True, slots=True)
class AppContext:
    """One service. `clock` gives the moment of a decision where a request names none."""

    settings: Settings
    rules: PlanningRules
    access: Authenticator
    journal: EventLog
    clock: Callable[[], datetime]
    metrics: Metrics
    shelf: LazyLedger

    def ehr(self, until: Deadline) -> EHR:
        """A client for the EHR that gives up at `until`."""
        return timed(self.settings, EventLog(self.journal.write), until)  # a journal of its own forgets the patient


def app_context() -> AppContext:
    """The desk of the running service."""
    found: AppContext = current_app.extensions["titrate"]
    return found


def ehr() -> EHR:
    """A client for the EHR that ends with this request."""
    return app_context().ehr(g.deadline)


def asking() -> Client:
    """Who asks in this request."""
    client: Client = g.client
    return client


def need(scope: Scope) -> None:
    """Refuse a client that lacks the scope."""
    if scope not in asking().scopes:
        raise Problem("not-allowed", f"It needs the scope {scope}.")
