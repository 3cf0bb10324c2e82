"""The questionnaire `intake-profile`, and its two repeating groups: blocks of a day, and factors of symptoms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from titrate.clinical.values.intake_readings import FactorReported, RoutineBlock
from titrate.clinical.values.readings import Comment, ReadingSource, RefusalReason
from titrate.fhir.read.components import Components
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, components_of
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.fhir.read.value_readings import Place, value_readings
from titrate.messages.refused_values import IntakeGroupEmpty

_HEADINGS = frozenset({"about-pain", "about-days", "about-change", "about-practice"})
_EMPTY = Fault(RefusalReason.NO_VALUE, IntakeGroupEmpty())


def profile(answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """The readings of every answered item. Unanswered items stay unknown."""
    known = context.lookup.forms["intake-profile"]
    items: list[Item] = []
    for answer in answers:
        namespace = known.get(answer.item, "").partition(".")[0]
        if answer.item in known and namespace not in _GROUPS and answer.element:
            place = Place(answer.path, stamp, morning=False, in_form=True)
            items.extend(value_readings(known[answer.item], answer.element, place, context))
        elif answer.item not in known and not _is_heading(answer):
            items.append(refusal(stamp.source, answer.path, UNKNOWN_ITEM))
    for namespace, reader in _GROUPS.items():
        for group in _groups(answers, known, namespace):
            found, _ = components_of(group, known, stamp)
            items.extend(reader(Components.of(found, stamp, context, in_form=True)))
    return tuple(items)


def block(components: Components) -> tuple[Item, ...]:
    """One block of an ordinary day. Its text is also a comment, so that it is searched for alarm words."""
    found = RoutineBlock(
        components.stamp,
        part=components.choice("block.part"),
        task=components.text("block.task"),
        posture=components.choice("block.posture"),
        minutes=components.number("block.minutes"),
        symptom=components.number("block.symptom"),
    )
    if found.task is None and found.posture is None:
        components.refuse("block.task", _EMPTY)
        return tuple(components.refusals)
    return (found, *_comment(components, "block.task", found.task), *components.refusals)


def factor(components: Components) -> tuple[Item, ...]:
    """One factor. It counts as aggravating unless it is reported to ease symptoms."""
    threshold = components.threshold("factor.threshold")
    found = FactorReported(
        components.stamp,
        eases=components.choice("factor.effect") == "eases",
        what=components.choice("factor.what"),
        words=components.text("factor.words"),
        symptom=components.choice("factor.symptom"),
        threshold=threshold[0] if threshold else None,
        unit=threshold[1] if threshold else None,
    )
    if found.what is None and found.words is None:
        components.refuse("factor.what", _EMPTY)
        return tuple(components.refusals)
    return (found, *_comment(components, "factor.words", found.words), *components.refusals)


_GROUPS: Mapping[str, Callable[[Components], tuple[Item, ...]]] = {"block": block, "factor": factor}


def _comment(components: Components, what: str, words: str | None) -> Iterator[Item]:
    if words is not None:
        yield Comment(words, components.stamp, what)


def _is_heading(answer: Answer) -> bool:
    return answer.item in DATES or (answer.item in _HEADINGS | _GROUPS.keys() and not answer.element)


def _groups(answers: tuple[Answer, ...], known: Mapping[str, str], namespace: str) -> list[tuple[Answer, ...]]:
    """The answers of one kind of group, one tuple for each repetition."""
    inside = [one for one in answers if known.get(one.item, "").startswith(f"{namespace}.") and one.element]
    return [tuple(one for one in inside if one.group == group) for group in dict.fromkeys(one.group for one in inside)]
