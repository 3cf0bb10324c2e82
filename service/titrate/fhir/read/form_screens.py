"""The two safety screens: every question of theirs is answered, or open from that moment."""

from __future__ import annotations

from titrate.clinical.values.readings import ReadingSource, SafetyAnswer
from titrate.fhir.elements import Element, text
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, written
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.safety_answers import answer, in_doubt, latest, unread, void
from titrate.fhir.read.value_readings import Place, report

SCREENS = frozenset({"safety-screen-full", "safety-screen-short"})


def screen(form: str, answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """Every item of the screen: one that is missing or empty is unanswered from this moment."""
    items: list[Item] = []
    for one in answers:
        if one.item in context.rulebook.flags:
            items.extend(report(one.item, one.element, Place(one.path, stamp, morning=False, asked=True), context))
        elif one.item not in DATES:
            items.append(refusal(stamp.source, one.path, UNKNOWN_ITEM))
    return (*items, *_missing(form, answers, stamp, context))


def refused_screen(
    form: str, resource: Element, answers: tuple[Answer, ...], fault: Fault, context: ReadContext
) -> tuple[Item, ...]:
    """A screen with a fault: the refusal, each yes of unsure time, and every other question open."""
    refused = refusal(source_of(resource), "QuestionnaireResponse", fault)
    if void(resource):
        return (refused,)
    stamp = in_doubt(resource, latest(form_times(resource, answers), context), context)
    flags = [one for one in answers if one.item in context.rulebook.flags]
    told = [answer(one.item, one.element, fault, stamp, context) for one in flags]
    return (refused, *told, *_missing(form, answers, stamp, context))


def form_times(resource: Element, answers: tuple[Answer, ...]) -> tuple[str | None, ...]:
    """Every time that a form names."""
    return (text(resource, "authored"), *(written(one.element) for one in answers if one.item in DATES))


def open_screen(form: str, resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The questions of a screen that could not be read at all, without an answer from now on."""
    stamp = unread(resource, context)
    return tuple(SafetyAnswer(flag, None, stamp) for flag in context.lookup.forms[form])


def _missing(form: str, answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    told = {one.item for one in answers}
    return tuple(SafetyAnswer(flag, None, stamp) for flag in context.lookup.forms[form] if flag not in told)
