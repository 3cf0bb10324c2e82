"""Codings as they arrive, brought to one spelling of their systems."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.code_lookup import Key
from titrate.fhir.read.shape import Element, children, text

_SAME_SYSTEM = {
    "https://loinc.org": "http://loinc.org",
    "http://loinc.org/": "http://loinc.org",
    "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
    "https://snomed.info/sct": "http://snomed.info/sct",
    "urn:oid:2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "urn:oid:2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "urn:oid:2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "urn:oid:2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "urn:oid:2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
}


def key_of(coding: Element) -> Key | None:
    """System and code of a Coding; None when either is missing."""
    system, code = text(coding, "system"), text(coding, "code")
    return None if system is None or code is None else (_SAME_SYSTEM.get(system, system), code)


def keys(concept: Element) -> tuple[Key, ...]:
    """Every (system, code) of a CodeableConcept."""
    return tuple(key for coding in children(concept, "coding") if (key := key_of(coding)) is not None)


def words(concept: Element) -> Iterator[str]:
    """The texts of a CodeableConcept: its own and the displays of its codings."""
    own = text(concept, "text")
    if own is not None:
        yield own
    for coding in children(concept, "coding"):
        display = text(coding, "display")
        if display is not None:
            yield display


def label(concept: Element) -> str:
    """One text that stands for the concept; empty when it has none."""
    return next(words(concept), "") or next((code for _, code in keys(concept)), "")
