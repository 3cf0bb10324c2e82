"""The patient's goals, from Goal resources and from the questionnaire `goals`."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.quantity import known
from titrate.clinical.values.readings import PatientGoal, ReadingSource, RefusalReason
from titrate.fhir.elements import EMPTY, Element, label, name, part, parts, text
from titrate.fhir.read import element_values
from titrate.fhir.read.components import amount
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.times import first_day, from_the_future, midnight
from titrate.messages.refused_records import GoalStatusNotCounted, GoalWithoutDescription

_PRIORITIES = ("high-priority", "medium-priority", "low-priority")
_COUNTED = frozenset({"proposed", "planned", "accepted", "active", "on-hold", "completed"})


def goal(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """One Goal. Its first target counts; with an unreadable target it is a goal without one."""
    source = source_of(resource)
    status = text(resource, "lifecycleStatus")
    if status not in _COUNTED:
        fault = Fault(RefusalReason.STATUS, GoalStatusNotCounted())
        return (refusal(source, "Goal.lifecycleStatus", fault),)
    description = label(part(resource, "description"))
    if not description:
        fault = Fault(RefusalReason.NO_VALUE, GoalWithoutDescription())
        return (refusal(source, "Goal.description", fault),)
    started = text(resource, "startDate") or text(resource, "statusDate")
    span = first_day(started, context.zone)
    if span is None or from_the_future(span, context) is not None:
        span = midnight(context.today, context.zone)
    first_target = next(iter(parts(resource, "target")), EMPTY)
    exercise = _exercise(resource, first_target, context)
    target, unit = _target(first_target, exercise, context)
    due = first_day(text(first_target, "dueDate"), context.zone)
    found = PatientGoal(
        reference=name(resource),
        text=description,
        status=status,
        exercise=exercise,
        target=target,
        unit=unit,
        due=due.when.date() if due else None,
        written_by_service=_is_written_by_service(resource, context),
        stamp=reading_source(resource, span, False, context),
        priority=_priority(resource),
    )
    return (found,)


def _priority(resource: Element) -> str | None:
    """`high`, `medium` or `low`, if the EHR has one."""
    codes = (text(coding, "code") for coding in parts(part(resource, "priority"), "coding"))
    return next((code.removesuffix("-priority") for code in codes if code in _PRIORITIES), None)


def _is_written_by_service(resource: Element, context: ReadContext) -> bool:
    systems = {text(identifier, "system") for identifier in parts(resource, "identifier")}
    return bool(systems & context.site.identifier_systems)


def _exercise(resource: Element, target: Element, context: ReadContext) -> str | None:
    """The exercise that the target's measure or the description codes; texts alone do not name one."""
    for concept in (part(target, "measure"), {"coding": part(resource, "description").get("coding")}):
        read = element_values.exercise({"valueCodeableConcept": concept}, context) if concept.get("coding") else None
        if isinstance(read, str):
            return read
    return None


def _target(target: Element, exercise: str | None, context: ReadContext) -> tuple[Decimal | None, str | None]:
    """Amount and UCUM unit: for an exercise in the unit of its sessions, else as written."""
    detail = {f"value{kind}": target[key] for kind in ("Quantity", "Integer") if (key := f"detail{kind}") in target}
    if exercise is not None:
        read = amount(detail, exercise, context)
        return read if isinstance(read, tuple) else (None, None)
    quantity = element_values.quantity_in(detail, context)
    if not isinstance(quantity, tuple) or quantity[1] is None or not known(quantity[1]):
        return None, None
    return quantity


def form_goals(resource: Element, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """One goal for each answer of the item `goal` of the questionnaire."""
    answers = [
        answer for item in parts(resource, "item") if text(item, "linkId") == "goal" for answer in parts(item, "answer")
    ]
    return tuple(
        _form_goal(answer, f"{stamp.source.reference}#{number}", stamp, context)
        for number, answer in enumerate(answers, 1)
        if text(answer, "valueString")
    )


def _form_goal(answer: Element, reference: str, stamp: ReadingSource, context: ReadContext) -> Item:
    nested = {text(item, "linkId"): next(iter(parts(item, "answer")), EMPTY) for item in parts(answer, "item")}
    read = element_values.exercise(nested.get("exercise", EMPTY), context)
    exercise = None if isinstance(read, Fault) else read
    target = amount(nested.get("target", EMPTY), exercise, context) if exercise is not None else None
    due = first_day(text(nested.get("due", EMPTY), "valueDate"), context.zone)
    return PatientGoal(
        reference=reference,
        text=text(answer, "valueString") or "",
        status="proposed",
        exercise=exercise,
        target=target[0] if isinstance(target, tuple) else None,
        unit=target[1] if isinstance(target, tuple) else None,
        due=due.when.date() if due else None,
        written_by_service=False,
        stamp=stamp,
        importance=_importance(nested.get("importance", EMPTY), context),
    )


def _importance(element: Element, context: ReadContext) -> Decimal | None:
    read = element_values.number(element, context.rulebook.measures["goal-importance"], context, implied=True)
    return None if isinstance(read, Fault) else read
