"""What decides whether a patient is eligible: birth date, death, a merge and consent.

A value that is there and cannot be read is refused and named, and it is not taken for an absent one: nothing rises
until it is corrected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import MINYEAR, date, datetime
from zoneinfo import ZoneInfo

from titrate.clinical.values.readings import PatientDetails, Refusal, RefusalReason
from titrate.fhir.elements import Element, modifier, part, parts, text
from titrate.fhir.read.consents import read_consents
from titrate.fhir.read.patient import PatientZone
from titrate.fhir.read.read_context import Fault, refusal, source_of
from titrate.fhir.read.times import first_day, moment
from titrate.fhir.site import Site
from titrate.messages.refused_records import DateNotFhir, DateNotInCalendar, DateOutsideCalendar, EligibilityUnreadable

BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_PARTIAL_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2}))?")
_LINK_TYPES = frozenset({"replaced-by", "replaces", "refer", "seealso"})
# A truth value that some programs send as text.
_TRUE = frozenset({"true", "yes"})
_NOT_FHIR = Fault(RefusalReason.WRONG_TIME, DateNotFhir())
_UNREADABLE = Fault(RefusalReason.WRONG_VALUE, EligibilityUnreadable())


def read_eligibility(
    patient: Element, resources: Iterable[Element], own: PatientZone, site: Site, at: datetime
) -> tuple[PatientDetails, tuple[Refusal, ...]]:
    """The patient as a value, and the refusals of what decides eligibility and cannot be read."""
    consents = read_consents(resources, patient, own.zone, site, at)
    born, faults = birth_date(patient, own.zone), dict(_faults(patient, own.zone))
    if isinstance(born, Fault):
        faults["Patient.birthDate"] = born
    details = PatientDetails(
        id=text(patient, "id") or "",
        zone=own.zone.key,
        zone_assumed=own.assumed,
        birth_date=None if isinstance(born, Fault) else born,
        sex=text(patient, "gender"),
        deceased=_has_died(patient, own.zone, at),
        merged_into=_merged_into(patient),
        opted_out=consents.opted_out,
        unreadable=(*sorted(faults), *sorted(one.source.reference for one in consents.refusals)),
    )
    refused = tuple(refusal(source_of(patient), path, fault) for path, fault in sorted(faults.items()))
    return details, (*refused, *consents.refusals, *consents.ahead)


def birth_date(patient: Element, zone: ZoneInfo) -> date | Fault | None:
    """The latest birth date that the record can mean: of a year or a month its last day; None where there is none.

    Of a time only the date is used. Without a date the date of the extension birthTime counts.
    """
    written = patient.get("birthDate")
    if written is None or (isinstance(written, str) and not written.strip()):
        written = next(_birth_times(patient), None)
    if written is None:
        return None
    return _latest_date(written.strip(), zone) if isinstance(written, str) else _NOT_FHIR


def _birth_times(patient: Element) -> Iterator[object]:
    extensions = (*parts(part(patient, "_birthDate"), "extension"), *parts(patient, "extension"))
    found = (one.get("valueDateTime") for one in extensions if text(one, "url") == BIRTH_TIME)
    return (one for one in found if one is not None)


def _latest_date(written: str, zone: ZoneInfo) -> date | Fault:
    partial = _PARTIAL_DATE.fullmatch(written)
    try:
        found = _last_day_of(partial) if partial else _date_of(written, zone)
    except ValueError:
        return Fault(RefusalReason.WRONG_TIME, DateNotInCalendar())
    if isinstance(found, date) and found.year == MINYEAR:  # what some programs write for an empty date
        return Fault(RefusalReason.WRONG_TIME, DateOutsideCalendar())
    return found


def _last_day_of(partial: re.Match[str]) -> date:
    year, month = int(partial["year"]), int(partial["month"] or 12)
    return date(year, month, monthrange(year, month)[1])


def _date_of(written: str, zone: ZoneInfo) -> date | Fault:
    """The date; of a time the later one of its own and of the patient's clock, because servers convert to UTC."""
    span = moment(written, zone)
    return span if isinstance(span, Fault) else max(date.fromisoformat(written[:10]), span.when.date())


def _has_died(patient: Element, zone: ZoneInfo, at: datetime) -> bool:
    """Whether the record says so; a date of death that cannot be read says it too."""
    flag = patient.get("deceasedBoolean")
    if flag is True or (isinstance(flag, str) and flag.strip().lower() in _TRUE):
        return True
    written = patient.get("deceasedDateTime")
    if not isinstance(written, str) or not written.strip():
        return False
    span = first_day(written.strip(), zone)
    return span is None or span.when <= at


def _merged_into(patient: Element) -> str | None:
    for link in parts(patient, "link"):
        if text(link, "type") == "replaced-by":
            return text(part(link, "other"), "reference") or "Patient"
    return None


def _faults(patient: Element, zone: ZoneInfo) -> Iterator[tuple[str, Fault]]:
    """What is there, is no birth date, and cannot be read."""
    flag, died = patient.get("deceasedBoolean"), patient.get("deceasedDateTime")
    is_true = isinstance(flag, str) and flag.strip().lower() in _TRUE
    if flag is not None and not isinstance(flag, bool) and not is_true:
        yield "Patient.deceasedBoolean", _UNREADABLE
    says_alive = flag is False and died == ""
    if died is not None and not says_alive and (not isinstance(died, str) or first_day(died.strip(), zone) is None):
        yield "Patient.deceasedDateTime", _NOT_FHIR
    if not isinstance(patient.get("active", True), bool | None):
        yield "Patient.active", _UNREADABLE
    if not _has_readable_links(patient):
        yield "Patient.link", _UNREADABLE
    if (element := modifier(patient)) is not None:
        yield f"Patient.{element}", _UNREADABLE


def _has_readable_links(patient: Element) -> bool:
    links = patient.get("link")
    listed = links if isinstance(links, list | tuple) else [links]
    return links is None or (
        len(parts(patient, "link")) == len(listed)
        and all(text(link, "type") in _LINK_TYPES for link in parts(patient, "link"))
    )
