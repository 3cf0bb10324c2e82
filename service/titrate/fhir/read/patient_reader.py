"""All readings and refusals of one patient. A malformed resource never affects the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.readings import (
    Measurement,
    PatientReadings,
    Reading,
    Refusal,
    RefusalReason,
    SafetyAnswer,
)
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Element, name, parts, text
from titrate.fhir.read import forms, observations
from titrate.fhir.read.conditions import allergy, condition, procedure
from titrate.fhir.read.contained import contained_entries, contained_reports, unread_contained
from titrate.fhir.read.duplicates import without_duplicates
from titrate.fhir.read.during_exercise import session_periods
from titrate.fhir.read.eligibility import read_eligibility
from titrate.fhir.read.form_identity import SCREENS, form_name, questionnaires_by_address
from titrate.fhir.read.form_screens import open_screen
from titrate.fhir.read.free_texts import free_texts, without_comments
from titrate.fhir.read.goals import goal
from titrate.fhir.read.medicines import medication
from titrate.fhir.read.patient import (
    names_patient,
    require_own_records,
    single_patient_resource,
    wrong_patient,
    zone_of,
)
from titrate.fhir.read.plausibility import plausible_readings
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import leaves_doubt
from titrate.fhir.read.refusals import is_void, open_questions, without_doubtful_no
from titrate.fhir.read.score_totals import with_totals
from titrate.fhir.signers import SIGNER_TYPES
from titrate.fhir.site import Site
from titrate.messages.refused_records import SubjectMissing
from titrate.messages.refused_values import ResourceMalformed, ResourceTypeNotRead

_READERS: Mapping[str, Callable[[Element, ReadContext], tuple[Item, ...]]] = {
    "Observation": observations.observation,
    "QuestionnaireResponse": forms.response,
    "Condition": condition,
    "Procedure": procedure,
    "AllergyIntolerance": allergy,
    "MedicationRequest": medication,
    "MedicationStatement": medication,
    "Goal": goal,
}
# Resources of the plan, which titrate.fhir.plan_state reads.
_PLAN_TYPES = frozenset({"CarePlan", "ServiceRequest", "Task", "Flag", "Communication"})
# Resources that others refer to: they have no readings of their own.
_CONTEXT_TYPES = frozenset(
    {
        "CareTeam", "Consent", "Device", "Encounter", "EpisodeOfCare", "Group", "Location", "Medication",
        "OperationOutcome", "Organization", "Patient", "Practitioner", "PractitionerRole", "Provenance",
        "Questionnaire", "RelatedPerson",
    }
)  # fmt: skip
# Readers of records with a fault, and entries that can open a red flag and never help.
_REFUSED: Mapping[str, Callable[[Element, Fault, ReadContext], tuple[Item, ...]]] = {
    "Observation": observations.refused,
    "QuestionnaireResponse": forms.refused,
}
_LISTED = frozenset({"Condition", "Procedure", "MedicationRequest", "MedicationStatement"})
_NO_SUBJECT = Fault(RefusalReason.MALFORMED, SubjectMissing())
_UNSUPPORTED = Fault(RefusalReason.UNSUPPORTED_TYPE, ResourceTypeNotRead())
_MALFORMED = Fault(RefusalReason.MALFORMED, ResourceMalformed())


def read_patient(
    resources: Sequence[Element], rulebook: Rulebook, lookup: CodeLookup, site: Site, at: datetime
) -> PatientReadings:
    """The patient, the readings in a fixed order, the refusals, and the number of resources of each type.

    `resources` have references of the form `Type/id`; `at` is aware. The order of the resources makes no difference.
    Raises NoPatient, SeveralPatients or OtherPatients.
    """
    patient = single_patient_resource(resources)
    require_own_records(resources)
    own = zone_of(patient, site)
    person, unreadable = read_eligibility(patient, resources, own, site, at)
    medications = {name(resource): resource for resource in _of_type(resources, "Medication")}
    questionnaires = questionnaires_by_address(_of_type(resources, "Questionnaire"))
    signers = {name(resource): resource for kind in SIGNER_TYPES for resource in _of_type(resources, kind)}
    context = ReadContext(
        rulebook, lookup, site, person, own.zone, at, medications, questionnaires=questionnaires, signers=signers
    )
    derived = _derived(resources)
    items = with_totals(_items(resources, patient, context), derived, context)
    readings: list[Reading] = [item for item in items if not isinstance(item, Refusal)]
    readings += without_comments(free_texts(resources, patient, context), items)
    refusals = [item for item in items if isinstance(item, Refusal)]
    refusals += [item for resource in resources for item in unread_contained(resource)]
    once, duplicates = without_duplicates(readings, derived)
    kept, implausible = plausible_readings(once, rulebook.numbers)
    ordered = sorted((*own.refusals, *unreadable, *refusals, *duplicates, *implausible), key=_order)
    return PatientReadings(person, kept, tuple(ordered), _counted(resources))


def _items(resources: Sequence[Element], patient: Element, context: ReadContext) -> list[Item]:
    """The items of each resource. Vital signs are read a second time if they can lie within a session."""
    first = [(one, _read(one, patient, context)) for resource in resources for one in _with_contained(resource)]
    sessions = session_periods((item for _, items in first for item in items), context)
    if not sessions:
        return [item for _, items in first for item in items]
    with_sessions = replace(context, exercised=sessions)
    second = (
        _read(resource, patient, with_sessions) if _depends_on_exercise(items, context) else items
        for resource, items in first
    )
    return [item for items in second for item in items]


def _with_contained(resource: Element) -> Iterator[Element]:
    yield resource
    if "contained" in resource:
        yield from contained_reports(resource)
        yield from contained_entries(resource)


def _depends_on_exercise(items: Iterable[Item], context: ReadContext) -> bool:
    return any(isinstance(item, Measurement | Refusal) and item.what in context.lookup.during for item in items)


def _read(resource: Element, patient: Element, context: ReadContext) -> tuple[Item, ...]:
    """One resource. A resource of an unforeseen shape is refused as malformed."""
    kind = text(resource, "resourceType") or ""
    stranger = wrong_patient(resource, patient)
    if kind in _CONTEXT_TYPES:
        is_others = kind == "Consent" and stranger is not None and names_patient(resource)
        return (refusal(source_of(resource), "Consent.patient", stranger),) if is_others and stranger else ()
    if kind in _PLAN_TYPES:
        is_others = stranger is not None and names_patient(resource)
        return (refusal(source_of(resource), kind, stranger),) if is_others and stranger else ()
    if kind not in _READERS:
        return (refusal(source_of(resource), kind or "Resource", _UNSUPPORTED),)
    if stranger is not None and names_patient(resource):
        return (refusal(source_of(resource), f"{kind}.subject", stranger),)
    try:
        items = _READERS[kind](resource, context) if stranger is None else _without_subject(kind, resource, context)
        has_answers = any(isinstance(item, SafetyAnswer) for item in items)
        return without_doubtful_no(items, context) if has_answers and leaves_doubt(resource) else items
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return (refusal(source_of(resource), kind, _MALFORMED), *_open_questions(resource, context))


def _without_subject(kind: str, resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """What a record that names no patient says downward: it may be the patient's."""
    if kind in _REFUSED:
        return _REFUSED[kind](resource, _NO_SUBJECT, context)
    refused = refusal(source_of(resource), f"{kind}.subject", _NO_SUBJECT)
    return (*(_READERS[kind](resource, context) if kind in _LISTED else ()), refused)


def _open_questions(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The safety questions of an unreadable resource."""
    if is_void(resource):
        return ()
    if text(resource, "resourceType") == "Observation":
        return open_questions(resource, context)
    form = form_name(resource, context)
    return open_screen(form, resource, context) if form in SCREENS else ()


def _derived(resources: Iterable[Element]) -> dict[str, frozenset[str]]:
    """For each Observation that was made from forms, these forms."""
    origins = (
        (name(resource), frozenset(_forms(resource)))
        for resource in _of_type(resources, "Observation")
        if "derivedFrom" in resource
    )
    return {reference: forms for reference, forms in origins if forms}


def _forms(resource: Element) -> Iterator[str]:
    references = (text(origin, "reference") or "" for origin in parts(resource, "derivedFrom"))
    return (one for one in references if one.startswith("QuestionnaireResponse/"))


def _of_type(resources: Iterable[Element], kind: str) -> Iterable[Element]:
    return (resource for resource in resources if resource.get("resourceType") == kind)


def _counted(resources: Iterable[Element]) -> dict[str, int]:
    return dict(sorted(Counter(text(resource, "resourceType") or "?" for resource in resources).items()))


def _order(refused: Refusal) -> tuple[str, ...]:
    return (refused.source.reference, refused.path, refused.reason, refused.what or "", str(refused.message))
