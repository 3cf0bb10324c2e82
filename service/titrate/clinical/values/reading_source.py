"""Where a reading comes from, when it was made, and who reported it.

Times are aware and in the patient's zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Reporter(StrEnum):
    """Who reported a reading."""

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
    """The source of a reading and its time.

    `when` is the event (a period's start), `until` a period's end; `timed` is false where only a date was given (local
    midnight), `dated` is false without any date (today is assumed). `entered` is when it was recorded. A `preliminary`
    reading may only lower or hold a dose. `zone_assumed`: the time had no offset. `identifiers` are the business
    identifiers of the record, by system and value.
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
    identifiers: tuple[tuple[str, str], ...] = ()

    @property
    def day(self) -> date:
        """The local date of the event; of a period, of its start."""
        return self.when.date()

    @property
    def end(self) -> datetime:
        """The end of the event: of a period its end, of an instant itself."""
        return self.until or self.when
