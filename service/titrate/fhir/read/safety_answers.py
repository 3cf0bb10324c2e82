"""What a safety question says although its record has a fault: a yes counts, anything else leaves the question open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from titrate.clinical.values.readings import ReadingSource, RefusalReason, SafetyAnswer
from titrate.fhir.elements import Element, on_the_clock, part, text
from titrate.fhir.read.code_mapping import mentioned_measure
from titrate.fhir.read.element_values import truth
from titrate.fhir.read.read_context import Fault, ReadContext, source_of
from titrate.fhir.read.reading_source import preliminary, reading_source
from titrate.fhir.read.times import Span, from_the_future, last_day, moment

# What was taken back, or never took place, was not asked either.
_VOID = frozenset({"entered-in-error", "cancelled"})
_TIMES = ("effectiveDateTime", "effectiveInstant", "issued")


def only_screens(resource: Element, context: ReadContext) -> bool:
    """Whether an Observation is about safety questions and nothing else."""
    told = mentioned_measure(resource, context)
    return bool(told) and all(names <= context.rulebook.flags.keys() for names, _, _ in told)


def recorded(resource: Element, context: ReadContext) -> Span | None:
    """When an Observation without an effective time was: its one timed event, else when it was issued."""
    if "effectiveTiming" in resource:
        events = _events(resource)
        written = events[0] if len(events) == 1 else None
    else:
        written = text(resource, "issued")
    read = moment(written, context.zone) if written is not None else None
    return read if isinstance(read, Span) else None


def times_of(resource: Element) -> tuple[str | None, ...]:
    """Every time that an Observation names."""
    bounds = part(resource, "effectivePeriod")
    named = [text(resource, key) for key in _TIMES]
    return (*named, text(bounds, "start"), text(bounds, "end"), *_events(resource))


def latest(written: Iterable[str | None], context: ReadContext) -> Span:
    """The last moment that these can mean; now where none can be read or one lies ahead."""
    spans = [span for one in written if (span := last_day(one, context.zone)) is not None]
    last = max(spans, key=lambda span: span.when, default=None)
    if last is None or from_the_future(last, context) is not None:
        return Span(on_the_clock(context.at, context.zone), dated=False)
    return last


def latest_day(written: Iterable[str | None], context: ReadContext) -> date | None:
    """The day of the last moment that these can mean; None where it may be any."""
    last = latest(written, context)
    return last.when.date() if last.dated else None


def in_doubt(resource: Element, span: Span, context: ReadContext) -> ReadingSource:
    """The stamp of a record that has a fault, at the last moment that it can mean."""
    soft = preliminary(resource)
    return reading_source(resource, span, soft is True, context)


def unread(resource: Element, context: ReadContext) -> ReadingSource:
    """The stamp of a record that could not be read: of now, and nobody is known behind it."""
    return ReadingSource(source_of(resource), latest((), context).when, dated=False)


def void(resource: Element) -> bool:
    """Whether a record says of itself that it never was: then it leaves nothing open either."""
    return text(resource, "status") in _VOID


def answer(flag: str, element: Element, fault: Fault, stamp: ReadingSource, context: ReadContext) -> SafetyAnswer:
    """A yes of unsure time counts. A no of unsure time proves nothing, and what has no valid status says nothing."""
    yes = fault.reason is not RefusalReason.STATUS and truth(element, context) is True
    return SafetyAnswer(flag, True if yes else None, stamp)


def left_open(resource: Element, context: ReadContext) -> tuple[SafetyAnswer, ...]:
    """The questions of an Observation that could not be read at all, without an answer from now on."""
    told = frozenset[str]().union(*(names for names, _, _ in mentioned_measure(resource, context)))
    stamp = unread(resource, context)
    return tuple(SafetyAnswer(flag, None, stamp) for flag in sorted(told & context.rulebook.flags.keys()))


def _events(resource: Element) -> tuple[str, ...]:
    found = part(resource, "effectiveTiming").get("event")
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
