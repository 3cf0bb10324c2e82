"""`value[x]` of an Observation, a component or an answer as a number, a choice or a yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from titrate.clinical.values.quantity import spelled
from titrate.clinical.values.readings import RefusalReason
from titrate.clinical.values.rulebook import Measure
from titrate.fhir.elements import Element, coding_keys, concept_texts, parts, text
from titrate.fhir.elements import number as json_number
from titrate.fhir.read.plausibility import plausible, without_unit
from titrate.fhir.read.read_context import Fault, ReadContext

_UCUM = ("http://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8")
_ORDINALS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
_DIGITS = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
_NO_VALUE = Fault(RefusalReason.NO_VALUE, "There is no value and none is assumed: send it, or a dataAbsentReason")
_WRONG = Fault(RefusalReason.WRONG_VALUE, "A value of this type cannot be used here: see docs/inputs.md")


def value_of(element: Element) -> tuple[str, Any] | Fault:
    """The one value[x] that is there: its type (`Quantity`, `integer`, ...) and what it holds."""
    found = [key for key in element if key.startswith("value") and key[5:6].isupper()]
    if not found:
        return _NO_VALUE
    if len(found) > 1 or element.get("dataAbsentReason") is not None:
        message = "It has several values, or a value and a reason why there is none: correct it"
        return Fault(RefusalReason.WRONG_VALUE, message)
    return found[0][5:], element[found[0]]


def number(element: Element, measure: Measure, context: ReadContext, implied: bool = False) -> Decimal | Fault:
    """A plausible number in the measure's unit. `implied` says that the question itself names the unit."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    kind, value = found
    if kind == "Quantity":
        quantity = quantity_of(value)
        if isinstance(quantity, Fault):
            return quantity
        amount, unit = quantity
        return plausible(amount, unit, measure) if unit is not None else without_unit(amount, measure, implied)
    plain = _plain(kind, value, context)
    return plain if isinstance(plain, Fault) else without_unit(plain, measure, implied)


def quantity_of(value: Any) -> tuple[Decimal, str | None] | Fault:
    """Number and UCUM unit of a Quantity; None for a Quantity without one."""
    if not isinstance(value, Mapping):
        return _WRONG
    if text(value, "comparator") is not None:
        return Fault(RefusalReason.WRONG_VALUE, "More than or less than is no value: give the value itself")
    amount = json_number(value.get("value"))
    if amount is None:
        return _NO_VALUE if "value" not in value else Fault(RefusalReason.MALFORMED, "The value is not a JSON number")
    if text(value, "code") is not None and (text(value, "system") or _UCUM[0]) not in _UCUM:
        return Fault(RefusalReason.WRONG_UNIT, "The unit is from another system: use UCUM")
    unit = text(value, "code") or text(value, "unit")
    return amount, None if unit is None else spelled(unit)


def _plain(kind: str, value: Any, context: ReadContext) -> Decimal | Fault:
    if kind in {"Integer", "Decimal"}:
        amount = json_number(value)
        return amount if amount is not None else Fault(RefusalReason.MALFORMED, "The value is not a JSON number")
    if kind == "String" and isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return Decimal(value.strip())
    if kind in {"CodeableConcept", "Coding"} and isinstance(value, Mapping):
        return _coded_number(_concept(kind, value), context)
    return _WRONG


def _coded_number(concept: Element, context: ReadContext) -> Decimal | Fault:
    """The number that a coded answer stands for: by its code, its ordinal value, else the digits it displays."""
    known = {context.lookup.numbers[key] for key in coding_keys(concept) if key in context.lookup.numbers}
    found = known or _ordinals(concept) or _displayed(concept)
    if len(found) == 1:
        return found.pop()
    return Fault(RefusalReason.WRONG_VALUE, "The coded answer stands for no number we know: map it in answers.toml")


def _ordinals(concept: Element) -> set[Decimal]:
    extensions = [ext for coding in (*parts(concept, "coding"), concept) for ext in parts(coding, "extension")]
    values = [json_number(ext.get("valueDecimal")) for ext in extensions if text(ext, "url") in _ORDINALS]
    return {value for value in values if value is not None}


def _displayed(concept: Element) -> set[Decimal]:
    return {Decimal(word) for word in concept_texts(concept) if _DIGITS.fullmatch(word)}


def _concept(kind: str, value: Element) -> Element:
    return value if kind == "CodeableConcept" else {"coding": [value]}


def choice(element: Element, options: tuple[str, ...], context: ReadContext) -> str | Fault:
    """One of the options: by our local code, by a mapped code of another system, or by its words."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    kind, value = found
    names = _names(kind, value, context)
    chosen = [name for name in names if name in options]
    if chosen:
        return chosen[0]
    return Fault(RefusalReason.WRONG_VALUE, "This is none of the known answers: use the local codes of docs/inputs.md")


def truth(element: Element, context: ReadContext) -> bool | Fault:
    """Yes or no, as a boolean or as a coded answer."""
    read = choice(element, ("yes", "no", "true", "false"), context)
    return read if isinstance(read, Fault) else read in {"yes", "true"}


def words(element: Element) -> str | Fault:
    """Free text, as it was written."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    return found[1].strip() if isinstance(found[1], str) and found[1].strip() else _WRONG


def exercise(element: Element, context: ReadContext) -> str | Fault:
    """The exercise of the library that is meant."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    kind, value = found
    lookup = context.lookup
    if kind in {"CodeableConcept", "Coding"} and isinstance(value, Mapping):
        concept = _concept(kind, value)
        coded = {lookup.exercises[key] for key in coding_keys(concept) if key in lookup.exercises}
        texts = tuple(concept_texts(concept))
    else:
        coded, texts = set(), (value,) if isinstance(value, str) else ()
    named = coded or {lookup.exercise_names[word.lower()] for word in texts if word.lower() in lookup.exercise_names}
    if len(named) == 1:
        return named.pop()
    return Fault(RefusalReason.NOT_MAPPED, "This exercise is not in the library: add its code to exercises.toml")


def _names(kind: str, value: Any, context: ReadContext) -> tuple[str, ...]:
    """What an answer may be called, the surest name first."""
    if isinstance(value, bool):
        return ("yes", "true") if value else ("no", "false")
    if isinstance(value, str):
        return (_named(value),)
    if kind not in {"CodeableConcept", "Coding"} or not isinstance(value, Mapping):
        return ()
    concept = _concept(kind, value)
    local = [code for system, code in coding_keys(concept) if system == context.site.codes]
    mapped = [context.lookup.answers[key] for key in coding_keys(concept) if key in context.lookup.answers]
    return (*local, *mapped, *(_named(word) for word in concept_texts(concept)))


def _named(word: str) -> str:
    return "-".join(word.strip().lower().split())
