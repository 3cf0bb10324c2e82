"""What can go wrong with the ledger.

LedgerError
  x LedgerUnusable  the ledger cannot be opened or written
    · DriverMissing   the driver of the database is not installed
    · LedgerTooNew    a newer release wrote the ledger
  x NaiveTimestamp  a timestamp without a zone (a bug of the caller)

Messages name what to do, never the database's own words, which can contain statements, values and passwords.
"""

from __future__ import annotations

from titrate.messages import Message
from titrate.messages.installation import LedgerNewer, LedgerTimeWithoutZone, PostgresDriverMissing


class LedgerError(Exception):
    """Base of every error of this package. `message` says what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class LedgerUnusable(LedgerError):
    """The ledger cannot be opened or written."""


class DriverMissing(LedgerUnusable):
    """The driver of the database is not installed."""

    def __init__(self) -> None:
        super().__init__(PostgresDriverMissing())


class LedgerTooNew(LedgerUnusable):
    """A newer release has migrated the ledger; this one would write into tables that it does not know."""

    def __init__(self) -> None:
        super().__init__(LedgerNewer())


class NaiveTimestamp(LedgerError, ValueError):
    """A timestamp without a zone."""

    def __init__(self) -> None:
        super().__init__(LedgerTimeWithoutZone())
