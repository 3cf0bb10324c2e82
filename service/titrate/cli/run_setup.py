"""What commands that run over patients share: the ledger, the clients, and how a signal becomes a wish to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from titrate.app.pipeline import PlanningRules
from titrate.app.population.cancellation import Cancellation, StopReason
from titrate.app.population.run_context import RunContext
from titrate.cli.bootstrap import WRONG_USE, exit_with_message
from titrate.ehr.client import connect
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.settings import Settings

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Site:
    """The settings, the rules, and the moment of every decision of this command."""

    settings: Settings
    rules: PlanningRules
    at: datetime
    threads: int
    kind: str = "sync"

    def setup(self, journal: EventLog, switch: Cancellation) -> RunContext:
        """A run without a ledger. Nobody waits to ask the EHR again once the run is to stop."""
        manners = replace(client_policy(self.settings), sleep=switch.wait)
        return RunContext(
            rules=self.rules,
            at=self.at,
            connect=partial(connect, self.settings, journal, manners),
            ledger=None,
            clock=now,
            event_log=journal,
            cancellation=switch,
            threads=self.threads,
            lease=timedelta(seconds=self.settings.lease),
            kind=self.kind,
        )


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


@contextmanager
def ledger_or_stop(settings: Settings) -> Iterator[Ledger]:
    """The ledger of the settings, closed at the end; or what is wrong with it and exit code 2."""
    try:
        ledger = open_ledger(settings.ledger)
    except LedgerUnusable as error:
        exit_with_message(str(error), WRONG_USE)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def cancel_on_signal(switch: Cancellation) -> Iterator[Cancellation]:
    """SIGTERM and SIGINT ask the run to finish what it has in hand and stop; the second one ends it at once."""

    def hear(_number: int, _frame: object) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        switch.request(StopReason.SIGNAL)

    before = [signal.signal(one, hear) for one in SIGNALS]
    try:
        yield switch
    finally:
        for one, handler in zip(SIGNALS, before, strict=True):
            signal.signal(one, handler)
