"""What a hospital's record also contains: other specialties' data, unmapped codes, texts, and technical elements."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
NURSE = {"reference": "Practitioner/ward-nurse"}
LABORATORY = (
    ("718-7", "Hemoglobin", "13.9", "g/dL"),
    ("2160-0", "Creatinine", "0.9", "mg/dL"),
    ("4548-4", "Hemoglobin A1c", "5.4", "%"),
    ("2823-3", "Potassium", "4.1", "mmol/L"),
    ("3016-3", "Thyrotropin", "2.1", "m[IU]/L"),
    ("6690-2", "Leukocytes", "6.1", "10*3/uL"),
    ("9843-4", "Head Occipital-frontal circumference", "56", "cm"),
    ("39156-5", "Body mass index", "24.2", "kg/m2"),
)
CONDITIONS = (
    ("193570009", "Cataract"),
    ("40930008", "Hypothyroidism"),
    ("24079001", "Atopic dermatitis"),
    ("235595009", "Gastroesophageal reflux disease"),
    ("61582004", "Allergic rhinitis"),
    ("15188001", "Hearing loss"),
)
MEDICINES = ("Levothyroxine 50 mcg tablet", "Cetirizine 10 mg tablet", "Omeprazole 20 mg capsule", "Latanoprost drops")
TEXTS = (
    "Chest press 3 x 10, went well.",
    "No chest pain, no shortness of breath.",
    "Denies numbness between the legs.",
    "Legs fine today. The best week so far.",
    "Keine Brustschmerzen, Wasserlassen normal.",
    "Sin dolor en el pecho.",
    "Slept well, walked the dog, met friends.",
)
UNSUPPORTED = (
    "Encounter",
    "Immunization",
    "DocumentReference",
    "DiagnosticReport",
    "CareTeam",
    "Coverage",
    "Appointment",
)
OTHER_FORM = "https://dental.example/Questionnaire/oral-health"


def _coding(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _laboratory(random: Random, patient: str, at: datetime) -> Json:
    code, display, value, unit = random.choice(LABORATORY)
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": random.choice(("laboratory", "vital-signs", "exam"))}]}],
        "code": _coding(LOINC, code, display),
        "subject": {"reference": patient},
        "effectiveDateTime": (at - timedelta(days=random.randrange(90))).isoformat(),
        "performer": [NURSE],
        "valueQuantity": {"value": Decimal(value), "unit": unit, "system": UCUM, "code": unit},
        **({"note": [{"text": random.choice(TEXTS)}]} if random.random() < 0.3 else {}),
    }


def _smoking(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "social-history"}]}],
        "code": _coding(LOINC, "72166-2", "Tobacco smoking status"),
        "subject": {"reference": patient},
        "effectiveDateTime": (at - timedelta(days=random.randrange(400))).date().isoformat(),
        "valueCodeableConcept": _coding(SNOMED, "266919005", "Never smoked tobacco"),
    }


def _unknown_local(random: Random, patient: str, at: datetime) -> Json:
    """A well-formed code of the site's own that no mapping knows."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": random.choice(("survey", "activity"))}]}],
        "code": _coding("https://hospital.example/codes", f"flow-{random.randrange(10**6)}", "Ward flowsheet row"),
        "subject": {"reference": patient},
        "effectiveDateTime": (at - timedelta(hours=random.randrange(1, 200))).isoformat(),
        "valueString": random.choice(TEXTS),
    }


def _condition(random: Random, patient: str, at: datetime) -> Json:
    code, display = random.choice(CONDITIONS)
    status = random.choice(("active", "inactive", "resolved"))
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": status}]},
        "code": _coding(SNOMED, code, display),
        "subject": {"reference": patient},
        "recordedDate": (at - timedelta(days=random.randrange(3000))).date().isoformat(),
        "note": [{"text": random.choice(TEXTS)}],
    }


def _medicine(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": random.choice(MEDICINES)},
        "subject": {"reference": patient},
        "authoredOn": (at - timedelta(days=random.randrange(400))).date().isoformat(),
    }


def _procedure(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "Procedure",
        "status": "completed",
        "code": _coding(SNOMED, "110473004", "Cataract surgery"),
        "subject": {"reference": patient},
        "performedDateTime": str(at.year - random.randrange(2, 20)),
    }


def _allergy(_random: Random, patient: str, _at: datetime) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": _coding(
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active"
        ),
        "code": _coding(SNOMED, "91936005", "Allergy to penicillin"),
        "patient": {"reference": patient},
    }


def _other_form(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": OTHER_FORM,
        "subject": {"reference": patient},
        "authored": (at - timedelta(days=random.randrange(1, 60))).isoformat(),
        "item": [
            {"linkId": "1", "text": "Do you have bleeding gums?", "answer": [{"valueBoolean": False}]},
            {"linkId": "2", "text": "How often do you floss?", "answer": [{"valueString": "Every day"}]},
            {"linkId": "3", "text": "Any chest pain?", "answer": [{"valueString": random.choice(TEXTS)}]},
        ],
    }


def _other_plan(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "CarePlan",
        "status": random.choice(("active", "completed", "draft")),
        "intent": "plan",
        "category": [_coding(SNOMED, "698360004", "Diabetes self management plan")],
        "title": "Diabetes care plan",
        "subject": {"reference": patient},
        "period": {"start": (at - timedelta(days=200)).date().isoformat()},
        "activity": [{"detail": {"status": "in-progress", "description": "Foot check once a year"}}],
    }


def _other_order(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "ServiceRequest",
        "status": random.choice(("active", "completed", "revoked")),
        "intent": "order",
        "code": _coding(LOINC, "24323-8", "Comprehensive metabolic panel"),
        "subject": {"reference": patient},
        "authoredOn": (at - timedelta(days=random.randrange(100))).date().isoformat(),
    }


def _other_goal(_random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": {"text": "HbA1c below 7 %"},
        "subject": {"reference": patient},
        "startDate": (at - timedelta(days=150)).date().isoformat(),
    }


def _other_task(random: Random, patient: str, _at: datetime) -> Json:
    return {
        "resourceType": "Task",
        "status": random.choice(("requested", "completed")),
        "intent": "order",
        "for": {"reference": patient},
        "description": "Call about the eye appointment",
    }


def _other_flag(_random: Random, patient: str, _at: datetime) -> Json:
    return {
        "resourceType": "Flag",
        "status": "active",
        "code": {"text": "Latex allergy"},
        "subject": {"reference": patient},
    }


def _other_consent(_random: Random, patient: str, at: datetime) -> Json:
    scope = _coding("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent")
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": scope,
        "category": [_coding(LOINC, "59284-0", "Consent Document")],
        "patient": {"reference": patient},
        "dateTime": (at - timedelta(days=500)).date().isoformat(),
        "provision": {"type": "deny"},
    }


def _message(random: Random, patient: str, at: datetime) -> Json:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": {"reference": patient},
        "sent": (at - timedelta(days=random.randrange(1, 40))).isoformat(),
        "payload": [{"contentString": random.choice(TEXTS)}],
    }


def _unsupported(random: Random, patient: str, _at: datetime) -> Json:
    return {"resourceType": random.choice(UNSUPPORTED), "status": "finished", "subject": {"reference": patient}}


NEW: Sequence[Callable[[Random, str, datetime], Json]] = (
    _laboratory, _smoking, _unknown_local, _condition, _medicine, _procedure, _allergy, _other_form, _other_plan,
    _other_order, _other_goal, _other_task, _other_flag, _other_consent, _message, _unsupported,
)  # fmt: skip


def _technical(random: Random, resource: Json) -> Json:
    """Elements that servers add and that say nothing: tags, profiles, identifiers, extensions, narrative."""
    changed = copy.deepcopy(resource)
    ways: Sequence[tuple[str, Any]] = (
        ("meta", {**changed.get("meta", {}), "tag": [{"system": "https://hospital.example/tags", "code": "synced"}]}),
        ("meta", {**changed.get("meta", {}), "source": "#a1b2c3", "lastUpdated": "2025-01-01T00:00:00.000Z"}),
        ("language", "en"),
        ("extension", [*changed.get("extension", []), {"url": "https://hospital.example/ext", "valueString": "row 7"}]),
        ("text", {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A record</div>'}),
    )
    key, value = random.choice(ways)
    return {**changed, key: value}


def with_noise(random: Random, resources: Sequence[Json], at: datetime) -> tuple[Json, ...]:
    """The record with one to eight further resources, and technical elements in about a tenth of the others."""
    patient = next(f"Patient/{one['id']}" for one in resources if one["resourceType"] == "Patient")
    new = [
        {"id": f"noise-{number}", **random.choice(NEW)(random, patient, at)} for number in range(random.randint(1, 8))
    ]
    changed = [_technical(random, one) if random.random() < 0.1 else one for one in resources]
    return (*changed, *new)
