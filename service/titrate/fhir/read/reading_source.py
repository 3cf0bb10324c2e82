"""The source of every reading: record, time, reporter, and whether the record is final."""

from __future__ import annotations

from titrate.clinical.values.readings import ReadingSource, RefusalReason, Reporter
from titrate.fhir.elements import Element, part, parts, text
from titrate.fhir.read.read_context import Fault, ReadContext, source_of
from titrate.fhir.read.times import Span, entry_time
from titrate.messages.refused_records import StatusUnfinished

_OBSERVATION_PRELIMINARY = {"final": False, "amended": False, "corrected": False, "preliminary": True}
_RESPONSE_PRELIMINARY = {"completed": False, "amended": False, "in-progress": True, "stopped": True}
_REPORTERS = {
    "Patient": Reporter.PATIENT,
    "RelatedPerson": Reporter.PATIENT,
    "Practitioner": Reporter.PRACTITIONER,
    "PractitionerRole": Reporter.PRACTITIONER,
    "Device": Reporter.DEVICE,
}


def preliminary(resource: Element) -> bool | Fault:
    """Whether an Observation or QuestionnaireResponse can only lower or hold; a fault if its status rules it out."""
    is_response = text(resource, "resourceType") == "QuestionnaireResponse"
    statuses = _RESPONSE_PRELIMINARY if is_response else _OBSERVATION_PRELIMINARY
    status = text(resource, "status")
    return statuses[status] if status in statuses else Fault(RefusalReason.STATUS, StatusUnfinished())


def reading_source(resource: Element, span: Span, is_preliminary: bool, context: ReadContext) -> ReadingSource:
    """The source of the readings in a resource whose event is `span`."""
    entered = text(resource, "issued") or text(resource, "authored")
    return ReadingSource(
        source=source_of(resource),
        when=span.when,
        until=span.until,
        timed=span.timed,
        entered=entry_time(entered, context.zone),
        preliminary=is_preliminary,
        reporter=reporter(resource),
        zone_assumed=span.assumed,
        dated=span.dated,
        identifiers=_identifiers(resource),
    )


def _identifiers(resource: Element) -> tuple[tuple[str, str], ...]:
    pairs = ((text(one, "system"), text(one, "value")) for one in parts(resource, "identifier"))
    return tuple((system, value) for system, value in pairs if system is not None and value is not None)


def reporter(resource: Element) -> Reporter:
    """Who reports: a practitioner before the patient before a device, else unknown."""
    found = _reporters(resource)
    order = (Reporter.PRACTITIONER, Reporter.PATIENT, Reporter.DEVICE)
    return next((one for one in order if one in found), Reporter.UNKNOWN)


def patient_reports(resource: Element) -> bool:
    """Whether the patient or a relative is among those who report."""
    return Reporter.PATIENT in _reporters(resource)


def _reporters(resource: Element) -> set[Reporter]:
    references = [*parts(resource, "performer"), *parts(resource, "source"), *parts(resource, "author")]
    found = {_REPORTERS.get(_target_type(one), Reporter.UNKNOWN) for one in references}
    return found | ({Reporter.DEVICE} if part(resource, "device") else set())


def _target_type(reference: Element) -> str:
    """The resource type of a Reference, from its literal reference, else from `type`."""
    steps = (text(reference, "reference") or "").partition("/_history/")[0].split("/")
    return steps[-2] if len(steps) > 1 else text(reference, "type") or ""
