"""A Goal: the patient's words, what makes it measurable, and whether we wrote it ourselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.values.quantity import known
from titrate.clinical.values.readings import PatientGoal, RefusalReason
from titrate.fhir.elements import EMPTY, Element, label, name, part, parts, text
from titrate.fhir.read import element_values
from titrate.fhir.read.components import amount
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.times import first_day, from_the_future, midnight

_PRIORITIES = ("high-priority", "medium-priority", "low-priority")
_COUNTS = frozenset({"proposed", "planned", "accepted", "active", "on-hold", "completed"})


def goal(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """One goal. Its first target counts; a target that cannot be read leaves a goal without one."""
    source = source_of(resource)
    status = text(resource, "lifecycleStatus")
    if status not in _COUNTS:
        fault = Fault(RefusalReason.STATUS, "With this status the goal does not count")
        return (refusal(source, "Goal.lifecycleStatus", fault),)
    words = label(part(resource, "description"))
    if not words:
        return (refusal(source, "Goal.description", Fault(RefusalReason.NO_VALUE, "The goal has no words: say it")),)
    started = text(resource, "startDate") or text(resource, "statusDate")
    span = first_day(started, context.zone) or midnight(context.today, context.zone)
    if from_the_future(span, context) is not None:
        span = midnight(context.today, context.zone)
    aim = next(iter(parts(resource, "target")), EMPTY)
    exercise = _exercise(resource, aim, context)
    target, unit = _target(aim, exercise, context)
    due = first_day(text(aim, "dueDate"), context.zone)
    stamp = reading_source(resource, span, False, context)
    day = due.when.date() if due else None
    ours = _ours(resource, context)
    wish = PatientGoal(name(resource), words, status, exercise, target, unit, day, ours, stamp)
    return (replace(wish, priority=_priority(resource)),)


def _priority(resource: Element) -> str | None:
    """`high`, `medium` or `low`, where the EHR says so."""
    codes = (text(coding, "code") for coding in parts(part(resource, "priority"), "coding"))
    return next((code.removesuffix("-priority") for code in codes if code in _PRIORITIES), None)


def _ours(resource: Element, context: ReadContext) -> bool:
    systems = {text(identifier, "system") for identifier in parts(resource, "identifier")}
    return bool(systems & context.site.identifier_systems)


def _exercise(resource: Element, aim: Element, context: ReadContext) -> str | None:
    """The exercise that the target measures or the description is coded with; words alone do not name one."""
    for concept in (part(aim, "measure"), {"coding": part(resource, "description").get("coding")}):
        read = element_values.exercise({"valueCodeableConcept": concept}, context) if concept.get("coding") else None
        if isinstance(read, str):
            return read
    return None


def _target(aim: Element, exercise: str | None, context: ReadContext) -> tuple[Decimal | None, str | None]:
    """The amount and its UCUM unit: of an exercise as a session's amount, else as it stands."""
    detail = {f"value{kind}": aim[key] for kind in ("Quantity", "Integer") if (key := f"detail{kind}") in aim}
    if exercise is not None:
        read = amount(detail, exercise, context)
        return read if isinstance(read, tuple) else (None, None)
    quantity = element_values.quantity_of(detail["valueQuantity"]) if "valueQuantity" in detail else None
    if not isinstance(quantity, tuple) or quantity[1] is None or not known(quantity[1]):
        return None, None
    return quantity
