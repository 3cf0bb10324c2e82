"""The form `intake-profile`: single answers, and groups for the blocks of a day and for factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from titrate.clinical.values.readings import ReadingSource
from titrate.fhir.read.components import Components
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, components_of
from titrate.fhir.read.intake_groups import block, factor
from titrate.fhir.read.read_context import Item, ReadContext, refusal
from titrate.fhir.read.value_readings import Place, report

# Items that only gather others: headings, and the two groups that may be given more than once.
HEADINGS = frozenset({"about-pain", "about-days", "about-change", "about-practice"})
GROUPS: Mapping[str, Callable[[Components], tuple[Item, ...]]] = {"block": block, "factor": factor}


def profile(answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """Everything that was answered. What was not answered stays unknown."""
    known = context.lookup.forms["intake-profile"]
    items: list[Item] = []
    for answer in answers:
        space = known.get(answer.item, "").partition(".")[0]
        if answer.item in known and space not in GROUPS and answer.element:
            place = Place(answer.path, stamp, morning=False, asked=True)
            items.extend(report(known[answer.item], answer.element, place, context))
        elif answer.item not in known and not _gathers(answer):
            items.append(refusal(stamp.source, answer.path, UNKNOWN_ITEM))
    for space, reader in GROUPS.items():
        for group in _groups(answers, known, space):
            found, _ = components_of(group, known, stamp)
            items.extend(reader(Components(found, stamp, context, [], asked=True)))
    return tuple(items)


def _gathers(answer: Answer) -> bool:
    return answer.item in DATES or (answer.item in HEADINGS | GROUPS.keys() and not answer.element)


def _groups(answers: tuple[Answer, ...], known: Mapping[str, str], space: str) -> list[tuple[Answer, ...]]:
    """The answers of one sort of group, one tuple for each time it was filled in."""
    inside = [a for a in answers if known.get(a.item, "").startswith(f"{space}.") and a.element]
    return [tuple(a for a in inside if a.group == group) for group in dict.fromkeys(a.group for a in inside)]
