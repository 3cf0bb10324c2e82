"""The one Patient of a run: identity, time zone, and whether a resource belongs to the patient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from titrate.clinical.values.readings import Refusal, RefusalReason
from titrate.fhir.elements import Element, part, parts, text
from titrate.fhir.errors import NoPatient, OtherPatients, SeveralPatients
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.fhir.site import Site
from titrate.messages.refused_records import (
    FocusNotTheSubject,
    PatientMissing,
    PatientsOther,
    PatientsSeveral,
    PatientWithoutId,
    SubjectNotThePatient,
    TimeZoneUnknown,
)

TIMEZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
SUBJECT_ELEMENTS = ("subject", "patient", "for")
# One record of another patient is refused; more of them show that the answer or its addresses are wrong.
MIN_OTHERS = 2


def require_own_records(resources: Sequence[Element]) -> None:
    """Raises OtherPatients where at least two records, and most of those with a subject, are another patient's."""
    records = [resource for resource in resources if resource.get("resourceType") != "Patient"]
    patient = single_patient_resource(resources)
    strangers = [resource for resource in records if wrong_patient(resource, patient) is not None]
    others = sum(map(names_patient, strangers))
    with_subject = others + len(records) - len(strangers)
    if others >= MIN_OTHERS and 2 * others > with_subject:
        raise OtherPatients(str(PatientsOther(count=others, records=with_subject)))


def single_patient_resource(resources: Iterable[Element]) -> Element:
    """The Patient. Raises NoPatient or SeveralPatients."""
    patients = [resource for resource in resources if resource.get("resourceType") == "Patient"]
    if not patients:
        raise NoPatient(str(PatientMissing()))
    if len(patients) > 1:
        raise SeveralPatients(str(PatientsSeveral(count=len(patients))))
    if text(patients[0], "id") is None:
        raise NoPatient(str(PatientWithoutId()))
    return patients[0]


@dataclass(frozen=True, slots=True)
class PatientZone:
    """The time zone of a patient. `assumed`: it is the site's, because the record names none that is known."""

    zone: ZoneInfo
    assumed: bool
    refusals: tuple[Refusal, ...] = ()


def zone_of(patient: Element, site: Site) -> PatientZone:
    """The zone of the Patient's extension, else the site's. An unknown zone is refused."""
    names = [
        text(extension, "valueCode") or text(extension, "valueString")
        for extension in parts(patient, "extension")
        if text(extension, "url") == TIMEZONE
    ]
    own = next((name for name in names if name is not None), None)
    if own is None:
        return PatientZone(ZoneInfo(site.zone), assumed=True)
    try:
        return PatientZone(ZoneInfo(own), assumed=False)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fault = Fault(RefusalReason.WRONG_VALUE, TimeZoneUnknown())
        refused = refusal(source_of(patient), "Patient.extension", fault)
        return PatientZone(ZoneInfo(site.zone), assumed=True, refusals=(refused,))


def names_patient(resource: Element) -> bool:
    """Whether a resource has a subject that can be read, the patient or another."""
    subjects = (part(resource, key) for key in SUBJECT_ELEMENTS)
    return any(text(one, "reference") or part(one, "identifier") for one in subjects)


def wrong_patient(resource: Element, patient: Element) -> Fault | None:
    """A fault unless the subject is the patient, by reference or by one of the patient's identifiers."""
    subject = next(filter(None, (part(resource, key) for key in SUBJECT_ELEMENTS)), None)
    if subject is None or not _refers_to(subject, patient):
        return Fault(RefusalReason.WRONG_PATIENT, SubjectNotThePatient())
    if any(_is_person(focus) and not _refers_to(focus, patient) for focus in parts(resource, "focus")):
        return Fault(RefusalReason.WRONG_PATIENT, FocusNotTheSubject())
    return None


def _refers_to(reference: Element, patient: Element) -> bool:
    literal = text(reference, "reference")
    if literal is not None:
        return literal == f"Patient/{text(patient, 'id')}"
    logical = _identifier(part(reference, "identifier"))
    return None not in logical and logical in {_identifier(known) for known in parts(patient, "identifier")}


def _identifier(identifier: Element) -> tuple[str | None, str | None]:
    return text(identifier, "system"), text(identifier, "value")


def _is_person(focus: Element) -> bool:
    return (text(focus, "reference") or "").startswith(("Patient/", "RelatedPerson/"))
