"""Who said it, when, and how firm it is: the stamp on every reading of a resource."""

from __future__ import annotations

from titrate.clinical.values.readings import ReadingSource, RefusalReason, Reporter
from titrate.fhir.elements import Element, part, parts, text
from titrate.fhir.read.read_context import Fault, ReadContext, source_of
from titrate.fhir.read.times import Span, instant

_OBSERVATION = {"final": False, "amended": False, "corrected": False, "preliminary": True}
_RESPONSE = {"completed": False, "amended": False, "in-progress": True, "stopped": True}
_REPORTERS = {
    "Patient": Reporter.PATIENT,
    "RelatedPerson": Reporter.PATIENT,
    "Practitioner": Reporter.PRACTITIONER,
    "PractitionerRole": Reporter.PRACTITIONER,
    "Device": Reporter.DEVICE,
}


def preliminary(resource: Element) -> bool | Fault:
    """Whether an Observation or a QuestionnaireResponse may only lower or hold; a fault when it never counts."""
    known = _RESPONSE if text(resource, "resourceType") == "QuestionnaireResponse" else _OBSERVATION
    status = text(resource, "status")
    if status in known:
        return known[status]
    return Fault(RefusalReason.STATUS, "With this status it does not count: finish the entry if it should")


def reading_source(resource: Element, span: Span, soft: bool, context: ReadContext) -> ReadingSource:
    """The stamp of a resource whose event is `span`."""
    written = text(resource, "issued") or text(resource, "authored")
    return ReadingSource(
        source=source_of(resource),
        when=span.when,
        until=span.until,
        timed=span.timed,
        entered=instant(written, context.zone),
        preliminary=soft,
        reporter=reporter(resource),
        zone_assumed=span.assumed,
        dated=span.dated,
    )


def reporter(resource: Element) -> Reporter:
    """Who stands behind it: a practitioner before the patient before a device, else unknown."""
    people = [*parts(resource, "performer"), *parts(resource, "source"), *parts(resource, "author")]
    found = {_REPORTERS.get(_kind(person), Reporter.UNKNOWN) for person in people}
    if part(resource, "device"):
        found.add(Reporter.DEVICE)
    order = (Reporter.PRACTITIONER, Reporter.PATIENT, Reporter.DEVICE)
    return next((who for who in order if who in found), Reporter.UNKNOWN)


def _kind(person: Element) -> str:
    """The resource type of a reference, from its address or, for one without, as it says itself."""
    steps = (text(person, "reference") or "").partition("/_history/")[0].split("/")
    return steps[-2] if len(steps) > 1 else text(person, "type") or ""
