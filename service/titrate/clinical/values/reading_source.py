"""Where a reading comes from, when it belongs, and who stands behind it.

Times are aware and in the patient's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Reporter(StrEnum):
    """Who stands behind a reading."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    DEVICE = "device"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """The resource a value came from: `Type/id`, and its version id where the server gave one."""

    reference: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingSource:
    """Where and when a reading belongs.

    `when` is the event (a period's start), `until` a period's end; `timed` is false when only a date was given (local
    midnight), `dated` when nobody said when (today). `entered` is when it was recorded. `preliminary` may only lower or
    hold. `zone_assumed`: no offset came.
    """

    source: Source
    when: datetime
    until: datetime | None = None
    timed: bool = True
    entered: datetime | None = None
    preliminary: bool = False
    reporter: Reporter = Reporter.UNKNOWN
    zone_assumed: bool = False
    dated: bool = True

    @property
    def day(self) -> date:
        """The local date of the event; of a period, of its start."""
        return self.when.date()

    @property
    def end(self) -> datetime:
        """The end of the event: of a period its end, of an instant itself."""
        return self.until or self.when
