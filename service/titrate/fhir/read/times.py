"""FHIR dates and times as moments in the patient's zone. A time without an offset is read there, and marked."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from titrate.clinical.values.readings import RefusalReason
from titrate.fhir.elements import Element, exists_in_utc, on_the_clock, part, text
from titrate.fhir.read.read_context import Fault, ReadContext

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<offset>Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class Span:
    """An event: an instant, a day (`timed` false, `when` is local midnight) or a period up to `until`.

    `dated` is false where nobody said when, and today stands for it.
    """

    when: datetime
    until: datetime | None = None
    timed: bool = True
    assumed: bool = False
    dated: bool = True


def in_the_morning(span: Span, context: ReadContext) -> bool:
    """Whether an event is known to begin in the hours that count as morning, both ends included."""
    numbers = context.rulebook.numbers
    first, last = (time(int(hour)) for hour in (numbers.morning_from, numbers.morning_to))
    return span.timed and first <= span.when.time() <= last


def moment(written: str, zone: ZoneInfo) -> Span | Fault:
    """A FHIR date, dateTime or instant. A year or a month alone is refused: it is no event."""
    if _PARTIAL.fullmatch(written):
        return Fault(RefusalReason.WRONG_TIME, "The date has no day: give year, month and day")
    dated = _DATE.fullmatch(written)
    timed = _DATE_TIME.fullmatch(written)
    if dated is None and timed is None:
        return Fault(RefusalReason.WRONG_TIME, "This is no FHIR date or time: write it as 2025-01-13T07:30:00+01:00")
    try:
        if timed is None:
            return Span(_midnight(date.fromisoformat(written), zone), timed=False)
        return _timed(datetime.fromisoformat(written), zone)
    except (ValueError, OverflowError):
        return Fault(RefusalReason.WRONG_TIME, "There is no such date or time in the calendar")


def _timed(read: datetime, zone: ZoneInfo) -> Span:
    return Span(on_the_clock(read, zone), assumed=read.tzinfo is None)


def midnight(day: date, zone: ZoneInfo) -> Span:
    """The day as an event of which no time is known."""
    return Span(_midnight(day, zone), timed=False)


def undated(today: date, zone: ZoneInfo) -> Span:
    """What nobody dated, as of today."""
    return Span(_midnight(today, zone), timed=False, dated=False)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return on_the_clock(datetime.combine(day, time(0)), zone)


def first_day(written: str | None, zone: ZoneInfo) -> Span | None:
    """A date that may lack its day or month, taken at its beginning; None where there is none that can be read."""
    if written is None:
        return None
    if _PARTIAL.fullmatch(written):
        written = f"{written}-01-01"[:10]
    read = moment(written, zone)
    return read if isinstance(read, Span) and exists_in_utc(read.when) else None


def last_day(written: str | None, zone: ZoneInfo) -> Span | None:
    """The same taken at its end: the latest day that a year or a month can mean."""
    first = first_day(written, zone)
    if first is None or written is None or not _PARTIAL.fullmatch(written):
        return first
    year, month = first.when.year, first.when.month if len(written) > 4 else 12
    return midnight(date(year, month, monthrange(year, month)[1]), zone)


def effective(resource: Element, zone: ZoneInfo, element: str = "effective") -> Span | Fault:
    """The event of a resource with `effective[x]` or `performed[x]`."""
    for kind in ("DateTime", "Instant"):
        written = text(resource, f"{element}{kind}")
        if written is not None:
            return moment(written, zone)
    bounds = part(resource, f"{element}Period")
    if bounds:
        return period(bounds, zone)
    return Fault(RefusalReason.NO_TIME, "It is not said when this was: give an effective time")


def period(bounds: Element, zone: ZoneInfo) -> Span | Fault:
    """A FHIR Period. Without a start its end is the event; an end before the start is refused."""
    ends = [moment(written, zone) for key in ("start", "end") if (written := text(bounds, key)) is not None]
    for end in ends:
        if isinstance(end, Fault):
            return end
    spans = [end for end in ends if isinstance(end, Span)]
    if not spans:
        return Fault(RefusalReason.NO_TIME, "The period has no start: give one")
    first, last = spans[0], spans[-1]
    if last.when < first.when:
        return Fault(RefusalReason.WRONG_TIME, "The period ends before it starts")
    until = last.when if len(spans) == 2 else None
    return Span(first.when, until, first.timed and last.timed, first.assumed or last.assumed)


def from_the_future(span: Span, context: ReadContext) -> Fault | None:
    """An event that has not happened yet, is not over, or lies before all reckoning: an empty date of some programs."""
    end = span.until or span.when
    if not exists_in_utc(span.when):
        return Fault(RefusalReason.WRONG_TIME, "This is no date that anybody lived at: correct it")
    later = end > context.at if span.timed else end.date() > context.today
    message = "This lies after the moment of the decision: correct the date, or decide later"
    return Fault(RefusalReason.FUTURE, message) if later else None


def instant(written: str | None, zone: ZoneInfo) -> datetime | None:
    """A time of recording; None where it is absent or cannot be read."""
    read = moment(written, zone) if written is not None else None
    return read.when if isinstance(read, Span) and exists_in_utc(read.when) else None
