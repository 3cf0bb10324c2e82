"""A block of the day and a factor out of their components. A part that cannot be used stays unknown."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.intake_readings import FactorReported, RoutineBlock
from titrate.clinical.values.readings import Comment, RefusalReason
from titrate.fhir.read.components import Components
from titrate.fhir.read.read_context import Fault, Item

_EMPTY = Fault(RefusalReason.NO_VALUE, "Nothing is said of it: say what it is")


def block(components: Components) -> tuple[Item, ...]:
    """One block of an ordinary day; its words are searched like every comment."""
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
    return (found, *_words(components, "block.task", found.task), *components.refusals)


def factor(components: Components) -> tuple[Item, ...]:
    """One factor. Unless it is said to ease, it counts as one that brings symptoms on."""
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
    return (found, *_words(components, "factor.words", found.words), *components.refusals)


def _words(components: Components, what: str, words: str | None) -> Iterator[Item]:
    if words is not None:
        yield Comment(words, components.stamp, what)
