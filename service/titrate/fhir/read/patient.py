"""The one Patient of a run: identity, time zone, eligibility, and whether a resource belongs to the patient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from titrate.clinical.values.readings import PatientDetails, Refusal, RefusalReason
from titrate.fhir.elements import Element, coding_keys, part, parts, text
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.fhir.read.times import first_day, last_day
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
CONSENT = "programme-consent"
_NO_ANSWER = frozenset({"entered-in-error", "draft", "proposed"})
SUBJECT_ELEMENTS = ("subject", "patient", "for")
# One record of another patient is refused; more of them show that the answer or its addresses are wrong.
MIN_OTHERS = 2


class PatientError(ValueError):
    """The resources are not those of exactly one patient."""


class NoPatient(PatientError):
    """There is no usable Patient among the resources."""


class SeveralPatients(PatientError):
    """There is more than one Patient, and no plan can be made for a mixture."""


class OtherPatients(PatientError):
    """Most records belong to another patient than the Patient, and a decision would rest on what is left."""


def require_own_records(resources: Sequence[Element]) -> None:
    """Raises OtherPatients where at least two records, and most of those with a subject, are another patient's."""
    records = [resource for resource in resources if resource.get("resourceType") != "Patient"]
    patient = single_patient_resource(resources)
    with_subject = [resource for resource in records if names_patient(resource)]
    others = sum(wrong_patient(resource, patient) is not None for resource in with_subject)
    if others >= MIN_OTHERS and 2 * others > len(with_subject):
        raise OtherPatients(str(PatientsOther(count=others, records=len(with_subject))))


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


def patient_details(
    patient: Element, resources: Iterable[Element], own: PatientZone, site: Site, at: datetime
) -> PatientDetails:
    """The patient as a value. A partial birth date counts at the end of its month or year: never too early."""
    return PatientDetails(
        id=text(patient, "id") or "",
        zone=own.zone.key,
        zone_assumed=own.assumed,
        birth_date=_birth_date(text(patient, "birthDate")),
        sex=text(patient, "gender"),
        deceased=_deceased(patient, own.zone, at),
        merged_into=_merged_into(patient),
        opted_out=_opted_out(patient, resources, own.zone, site, at),
    )


def _birth_date(written: str | None) -> date | None:
    if written is None:
        return None
    rest = {len("1961"): "-12-31", len("1961-05"): "-28"}.get(len(written), "")
    try:
        return date.fromisoformat(f"{written}{rest}")
    except ValueError:
        return None


def _deceased(patient: Element, zone: ZoneInfo, at: datetime) -> bool:
    written = text(patient, "deceasedDateTime")
    if written is None:
        return patient.get("deceasedBoolean") is True
    span = first_day(written, zone)
    return span is None or span.when <= at


def _merged_into(patient: Element) -> str | None:
    for link in parts(patient, "link"):
        if text(link, "type") == "replaced-by":
            return text(part(link, "other"), "reference") or "Patient"
    return None


def _opted_out(patient: Element, resources: Iterable[Element], zone: ZoneInfo, site: Site, at: datetime) -> bool:
    """Whether the newest word of the patient's Consents to the programme is a no; of one day's words a no counts."""
    answers = [
        (_consent_day(resource, zone), _permits(resource))
        for resource in resources
        if _is_answer(resource, site) and _concerns(resource, patient) and not _is_over(resource, zone, at)
    ]
    permitted = max((day for day, permits in answers if permits and day is not None), default=date.min)
    return any(not permits and (day is None or day >= permitted) for day, permits in answers)


def _is_answer(resource: Element, site: Site) -> bool:
    """Whether a Consent is an answer about this programme: neither a draft nor an error."""
    if resource.get("resourceType") != "Consent" or text(resource, "status") in _NO_ANSWER:
        return False
    return any((site.codes, CONSENT) in coding_keys(category) for category in parts(resource, "category"))


def _concerns(consent: Element, patient: Element) -> bool:
    """Whether a Consent is the patient's own; one that names no patient may be."""
    return not part(consent, "patient") or wrong_patient(consent, patient) is None


def _permits(consent: Element) -> bool:
    return text(consent, "status") == "active" and text(part(consent, "provision"), "type") != "deny"


def _is_over(consent: Element, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the period of the provision ended on an earlier day."""
    end = last_day(text(part(consent, "provision", "period"), "end"), zone)
    return end is not None and end.when.date() < at.astimezone(zone).date()


def _consent_day(consent: Element, zone: ZoneInfo) -> date | None:
    """The local date of the answer, else of its last change; None where neither can be read."""
    written = (text(consent, "dateTime"), text(part(consent, "meta"), "lastUpdated"))
    days = (first_day(one, zone) for one in written)
    return next((span.when.date() for span in days if span is not None), None)


def names_patient(resource: Element) -> bool:
    """Whether a resource has a subject that can be read, the patient or another."""
    subjects = (part(resource, key) for key in SUBJECT_ELEMENTS)
    return any(text(one, "reference") or part(one, "identifier") for one in subjects)


def wrong_patient(resource: Element, patient: Element) -> Fault | None:
    """A fault unless the subject is the patient, by reference or by one of the patient's identifiers."""
    subject = next((part(resource, key) for key in SUBJECT_ELEMENTS if part(resource, key)), None)
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
