"""Records that lost an element or hold it in another JSON type: none earns more than the whole record (B13.17)."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import RISES, Case, Expected, flag
from tests.faults.further_cases import NEW_MEDICINE, medicine
from tests.faults.records import (
    SNOMED,
    SUBJECT,
    Change,
    Json,
    added,
    concept,
    condition,
    named,
)

HELD = Expected(rule="D5")
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


MEDICINES = (
    *(Case(f"{kind} without {key}", NEW_MEDICINE, without(key, antibiotic(kind)))
      for kind in (REQUEST, STATEMENT) for key in ("id", "status", "subject")),
    *(Case(f"{kind} with {key} {value!r}", NEW_MEDICINE, antibiotic(kind, "2025-01-12", **{key: value}))
      for kind in (REQUEST, STATEMENT) for key in ("status", "subject") for value in UNREADABLE),
    Case("medicine without intent", NEW_MEDICINE, without("intent", antibiotic(REQUEST))),
    Case("medicine with an intent that is none", NEW_MEDICINE, antibiotic(REQUEST, intent="x")),
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
FILE_CASES = (*MEDICINES, *LISTED)
ON_THE_EHR = {
    "MedicationRequest without status",
    "MedicationStatement without subject",
    "medicine that the patient reports",
    "diagnosis with the code 'x'",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
