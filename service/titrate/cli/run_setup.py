"""What commands that process many patients share: the ledger, the run settings, cancellation, and a progress bar."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from titrate.app.pipeline import PlanningRules
from titrate.app.population.run_context import Cancellation, RunContext, StopReason
from titrate.cli.bootstrap import now
from titrate.cli.errors import UsageError
from titrate.ehr.client import connect
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.settings import Settings

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One run: the settings, the rules, the time of every decision, and how many patients at once."""

    settings: Settings
    rules: PlanningRules
    at: datetime
    threads: int
    kind: str = "sync"

    def run_context(self, event_log: EventLog, cancellation: Cancellation) -> RunContext:
        """The context of the run, without a ledger. A cancelled run does not wait for the EHR any more."""
        policy = replace(client_policy(self.settings), sleep=cancellation.wait)
        return RunContext(
            rules=self.rules,
            at=self.at,
            connect=partial(connect, self.settings, event_log, policy),
            ledger=None,
            clock=now,
            event_log=event_log,
            cancellation=cancellation,
            threads=self.threads,
            lease=timedelta(seconds=self.settings.lease),
            kind=self.kind,
        )


@contextmanager
def site_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of the settings, closed at the end. Raises UsageError if the ledger cannot be used."""
    try:
        with closing(open_ledger(settings.ledger)) as ledger:
            yield ledger
    except LedgerUnusable as error:
        raise UsageError(str(error)) from None


@contextmanager
def cancel_on_signal(cancellation: Cancellation) -> Iterator[Cancellation]:
    """The first SIGTERM or SIGINT cancels the run, which completes the work in progress; the second ends it at once."""

    def cancel(_number: int, _frame: object) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        cancellation.request(StopReason.SIGNAL)

    previous = [signal.signal(one, cancel) for one in SIGNALS]
    try:
        yield cancellation
    finally:
        for one, handler in zip(SIGNALS, previous, strict=True):
            signal.signal(one, handler)


@contextmanager
def progress_bar(patients: int) -> Iterator[Callable[[object], None]]:
    """A bar on standard error if that is a terminal. Gives the function to call for each patient that is complete."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("patients"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("patients", total=patients)
        yield lambda _: bar.advance(task)
