"""The items of a questionnaire response as a flat list of answers, and the components in one group of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from titrate.clinical.values.code_lookup import Key
from titrate.clinical.values.readings import ReadingSource, RefusalReason
from titrate.fhir.elements import EMPTY, Element, coding_keys, part, parts, text
from titrate.fhir.read.components import Component
from titrate.fhir.read.read_context import Fault, Item, refusal
from titrate.fhir.unreadable_codes import loinc_without_system
from titrate.messages.refused_values import FormItemUnknown

UNKNOWN_ITEM = Fault(RefusalReason.NOT_MAPPED, FormItemUnknown())
DATES = frozenset({"date", "started", "ended"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One item with one answer; the answer of an unanswered item is empty.

    `codings`: what its question is coded as; `question`: its words.
    """

    item: str
    element: Element
    path: str
    group: str
    codings: tuple[Key, ...] = ()
    question: str = ""


def answers_of(
    element: Element,
    path: str,
    group: str,
    codes: Mapping[str, tuple[Key, ...]],
    questions: Mapping[str, str],
) -> Iterator[Answer]:
    """Every answer below an element, in order; `group` is the path of the nearest item that has only items.

    `codes` are the codings of the questionnaire's items by linkId, and `questions` their words.
    """
    for index, item in enumerate(parts(element, "item")):
        here = f"{path}.item[{index}]"
        link = text(item, "linkId") or ""
        answers = parts(item, "answer")
        nested = parts(item, "item")
        if answers or not nested:
            codings = (*codes.get(link, ()), *_own_codings(item))
            question = text(item, "text") or questions.get(link, "")
            yield from (Answer(link, answer, here, group, codings, question) for answer in answers or (EMPTY,))
        yield from answers_of(item, here, here if nested else group, codes, questions)
        for answer in answers if link != "goal" else ():
            yield from answers_of(answer, here, group, codes, questions)


def _own_codings(item: Element) -> tuple[Key, ...]:
    """The codings that an answered item carries itself, as some programs write them: `code`, or in an extension."""
    extensions = parts(item, "extension")
    single = (*parts(item, "code"), *(part(one, "valueCoding") for one in extensions))
    concepts = ({"coding": single}, *(part(one, "valueCodeableConcept") for one in extensions))
    return tuple(key for concept in concepts for key in (*coding_keys(concept), *loinc_without_system(concept)))


def date_text(element: Element) -> str | None:
    """The date or time of an answer, as it was written."""
    return next((text(element, key) for key in ("valueDate", "valueDateTime") if key in element), None)


def components_of(
    answers: tuple[Answer, ...], names: Mapping[str, str], stamp: ReadingSource
) -> tuple[tuple[Component, ...], tuple[Item, ...]]:
    """The answers as components by measure, and a refusal for each unknown item."""
    known = [Component(names[one.item], one.element, one.path) for one in answers if one.item in names]
    unknown = [
        refusal(stamp.source, one.path, UNKNOWN_ITEM)
        for one in answers
        if one.item not in names and one.item not in DATES
    ]
    return tuple(one for one in known if one.what != "daily-comment"), tuple(unknown)
