"""What a CodeableConcept of an unexpected shape, or without a system, still says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from titrate.clinical.values.code_lookup import Key
from titrate.fhir.code_systems import LOINC
from titrate.fhir.elements import LIST, Element, coded, parts, text

_LOINC_CODE = re.compile(r"\d{1,7}-\d")


def loinc_without_system(concept: Element) -> tuple[Key, ...]:
    """Codes of the form of LOINC that name no system."""
    named = (coded(coding) for coding in parts(concept, "coding") if text(coding, "system") is None)
    return tuple([(LOINC, code) for code in named if code is not None and _LOINC_CODE.fullmatch(code)])


def with_loinc(concept: Element) -> Element:
    """A CodeableConcept with the system LOINC in each Coding that names none and whose code has the form of LOINC."""
    codings = [
        {**one, "system": LOINC} if loinc_without_system({"coding": [one]}) else one for one in parts(concept, "coding")
    ]
    return {**concept, "coding": codings}


def words_in(concept: object) -> Iterator[str]:
    """Every text, display and code of a CodeableConcept of whatever shape."""
    if isinstance(concept, str):
        yield concept
    members: tuple[object, ...] = tuple(concept) if isinstance(concept, LIST) else ()
    if isinstance(concept, Mapping):
        members = tuple(concept.get(key) for key in ("text", "coding", "display", "code"))
    for member in members:
        yield from words_in(member)
