"""What commands that run over patients share: the ledger, the clients, and how a signal becomes a wish to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from titrate.app.pipeline import Rules
from titrate.app.population.cancellation import Stop
from titrate.app.population.run_population import Setup
from titrate.cli.bootstrap import WRONG_USE, stop
from titrate.ehr.client import connect
from titrate.ehr.client_policy import manners_of
from titrate.event_log import Journal
from titrate.ledger.ledger import Ledger, LedgerUnusable, open_ledger
from titrate.settings import Settings

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Site:
    """The settings, the rules, and the moment of every decision of this command."""

    settings: Settings
    rules: Rules
    at: datetime
    threads: int
    kind: str = "sync"

    def setup(self, journal: Journal, switch: Stop) -> Setup:
        """A run without a ledger. Nobody waits to ask the EHR again once the run is to stop."""
        manners = replace(manners_of(self.settings), sleep=switch.wait)
        return Setup(
            rules=self.rules,
            at=self.at,
            connect=partial(connect, self.settings, journal, manners),
            ledger=None,
            clock=now,
            journal=journal,
            stop=switch,
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
        stop(str(error), WRONG_USE)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def heard(switch: Stop) -> Iterator[Stop]:
    """SIGTERM and SIGINT ask the run to finish what it has in hand and stop; the second one ends it at once."""

    def hear(_number: int, _frame: object) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        switch.ask("signal")

    before = [signal.signal(one, hear) for one in SIGNALS]
    try:
        yield switch
    finally:
        for one, handler in zip(SIGNALS, before, strict=True):
            signal.signal(one, handler)
