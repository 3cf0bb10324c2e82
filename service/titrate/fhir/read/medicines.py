"""Medicines that were ordered or are taken: their groups, what they are known by, and the dose of a day."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.code_lookup import groups_of
from titrate.clinical.values.readings import Medication, RefusalReason
from titrate.fhir.elements import EMPTY, Element, coding_keys, concept_texts, label, number, part, parts, text
from titrate.fhir.read.conditions import NAMELESS, STATUS, refused, when_listed
from titrate.fhir.read.element_values import quantity_of
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.fhir.read.times import first_day

_TAKEN = {"active": True, "unknown": True, "on-hold": False, "stopped": False, "completed": False}
_HALTED = frozenset({"on-hold", "stopped"})
_ORDERED = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
_NOT_MAPPED = Fault(
    RefusalReason.NOT_MAPPED, "This medicine is in no group: add its code to medicines.toml if it should count"
)
_MILLIGRAMS = {"ug": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
_PLAIN_TIMING = {"frequency", "period", "periodUnit", "boundsPeriod", "boundsDuration"}
_MOST = 1_000_000
_HOURS = {"h": 1, "d": 24, "wk": 168}


def medication(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A MedicationRequest or MedicationStatement: one reading for each group that the medicine belongs to.

    A medicine of no group is kept as well, and told as not mapped.
    """
    status = text(resource, "status")
    requested = text(resource, "resourceType") == "MedicationRequest"
    proposed = requested and text(resource, "intent") not in _ORDERED
    if status not in _TAKEN or proposed or resource.get("doNotPerform") is True:
        return (refused(resource, STATUS),)
    concept = _medicine(resource, context)
    if not label(concept):
        return (refused(resource, NAMELESS),)
    stamp = when_listed(resource, context)
    if isinstance(stamp, Fault):
        return (refused(resource, stamp),)
    active, halted = _TAKEN[status] and not _ended(resource, context), status in _HALTED
    said, daily = " | ".join(concept_texts(concept)), _daily(resource)
    groups = groups_of(context.lookup.medicines, coding_keys(concept), said)
    if not groups:
        kept = Medication(None, label(concept), active, stamp)
        return kept, refusal(stamp.source, f"{text(resource, 'resourceType')}.medication", _NOT_MAPPED)
    names = _names(concept, said, context)
    return tuple(Medication(group, label(concept), active, stamp, names, daily, halted) for group in groups)


def _names(concept: Element, said: str, context: ReadContext) -> tuple[str, ...]:
    """What the medicine is known by: its codes, and the words of any group in what is said."""
    codes = {f"{system}|{code}" for system, code in coding_keys(concept)}
    return tuple(sorted(codes | {word for group in context.lookup.medicines for word in group.words_in(said)}))


def _daily(resource: Element) -> Decimal | None:
    """Milligrams a day, where one fixed dosage says so; None in every doubt."""
    dosages = [*parts(resource, "dosageInstruction"), *parts(resource, "dosage")]
    if len(dosages) != 1 or any(key.startswith("asNeeded") for key in dosages[0]):
        return None
    doses = parts(dosages[0], "doseAndRate")
    repeat = part(part(dosages[0], "timing"), "repeat")
    if len(doses) != 1 or set(repeat) - _PLAIN_TIMING:
        return None
    each, hours = _milligrams(part(doses[0], "doseQuantity")), _HOURS.get(text(repeat, "periodUnit") or "")
    times, period = _counted(repeat.get("frequency", 1)), _counted(repeat.get("period"))
    if each is None or hours is None or times is None or period is None:
        return None
    return each * times * 24 / (period * hours)


def _milligrams(quantity: Element) -> Decimal | None:
    found = quantity_of(quantity)
    if isinstance(found, Fault):
        return None
    amount, factor = _counted(found[0]), _MILLIGRAMS.get(found[1] or "")
    return None if amount is None or factor is None else amount * factor


def _counted(value: object) -> Decimal | None:
    """A number above nought that a dosage may have."""
    found = number(value)
    return found if found is not None and found.is_finite() and 0 < found < _MOST else None


def _ended(resource: Element, context: ReadContext) -> bool:
    end = first_day(text(part(resource, "effectivePeriod"), "end"), context.zone)
    return end is not None and end.when.date() < context.today


def _medicine(resource: Element, context: ReadContext) -> Element:
    """The medicine itself, whether it is named here, contained, or a Medication of its own."""
    named = part(resource, "medicationCodeableConcept")
    if named:
        return named
    reference = text(part(resource, "medicationReference"), "reference") or ""
    inside = {f"#{text(item, 'id')}": item for item in parts(resource, "contained")}
    found = inside.get(reference) or context.medications.get(reference, EMPTY)
    display = text(part(resource, "medicationReference"), "display")
    return part(found, "code") or ({"text": display} if display is not None else EMPTY)
