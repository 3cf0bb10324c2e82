"""Medicines that were ordered or are taken: their groups, names and daily dose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.values.code_lookup import groups_of
from titrate.clinical.values.quantity import UnitSpellings
from titrate.clinical.values.readings import Medication, RefusalReason
from titrate.fhir.elements import (
    EMPTY,
    Element,
    coding_keys,
    concept_texts,
    is_modified,
    label,
    number,
    part,
    parts,
    text,
)
from titrate.fhir.read.conditions import (
    STATUS_NOT_COUNTED,
    WITHOUT_MEANING,
    concept_of,
    listed_source,
    refused,
    unidentified,
)
from titrate.fhir.read.element_values import quantity_of
from titrate.fhir.read.patient import names_patient
from titrate.fhir.read.read_context import UNREADABLE_CODE, Fault, Item, ReadContext, refusal
from titrate.fhir.read.times import first_day
from titrate.messages.refused_values import MedicineNotMapped

# Whether the medicine is taken, by status. A missing or unreadable status counts as `unknown` (B13.6).
_TAKEN = {"active": True, "on-hold": False, "stopped": False, "completed": False}
_NOT_COUNTED = frozenset({"cancelled", "draft", "entered-in-error", "intended", "not-taken"})
_HALTED = frozenset({"on-hold", "stopped"})
_ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_SUGGESTED = frozenset({"proposal", "option"})
_PLANNED = "plan"
_MILLIGRAMS = {"ug": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
_PLAIN_TIMING = {"frequency", "period", "periodUnit", "boundsPeriod", "boundsDuration"}
_MAX_DOSAGE_NUMBER = 1_000_000
_HOURS = {"h": 1, "d": 24, "wk": 168}


def medication(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A MedicationRequest or MedicationStatement: one reading for each group of the medicine.

    A medicine of no group is kept, and also refused as not mapped.
    """
    status = text(resource, "status")
    if status in _NOT_COUNTED or _is_suggestion(resource) or resource.get("doNotPerform") is True:
        return (refused(resource, STATUS_NOT_COUNTED),)
    concept, is_concept = _medicine(resource, context)
    if not label(concept):
        return (unidentified(resource, WITHOUT_MEANING, context),)
    stamp = listed_source(resource, context)
    if isinstance(stamp, Fault):
        return (refused(resource, stamp),)
    stamp = replace(stamp, preliminary=_is_doubtful(resource))
    active, halted = _TAKEN.get(status or "", True) and not _has_ended(resource, context), _may_be_halted(status)
    texts, daily = " | ".join(concept_texts(concept)), _daily_dose(resource, context.rulebook.units)
    groups = groups_of(context.lookup.medicines, coding_keys(concept), texts)
    if not groups:
        path = f"{text(resource, 'resourceType')}.medication"
        not_mapped = refusal(stamp.source, path, Fault(RefusalReason.NOT_MAPPED, MedicineNotMapped()))
        unclear = not_mapped if is_concept else unidentified(resource, UNREADABLE_CODE, context)
        return Medication(None, label(concept), active, stamp), unclear
    names = _names(concept, texts, context)
    return tuple(Medication(group, label(concept), active, stamp, names, daily, halted) for group in groups)


def _is_suggestion(resource: Element) -> bool:
    """Whether a request orders nothing. A plan that reports a medicine is how a patient's own medicine is recorded."""
    if text(resource, "resourceType") != "MedicationRequest":
        return False
    intent, reported = text(resource, "intent"), resource.get("reportedBoolean") or resource.get("reportedReference")
    return intent in _SUGGESTED or (intent == _PLANNED and not reported)


def _is_doubtful(resource: Element) -> bool:
    """Whether an entry can open a flag and proves nothing: status, intent or patient are missing or unreadable."""
    is_request = text(resource, "resourceType") == "MedicationRequest"
    lacks_intent = is_request and text(resource, "intent") not in {*_ORDERED, _PLANNED}
    return (
        text(resource, "status") not in _TAKEN or lacks_intent or not names_patient(resource) or is_modified(resource)
    )


def _may_be_halted(status: str | None) -> bool:
    return status in _HALTED or status not in _TAKEN


def _names(concept: Element, texts: str, context: ReadContext) -> tuple[str, ...]:
    """The names of the medicine: its codes, and the words of any group in its texts."""
    codes = {f"{system}|{code}" for system, code in coding_keys(concept)}
    return tuple(sorted(codes | {word for group in context.lookup.medicines for word in group.words_in(texts)}))


def _daily_dose(resource: Element, units: UnitSpellings) -> Decimal | None:
    """Milligrams a day of one fixed dosage; None in every doubt."""
    dosages = [*parts(resource, "dosageInstruction"), *parts(resource, "dosage")]
    if len(dosages) != 1 or any(key.startswith("asNeeded") for key in dosages[0]):
        return None
    doses = parts(dosages[0], "doseAndRate")
    repeat = part(part(dosages[0], "timing"), "repeat")
    if len(doses) != 1 or set(repeat) - _PLAIN_TIMING:
        return None
    each, hours = _milligrams(part(doses[0], "doseQuantity"), units), _HOURS.get(text(repeat, "periodUnit") or "")
    times, period = _positive(repeat.get("frequency", 1)), _positive(repeat.get("period"))
    if each is None or hours is None or times is None or period is None:
        return None
    return each * times * 24 / (period * hours)


def _milligrams(quantity: Element, units: UnitSpellings) -> Decimal | None:
    found = quantity_of(quantity, units)
    if isinstance(found, Fault):
        return None
    amount, factor = _positive(found[0]), _MILLIGRAMS.get(found[1] or "")
    return None if amount is None or factor is None else amount * factor


def _positive(value: object) -> Decimal | None:
    """A number above zero of a plausible dosage."""
    found = number(value)
    return found if found is not None and found.is_finite() and 0 < found < _MAX_DOSAGE_NUMBER else None


def _has_ended(resource: Element, context: ReadContext) -> bool:
    end = first_day(text(part(resource, "effectivePeriod"), "end"), context.zone)
    return end is not None and end.when.date() < context.today


def _medicine(resource: Element, context: ReadContext) -> tuple[Element, bool]:
    """The medicine as a concept: in the resource, of a contained resource, or of a Medication resource.

    The second value is whether it is a CodeableConcept or the name in a reference, as FHIR writes a medicine.
    """
    written = resource.get("medicationCodeableConcept")
    concept = concept_of(written)
    if label(concept):
        return concept, bool(label(part(resource, "medicationCodeableConcept")))
    reference = text(part(resource, "medicationReference"), "reference") or ""
    contained = {f"#{text(item, 'id')}": item for item in parts(resource, "contained")}
    found = concept_of((contained.get(reference) or context.medications.get(reference, EMPTY)).get("code"))
    display = text(part(resource, "medicationReference"), "display")
    return (found, True) if label(found) or display is None else ({"text": display}, True)
