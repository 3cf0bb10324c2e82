"""Words of alarm in any text of any resource, also of refused and unmapped ones (B13.5).

What is not a statement about the patient is left out: what the service wrote, questions of forms, names of coded
entries, instructions, references, and records of relatives.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.clinical.values.code_lookup import normalised_text
from titrate.clinical.values.readings import Comment, FreeText, Reading, ReadingSource
from titrate.fhir.code_systems import ASSESSMENT, DECISION
from titrate.fhir.elements import (
    LIST,
    OBJECT,
    Element,
    coding_key,
    coding_keys,
    concept_texts,
    number,
    on_the_clock,
    part,
    parts,
    text,
)
from titrate.fhir.read.element_values import mapped_measures, truth
from titrate.fhir.read.patient import names_patient, wrong_patient
from titrate.fhir.read.read_context import Item, ReadContext
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.times import Span, effective, from_the_future, last_day
from titrate.fhir.signers import target_type
from titrate.fhir.site import Site

Statement = tuple[str, str | None]

# Definitions, people, places and things, and records of relatives: they state nothing about the patient.
_NO_STATEMENTS = frozenset({
    "Account", "ActivityDefinition", "Binary", "CareTeam", "CodeSystem", "Coverage", "Device", "Endpoint",
    "FamilyMemberHistory", "Group", "HealthcareService", "Library", "Location", "Medication", "OperationOutcome",
    "Organization", "Patient", "PlanDefinition", "Practitioner", "PractitionerRole", "Provenance", "Questionnaire",
    "RelatedPerson", "StructureDefinition", "ValueSet",
})  # fmt: skip
# Elements without a statement: technical ones, references to others, and instructions of what to do or to look for.
_NO_TEXT = frozenset({
    "_display", "about", "address", "agent", "asserter", "author", "authorReference", "authorString", "authored",
    "authoredOn", "basedOn", "bodySite", "category", "class", "contentType", "created", "data", "dateAsserted",
    "definition", "device", "dosage", "dosageInstruction", "effectiveDateTime", "effectivePeriod", "encounter",
    "expressedBy", "focus", "for", "id", "identifier", "implicitRules", "instantiatesCanonical", "instruction",
    "intent", "interpretation", "issued", "language", "lastUpdated", "linkId", "location", "meta", "method", "name",
    "onsetDateTime", "owner", "participant", "patient", "patientInstruction", "performedDateTime", "performedPeriod",
    "performer", "performerType", "period", "priority", "profile", "questionnaire", "received", "recipient",
    "recordedDate", "recorder", "reference", "requester", "resourceType", "sender", "sent", "serviceType", "source",
    "specialty", "status", "subject", "supportingInfo", "system", "telecom", "type", "unit", "url", "valueCanonical",
    "valueCode", "valueReference", "valueUri", "valueUrl", "version", "versionId",
})  # fmt: skip
_DATES = ("Date", "DateTime", "Instant", "Time", "Period", "Timing")
# Of entries that the EHR lists, the codes decide, and the name is a text only without a code.
_LISTED = frozenset({"AllergyIntolerance", "Condition", "Procedure"})
_NO_LONGER = frozenset({"inactive", "remission", "resolved", "refuted"})
# What is ordered, or what for, says nothing new about the patient.
_ORDERED: Mapping[str, frozenset[str]] = {
    "MedicationRequest": frozenset({"medicationCodeableConcept", "reasonCode"}),
    "MedicationStatement": frozenset({"medicationCodeableConcept", "reasonCode"}),
    "ServiceRequest": frozenset({"code", "orderDetail"}),
}
_REPORTS = frozenset({"Communication", "Goal", "Observation", "QuestionnaireResponse"})
_AUTHORS = ("performer", "source", "author", "sender", "asserter", "recorder", "expressedBy", "informationSource")
_PATIENTS, _CLINICIANS = frozenset({"Patient", "RelatedPerson"}), frozenset({"Practitioner", "PractitionerRole"})
_WRITTEN = (
    "authored", "authoredOn", "sent", "received", "recordedDate", "dateAsserted", "date", "dateTime", "issued",
    "created", "statusDate",
)  # fmt: skip
_EVENTS = (
    "effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime", "onsetDateTime", "startDate",
)  # fmt: skip
_PERIODS = ("effectivePeriod", "performedPeriod", "occurrencePeriod", "onsetPeriod", "period")
# Annotations, which have a time of their own.
_NOTES = frozenset({"note", "progress"})
_TAG = re.compile(r"<[^>]*>")
_WRITTEN_BY_SERVICE = frozenset({DECISION, ASSESSMENT})


def free_texts(resources: Iterable[Element], patient: Element, context: ReadContext) -> list[FreeText]:
    """The texts with words of alarm in the patient's resources, each once for a resource."""
    known: dict[str, bool] = {}
    found: dict[FreeText, None] = {}
    for resource in resources:
        if not _has_alarming_words(resource, known, context) or not _may_state(resource, patient):
            continue
        by_patient = _is_by_patient(resource)
        for statement, written in _statements(resource, patient, context):
            if context.rulebook.flags_in_text(statement, by_patient=by_patient):
                found[FreeText(statement.strip(), _stamp(resource, written, context), by_patient)] = None
    return list(found)


def _has_alarming_words(resource: Element, known: dict[str, bool], context: ReadContext) -> bool:
    """Whether a resource has words of alarm anywhere, as few have. `known` are the texts that were searched before."""
    for one in _texts(resource):
        if one not in known:
            known[one] = any(context.rulebook.flags_in_text(form) for form in {one, _without_tags(one)})
        if known[one]:
            return True
    return False


def _texts(resource: Element) -> Iterator[str]:
    """The texts of a resource in any order."""
    waiting: list[Any] = [resource]
    for value in waiting:
        if isinstance(value, OBJECT):
            for key, one in value.items():
                if key in _NO_TEXT:
                    continue
                if isinstance(one, str):
                    yield one
                elif one is not None:
                    waiting.append(one)
        elif isinstance(value, LIST):
            waiting += value
        elif isinstance(value, str):
            yield value


def without_comments(texts: Iterable[FreeText], items: Iterable[Item]) -> Iterator[Reading]:
    """The texts that no reader took as a comment of the same resource."""
    comments = {(item.stamp.source.reference, item.text) for item in items if isinstance(item, Comment)}
    return (one for one in texts if (one.stamp.source.reference, one.text) not in comments)


def _may_state(resource: Element, patient: Element) -> bool:
    """Whether a resource is the patient's, or names no one, and was not entered in error."""
    if text(resource, "resourceType") in _NO_STATEMENTS or _is_error(resource):
        return False
    return wrong_patient(resource, patient) is None or not names_patient(resource)


def _is_error(resource: Element) -> bool:
    return "entered-in-error" in _statuses(resource)


def _statuses(resource: Element) -> set[str | None]:
    concepts = (part(resource, "verificationStatus"), part(resource, "clinicalStatus"))
    codes = {text(coding, "code") for concept in concepts for coding in parts(concept, "coding")}
    return {text(resource, "status"), text(resource, "lifecycleStatus"), *codes}


def _is_by_patient(resource: Element) -> bool:
    """Whether the patient or a relative says it. A report is their own unless only clinicians are named."""
    types = {target_type(one) for key in _AUTHORS for one in parts(resource, key)}
    if types & _PATIENTS:
        return True
    return not types & _CLINICIANS and text(resource, "resourceType") in _REPORTS


def _statements(resource: Element, patient: Element, context: ReadContext) -> Iterator[Statement]:
    """Every text of a resource, with the time of the note that it is in."""
    own = _is_written_by_service(resource, context.site)
    waiting: list[tuple[Any, str, str, str | None]] = [(resource, "", "", None)]
    while waiting:
        value, key, kind, written = waiting.pop()
        if isinstance(value, str):
            yield (_without_tags(value) if key == "div" else value), written
        elif isinstance(value, list | tuple):
            waiting += [(one, key, kind, written) for one in value]
        elif isinstance(value, Mapping):
            if "resourceType" in value and kind and not _may_state(value, patient):
                continue
            kind = text(value, "resourceType") or kind
            if key in _NOTES:
                written = text(value, "time") or written
            if own and key == "":
                waiting += [(one, "note", kind, None) for one in parts(value, "note") if _is_by_person(one, kind)]
                continue
            waiting += [(value[one], one, kind, written) for one in _text_keys(value, key, kind, context)]


def _without_tags(written: str) -> str:
    return html.unescape(_TAG.sub(" ", written)) if "<" in written or "&" in written else written


def _is_written_by_service(resource: Element, site: Site) -> bool:
    systems = {text(identifier, "system") for identifier in parts(resource, "identifier")}
    codes = {code for system, code in coding_keys(part(resource, "code")) if system == site.codes}
    return bool(systems & site.identifier_systems or codes & _WRITTEN_BY_SERVICE)


def _is_by_person(note: Element, kind: str) -> bool:
    """Whether a person wrote a note on a resource of the service: its own are on Observations and name no author."""
    author = target_type(part(note, "authorReference"))
    return (
        author in _PATIENTS | _CLINICIANS or bool(text(note, "authorString")) or (not author and kind != "Observation")
    )


def _text_keys(element: Element, key: str, kind: str, context: ReadContext) -> Iterable[str]:
    """The keys of an element below which there can be statements. `key` is its own, `kind` its resource's type."""
    if kind == "CarePlan" and key == "activity":
        return ("progress",) if "progress" in element else ()
    if kind == "QuestionnaireResponse" and key == "item":
        return [one for one in element if one in {"answer", "item"} or one.startswith("value")]
    skipped: set[str] = set()
    if "resourceType" in element:
        skipped |= _skipped_of_resource(element, kind, context)
    elif kind == "Observation" and key == "component" and not _asserts_code(element, context):
        skipped.add("code")
    if "display" in element and (key not in {"coding", "valueCoding"} or _is_known(element, context)):
        skipped.add("display")
    if "coding" in element and text(element, "text") in {text(one, "display") for one in parts(element, "coding")}:
        skipped.add("text")
    return [
        one
        for one, value in element.items()
        if one not in _NO_TEXT
        and one not in skipped
        and not one.endswith(_DATES)
        and not (one == "code" and isinstance(value, str))
    ]


def _skipped_of_resource(resource: Element, kind: str, context: ReadContext) -> set[str]:
    skipped = set(_ORDERED.get(kind, ()))
    if isinstance(resource.get("text"), Mapping) and text(part(resource, "text"), "status") != "additional":
        skipped.add("text")
    if kind == "Observation" and not _asserts_code(resource, context):
        skipped.add("code")
    if kind in _LISTED and (parts(part(resource, "code"), "coding") or _statuses(resource) & _NO_LONGER):
        skipped.add("code")
    return skipped


def _asserts_code(element: Element, context: ReadContext) -> bool:
    """Whether an Observation or component says that what its unmapped code names is so: unless its value is a no."""
    concept = part(element, "code")
    if any(mapped_measures(concept, namespace, context) for namespace in context.lookup.codes):
        return False
    values = [value for key, value in element.items() if key.startswith("value")]
    if values:
        return not any(_is_no(value, context) for value in values) and truth(element, context) is not False
    return not any(key in element for key in ("dataAbsentReason", "component", "hasMember"))


def _is_no(value: Any, context: ReadContext) -> bool:
    """Whether a value is nought, or one of the words that deny what they follow."""
    if isinstance(value, Mapping):
        words = (*concept_texts(value), *filter(None, (text(value, "display"),)))
        return number(value.get("value")) == 0 or any(_is_no(one, context) for one in words)
    if isinstance(value, str):
        return normalised_text(value).strip(" .") in context.rulebook.screen_phrases.negations.after
    return value is False or number(value) == 0


def _is_known(coding: Element, context: ReadContext) -> bool:
    """Whether the mappings say what a coded answer means."""
    key, lookup = coding_key(coding), context.lookup
    if key is None:
        return False
    return key[0] == context.site.codes or key in lookup.answers or key in lookup.numbers or key in lookup.exercises


def _stamp(resource: Element, written: str | None, context: ReadContext) -> ReadingSource:
    """The source of a text at the time of its note, else of the resource, else of its last change, else now."""
    noted = None if written is None else last_day(written, context.zone)
    if noted is not None and from_the_future(noted, context) is None:
        return reading_source(resource, noted, True, context)
    return reading_source(resource, _time(resource, context), True, context)


def _time(resource: Element, context: ReadContext) -> Span:
    """The effective time of an Observation; of others the last time of writing, else of the event; then of a change."""
    if text(resource, "resourceType") == "Observation":
        observed = effective(resource, context.zone)
        if isinstance(observed, Span) and from_the_future(observed, context) is None:
            return observed
    written = [text(resource, key) for key in _WRITTEN]
    events = [text(resource, key) for key in _EVENTS]
    events += [text(part(resource, key), end) for key in _PERIODS for end in ("start", "end")]
    for times in (written, events, [text(part(resource, "meta"), "lastUpdated")]):
        spans = [span for one in times if (span := last_day(one, context.zone)) is not None]
        past = [span for span in spans if from_the_future(span, context) is None]
        if past:
            return max(past, key=lambda span: span.when)
    return Span(on_the_clock(context.at, context.zone), dated=False)
