"""Everything that was read of one patient. One broken resource never loses its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.readings import Measurement, PatientReadings, Reading, Refusal, RefusalReason
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Element, name, part, parts, text
from titrate.fhir.read.conditions import allergy, condition, procedure
from titrate.fhir.read.duplicates import without_duplicates
from titrate.fhir.read.exercise_context import sessions_of
from titrate.fhir.read.form_screens import SCREENS, open_screen
from titrate.fhir.read.forms import name_of, response
from titrate.fhir.read.goals import goal
from titrate.fhir.read.medicines import medication
from titrate.fhir.read.observations import observation
from titrate.fhir.read.ownership import wrong_patient
from titrate.fhir.read.patient import patient_details, single_patient_resource, zone_of
from titrate.fhir.read.plausibility_over_time import plausible_readings
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.safety_answers import left_open, void
from titrate.fhir.site import Site

_READERS: Mapping[str, Callable[[Element, ReadContext], tuple[Item, ...]]] = {
    "Observation": observation,
    "QuestionnaireResponse": response,
    "Condition": condition,
    "Procedure": procedure,
    "AllergyIntolerance": allergy,
    "MedicationRequest": medication,
    "MedicationStatement": medication,
    "Goal": goal,
}
# Of the patient, but read elsewhere: the plan in force, and what belongs to it.
_OF_THE_PLAN = frozenset({"CarePlan", "ServiceRequest", "Task", "Flag", "Communication"})
# Named by others or about people and places: nothing to read by itself.
_AROUND = frozenset(
    {
        "CareTeam", "Consent", "Device", "Encounter", "EpisodeOfCare", "Group", "Location", "Medication",
        "OperationOutcome", "Organization", "Patient", "Practitioner", "PractitionerRole", "Provenance",
        "Questionnaire", "RelatedPerson",
    }
)  # fmt: skip
_UNSUPPORTED = Fault(RefusalReason.UNSUPPORTED_TYPE, "Resources of this type are not read")
_MALFORMED = Fault(RefusalReason.MALFORMED, "The resource is not as FHIR R4 says: validate it and send it again")


def read_patient(
    resources: Sequence[Element], rulebook: Rulebook, lookup: CodeLookup, site: Site, at: datetime
) -> PatientReadings:
    """The person, the readings in a fixed order, the refusals, and how many resources of each type there were.

    `resources` have references of the form `Type/id`; `at` is aware. Raises NoPatient or SeveralPatients. The order of
    the resources makes no difference.
    """
    patient = single_patient_resource(resources)
    zone, doubts = zone_of(patient, site)
    person = patient_details(patient, resources, zone, site, at)
    medications = {name(resource): resource for resource in _of_type(resources, "Medication")}
    context = ReadContext(rulebook, lookup, site, person, zone, at, medications)
    items = _items(resources, patient, context)
    readings: list[Reading] = [item for item in items if not isinstance(item, Refusal)]
    refusals = [item for item in items if isinstance(item, Refusal)]
    once, doubles = without_duplicates(readings, _derived(resources))
    kept, unlikely = plausible_readings(once)
    ordered = sorted((*doubts, *refusals, *doubles, *unlikely), key=_order)
    return PatientReadings(person, kept, tuple(ordered), _counted(resources))


def _items(resources: Sequence[Element], patient: Element, context: ReadContext) -> list[Item]:
    """What each resource says; vital signs are read again where a session may make them such of exercise."""
    told = [(resource, _read(resource, patient, context)) for resource in resources]
    sessions = sessions_of((item for _, items in told for item in items), context)
    if not sessions:
        return [item for _, items in told for item in items]
    aware = replace(context, exercised=sessions)
    again = (_read(one, patient, aware) if _may_be_of_exercise(items, context) else items for one, items in told)
    return [item for items in again for item in items]


def _may_be_of_exercise(items: Iterable[Item], context: ReadContext) -> bool:
    return any(isinstance(item, Measurement | Refusal) and item.what in context.lookup.during for item in items)


def _read(resource: Element, patient: Element, context: ReadContext) -> tuple[Item, ...]:
    """One resource. What trips over an unforeseen shape is refused as malformed, and the next one is read."""
    kind = text(resource, "resourceType") or ""
    if kind in _AROUND:
        return ()
    source = source_of(resource)
    owner = wrong_patient(resource, patient)
    if kind in _OF_THE_PLAN:
        return (refusal(source, kind, owner),) if owner is not None and _has_owner(resource) else ()
    if kind not in _READERS:
        return (refusal(source, kind or "Resource", _UNSUPPORTED),)
    if owner is not None:
        return (refusal(source, f"{kind}.subject", owner),)
    try:
        return _READERS[kind](resource, context)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return (refusal(source, kind, _MALFORMED), *_left_open(resource, context))


def _left_open(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The safety questions of a resource that could not be read."""
    if void(resource):
        return ()
    if text(resource, "resourceType") == "Observation":
        return left_open(resource, context)
    form = name_of(resource, context)
    return open_screen(form, resource, context) if form in SCREENS else ()


def _has_owner(resource: Element) -> bool:
    return any(part(resource, key) for key in ("subject", "patient", "for"))


def _derived(resources: Iterable[Element]) -> dict[str, frozenset[str]]:
    """From each Observation the forms that it was made from."""
    return {
        name(resource): frozenset(
            reference
            for origin in parts(resource, "derivedFrom")
            if (reference := text(origin, "reference") or "").startswith("QuestionnaireResponse/")
        )
        for resource in _of_type(resources, "Observation")
    }


def _of_type(resources: Iterable[Element], kind: str) -> Iterable[Element]:
    return (resource for resource in resources if resource.get("resourceType") == kind)


def _counted(resources: Iterable[Element]) -> dict[str, int]:
    return dict(sorted(Counter(text(resource, "resourceType") or "?" for resource in resources).items()))


def _order(refused: Refusal) -> tuple[str, ...]:
    return (refused.source.reference, refused.path, refused.reason, refused.what or "", refused.message)
