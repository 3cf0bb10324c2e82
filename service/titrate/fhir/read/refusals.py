"""An Observation that is refused as a whole, said of each thing that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from titrate.clinical.values.readings import ReadingSource, SafetyAnswer
from titrate.fhir.elements import Element
from titrate.fhir.read.code_mapping import mentioned_measure
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.safety_answers import answer, in_doubt, latest, latest_day, times_of, void
from titrate.fhir.read.times import effective


def refused_whole(resource: Element, fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    """Its refusals, with measure and day where they are known, and its safety questions: they stay visible."""
    day = _day(resource, context)
    told = mentioned_measure(resource, context)
    if not told:
        return (refusal_of(resource, fault, context),)
    source = source_of(resource)
    names = ((next(iter(names)) if len(names) == 1 else None, path) for names, _, path in told)
    refusals = (refusal(source, path, fault, what, day) for what, path in names)
    return (*refusals, *_questions(resource, fault, context))


def refusal_of(resource: Element, fault: Fault, context: ReadContext, what: str | None = None) -> Item:
    """The one refusal of a record that is a report as a whole, or of which no measure is known."""
    return refusal(source_of(resource), "Observation", fault, what, _day(resource, context))


def _day(resource: Element, context: ReadContext) -> date | None:
    """The day of its event; of a year, a month or a record without a time the last day that it can mean."""
    span = effective(resource, context.zone)
    if not isinstance(span, Fault):
        return span.when.date()
    return latest_day(times_of(resource), context)


def _questions(resource: Element, fault: Fault, context: ReadContext) -> Iterator[SafetyAnswer]:
    if void(resource):
        return
    stamp: ReadingSource = in_doubt(resource, latest(times_of(resource), context), context)
    for names, element, _ in mentioned_measure(resource, context):
        for flag in sorted(names & context.rulebook.flags.keys()):
            one = answer(flag, element, fault, stamp, context)
            yield one if len(names) == 1 else SafetyAnswer(flag, None, stamp)
