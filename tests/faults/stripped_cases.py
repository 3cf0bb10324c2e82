"""Records that lost an element or hold it in another JSON type: none earns more than the whole record (B13.17)."""

from __future__ import annotations

from typing import Any

from tests.faults import limit_cases, person_cases
from tests.faults.expectations import RISES, WALKING_HELD, Case, Expected, flag
from tests.faults.further_cases import NEW_MEDICINE, medicine
from tests.faults.records import (
    CLINICIAN,
    LOINC,
    SNOMED,
    SUBJECT,
    Change,
    Json,
    added,
    both,
    component,
    concept,
    condition,
    named,
    observation,
    quantity,
    walk,
)

HELD, NOT_ELIGIBLE = Expected(rule="D5"), Expected(rule="D0")
ATC = "http://www.whocc.no/atc"
REQUEST, STATEMENT = "MedicationRequest", "MedicationStatement"
RESOLVED = concept("resolved", "http://terminology.hl7.org/CodeSystem/condition-clinical")


# No code, subject, component or provision.
UNREADABLE: tuple[Any, ...] = (7, "x", {"a": 1})


def without(key: str, change: Change, **more: Any) -> Change:
    """The resource that a change adds, without an element and with these."""

    def stripped(bundle: Json) -> None:
        change(bundle)
        held = bundle["entry"][-1]["resource"]
        held.pop(key, None)
        held.update(more)

    return stripped


def antibiotic(kind: str, /, day: str = "2025-01-12", **more: Any) -> Change:
    """A fluoroquinolone since this day, with these elements."""
    return medicine(kind, **({"authoredOn": day} if kind == REQUEST else {"effectiveDateTime": day}), **more)


def unnamed(kind: str, day: str = "2025-01-12", **more: Any) -> Change:
    """A medicine of this day whose name is lost."""
    return without("medicationCodeableConcept", antibiotic(kind, day), **more)


def anticoagulant(day: str, id_: str, **more: Any) -> Json:
    """An order of warfarin."""
    return {
        "resourceType": REQUEST,
        "id": id_,
        "status": "active",
        "intent": "order",
        "subject": dict(SUBJECT),
        "authoredOn": day,
        "medicationCodeableConcept": concept("B01AA03", ATC),
        **more,
    }


def procedure(day: str, **more: Any) -> Change:
    """A hip replacement of this day."""
    held = {"resourceType": "Procedure", "id": "procedure-1", "subject": dict(SUBJECT), "performedDateTime": day}
    return added({"status": "completed", "code": concept("52734007", SNOMED), **held, **more})


UPPER = {"code": concept("8480-6", LOINC), "valueQuantity": quantity(192, "mm[Hg]")}
NORMAL = {"code": concept("8480-6", LOINC), "valueQuantity": quantity(124, "mm[Hg]")}
LOWER = {"code": concept("8462-4", LOINC), "valueQuantity": quantity(88, "mm[Hg]")}
MEAN = {"code": concept("8478-0", LOINC), "valueQuantity": quantity(100, "mm[Hg]")}
A_WEEK_AGO = {"effectiveDateTime": "2025-01-06T09:00:00+00:00"}


def pressed(components: object) -> Change:
    """A blood pressure of this morning."""
    return added(observation(concept("85354-9", LOINC), component=components))


def order(**more: Any) -> Change:
    """A clinician's own order for ten minutes of walking."""
    return added({
        "resourceType": "ServiceRequest", "id": "order-1", "subject": dict(SUBJECT), "status": "active",
        "intent": "order", "code": concept("walking"), "authoredOn": "2025-01-05",
        "requester": {"reference": CLINICIAN}, "quantityQuantity": quantity(10, "min"), **more,
    })  # fmt: skip


def unmeasured(**more: Any) -> Change:
    """The same without a quantity."""
    return without("quantityQuantity", order(**more))


def unsigned(held: Json) -> Change:
    """A limit without a performer."""
    return without("performer", added(held))


def ceiling(value: int) -> Json:
    """A pain ceiling."""
    return limit_cases.limit("pain-ceiling", valueQuantity=quantity(value, "{score}"))


def denied(**more: Any) -> Change:
    """A denial of the programme."""
    return added(person_cases.consent("c-1", "active", "deny", "2025-01-05", **more))


MEDICINES = (
    *(Case(f"{kind} without {key}", NEW_MEDICINE, without(key, antibiotic(kind)))
      for kind in (REQUEST, STATEMENT) for key in ("id", "status", "subject")),
    *(Case(f"{kind} with {key} {value!r}", NEW_MEDICINE, antibiotic(kind, "2025-01-12", **{key: value}))
      for kind in (REQUEST, STATEMENT) for key in ("status", "subject") for value in UNREADABLE),
    Case("medicine without intent", NEW_MEDICINE, without("intent", antibiotic(REQUEST))),
    Case("medicine with an intent that is not one", NEW_MEDICINE, antibiotic(REQUEST, intent="x")),
    *(Case(f"{kind} without a name", HELD, unnamed(kind)) for kind in (REQUEST, STATEMENT)),
    *(Case(f"{kind} with the name {value!r}", HELD, antibiotic(kind, medicationCodeableConcept=value))
      for kind in (REQUEST, STATEMENT) for value in UNREADABLE),
    Case("medicine named by a plain text", NEW_MEDICINE, antibiotic(
        REQUEST, medicationCodeableConcept="Ciprofloxacin 500 mg",
    )),
    Case("medicine named by a Coding", NEW_MEDICINE, antibiotic(
        REQUEST, medicationCodeableConcept={"system": ATC, "code": "J01MA02"},
    )),
    Case("medicine of a reference that leads nowhere", HELD, unnamed(
        REQUEST, medicationReference={"reference": "Medication/gone"},
    )),
    Case("medicine without a name, of a week ago", HELD, unnamed(REQUEST, "2025-01-06")),
    Case("medicine without a name, older than a week", RISES, unnamed(REQUEST, "2025-01-05")),
    Case("medicine without a name, cancelled", RISES, unnamed(REQUEST, status="cancelled")),
    Case("medicine in other words", RISES, antibiotic(REQUEST, medicationCodeableConcept={"text": "Latanoprost"})),
    Case("medicine of a local code alone", RISES, antibiotic(
        REQUEST, medicationCodeableConcept={"coding": [{"code": "LAT-005"}]},
    )),
    Case("medicine that the patient reports", NEW_MEDICINE, antibiotic(
        REQUEST, intent="plan", reportedBoolean=True,
    )),
    Case("medicine that a relative reports", NEW_MEDICINE, antibiotic(
        REQUEST, intent="plan", reportedReference={"reference": "RelatedPerson/a"},
    )),
    Case("medicine that is only planned", RISES, antibiotic(REQUEST, intent="plan", reportedBoolean=False)),
    Case("medicine that is proposed", RISES, antibiotic(REQUEST, intent="proposal", reportedBoolean=True)),
    Case("medicine that is an option", RISES, antibiotic(REQUEST, intent="option")),
    Case("medicine that is never taken", RISES, antibiotic(STATEMENT, status="not-taken")),
    Case("medicine that is intended", RISES, antibiotic(STATEMENT, status="intended")),
    Case("anticoagulant renewed", RISES, added(
        anticoagulant("2024-06-01", "m-1"), anticoagulant("2025-01-12", "m-2"),
    )),
    Case("anticoagulant after one of an unknown status", NEW_MEDICINE, added(
        anticoagulant("2024-06-01", "m-1", status="unknown"), anticoagulant("2025-01-12", "m-2"),
    )),
    Case("anticoagulant after one that may have been stopped", NEW_MEDICINE, added(
        anticoagulant("2024-06-01", "m-0"), anticoagulant("2024-07-01", "m-1", status="x"),
        anticoagulant("2025-01-12", "m-2"),
    )),
    Case("anticoagulant after one that was stopped and one in doubt", NEW_MEDICINE, added(
        anticoagulant("2024-06-01", "m-0", status="stopped"), anticoagulant("2024-07-01", "m-1", subject={}),
        anticoagulant("2025-01-12", "m-2"),
    )),
)  # fmt: skip
LISTED = (
    *(Case(f"diagnosis with the code {value!r}", HELD, added(condition(None, code=value)))
      for value in (*UNREADABLE, {}, None)),
    Case("diagnosis with a plain text as code", flag("rf01"), added(condition(None, code="Cauda equina syndrome"))),
    Case("diagnosis of a week ago without a code", HELD, added(condition(None, onsetDateTime="2025-01-06"))),
    Case("diagnosis older than a week without a code", RISES, added(condition(None, onsetDateTime="2025-01-05"))),
    Case("diagnosis without a code, recorded yesterday", HELD, added(
        condition(None, onsetDateTime="2019-01-05", recordedDate="2025-01-12"),
    )),
    Case("diagnosis without a code or a date", HELD, without("onsetDateTime", added(condition(None)))),
    Case("diagnosis without a code or a date, written long ago", RISES, without(
        "onsetDateTime", added(condition(None)), meta={"lastUpdated": "2024-01-05T09:00:00Z"},
    )),
    Case("resolved diagnosis without a code", RISES, added(condition(None, clinicalStatus=RESOLVED))),
    Case("refuted diagnosis without a code", RISES, added(condition(None, verificationStatus=concept(
        "refuted", "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    )))),
    Case("diagnosis of a local code alone", RISES, added(condition({"code": "DX-12"}))),
    Case("diagnosis in other words", RISES, named("Cataract")),
    Case("allergy without a code", RISES, added(
        {"resourceType": "AllergyIntolerance", "id": "allergy-1", "patient": dict(SUBJECT)},
    )),
    Case("procedure without a code", HELD, procedure("2025-01-10", code=None)),
    Case("old procedure without a code", RISES, procedure("2020-01-10", code=None)),
    Case("procedure that was not done, without a code", RISES, procedure("2025-01-10", status="not-done", code=None)),
)  # fmt: skip
PRESSURES = (
    *(Case(f"pressure with the component {value!r}", HELD, pressed(value)) for value in (*UNREADABLE, [])),
    Case("pressure without a component", HELD, without("component", pressed(None))),
    Case("pressure of which the systolic one is a number", HELD, pressed([192, LOWER])),
    Case("pressure of which the systolic one has no code", HELD, pressed([{**UPPER, "code": 7}, LOWER])),
    Case("pressure of which the systolic one has words for a code", HELD, pressed([
        {**UPPER, "code": {"text": "Upper value"}}, LOWER,
    ])),
    Case("pressure that lost the lower value, and is high", flag("rf11"), pressed([UPPER, 88]), ),
    Case("normal pressure with its mean", RISES, pressed([NORMAL, LOWER, MEAN])),
    Case("systolic pressure alone", RISES, pressed([NORMAL])),
    Case("pressure of a month ago without a component", RISES, added(
        observation(concept("85354-9", LOINC), "2024-12-12T09:00:00Z", component=[]),
    )),
)  # fmt: skip
ORDERS = (
    Case("order for less walking", WALKING_HELD, order()),
    *(Case(f"order with the code {value!r}", HELD, order(code=value)) for value in (*UNREADABLE, "Walking", None)),
    Case("order without a code", HELD, without("code", order())),
    Case("order whose code has no system", HELD, order(code={"coding": [{"code": "walking"}]})),
    Case("order whose words name the exercise", HELD, order(code={"text": "Walking"})),
    Case("order that forbids without a code", HELD, without("code", unmeasured(doNotPerform=True))),
    Case("order of a week ago without code and quantity", HELD, without("code", unmeasured(authoredOn="2025-01-06"))),
    Case("older order without code and quantity", RISES, without("code", unmeasured())),
    Case("referral by its category alone", RISES, without("code", unmeasured(
        authoredOn="2025-01-12", category=[concept("11429006", SNOMED)],
    ))),
    Case("referral in words", RISES, order(code={"text": "Dietitian"})),
    Case("order for walking without a quantity", RISES, unmeasured()),
    Case("revoked order without a code", RISES, without("code", order(status="revoked"))),
    Case("proposal without a code", RISES, without("code", order(intent="proposal"))),
    Case("order without a code that has ended", RISES, without("code", order(occurrencePeriod={"end": "2025-01-01"}))),
)  # fmt: skip
LIMITS = (
    Case("limit without a performer", WALKING_HELD, unsigned(limit_cases.on("walking", 15, "min"))),
    Case("limit without a performer, above the step", RISES, unsigned(limit_cases.on("walking", 30, "min"))),
    Case("limit in metres without a performer", HELD, unsigned(limit_cases.on("walking", 800, "m"))),
    Case("ceiling without a performer", Expected(rule="D3"), unsigned(ceiling(2))),
    Case("higher ceiling without a performer", RISES, unsigned(ceiling(7))),
    Case("higher ceiling without a performer, after a peak of 6", WALKING_HELD, both(
        unsigned(ceiling(7)),
        lambda bundle: component(walk(bundle), "pain-peak")["valueQuantity"].update(value=6),
    )),
    Case("ceiling that the patient set", RISES, added({**ceiling(2), "performer": [dict(SUBJECT)]})),
    Case("ceiling of a week ago without a code", HELD, without("code", added({**ceiling(2), **A_WEEK_AGO}))),
    Case("older ceiling without a code", RISES, without("code", added(ceiling(2)))),
)  # fmt: skip
DENIALS = (
    *(Case(f"denial of the patient {value!r}", NOT_ELIGIBLE, denied(patient=value)) for value in (*UNREADABLE, {})),
    *(Case(f"permit of the patient {value!r} after a denial", NOT_ELIGIBLE, both(
        denied(), added(person_cases.consent("c-2", "active", "permit", "2025-01-06", patient=value)),
    )) for value in (7, {"a": 1})),
    *(Case(f"denial with the provision {value!r}", HELD, without("provision", denied(), provision=value))
      for value in (*UNREADABLE, {})),
    Case("permit by a provision with a period", RISES, without("provision", denied(), provision={
        "period": {"start": "2024-01-01"},
    })),
    Case("denial of another patient", RISES, denied(patient={"reference": "Patient/other"})),
)  # fmt: skip
FILE_CASES = (*MEDICINES, *LISTED, *PRESSURES, *ORDERS, *LIMITS, *DENIALS)
ON_THE_EHR = {
    "MedicationRequest without status",
    "MedicationStatement without subject",
    "medicine that the patient reports",
    "diagnosis with the code 'x'",
    "pressure with the component 7",
    "order without a code",
    "limit without a performer",
    "denial of the patient {'a': 1}",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
