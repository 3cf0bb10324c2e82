"""The two safety screens: every question is answered, or open from the time of the form."""

from __future__ import annotations

from titrate.clinical.values.readings import ReadingSource, SafetyAnswer
from titrate.fhir.elements import Element, text
from titrate.fhir.read.form_identity import own_items
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, date_text
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.refusals import (
    is_void,
    last_updated,
    latest_time,
    uncertain_answer,
    uncertain_source,
    unreadable_source,
)
from titrate.fhir.read.times import Span
from titrate.fhir.read.value_readings import Place, value_readings


def screen(form: str, answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """Every question of the screen. A missing or empty item is unanswered from this time on."""
    items: list[Item] = []
    for one in answers:
        if one.item in context.rulebook.flags:
            place = Place(one.path, stamp, morning=False, in_form=True)
            items.extend(value_readings(one.item, one.element, place, context))
        elif one.item not in DATES:
            items.append(refusal(stamp.source, one.path, UNKNOWN_ITEM))
    return (*items, *_unanswered(form, answers, stamp, context))


def refused_screen(
    form: str, resource: Element, answers: tuple[Answer, ...], fault: Fault, context: ReadContext
) -> tuple[Item, ...]:
    """A screen with a fault: the refusal, each yes at an uncertain time, and every other question open."""
    refused = refusal(source_of(resource), "QuestionnaireResponse", fault)
    if is_void(resource):
        return (refused,)
    stamp = uncertain_source(resource, _latest(resource, answers, context), context)
    known = _uncertain_answers(answers, stamp, context)
    return (refused, *known, *_unanswered(form, answers, stamp, context))


def safety_answers_of_unknown_form(
    resource: Element, answers: tuple[Answer, ...], context: ReadContext
) -> tuple[SafetyAnswer, ...]:
    """The items of an unknown form that have the name of a safety question: a yes counts, the others are open."""
    if is_void(resource):
        return ()
    stamp = uncertain_source(resource, _latest(resource, answers, context), context)
    return _uncertain_answers(own_items("safety-screen-full", answers, context), stamp, context)


def _uncertain_answers(
    answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext
) -> tuple[SafetyAnswer, ...]:
    flags = (one for one in answers if one.item in context.rulebook.flags)
    return tuple(uncertain_answer(one.item, one.element, stamp, context) for one in flags)


def _latest(resource: Element, answers: tuple[Answer, ...], context: ReadContext) -> Span:
    return latest_time(form_times(resource, answers), context, last_updated(resource))


def form_times(resource: Element, answers: tuple[Answer, ...]) -> tuple[str | None, ...]:
    """Every time in a form."""
    return (text(resource, "authored"), *(date_text(one.element) for one in answers if one.item in DATES))


def open_screen(form: str, resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """All questions of an unreadable screen, unanswered from now on."""
    stamp = unreadable_source(resource, context)
    return tuple(SafetyAnswer(flag, None, stamp) for flag in context.lookup.forms[form])


def _unanswered(form: str, answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    present = {one.item for one in answers}
    return tuple(SafetyAnswer(flag, None, stamp) for flag in context.lookup.forms[form] if flag not in present)
