"""What every request needs: settings, rules, authentication, event log, clock, metrics and the ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, g

from titrate.app.pipeline import PlanningRules
from titrate.ehr.client import EHR
from titrate.event_log import EventLog
from titrate.messages import http_errors
from titrate.settings import Settings
from titrate.web.auth import Authenticator, Client, Scope
from titrate.web.ehr_client import Deadline, ehr_client
from titrate.web.errors import Problem, ProblemType
from titrate.web.metrics import Metrics

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger

EXTENSION = "titrate"


class _LazyLedger:
    """A ledger that is opened on first use and then shared by all threads."""

    def __init__(self, address: Path | str) -> None:
        self._address = address
        self._ledger: Ledger | None = None
        self._lock = threading.Lock()

    def open(self) -> Ledger:
        from titrate.ledger.ledger import open_ledger  # imports SQLAlchemy

        with self._lock:
            if self._ledger is None:
                self._ledger = open_ledger(self._address)
            return self._ledger

    def close(self) -> None:
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """One instance of the service. `clock` returns the instant of a decision where a request names none."""

    settings: Settings
    rules: PlanningRules
    authenticator: Authenticator
    event_log: EventLog
    clock: Callable[[], datetime]
    metrics: Metrics
    _ledger: _LazyLedger = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the ledger without opening it."""
        object.__setattr__(self, "_ledger", _LazyLedger(self.settings.ledger))

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened on first use. Raises LedgerUnusable."""
        return self._ledger.open()

    def close(self) -> None:
        """Close the ledger if it is open."""
        self._ledger.close()

    def ehr(self, deadline: Deadline) -> EHR:
        """A client for the EHR that gives up at `deadline`. Its event log numbers patients from 1 again."""
        return ehr_client(self.settings, EventLog(self.event_log.write), deadline)


def app_context() -> AppContext:
    """The context of the running service."""
    context: AppContext = current_app.extensions[EXTENSION]
    return context


def ehr() -> EHR:
    """A client for the EHR whose deadline is that of this request."""
    return app_context().ehr(g.deadline)


def client() -> Client:
    """The authenticated client of this request."""
    authenticated: Client = g.client
    return authenticated


def require_scope(scope: Scope) -> None:
    """Reject the request of a client that lacks `scope`. Raises Problem."""
    if scope not in client().scopes:
        raise Problem(ProblemType.NOT_ALLOWED, http_errors.HttpScopeRequired(scope=scope))
