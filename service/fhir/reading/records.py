"""Diagnoses, procedures, allergies and medicines as the EHR lists them. An entry without a date counts as of now."""

from __future__ import annotations

from service.clinical.lookup import ConceptGroup, groups_of
from service.clinical.readings import Diagnosed, Medicated, RefusalReason, Stamp
from service.fhir.reading.coding import keys, label, words
from service.fhir.reading.context import Context, Fault, Item, refusal, source_of
from service.fhir.reading.shape import NOTHING, Element, child, children, text
from service.fhir.reading.stamping import stamp_of
from service.fhir.reading.times import Span, first_day, from_the_future, last_day, undated

_NOT_TRUE = frozenset({"entered-in-error", "refuted"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_DONE = frozenset({"completed", "in-progress", "stopped", "on-hold", "unknown"})
_TAKEN = {
    "active": True, "unknown": True, "on-hold": False, "stopped": False, "completed": False, "not-taken": False,
}  # fmt: skip
_ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_STATUS = Fault(RefusalReason.STATUS, "With this status it does not count")
_NAMELESS = Fault(RefusalReason.NO_VALUE, "It has neither a code nor a text: say what it is")
_DATES = (
    "onsetDateTime", "performedDateTime", "effectiveDateTime", "recordedDate", "authoredOn", "dateAsserted",
)  # fmt: skip
_PERIODS = ("onsetPeriod", "performedPeriod", "effectivePeriod")


def condition(resource: Element, context: Context) -> tuple[Item, ...]:
    """A Condition; one that is over keeps its group as `past-condition`."""
    if _codes(resource, "verificationStatus") & _NOT_TRUE:
        return (_refused(resource, _STATUS),)
    kind = "past-condition" if _codes(resource, "clinicalStatus") & _PAST or _over(resource, context) else "condition"
    return _diagnosed(resource, kind, context)


def allergy(resource: Element, context: Context) -> tuple[Item, ...]:
    """An AllergyIntolerance; it has no group, its words are shown."""
    if _codes(resource, "verificationStatus") & _NOT_TRUE:
        return (_refused(resource, _STATUS),)
    return _diagnosed(resource, "allergy", context)


def procedure(resource: Element, context: Context) -> tuple[Item, ...]:
    """A Procedure that was begun or done."""
    if text(resource, "status") not in _DONE:
        return (_refused(resource, _STATUS),)
    return _diagnosed(resource, "procedure", context)


def medication(resource: Element, context: Context) -> tuple[Item, ...]:
    """A MedicationRequest or MedicationStatement: one reading for each group that the medicine belongs to."""
    status = text(resource, "status")
    requested = text(resource, "resourceType") == "MedicationRequest"
    proposed = requested and text(resource, "intent") not in _ORDERED
    if status not in _TAKEN or proposed or resource.get("doNotPerform") is True:
        return (_refused(resource, _STATUS),)
    concept = _medicine(resource, context)
    if not label(concept):
        return (_refused(resource, _NAMELESS),)
    stamp = _stamp(resource, context)
    if isinstance(stamp, Fault):
        return (_refused(resource, stamp),)
    active = _TAKEN[status] and not _ended(resource, context)
    groups = _groups(context.lookup.medicines, concept)
    return tuple(Medicated(group, label(concept), active, stamp) for group in groups)


def _diagnosed(resource: Element, kind: str, context: Context) -> tuple[Item, ...]:
    concept = child(resource, "code")
    if not label(concept):
        return (_refused(resource, _NAMELESS),)
    stamp = _stamp(resource, context)
    if isinstance(stamp, Fault):
        return (_refused(resource, stamp),)
    severity = " | ".join(words(child(resource, "severity")))
    known = tuple(group for group in context.lookup.conditions if not group.spared(severity))
    groups = (None,) if kind == "allergy" else _groups(known, concept)
    return tuple(Diagnosed(kind, group, label(concept), stamp) for group in groups)


def _groups(known: tuple[ConceptGroup, ...], concept: Element) -> tuple[str | None, ...]:
    """The groups of a concept; one that belongs to none is kept without."""
    return groups_of(known, keys(concept), " | ".join(words(concept))) or (None,)


def _codes(resource: Element, key: str) -> set[str]:
    return {code for _, code in keys(child(resource, key))} | {
        code for coding in children(child(resource, key), "coding") if (code := text(coding, "code")) is not None
    }


def _stamp(resource: Element, context: Context) -> Stamp | Fault:
    span = _span(resource, context)
    return from_the_future(span, context) or stamp_of(resource, span, False, context)


def _span(resource: Element, context: Context) -> Span:
    written = [text(resource, key) for key in _DATES[:3]]
    written += [text(child(resource, key), "start") for key in _PERIODS]
    written += [text(resource, key) for key in _DATES[3:]]
    dated = [(date, span) for date in written if (span := first_day(date, context.zone)) is not None]
    if not dated:
        return undated(context.today, context.zone)
    date, first = dated[0]
    return _latest(date, first, context) if text(resource, "resourceType") == "Condition" else first


def _latest(written: str | None, first: Span, context: Context) -> Span:
    """A diagnosis dated by year or month may be as late as its end; while that is not over, nobody says when."""
    last = last_day(written, context.zone) or first
    open_ended = first.when.date() <= context.today < last.when.date()
    return undated(context.today, context.zone) if open_ended else last


def _over(resource: Element, context: Context) -> bool:
    ends = (text(resource, "abatementDateTime"), text(child(resource, "abatementPeriod"), "end"))
    spans = [span for end in ends if (span := first_day(end, context.zone)) is not None]
    return any(span.when.date() <= context.today for span in spans)


def _ended(resource: Element, context: Context) -> bool:
    end = first_day(text(child(resource, "effectivePeriod"), "end"), context.zone)
    return end is not None and end.when.date() < context.today


def _medicine(resource: Element, context: Context) -> Element:
    """The medicine itself, whether it is named here, contained, or a Medication of its own."""
    named = child(resource, "medicationCodeableConcept")
    if named:
        return named
    reference = text(child(resource, "medicationReference"), "reference") or ""
    inside = {f"#{text(item, 'id')}": item for item in children(resource, "contained")}
    found = inside.get(reference) or context.medications.get(reference, NOTHING)
    display = text(child(resource, "medicationReference"), "display")
    return child(found, "code") or ({"text": display} if display is not None else NOTHING)


def _refused(resource: Element, fault: Fault) -> Item:
    return refusal(source_of(resource), text(resource, "resourceType") or "", fault)
