"""Which elements of a resource can hold a statement about the patient.

Questions of forms, names of coded entries, instructions and references to others state nothing (decision 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from titrate.clinical.values.code_lookup import normalised_text
from titrate.fhir.elements import Element, coding_key, concept_texts, number, part, parts, text
from titrate.fhir.read.element_values import mapped_measures, truth
from titrate.fhir.read.read_context import ReadContext
from titrate.fhir.signers import target_type

# Definitions, people, places and things, and records of relatives: they state nothing about the patient.
NO_STATEMENTS = frozenset({
    "Account", "ActivityDefinition", "CareTeam", "CodeSystem", "Coverage", "Device", "Endpoint",
    "FamilyMemberHistory", "Group", "HealthcareService", "Library", "Location", "Medication", "OperationOutcome",
    "Organization", "Patient", "PlanDefinition", "Practitioner", "PractitionerRole", "Provenance", "Questionnaire",
    "RelatedPerson", "StructureDefinition", "ValueSet",
})  # fmt: skip
# Elements without a statement: technical ones, references to others, and instructions of what to do or to look for.
NO_TEXT = frozenset({
    "_display", "about", "address", "agent", "asserter", "author", "authorReference", "authorString", "authored",
    "authoredOn", "basedOn", "bodySite", "category", "class", "contentType", "created", "data", "dateAsserted",
    "definition", "device", "dosage", "dosageInstruction", "effectiveDateTime", "effectivePeriod", "encounter",
    "expressedBy", "focus", "for", "id", "identifier", "implicitRules", "instantiatesCanonical", "instruction",
    "intent", "interpretation", "issued", "language", "lastUpdated", "linkId", "location", "meta", "method", "name",
    "onsetDateTime", "owner", "participant", "patient", "patientInstruction", "performedDateTime", "performedPeriod",
    "performer", "performerType", "period", "priority", "profile", "questionnaire", "received", "recipient",
    "recordedDate", "recorder", "reference", "requester", "resourceType", "sender", "sent", "serviceType", "source",
    "specialty", "status", "subject", "supportingInfo", "system", "telecom", "type", "unit", "url", "valueCanonical",
    "valueCode", "valueUri", "valueUrl", "version", "versionId",
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
# Elements of the extensions of an answered item that are texts; others may code its question.
_WRITTEN_VALUES = frozenset({"extension", "valueAnnotation", "valueAttachment", "valueMarkdown", "valueString"})
_OF_ITEM = "item.extension"


def text_keys(element: Element, key: str, kind: str, context: ReadContext) -> Iterable[str]:
    """The keys of an element below which there can be statements. `key` is its own, `kind` its resource's type."""
    if kind == "CarePlan" and key == "activity":
        return ("progress",) if "progress" in element else ()
    if kind == "QuestionnaireResponse" and key == "item":
        remarks = {"extension"} if any(_is_remark(one, element) for one in parts(element, "extension")) else set()
        return [one for one in element if one in {"answer", "item", *remarks} or one.startswith("value")]
    if key == _OF_ITEM:
        return [one for one in element if one in _WRITTEN_VALUES]
    skipped = set() if key == "answer" else {"valueReference"}
    if "resourceType" in element:
        skipped |= _skipped_of_resource(element, kind, context)
    elif kind == "Observation" and key == "component" and not _asserts_code(element, context):
        skipped.add("code")
    if "display" in element and _is_name(element, key, context):
        skipped.add("display")
    if "coding" in element and text(element, "text") in {text(one, "display") for one in parts(element, "coding")}:
        skipped.add("text")
    return [
        one
        for one, value in element.items()
        if one not in NO_TEXT
        and one not in skipped
        and not one.endswith(_DATES)
        and not (one == "code" and isinstance(value, str))
    ]


def key_below(key: str, one: str, kind: str) -> str:
    """The key of an element within another one; extensions of an answered item are kept apart from all others."""
    of_item = kind == "QuestionnaireResponse" and key in {"item", _OF_ITEM}
    return _OF_ITEM if of_item and one == "extension" else one


def _skipped_of_resource(resource: Element, kind: str, context: ReadContext) -> set[str]:
    skipped = set(_ORDERED.get(kind, ()))
    if isinstance(resource.get("text"), Mapping) and text(part(resource, "text"), "status") != "additional":
        skipped.add("text")
    if kind == "Observation" and not _asserts_code(resource, context):
        skipped.add("code")
    if kind in _LISTED and (parts(part(resource, "code"), "coding") or statuses(resource) & _NO_LONGER):
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


def _is_remark(extension: Element, item: Element) -> bool:
    """Whether an extension of an answered item is anything else than its question, or a translation of it."""
    is_translation = (text(extension, "url") or "").rpartition("/")[2] == "translation"
    values = [extension[one] for one in _WRITTEN_VALUES if one in extension]
    return not is_translation and any(one != item.get("text") for one in values)


def _is_name(element: Element, key: str, context: ReadContext) -> bool:
    """Whether a display names something, and says nothing more: not in a coded answer, or one by a reference."""
    if key == "valueReference":
        return target_type(element) in NO_STATEMENTS
    return key not in {"coding", "valueCoding"} or _is_known(element, context)


def _is_known(coding: Element, context: ReadContext) -> bool:
    """Whether the mappings say what a coded answer means."""
    key, lookup = coding_key(coding), context.lookup
    if key is None:
        return False
    return key[0] == context.site.codes or key in lookup.answers or key in lookup.numbers or key in lookup.exercises


def statuses(resource: Element) -> set[str | None]:
    """Every status of a resource, of the record and of what it is about."""
    concepts = (part(resource, "verificationStatus"), part(resource, "clinicalStatus"))
    codes = {text(coding, "code") for concept in concepts for coding in parts(concept, "coding")}
    return {text(resource, "status"), text(resource, "lifecycleStatus"), *codes}
