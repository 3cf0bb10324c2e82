"""FHIR dates and times as events by local time: of the offset that they carry, else of the patient's zone (B13.12)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from titrate.clinical.values.readings import RefusalReason
from titrate.fhir.elements import Element, exists_in_utc, on_its_clock, on_the_clock, part, text
from titrate.fhir.read.read_context import Fault, ReadContext
from titrate.messages.refused_records import (
    DateInFuture,
    DateNotFhir,
    DateNotInCalendar,
    DateOutsideCalendar,
    DateWithoutDay,
    EffectiveTimeMissing,
    PeriodEmpty,
    PeriodReversed,
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Years before the birth of any patient, and the day on which the clocks of computers begin.
_OLDEST_YEAR, _FIRST_DAY = 1901, date(1970, 1, 1)
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<offset>Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class Span:
    """An event: an instant, a day (`timed` false, `when` is local midnight) or a period up to `until`.

    `assumed`: the offset is the zone's, because the sender gave none or UTC. `dated` false: the record has no date, and
    `when` is today.
    """

    when: datetime
    until: datetime | None = None
    timed: bool = True
    assumed: bool = False
    dated: bool = True


def in_the_morning(span: Span, context: ReadContext) -> bool:
    """Whether an event with a known time starts in the morning hours of the rulebook, both ends included."""
    numbers = context.rulebook.numbers
    first, last = (time(int(hour)) for hour in (numbers.morning_from, numbers.morning_to))
    return span.timed and first <= span.when.time() <= last


@lru_cache(maxsize=256)
def moment(written: str, zone: ZoneInfo, fold: int = 0) -> Span | Fault:
    """A FHIR date, dateTime or instant as an event. A year or a month alone is a fault.

    `fold` 1 reads a time without an offset, in the hour that comes twice when clocks go back, as its second occurrence.
    """
    is_date = _DATE.fullmatch(written) is not None
    if not is_date and _DATE_TIME.fullmatch(written) is None:
        is_partial = _PARTIAL_DATE.fullmatch(written) is not None
        return Fault(RefusalReason.WRONG_TIME, DateWithoutDay() if is_partial else DateNotFhir())
    try:
        if is_date:
            return midnight(date.fromisoformat(written), zone)
        read = datetime.fromisoformat(written).replace(fold=fold)
        return Span(on_its_clock(read, zone), assumed=not read.utcoffset())
    except (ValueError, OverflowError):
        return Fault(RefusalReason.WRONG_TIME, DateNotInCalendar())


def midnight(day: date, zone: ZoneInfo) -> Span:
    """A day as an event without a time."""
    return Span(on_the_clock(datetime.combine(day, time(0)), zone), timed=False)


def undated(today: date, zone: ZoneInfo) -> Span:
    """A record without a date, as of today."""
    return Span(midnight(today, zone).when, timed=False, dated=False)


def first_day(written: str | None, zone: ZoneInfo) -> Span | None:
    """A date as an event, a partial date on its first day; None if it is absent or unreadable."""
    if written is None:
        return None
    if _PARTIAL_DATE.fullmatch(written):
        written = f"{written}-01-01"[:10]
    read = moment(written, zone)
    return read if isinstance(read, Span) and exists_in_utc(read.when) else None


def last_day(written: str | None, zone: ZoneInfo) -> Span | None:
    """A date as an event, a partial date on its last day; None if it is absent or unreadable."""
    first = first_day(written, zone)
    if first is None or written is None or not _PARTIAL_DATE.fullmatch(written):
        return first
    year, month = first.when.year, first.when.month if len(written) > len("2025") else 12
    return midnight(date(year, month, monthrange(year, month)[1]), zone)


def effective(resource: Element, zone: ZoneInfo, element: str = "effective") -> Span | Fault:
    """The event of a resource with `effective[x]` or `performed[x]`."""
    for kind in ("DateTime", "Instant"):
        written = text(resource, f"{element}{kind}")
        if written is not None:
            return moment(written, zone)
    bounds = part(resource, f"{element}Period")
    return period(bounds, zone) if bounds else Fault(RefusalReason.NO_TIME, EffectiveTimeMissing())


def period(bounds: Element, zone: ZoneInfo) -> Span | Fault:
    """A FHIR Period as an event; without a start its end counts. An end before the start is a fault.

    An end on the date of a timed start is some time of that day, so the event has its start alone.
    """
    ends = [moment(written, zone) for key in ("start", "end") if (written := text(bounds, key)) is not None]
    for end in ends:
        if isinstance(end, Fault):
            return end
    spans = [end for end in ends if isinstance(end, Span)]
    if not spans:
        return Fault(RefusalReason.NO_TIME, PeriodEmpty())
    first, last = spans[0], spans[-1]
    if first.timed and not last.timed and first.when.date() == last.when.date():
        return first
    if last.when < first.when:
        last = _second_occurrence(text(bounds, "end"), zone) or last
    if last.when < first.when:
        return Fault(RefusalReason.WRONG_TIME, PeriodReversed())
    until = last.when if len(spans) == 2 else None
    return Span(first.when, until, first.timed and last.timed, first.assumed or last.assumed)


def _second_occurrence(written: str | None, zone: ZoneInfo) -> Span | None:
    read = moment(written, zone, fold=1) if written is not None else None
    return read if isinstance(read, Span) else None


def from_the_future(span: Span, context: ReadContext) -> Fault | None:
    """The fault of an event after the decision, or at a time that cannot be converted to UTC (an empty date)."""
    if not exists_in_utc(span.when):
        return Fault(RefusalReason.WRONG_TIME, DateOutsideCalendar())
    end = span.until or span.when
    later = end > context.at if span.timed else end.date() > context.today
    return Fault(RefusalReason.FUTURE, DateInFuture()) if later else None


def is_empty_date(when: datetime) -> bool:
    """Whether programs write this time for an empty field: the first day of a calendar or a clock."""
    return when.year <= _OLDEST_YEAR or when.astimezone(UTC).date() == _FIRST_DAY or when.date() == _FIRST_DAY


def entry_time(written: str | None, zone: ZoneInfo) -> datetime | None:
    """The time at which a record was entered; None if it is absent or unreadable."""
    read = moment(written, zone) if written is not None else None
    return read.when if isinstance(read, Span) and exists_in_utc(read.when) else None
