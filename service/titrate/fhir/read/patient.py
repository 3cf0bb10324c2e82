"""The one patient of a run, and what decides whether the rules may be applied at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from titrate.clinical.values.readings import PatientDetails, Refusal, RefusalReason
from titrate.fhir.elements import Element, coding_keys, part, parts, text
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.fhir.read.times import first_day
from titrate.fhir.site import Site

TIMEZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
CONSENT = "programme-consent"


class NoPatient(Exception):
    """There is no Patient among the resources."""


class SeveralPatients(Exception):
    """There is more than one Patient, and nothing may be decided for a mixture."""


def single_patient_resource(resources: Iterable[Element]) -> Element:
    """The Patient. Raises NoPatient or SeveralPatients."""
    patients = [resource for resource in resources if resource.get("resourceType") == "Patient"]
    if not patients:
        raise NoPatient("There is no Patient: add the one whose plan it is")
    if len(patients) > 1:
        raise SeveralPatients(f"There are {len(patients)} Patients: give exactly one, with what belongs to it")
    if text(patients[0], "id") is None:
        raise NoPatient("The Patient has no id, so nothing can be known to belong to it")
    return patients[0]


def zone_of(patient: Element, site: Site) -> tuple[ZoneInfo, tuple[Refusal, ...]]:
    """The zone of the Patient's extension, else the site's; a zone that nobody knows is refused."""
    names = [text(ext, "valueCode") or text(ext, "valueString") for ext in parts(patient, "extension")
             if text(ext, "url") == TIMEZONE]  # fmt: skip
    own = next((name for name in names if name is not None), None)
    if own is None:
        return ZoneInfo(site.zone), ()
    try:
        return ZoneInfo(own), ()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fault = Fault(RefusalReason.WRONG_VALUE, "There is no such time zone: use an IANA name; the site's is used")
        return ZoneInfo(site.zone), (refusal(source_of(patient), "Patient.extension", fault),)


def patient_details(
    patient: Element, resources: Iterable[Element], zone: ZoneInfo, site: Site, at: datetime
) -> PatientDetails:
    """The patient as a value. A birth date without its day is taken at the end of its month or year: not too early."""
    return PatientDetails(
        id=text(patient, "id") or "",
        zone=zone.key,
        birth_date=_birth_date(text(patient, "birthDate")),
        sex=text(patient, "gender"),
        deceased=_deceased(patient, zone, at),
        merged_into=_merged_into(patient),
        opted_out=any(_declines(resource, site) for resource in resources),
    )


def _birth_date(written: str | None) -> date | None:
    if written is None:
        return None
    longest = {4: "-12-31", 7: "-28"}.get(len(written), "")
    try:
        return date.fromisoformat(f"{written}{longest}")
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


def _declines(resource: Element, site: Site) -> bool:
    """A Consent to our programme that says no, or was withdrawn."""
    if resource.get("resourceType") != "Consent" or text(resource, "status") == "entered-in-error":
        return False
    ours = any((site.codes, CONSENT) in coding_keys(category) for category in parts(resource, "category"))
    given = text(resource, "status") == "active" and text(part(resource, "provision"), "type") != "deny"
    return ours and not given
