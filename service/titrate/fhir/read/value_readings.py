"""One value of one measure as readings: the same for an Observation, a component of it, and an item of a form."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.values.readings import Comment, Measurement, ReadingSource, RefusalReason, Reporter, SafetyAnswer
from titrate.clinical.values.rulebook import Kind, Measure
from titrate.fhir.elements import Element
from titrate.fhir.read.element_values import choice, exercise, number, truth, value_of
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal

_NOT_A_PRACTITIONER = Fault(
    RefusalReason.NOT_A_PRACTITIONER,
    "Only a clinician can set this: it needs a Practitioner or PractitionerRole as performer",
)

# A remark of its own; every other text answers a question.
_REMARK = "daily-comment"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands. `asked`: an item of a form of ours, whose question names the unit.

    `exercising`: it says that it was taken during exercise; `in_session`: its time says so.
    """

    path: str
    stamp: ReadingSource
    morning: bool
    asked: bool = False
    exercising: bool = False
    in_session: bool = False


def report(what: str, element: Element, place: Place, context: ReadContext) -> tuple[Item, ...]:
    """What the value says: a reading, a refusal, or for a screen item that cannot be read both."""
    if what in context.rulebook.flags:
        return _answer(what, truth(element, context), place, screened=True)
    if what in context.lookup.practitioner and place.stamp.reporter is not Reporter.PRACTITIONER:
        return (_refused(what, _NOT_A_PRACTITIONER, place),)
    measure = context.rulebook.measures[what]
    if measure.kind is Kind.NUMBER:
        return (_measured(measure, element, place, context),)
    if measure.kind is Kind.BOOLEAN:
        return _answer(what, truth(element, context), place)
    if measure.kind is Kind.CODE:
        read = choice(element, measure.options, context) if measure.options else exercise(element, context)
        return _answer(what, read, place)
    return _comment(what, element, place)


def _measured(measure: Measure, element: Element, place: Place, context: ReadContext) -> Item:
    base, plausible_as, exercising = _exercising(measure, place, context)
    what = base if place.morning else context.lookup.outside.get(base, base)
    value = number(element, plausible_as, context, implied=place.asked)
    if isinstance(value, Fault):
        return _refused(what, value, place)
    return Measurement(what, value, place.stamp, exercising)


def _exercising(measure: Measure, place: Place, context: ReadContext) -> tuple[str, Measure, bool]:
    """The name to keep, the measure whose range holds, and whether it was taken during exercise."""
    during = context.lookup.during
    rest = next((base for base, other in during.items() if other == measure.name), None)
    if rest is not None:
        return rest, measure, True
    if (place.exercising or place.in_session) and measure.name in during:
        return measure.name, context.rulebook.measures[during[measure.name]], True
    return measure.name, measure, place.exercising


def _answer(what: str, value: bool | str | Fault, place: Place, screened: bool = False) -> tuple[Item, ...]:
    """An answer; asked and not answered is one too. A screen item that cannot be read is unanswered as well."""
    if not isinstance(value, Fault):
        return (SafetyAnswer(what, value, place.stamp),)
    unanswered = SafetyAnswer(what, None, place.stamp)
    if value.reason is RefusalReason.NO_VALUE:
        return (unanswered,)
    refused = _refused(what, value, place)
    return (unanswered, refused) if screened else (refused,)


def _comment(what: str, element: Element, place: Place) -> tuple[Item, ...]:
    found = value_of(element)
    if isinstance(found, Fault):
        return () if place.asked else (_refused(what, found, place),)
    _, value = found
    if not isinstance(value, str) or not value.strip():
        return (_refused(what, Fault(RefusalReason.WRONG_VALUE, "A comment is text"), place),)
    return (Comment(value.strip(), place.stamp, "" if what == _REMARK else what),)


def _refused(what: str, fault: Fault, place: Place) -> Item:
    return refusal(place.stamp.source, place.path, fault, what, place.stamp.day)
