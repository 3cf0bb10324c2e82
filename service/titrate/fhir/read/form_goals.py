"""Goals from the form `goals`: an answer with the patient's words, and inside it what makes it measurable."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.readings import PatientGoal, ReadingSource
from titrate.fhir.elements import EMPTY, Element, parts, text
from titrate.fhir.read import element_values
from titrate.fhir.read.components import amount
from titrate.fhir.read.read_context import Fault, Item, ReadContext
from titrate.fhir.read.times import first_day


def wishes(resource: Element, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """One goal for each answer of the item `goal`. A target that cannot be used leaves a goal without one."""
    answers = [answer for item in parts(resource, "item") if text(item, "linkId") == "goal"
               for answer in parts(item, "answer")]  # fmt: skip
    return tuple(_wish(answer, f"{stamp.source.reference}#{number}", stamp, context)
                 for number, answer in enumerate(answers, 1) if text(answer, "valueString"))  # fmt: skip


def _wish(answer: Element, reference: str, stamp: ReadingSource, context: ReadContext) -> Item:
    inside = {text(item, "linkId"): next(iter(parts(item, "answer")), EMPTY) for item in parts(answer, "item")}
    named = element_values.exercise(inside.get("exercise", EMPTY), context)
    exercise = None if isinstance(named, Fault) else named
    target, unit = _target(inside.get("target", EMPTY), exercise, context)
    due = first_day(text(inside.get("due", EMPTY), "valueDate"), context.zone)
    words, day = text(answer, "valueString") or "", due.when.date() if due else None
    important = _importance(inside.get("importance", EMPTY), context)
    return PatientGoal(reference, words, "proposed", exercise, target, unit, day, False, stamp, important)


def _target(element: Element, exercise: str | None, context: ReadContext) -> tuple[Decimal | None, str | None]:
    read = amount(element, exercise, context) if exercise is not None else None
    return read if isinstance(read, tuple) else (None, None)


def _importance(element: Element, context: ReadContext) -> Decimal | None:
    read = element_values.number(element, context.rulebook.measures["goal-importance"], context, implied=True)
    return None if isinstance(read, Fault) else read
