"""`value[x]` of an Observation, a component or an answer: as number, choice, truth, text, exercise or measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from titrate.clinical.values.code_lookup import Key, normalised_text, plain_words, questions_in
from titrate.clinical.values.quantity import UnitSpellings
from titrate.clinical.values.readings import RefusalReason
from titrate.clinical.values.rulebook import Measure
from titrate.fhir.code_systems import LOINC, NO_ANSWER, UCUM
from titrate.fhir.elements import Element, coding_keys, concept_texts, part, parts, text
from titrate.fhir.elements import number as json_number
from titrate.fhir.read.plausibility import plausible, without_unit
from titrate.fhir.read.read_context import Fault, ReadContext
from titrate.messages.refused_values import (
    CodedAnswerWithoutNumber,
    CodingsConflict,
    ComparatorUnusable,
    ExerciseUnknown,
    FormAnswerUnknown,
    NumberNotJson,
    UnitNotUcum,
    ValueMissing,
    ValuesConflict,
    ValueTypeUnusable,
)

_UCUM_SYSTEMS = (UCUM, "urn:oid:2.16.840.1.113883.6.8")
_ORDINAL_EXTENSIONS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
_CODED = frozenset({"CodeableConcept", "Coding"})
_DIGITS = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
_TRUTHS = {"true": "yes", "false": "no"}
_MISSING = Fault(RefusalReason.NO_VALUE, ValueMissing())
_UNUSABLE = Fault(RefusalReason.WRONG_VALUE, ValueTypeUnusable())
_NOT_A_NUMBER = Fault(RefusalReason.MALFORMED, NumberNotJson())


def value_of(element: Element) -> tuple[str, Any] | Fault:
    """The type (`Quantity`, `Integer`, ...) and the content of the one value[x]."""
    found = [key for key, one in element.items() if one is not None and key.startswith("value") and key[5:6].isupper()]
    if not found:
        return _MISSING
    if len(found) > 1 or element.get("dataAbsentReason") is not None:
        return Fault(RefusalReason.WRONG_VALUE, ValuesConflict())
    return found[0].removeprefix("value"), element[found[0]]


def number(element: Element, measure: Measure, context: ReadContext, implied: bool = False) -> Decimal | Fault:
    """A plausible number in the measure's unit. `implied`: the question itself names the unit."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    kind, value = found
    if kind == "Quantity":
        quantity = quantity_of(value, context.rulebook.units)
        if isinstance(quantity, Fault):
            return quantity
        return in_unit_of(measure, *quantity, implied=implied)
    plain = _plain_number(kind, value, measure, context)
    if not isinstance(plain, Fault):
        return without_unit(plain, measure, implied)
    read = [without_unit(one, measure, implied) for one in plain.values if isinstance(one, Decimal)]
    return replace(plain, values=tuple(one for one in read if isinstance(one, Decimal)))


def in_unit_of(measure: Measure, amount: Decimal, unit: str | None, *, implied: bool = False) -> Decimal | Fault:
    """A plausible amount in the measure's unit. `implied`: the question itself names the unit."""
    return plausible(amount, unit, measure) if unit is not None else without_unit(amount, measure, implied)


def quantity_of(value: Any, units: UnitSpellings) -> tuple[Decimal, str | None] | Fault:
    """Number and UCUM unit of a Quantity; the unit is None if it is missing."""
    if not isinstance(value, Mapping):
        return _UNUSABLE
    if text(value, "comparator") is not None:
        return Fault(RefusalReason.WRONG_VALUE, ComparatorUnusable())
    amount = json_number(value.get("value"))
    if amount is None:
        return _MISSING if "value" not in value else _NOT_A_NUMBER
    code = text(value, "code")
    if code is not None and (text(value, "system") or UCUM) not in _UCUM_SYSTEMS:
        return Fault(RefusalReason.WRONG_UNIT, UnitNotUcum())
    unit = code or text(value, "unit")
    return amount, None if unit is None else units.code(unit)


def bound(element: Element, measure: Measure, context: ReadContext) -> tuple[str, Decimal] | None:
    """Comparator and bound of a Quantity, in the measure's unit, such as `>` and 180; None for any other value.

    A strict bound is moved by the least step, because the value itself lies beyond it.
    """
    found = value_of(element)
    if isinstance(found, Fault) or not isinstance(found[1], Mapping):
        return None
    comparator = text(found[1], "comparator")
    exact = {key: one for key, one in found[1].items() if key != "comparator"}
    limit = number({"valueQuantity": exact}, measure, context)
    if comparator is None or isinstance(limit, Fault):
        return None
    return comparator, {">": limit.next_plus(), "<": limit.next_minus()}.get(comparator, limit)


def quantity_in(element: Element, context: ReadContext) -> tuple[Decimal, str | None] | Fault | None:
    """Number and unit of `valueQuantity`, if that is the one value[x] of the element, else None."""
    found = value_of(element)
    if isinstance(found, Fault) or found[0] != "Quantity":
        return None
    return quantity_of(found[1], context.rulebook.units)


def _plain_number(kind: str, value: Any, measure: Measure, context: ReadContext) -> Decimal | Fault:
    if kind in {"Integer", "Decimal"}:
        amount = json_number(value)
        return amount if amount is not None else _NOT_A_NUMBER
    words = context.lookup.texts.get(measure.name, {})
    if kind == "String" and isinstance(value, str):
        return next(iter(_numbers_in_words((value.strip(),), words)), _UNUSABLE)
    if kind in _CODED and isinstance(value, Mapping):
        return _coded_number(_concept(kind, value), words, context)
    return _UNUSABLE


def _coded_number(concept: Element, words: Mapping[str, Decimal], context: ReadContext) -> Decimal | Fault:
    """The number of a coded answer: mapped by its code, else its ordinal value, else what it displays."""
    keys = (*coding_keys(concept), *_loinc_answers(concept))
    mapped = {context.lookup.numbers[key] for key in keys if key in context.lookup.numbers}
    found = mapped or _ordinals(concept) or _numbers_in_words(concept_texts(concept), words)
    if len(found) > 1:
        return Fault(RefusalReason.CONFLICT, CodingsConflict(), tuple(sorted(found)))
    return found.pop() if found else Fault(RefusalReason.WRONG_VALUE, CodedAnswerWithoutNumber())


def _numbers_in_words(texts: Iterable[str], words: Mapping[str, Decimal]) -> set[Decimal]:
    """The numbers of answers as they are displayed: digits, or the words of the measure's answers."""
    read = {Decimal(one) if _DIGITS.fullmatch(one) else words.get(normalised_text(one)) for one in texts}
    return {number for number in read if number is not None}


def _loinc_answers(concept: Element) -> Iterator[Key]:
    """Codes of LOINC answers that name no system: no other system has codes of this form."""
    codes = (text(coding, "code") for coding in parts(concept, "coding") if text(coding, "system") is None)
    return ((LOINC, code) for code in codes if code is not None and code.startswith("LA"))


def _ordinals(concept: Element) -> set[Decimal]:
    extensions = [one for coding in (*parts(concept, "coding"), concept) for one in parts(coding, "extension")]
    values = [json_number(one.get("valueDecimal")) for one in extensions if text(one, "url") in _ORDINAL_EXTENSIONS]
    return {value for value in values if value is not None}


def _concept(kind: str, value: Element) -> Element:
    return value if kind == "CodeableConcept" else {"coding": [value]}


def choice(element: Element, options: tuple[str, ...], context: ReadContext) -> str | Fault:
    """One of the options: by our local code or a mapped code of another system, else by its text.

    Codings that disagree are a conflict (B13.2), whose values are in the order of the options.
    """
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    names = {name for name in _answer_names(*found, context) if name in options}
    if len(names) > 1:
        return Fault(RefusalReason.CONFLICT, CodingsConflict(), tuple(sorted(names, key=options.index)))
    return names.pop() if names else Fault(RefusalReason.WRONG_VALUE, FormAnswerUnknown())


def truth(element: Element, context: ReadContext) -> bool | Fault:
    """Yes or no, from a boolean or a coded answer."""
    read = choice(element, ("no", "yes"), context)
    if isinstance(read, Fault):
        return replace(read, values=tuple(one == "yes" for one in read.values))
    if read == "no" and _begins_with_yes(element, context):
        return Fault(RefusalReason.CONFLICT, CodingsConflict(), (False, True))
    return _MISSING if read == "no" and _is_unknown(element) else read == "yes"


def _begins_with_yes(element: Element, context: ReadContext) -> bool:
    """Whether a text beside a coded answer begins with a yes: beside a no the two disagree (B13.2)."""
    concepts = (part(element, "valueCodeableConcept"), {"coding": [part(element, "valueCoding")]})
    words = (plain_words(one).split() for concept in concepts for one in concept_texts(concept))
    return any(one[0] in context.rulebook.yes_words for one in words if one)


def _is_unknown(element: Element) -> bool:
    """Whether a coding of the answer says that there is none: beside a no it leaves the question open (B13.2)."""
    return any(system in NO_ANSWER for system, _ in coding_keys(part(element, "valueCodeableConcept")))


def says_yes(element: Element, context: ReadContext) -> bool:
    """Whether an answer is a yes, or one of its codings is."""
    read = truth(element, context)
    return True in read.values if isinstance(read, Fault) else read


def free_text(element: Element) -> str | Fault:
    """A text as it was written, without surrounding white space."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    return found[1].strip() if isinstance(found[1], str) and found[1].strip() else _UNUSABLE


def exercise(element: Element, context: ReadContext) -> str | Fault:
    """The exercise of the library that a code or a name means."""
    found = value_of(element)
    if isinstance(found, Fault):
        return found
    kind, value = found
    lookup = context.lookup
    keys: tuple[Key, ...] = ()
    names: tuple[str, ...] = (value,) if isinstance(value, str) else ()
    if kind in _CODED and isinstance(value, Mapping):
        concept = _concept(kind, value)
        keys, names = coding_keys(concept), tuple(concept_texts(concept))
    if not keys and not names:
        return _UNUSABLE
    coded = {lookup.exercises[key] for key in keys if key in lookup.exercises}
    named = coded or {lookup.exercise_names[name.lower()] for name in names if name.lower() in lookup.exercise_names}
    if len(named) > 1:
        return Fault(RefusalReason.CONFLICT, CodingsConflict())
    return named.pop() if named else Fault(RefusalReason.NOT_MAPPED, ExerciseUnknown())


def _answer_names(kind: str, value: Any, context: ReadContext) -> tuple[str, ...]:
    """The names of an answer, by its codes and by its texts. `true` and `false` are yes and no."""
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    if isinstance(value, str):
        names = [_hyphenated(value)]
    elif kind not in _CODED or not isinstance(value, Mapping):
        return ()
    else:
        concept = _concept(kind, value)
        keys, answers = coding_keys(concept), context.lookup.answers
        names = [code for system, code in keys if system == context.site.codes]
        names += [answers[key] for key in keys if key in answers]
        names += [_hyphenated(one) for one in concept_texts(concept)]
    return tuple(_TRUTHS.get(name, name) for name in names)


def _hyphenated(words: str) -> str:
    return "-".join(words.strip().lower().split())


def mapped_measures(concept: Element, namespace: str, context: ReadContext) -> frozenset[str]:
    """The measures that the codes of a concept mean in a namespace of the mappings; several are ambiguous."""
    return with_worded(measures_of(coding_keys(concept), namespace, context), concept, context)


def with_worded(names: frozenset[str], concept: Element, context: ReadContext) -> frozenset[str]:
    """The measures of a concept, with the item of a screen that its texts name beside the code of another one."""
    if names.isdisjoint(context.lookup.screened):
        return names
    texts, lookup = tuple(concept_texts(concept)), context.lookup
    flags = [lookup.flag_texts[words] for one in texts if (words := plain_words(one)) in lookup.flag_texts]
    return names.union(flags, *(questions_in(one, lookup.questions) for one in texts))


def measures_of(keys: Iterable[Key], namespace: str, context: ReadContext) -> frozenset[str]:
    """The measures that codes mean in a namespace of the mappings."""
    known = context.lookup.codes.get(namespace, {})
    return frozenset([known[key] for key in keys if key in known])


def reported_measures(resource: Element, context: ReadContext) -> tuple[tuple[frozenset[str], Element, str], ...]:
    """The measures of an Observation and its components, with the element that holds the value and its path."""
    places = [(resource, "Observation")]
    places += [(one, f"Observation.component[{at}]") for at, one in enumerate(parts(resource, "component"))]
    named = ((mapped_measures(part(one, "code"), "", context), one, path) for one, path in places)
    return tuple(place for place in named if place[0])
