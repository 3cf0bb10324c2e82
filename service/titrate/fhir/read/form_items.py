"""The items of a form as a flat list of answers, and the parts of one group of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from titrate.clinical.values.readings import ReadingSource, RefusalReason
from titrate.fhir.elements import EMPTY, Element, parts, text
from titrate.fhir.read.components import Component
from titrate.fhir.read.read_context import Fault, Item, refusal

UNKNOWN_ITEM = Fault(RefusalReason.NOT_MAPPED, "The form has no such item: use the linkIds of docs/inputs.md")
DATES = frozenset({"date", "started", "ended"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One item of a form with one answer; an item without an answer has an empty one."""

    item: str
    element: Element
    path: str
    group: str


def answers_of(element: Element, path: str, group: str) -> Iterator[Answer]:
    """Every answer below an element, in order; `group` is the nearest item that only gathers others."""
    for index, item in enumerate(parts(element, "item")):
        here = f"{path}.item[{index}]"
        link = text(item, "linkId") or ""
        given = parts(item, "answer")
        nested = parts(item, "item")
        if given or not nested:
            yield from (Answer(link, answer, here, group) for answer in given or (EMPTY,))
        yield from answers_of(item, here, here if nested else group)
        for answer in given if link != "goal" else ():
            yield from answers_of(answer, here, group)


def written(element: Element) -> str | None:
    """The date or the time that an answer gives."""
    return next((text(element, key) for key in ("valueDate", "valueDateTime") if key in element), None)


def components_of(
    answers: tuple[Answer, ...], names: Mapping[str, str], stamp: ReadingSource
) -> tuple[tuple[Component, ...], tuple[Item, ...]]:
    """The answers as parts by their measures, and a refusal for each item that the form has not."""
    components = [
        Component(names[answer.item], answer.element, answer.path) for answer in answers if answer.item in names
    ]
    unknown = [
        refusal(stamp.source, answer.path, UNKNOWN_ITEM)
        for answer in answers
        if answer.item not in names and answer.item not in DATES
    ]
    return tuple(one for one in components if one.what != "daily-comment"), tuple(unknown)
