"""Whose a resource is. What belongs to nobody, or to somebody else, is not read."""

from __future__ import annotations

from titrate.clinical.values.readings import RefusalReason
from titrate.fhir.elements import Element, part, parts, text
from titrate.fhir.read.read_context import Fault

_OWNER = ("subject", "patient", "for")
_MESSAGE = "This belongs to another patient, or does not say to whom: check the subject"


def wrong_patient(resource: Element, patient: Element) -> Fault | None:
    """A fault unless the subject is the patient, by reference or by one of the patient's identifiers."""
    owner = next((part(resource, key) for key in _OWNER if part(resource, key)), None)
    if owner is None or not _is(owner, patient):
        return Fault(RefusalReason.WRONG_PATIENT, _MESSAGE)
    if any(_is_somebody(focus) and not _is(focus, patient) for focus in parts(resource, "focus")):
        return Fault(RefusalReason.WRONG_PATIENT, "This is about another person than its subject")
    return None


def _is(owner: Element, patient: Element) -> bool:
    reference = text(owner, "reference")
    if reference is not None:
        return reference == f"Patient/{text(patient, 'id')}"
    proposal = _identifier(part(owner, "identifier"))
    return None not in proposal and proposal in {_identifier(known) for known in parts(patient, "identifier")}


def _identifier(identifier: Element) -> tuple[str | None, str | None]:
    return text(identifier, "system"), text(identifier, "value")


def _is_somebody(focus: Element) -> bool:
    return (text(focus, "reference") or "").startswith(("Patient/", "RelatedPerson/"))
