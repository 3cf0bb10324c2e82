"""Records beside the programme that must not hold it, missing ratings, clinical scores, and who cleared a flag."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import NO_RISE, RISES, WALKING_HELD, Case, Expected, flag
from tests.faults.records import (
    CLINICIAN,
    LOINC,
    SNOMED,
    SUBJECT,
    TODAY,
    Change,
    Json,
    added,
    component,
    concept,
    condition,
    marked,
    observation,
    one,
    patient,
    quantity,
    response,
    walk,
)

CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
PAIN = concept("72514-3", LOINC)
ENCOUNTER = {"reference": "Encounter/visit"}


def other(kind: str, id_: str, **more: Any) -> Json:
    """A resource of another specialty."""
    return {"resourceType": kind, "id": id_, "subject": dict(SUBJECT), **more}


def measured(code: str, id_: str, category: str, **more: Any) -> Json:
    """An Observation that no mapping knows."""
    return observation(
        concept(code, LOINC), "2025-01-12T08:00:00Z", id_, category=[concept(category, CATEGORIES)], **more
    )


NOISE = (
    measured("2160-0", "noise-1", "laboratory", valueQuantity=quantity(1.1, "mg/dL")),
    measured("71802-3", "noise-2", "social-history", valueCodeableConcept=concept("LA30190-5", LOINC)),
    measured("99999-9", "noise-3", "survey", valueString="likes tea"),
    other(
        "ServiceRequest",
        "noise-4",
        status="active",
        intent="order",
        code=concept("24627-2", LOINC),
        authoredOn="2025-01-10",
    ),
    other("CarePlan", "noise-5", status="active", intent="plan", title="Diabetes plan"),
    other("Procedure", "noise-6", status="completed", code=concept("73761001", SNOMED), performedDateTime="2020-03-01"),
    other("Goal", "noise-7", lifecycleStatus="active", description={"text": "Stop smoking"}),
    other("Flag", "noise-8", status="active", code={"text": "Latex allergy"}),
    other(
        "DiagnosticReport",
        "noise-9",
        status="final",
        code=concept("24627-2", LOINC),
        conclusion="No pulmonary embolism",
    ),
    {"resourceType": "Immunization", "id": "noise-10", "status": "completed", "patient": dict(SUBJECT)},
    {"resourceType": "Task", "id": "noise-11", "status": "requested", "intent": "order", "for": dict(SUBJECT)},
    {"resourceType": "AllergyIntolerance", "id": "noise-12", "patient": dict(SUBJECT), "code": {"text": "Penicillin"}},
    condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "H52.1"}, "noise-13"),
    response([{"linkId": "coffee", "answer": [{"valueString": "good"}]}], "https://portal.example/forms/coffee"),
)


def clinic(score: int, at: str = TODAY, **more: Any) -> Change:
    """A pain score of a visit."""
    return added(observation(PAIN, at, valueInteger=score, **{"encounter": ENCOUNTER, **more}))


def unreadable(*days: str) -> Change:
    """The morning pain of these days of January is a word."""

    def change(bundle: Json) -> None:
        for day in days:
            one(bundle, f"72514-3-2025-01-{day}-0730")["valueQuantity"]["value"] = "two"

    return change


def finer(bundle: Json) -> None:
    """A morning and a peak from a visual scale."""
    one(bundle, "72514-3-2025-01-12-0730")["valueQuantity"]["value"] = 1.73
    component(walk(bundle), "pain-peak")["valueQuantity"]["value"] = 2.8


def cleared(at: str = "2025-01-13T08:30:00+00:00", **more: Any) -> Change:
    """A yes of this morning, and a clearance."""
    by = {"performer": [{"reference": CLINICIAN}], **more}
    clearance = observation("flag-clearance", at, "clear-1", valueCodeableConcept=concept("rf09"), **by)
    return added(observation("rf09", valueBoolean=True), clearance)


def other_order(**more: Any) -> Change:
    """A clinician's order for walking outside every plan."""
    order = {"status": "active", "intent": "order", "code": concept("walking"), "authoredOn": "2025-01-05"}
    by = {"requester": {"reference": CLINICIAN}, "quantityQuantity": quantity(10, "min")}
    return added(other("ServiceRequest", "order-1", **{**order, **by, **more}))


def linked(kind: str) -> Change:
    """The Patient has a link to another record of this kind."""
    return lambda bundle: patient(bundle).update(link=[{"other": {"reference": "Patient/other"}, "type": kind}])


HELD = Expected(rule="D5")
RATED_IN_A_VISIT = clinic(9, "2025-01-12T07:30:00Z", performer=[dict(SUBJECT)])
FIVE_HOURS = marked("order-walking", quantityQuantity=quantity(300, "min"))
FILE_CASES = (
    Case("records of other specialties", RISES, added(*NOISE)),
    Case("score of a visit a little above usual", RISES, clinic(3)),
    Case("score of a visit far above usual", NO_RISE, clinic(5)),
    Case("score of a visit last week", RISES, clinic(9, "2025-01-09T09:00:00Z")),
    Case("score that the patient gave in a visit", NO_RISE, RATED_IN_A_VISIT),
    Case("one morning that cannot be read", RISES, unreadable("12")),
    Case("no morning that can be read", NO_RISE, unreadable("06", "07", "08", "09", "10", "11", "12")),
    Case("ratings finer than a half", RISES, finer),
    Case("flag cleared by the patient", flag("rf09"), cleared(performer=[dict(SUBJECT)])),
    Case("flag cleared in the future", flag("rf09"), cleared("2025-02-13T08:30:00Z")),
    Case("flag cleared in a record of unknown status", flag("rf09"), cleared(status="unknown")),
    Case("flag cleared by a clinician", RISES, cleared()),
    Case("walking forbidden by a clinician", WALKING_HELD, other_order(doNotPerform=True)),
    Case("walking bounded by a clinician", WALKING_HELD, other_order()),
    Case("walking bounded by a clinician in metres", HELD, other_order(quantityQuantity=quantity(800, "m"))),
    Case("bound that has ended", RISES, other_order(occurrencePeriod={"start": "2024-12-01", "end": "2025-01-12"})),
    Case("bound that is only proposed", RISES, other_order(intent="proposal")),
    Case("dose that cannot be meant", HELD, FIVE_HOURS),
    Case("record replaced by another", Expected(rule="D0"), linked("replaced-by")),
    Case("record that replaces another", RISES, linked("replaces")),
    Case("record beside another", RISES, linked("seealso")),
)
ON_THE_EHR = {
    "records of other specialties",
    "score of a visit far above usual",
    "flag cleared by the patient",
    "flag cleared by a clinician",
    "walking bounded by a clinician",
    "record replaced by another",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
