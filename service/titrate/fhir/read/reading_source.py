"""The source of every reading: record, time, reporter, and whether the record is final."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from titrate.clinical.values.readings import ReadingSource, Refusal, RefusalReason, Reporter
from titrate.fhir.elements import Element, count, is_modified, part, parts, text
from titrate.fhir.read.element_values import measures_of
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reported_codes import DOSE_LIMIT, ReportedCodes
from titrate.fhir.read.times import Span, entry_time
from titrate.fhir.signers import may_sign, target_type
from titrate.messages.refused_records import SignerNotKnown, StatusUnfinished, StatusUnknown
from titrate.messages.refused_values import MeasureByCliniciansOnly

# Records that were taken back or never took place.
VOID = frozenset({"entered-in-error", "cancelled"})
_FINAL = frozenset({"final", "completed", "amended", "corrected"})
_UNFINISHED = frozenset({"preliminary", "in-progress", "stopped"})
NOT_SIGNED = Fault(RefusalReason.NOT_A_PRACTITIONER, SignerNotKnown())
_UNSIGNED = Fault(RefusalReason.NOT_A_PRACTITIONER, MeasureByCliniciansOnly())
_DOUBTFUL = _UNFINISHED | {"registered", "unknown", None}
_REPORTERS = {
    "Patient": Reporter.PATIENT,
    "RelatedPerson": Reporter.PATIENT,
    "Practitioner": Reporter.PRACTITIONER,
    "PractitionerRole": Reporter.PRACTITIONER,
    "Device": Reporter.DEVICE,
}


def preliminary(resource: Element) -> bool | Fault:
    """Whether an Observation or QuestionnaireResponse can only lower or hold; a fault if its status rules it out.

    A missing status counts as preliminary, and so does a record that a sender marks as changed in its meaning (B13.6).
    """
    status = text(resource, "status")
    if status in VOID:
        return Fault(RefusalReason.STATUS, StatusUnfinished())
    if status not in _FINAL and status not in _DOUBTFUL:
        return Fault(RefusalReason.WRONG_VALUE, StatusUnknown())
    return status in _DOUBTFUL or is_modified(resource)


def leaves_doubt(resource: Element) -> bool:
    """Whether a record counts as preliminary without saying so: its no to a safety question is then no answer."""
    return text(resource, "status") in _DOUBTFUL - _UNFINISHED or is_modified(resource)


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


def is_signed(resource: Element, context: ReadContext) -> bool:
    """Whether a known practitioner who is active is among the performers (B13.7)."""
    performers, zone = parts(resource, "performer"), context.zone.key
    return any(may_sign(one, context.signers, context.today, zone) for one in performers)


def lacks_signer(resource: Element, codes: ReportedCodes, context: ReadContext) -> bool:
    """Whether no clinician who is known and active signed a record with a clinician's measure, also in a component."""
    measures = measures_of(chain.from_iterable(codes.component_keys), "", context)
    is_clinicians = is_clinicians_record(codes, context) or not measures.isdisjoint(context.lookup.practitioner)
    return is_clinicians and not is_signed(resource, context)


def is_clinicians_record(codes: ReportedCodes, context: ReadContext) -> bool:
    """Whether only a clinician can say what an Observation says: a limit, or another measure of clinicians."""
    return DOSE_LIMIT in codes.local or not codes.measures.isdisjoint(context.lookup.practitioner)


def signer_refusals(
    resource: Element, codes: ReportedCodes, readings: Iterable[Item], stamp: ReadingSource, context: ReadContext
) -> tuple[Refusal, ...]:
    """That a clinician's record counts downward only, unless it is refused as a whole."""
    is_read = stamp.reporter is Reporter.PRACTITIONER and any(not isinstance(item, Refusal) for item in readings)
    if not is_read or not lacks_signer(resource, codes, context):
        return ()
    fault = NOT_SIGNED if resource.get("performer") else _UNSIGNED
    return (refusal(stamp.source, "Observation.performer", fault, day=stamp.day),)


def has_readable_performers(resource: Element) -> bool:
    """Whether every performer is a Reference that names or types someone; without any performer there is no doubt."""
    performers = parts(resource, "performer")
    return len(performers) == count(resource, "performer") and all(
        target_type(one) or part(one, "identifier") for one in performers
    )


def patient_reports(resource: Element) -> bool:
    """Whether the patient or a relative is among those who report."""
    return Reporter.PATIENT in _reporters(resource)


def _reporters(resource: Element) -> set[Reporter]:
    references = [*parts(resource, "performer"), *parts(resource, "source"), *parts(resource, "author")]
    found = {_REPORTERS.get(target_type(one), Reporter.UNKNOWN) for one in references}
    return found | ({Reporter.DEVICE} if part(resource, "device") else set())
