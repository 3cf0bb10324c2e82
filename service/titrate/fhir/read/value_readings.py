"""The readings of one value of one measure: the same for an Observation, a component and an item of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.red_flags.vitals import ALARMING_SIDES
from titrate.clinical.sessions.flares import ACTIVITY_KEPT, FLARE_REPORTED, NEW_RESCUE_ANALGESIA
from titrate.clinical.values.readings import Comment, Measurement, ReadingSource, RefusalReason, Reporter, SafetyAnswer
from titrate.clinical.values.rulebook import Kind, Measure
from titrate.fhir.code_systems import UNANSWERED
from titrate.fhir.elements import Element, coding_keys, part
from titrate.fhir.read.element_values import bound, choice, exercise, number, truth, value_of
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.messages.refused_values import CommentNotText, MeasureByCliniciansOnly

_NOT_A_PRACTITIONER = Fault(RefusalReason.NOT_A_PRACTITIONER, MeasureByCliniciansOnly())
# The free remark of a day; every other text answers a question.
_REMARK = "daily-comment"
# Answers of which a yes lets a dose rise.
_YES_HELPS = frozenset({"exercise-clearance", "exposure-ladder-started"})
# The patient's answers that lower a dose or hold it. Of one that cannot be read the strictest counts (B13.17).
LOWERING_ANSWERS = frozenset({FLARE_REPORTED, ACTIVITY_KEPT, NEW_RESCUE_ANALGESIA, "stressor"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is. `in_form`: an item of a questionnaire of the service, whose question names the unit.

    `exercising`: the record states that it was taken during exercise; `in_session`: its time lies in a session.
    `by_clinic`: a clinic recorded it, and neither the patient nor a relative.
    """

    path: str
    stamp: ReadingSource
    morning: bool
    in_form: bool = False
    exercising: bool = False
    in_session: bool = False
    by_clinic: bool = False


def value_readings(what: str, element: Element, place: Place, context: ReadContext) -> tuple[Item, ...]:
    """A reading or a refusal; an unreadable screen item gives both, because its question stays open."""
    if what in context.rulebook.flags:
        return _answer(what, truth(element, context), place, screened=True)
    if what in context.lookup.practitioner and place.stamp.reporter is not Reporter.PRACTITIONER:
        return (_refused(what, _NOT_A_PRACTITIONER, place),)
    measure = context.rulebook.measures[what]
    if measure.kind is Kind.NUMBER:
        return _measurements(measure, element, place, context)
    if measure.kind is Kind.TEXT:
        return _comment(what, element, place)
    read = truth(element, context) if measure.kind is Kind.BOOLEAN else _coded(measure, element, context)
    if what in LOWERING_ANSWERS and isinstance(read, Fault) and not read.values and not _is_open(element, read, place):
        strict = strictest(what, measure.options or (False, True), context)
        stamp = replace(place.stamp, preliminary=True)
        return (_refused(what, read, place), SafetyAnswer(what, strict, stamp, assumed=True))
    return _answer(what, read, place)


def _coded(measure: Measure, element: Element, context: ReadContext) -> str | Fault:
    return choice(element, measure.options, context) if measure.options else exercise(element, context)


def _is_open(element: Element, fault: Fault, place: Place) -> bool:
    """Whether a question was left open: an item of a form, or a record that says that there was no answer."""
    absent = coding_keys(part(element, "dataAbsentReason"))
    return fault.reason is RefusalReason.NO_VALUE and (place.in_form or not UNANSWERED.isdisjoint(absent))


def _measurements(measure: Measure, element: Element, place: Place, context: ReadContext) -> tuple[Item, ...]:
    """The value, or the refusal. Beside the refusal each value of codings that disagree counts downward, and so does a
    bound such as `> 200` of which every value beyond it can open a red flag.
    """
    base, plausible_as, exercising = _exercising(measure, place, context)
    other = base if place.morning else context.lookup.outside.get(base, base)
    what = context.lookup.clinic.get(base, other) if place.by_clinic else other
    value = number(element, plausible_as, context, implied=place.in_form)
    if not isinstance(value, Fault):
        return (Measurement(what, value, place.stamp, exercising),)
    worst = [one for one in value.values if isinstance(one, Decimal)]
    limit = bound(element, plausible_as, context)
    if limit is not None and limit[0] in ALARMING_SIDES.get(what, ()):
        worst.append(limit[1])
    stamp = place.stamp if limit is None else replace(place.stamp, preliminary=True)
    return (_refused(what, value, place), *(Measurement(what, one, stamp, exercising) for one in worst))


def _exercising(measure: Measure, place: Place, context: ReadContext) -> tuple[str, Measure, bool]:
    """The name of the measurement, the measure whose range applies, and whether it was taken during exercise."""
    during = context.lookup.during
    resting = next((base for base, other in during.items() if other == measure.name), None)
    if resting is not None:
        return resting, measure, True
    if (place.exercising or place.in_session) and measure.name in during:
        return measure.name, context.rulebook.measures[during[measure.name]], True
    return measure.name, measure, place.exercising


def _answer(what: str, value: bool | str | Fault, place: Place, screened: bool = False) -> tuple[Item, ...]:
    """An answer; a question without an answer counts as unanswered, and so does an unreadable screen item.

    Of codings that disagree the last in the order of the options counts, which is the stricter; a yes is a yes.
    """
    if not isinstance(value, Fault):
        return (SafetyAnswer(what, value, place.stamp),)
    unanswered = SafetyAnswer(what, None, place.stamp)
    if value.reason is RefusalReason.NO_VALUE:
        return (unanswered,)
    refused = _refused(what, value, place)
    if value.values:
        stricter = value.values[0 if what in _YES_HELPS else -1]
        return (SafetyAnswer(what, stricter if isinstance(stricter, bool) else str(stricter), place.stamp), refused)
    return (unanswered, refused) if screened else (refused,)


def strictest(what: str, values: Sequence[bool | str], context: ReadContext) -> bool | str:
    """Of several answers to one question the stricter: the last of its options, a yes, or a no where a yes helps."""
    measure = context.rulebook.measures.get(what)
    order = measure.options if measure is not None and measure.options else ()
    ranked = sorted(values, key=lambda one: order.index(one) if one in order else one is True)
    return ranked[0 if what in _YES_HELPS else -1]


def _comment(what: str, element: Element, place: Place) -> tuple[Item, ...]:
    found = value_of(element)
    if isinstance(found, Fault):
        return () if place.in_form else (_refused(what, found, place),)
    _, value = found
    if not isinstance(value, str) or not value.strip():
        return (_refused(what, Fault(RefusalReason.WRONG_VALUE, CommentNotText()), place),)
    return (Comment(value.strip(), place.stamp, "" if what == _REMARK else what),)


def _refused(what: str, fault: Fault, place: Place) -> Item:
    return refusal(place.stamp.source, place.path, fault, what, place.stamp.day)
