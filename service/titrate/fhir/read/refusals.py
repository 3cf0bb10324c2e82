"""Unusable records: their refusals, and what in them can stop a plan.

A yes to a safety question and a vital sign that opens a red flag count; every other question stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from titrate.clinical.red_flags.vitals import ALARMING_MEASURES
from titrate.clinical.values.readings import Measurement, ReadingSource, Refusal, SafetyAnswer
from titrate.fhir.elements import Element, on_the_clock, part, text
from titrate.fhir.read.during_exercise import states_exercise
from titrate.fhir.read.element_values import reported_measures, says_yes
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import VOID, preliminary, reading_source
from titrate.fhir.read.times import Span, effective, from_the_future, is_empty_date, last_day, moment
from titrate.fhir.read.value_readings import LOWERING_ANSWERS, Place, value_readings

_TIMES = ("effectiveDateTime", "effectiveInstant", "issued")


def refused_observation(resource: Element, fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    """The refusals of an Observation for each of its measures, its safety questions and its alarming values."""
    day = _event_day(resource, context)
    measures = reported_measures(resource, context)
    if not measures:
        return (refused_report(resource, fault, context),)
    source = source_of(resource)
    names = ((next(iter(names)) if len(names) == 1 else None, path) for names, _, path in measures)
    refusals = (refusal(source, path, fault, what, day) for what, path in names)
    return (*refusals, *downward(resource, context))


def refused_report(resource: Element, fault: Fault, context: ReadContext, what: str | None = None) -> Refusal:
    """The one refusal of an Observation that is a report as a whole, or has no known measure."""
    return refusal(source_of(resource), "Observation", fault, what, _event_day(resource, context))


def can_alarm(resource: Element, context: ReadContext) -> bool:
    """Whether an Observation holds safety questions or measures that open a red flag, and nothing else."""
    measures = reported_measures(resource, context)
    alarming = context.rulebook.flags.keys() | ALARMING_MEASURES
    return bool(measures) and all(names <= alarming for names, _, _ in measures)


def recorded_time(resource: Element, context: ReadContext) -> Span | None:
    """The time of an Observation without an effective time: its only timed event, else `issued`."""
    if "effectiveTiming" in resource:
        events = _timing_events(resource)
        written = events[0] if len(events) == 1 else None
    else:
        written = text(resource, "issued")
    read = moment(written, context.zone) if written is not None else None
    return read if isinstance(read, Span) else None


def latest_time(written: Iterable[str | None], context: ReadContext, updated: str | None = None) -> Span:
    """The last time that these texts can mean; now if none can be read or one lies ahead.

    `updated`: when the server last wrote the record, which counts where no text can be read.
    """
    spans = [span for one in written if (span := last_day(one, context.zone)) is not None]
    last = max(spans, key=lambda span: span.when, default=last_day(updated, context.zone))
    if last is None or from_the_future(last, context) is not None:
        return Span(on_the_clock(context.at, context.zone), dated=False)
    return last


def latest_day(written: Iterable[str | None], context: ReadContext, updated: str | None = None) -> date | None:
    """The day of the last time that these texts can mean; None if it can be any day."""
    last = latest_time(written, context, updated)
    return last.when.date() if last.dated else None


def uncertain_source(resource: Element, span: Span, context: ReadContext) -> ReadingSource:
    """The source of the answers in a record with a fault, at the last time that it can mean."""
    return reading_source(resource, span, preliminary(resource) is True, context)


def unreadable_source(resource: Element, context: ReadContext) -> ReadingSource:
    """The source of an unreadable record: as of now, without a reporter."""
    return ReadingSource(source_of(resource), latest_time((), context).when, dated=False)


def is_void(resource: Element) -> bool:
    """Whether the status declares that the record never was; then it leaves no question open."""
    return text(resource, "status") in VOID


def uncertain_answer(flag: str, element: Element, stamp: ReadingSource, context: ReadContext) -> SafetyAnswer:
    """A yes in a record with a fault counts; a no is no answer."""
    return SafetyAnswer(flag, True if says_yes(element, context) else None, stamp)


def without_doubtful_no(items: Iterable[Item], context: ReadContext) -> tuple[Item, ...]:
    """The items of a doubtful record, in which a no to a safety question is no answer."""
    return tuple(
        replace(item, value=None)
        if isinstance(item, SafetyAnswer) and item.value is False and item.what in context.rulebook.flags
        else item
        for item in items
    )


def open_questions(resource: Element, context: ReadContext) -> tuple[SafetyAnswer, ...]:
    """The safety questions of an unreadable Observation, unanswered from now on."""
    names = frozenset[str]().union(*(names for names, _, _ in reported_measures(resource, context)))
    stamp = unreadable_source(resource, context)
    return tuple(SafetyAnswer(flag, None, stamp) for flag in sorted(names & context.rulebook.flags.keys()))


def downward(resource: Element, context: ReadContext) -> Iterator[SafetyAnswer | Measurement]:
    """What counts of an Observation with a fault: its safety questions, and the values that can open a red flag."""
    if is_void(resource):
        return
    stamp = uncertain_source(resource, latest_time(times_of(resource), context, last_updated(resource)), context)
    exercising = states_exercise(resource, context)
    for names, element, path in reported_measures(resource, context):
        for flag in sorted(names & context.rulebook.flags.keys()):
            one = uncertain_answer(flag, element, stamp, context)
            yield one if len(names) == 1 else SafetyAnswer(flag, None, stamp)
        place = Place(path, replace(stamp, preliminary=True), morning=False, exercising=exercising)
        for what in sorted(names & ALARMING_MEASURES):
            found = value_readings(what, element, place, context)
            yield from (item for item in found if isinstance(item, Measurement))


def lowering_answers(resource: Element, context: ReadContext) -> Iterator[SafetyAnswer]:
    """The answers that lower or hold in an Observation without a usable time, at the last time that it can mean."""
    named = reported_measures(resource, context)
    return (
        answer
        for names, element, _ in named
        for what in sorted(names & LOWERING_ANSWERS)
        for answer in doubtful_answers(what, element, resource, context)
    )


def doubtful_answers(what: str, element: Element, resource: Element, context: ReadContext) -> tuple[SafetyAnswer, ...]:
    """The answer to a question, in a record with a fault, as a preliminary one."""
    span = latest_time(times_of(resource), context, last_updated(resource))
    stamp = replace(uncertain_source(resource, span, context), preliminary=True)
    found = value_readings(what, element, Place("", stamp, morning=False), context)
    return tuple(one for one in found if isinstance(one, SafetyAnswer))


def alarms_of_empty_date(resource: Element, stamp: ReadingSource, context: ReadContext) -> tuple[Measurement, ...]:
    """The values that can open a red flag in a record whose date stands for an empty field: it can be of today."""
    if not is_empty_date(stamp.when):
        return ()
    undated = {key: one for key, one in resource.items() if not key.startswith("effective") and key != "issued"}
    return tuple(one for one in downward(undated, context) if isinstance(one, Measurement))


def _event_day(resource: Element, context: ReadContext) -> date | None:
    """The day of the event; for a partial date or a record without a time the last day that it can mean."""
    span = effective(resource, context.zone)
    if isinstance(span, Fault):
        return latest_day(times_of(resource), context, last_updated(resource))
    return span.when.date()


def last_updated(resource: Element) -> str | None:
    """`meta.lastUpdated`: the record is no newer than that."""
    return text(part(resource, "meta"), "lastUpdated")


def times_of(resource: Element) -> tuple[str | None, ...]:
    """Every time in an Observation that can date its event."""
    bounds = part(resource, "effectivePeriod")
    named = [text(resource, key) for key in _TIMES]
    return (*named, text(bounds, "start"), text(bounds, "end"), *_timing_events(resource))


def _timing_events(resource: Element) -> tuple[str, ...]:
    found = part(resource, "effectiveTiming").get("event")
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
