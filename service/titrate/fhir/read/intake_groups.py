"""A block of the day and a factor out of their parts. A part that cannot be used stays unknown."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.intake_readings import FactorReported, RoutineBlock
from titrate.clinical.values.readings import Comment, RefusalReason
from titrate.fhir.read.components import Parts
from titrate.fhir.read.read_context import Fault, Item

_EMPTY = Fault(RefusalReason.NO_VALUE, "Nothing is said of it: say what it is")


def block(parts: Parts) -> tuple[Item, ...]:
    """One block of an ordinary day; its words are searched like every comment."""
    found = RoutineBlock(
        parts.stamp,
        part=parts.choice("block.part"),
        task=parts.text("block.task"),
        posture=parts.choice("block.posture"),
        minutes=parts.number("block.minutes"),
        symptom=parts.number("block.symptom"),
    )
    if found.task is None and found.posture is None:
        parts.refuse("block.task", _EMPTY)
        return tuple(parts.refusals)
    return (found, *_words(parts, "block.task", found.task), *parts.refusals)


def factor(parts: Parts) -> tuple[Item, ...]:
    """One factor. Unless it is said to ease, it counts as one that brings symptoms on."""
    threshold = parts.threshold("factor.threshold")
    found = FactorReported(
        parts.stamp,
        eases=parts.choice("factor.effect") == "eases",
        what=parts.choice("factor.what"),
        words=parts.text("factor.words"),
        symptom=parts.choice("factor.symptom"),
        threshold=threshold[0] if threshold else None,
        unit=threshold[1] if threshold else None,
    )
    if found.what is None and found.words is None:
        parts.refuse("factor.what", _EMPTY)
        return tuple(parts.refusals)
    return (found, *_words(parts, "factor.words", found.words), *parts.refusals)


def _words(parts: Parts, what: str, words: str | None) -> Iterator[Item]:
    if words is not None:
        yield Comment(words, parts.stamp, what)
