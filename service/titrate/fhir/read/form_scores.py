"""Items and totals of published questionnaires, such as PHQ-9, in a form of any publisher: codes identify them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from titrate.clinical.red_flags.vitals import ALARMING_MEASURES
from titrate.clinical.values.code_lookup import Key, questions_in
from titrate.clinical.values.questionnaire_scores import rule_for
from titrate.clinical.values.readings import Measurement, ReadingSource
from titrate.fhir.code_systems import LOINC
from titrate.fhir.elements import Element
from titrate.fhir.read.form_items import Answer
from titrate.fhir.read.form_screens import form_times
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.refusals import is_void, last_updated, latest_day, latest_time, uncertain_source
from titrate.fhir.read.value_readings import Place, value_readings

# A linkId that is a LOINC code, as /44249-1/44260-8 or http://loinc.org|44260-8: its last part.
_LINK_PARTS = re.compile(r"[/|#:]")


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """An answer to an item, or a total, of a scored questionnaire. `by_words`: known by its words alone."""

    what: str
    answer: Answer
    by_words: bool = False


def scored_answers(answers: tuple[Answer, ...], own: frozenset[str], context: ReadContext) -> tuple[ScoredAnswer, ...]:
    """The answers whose item has the code or the words of a scored item, or the code of a total.

    Where they name two items the answer counts for both (B13.2). `own`: linkIds that the form itself defines.
    """
    return tuple(one for answer in answers if answer.item not in own for one in _scored(answer, context))


def _scored(answer: Answer, context: ReadContext) -> Iterator[ScoredAnswer]:
    coded = _measures(answer, context)
    worded = questions_in(answer.question, context.lookup.questions) if answer.question else frozenset()
    for what in sorted(coded | worded):
        yield ScoredAnswer(what, answer, what not in coded)


def _measures(answer: Answer, context: ReadContext) -> set[str]:
    scored = {what for rule in context.lookup.scores for what in (rule.total, *rule.items)}
    codes: tuple[Key, ...] = (*answer.codings, (LOINC, _LINK_PARTS.split(answer.item)[-1]))
    known = context.lookup.codes[""]
    return {known[key] for key in codes if known.get(key) in scored}


def scored_readings(found: tuple[ScoredAnswer, ...], stamp: ReadingSource, context: ReadContext) -> Iterator[Item]:
    """The reading of each scored answer; an item without an answer has none."""
    for one in found:
        if one.answer.element:
            source = replace(stamp, preliminary=True) if one.by_words else stamp
            place = Place(one.answer.path, source, morning=False, in_form=True)
            yield from value_readings(one.what, one.answer.element, place, context)


def refused_scores(
    found: tuple[ScoredAnswer, ...], resource: Element, fault: Fault, context: ReadContext
) -> Iterator[Item]:
    """What counts of a form with a fault: a refusal for each total and item that decides, and the values that alarm."""
    answered = {one.what for one in found if one.answer.element}
    rule = rule_for(answered & {item for rule in context.lookup.scores for item in rule.items}, context.lookup.scores)
    measures = context.rulebook.measures
    times = form_times(resource, tuple(one.answer for one in found))
    day = latest_day(times, context, last_updated(resource))
    for what in sorted(answered | ({rule.total} if rule else set())):
        if measures[what].decides:
            yield refusal(source_of(resource), "QuestionnaireResponse", fault, what, day)
    if is_void(resource):
        return
    span = latest_time(times, context, last_updated(resource))
    stamp = replace(uncertain_source(resource, span, context), preliminary=True)
    alarming = tuple(one for one in found if one.what in ALARMING_MEASURES)
    yield from (item for item in scored_readings(alarming, stamp, context) if isinstance(item, Measurement))
