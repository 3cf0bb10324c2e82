"""Builders that change a copy of a synthetic patient's Bundle; without a change walking rises from 15 to 16 min."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

from tests.project.sources import ROOT

Json = dict[str, Any]
Change = Callable[[Json], None]

PATIENT = "e2-progress"
AT = "2025-01-13T09:00:00Z"
TODAY = "2025-01-13T07:30:00+00:00"
LOCAL = "https://titrate.example/fhir/CodeSystem/titrate"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
CLINICIAN = "Practitioner/example-physiotherapist"
EHR = "https://ehr.example/fhir"
PORTAL = "https://portal.example/fhir"
FORMS_URL = "https://titrate.example/fhir/Questionnaire"
SUBJECT = {"reference": f"Patient/{PATIENT}"}


@cache
def _stored() -> str:
    return (ROOT / "fixtures" / "patients" / PATIENT / "bundle.json").read_text(encoding="utf-8")


def base() -> Json:
    """A fresh copy of the patient's Bundle."""
    found: Json = json.loads(_stored())
    return found


def resources(bundle: Json) -> list[Json]:
    """The resources of a Bundle, to change in place."""
    return [entry["resource"] for entry in bundle["entry"]]


def one(bundle: Json, id_end: str) -> Json:
    """The resource whose id ends with these words."""
    (found,) = (resource for resource in resources(bundle) if resource["id"].endswith(id_end))
    return found


def walk(bundle: Json, day: str = "10") -> Json:
    """The walking session of a day of January: 06, 08 or 10."""
    return one(bundle, f"-walking-2025-01-{day}-1000")


def patient(bundle: Json) -> Json:
    """The Patient."""
    return one(bundle, PATIENT)


def add(bundle: Json, *added: Json) -> None:
    """Add resources of the same server."""
    for resource in added:
        url = f"{EHR}/{resource['resourceType']}/{resource['id']}"
        bundle["entry"].append({"fullUrl": url, "resource": deepcopy(resource)})


def both(*changes: Change) -> Change:
    """All these changes."""

    def change(bundle: Json) -> None:
        for one_change in changes:
            one_change(bundle)

    return change


def elsewhere(held: Json, server: str = PORTAL, **more: Any) -> Change:
    """A resource of another server."""
    url = f"{server}/{held['resourceType']}/{held['id']}"
    return lambda bundle: bundle["entry"].append({"fullUrl": url, "resource": {**held, **more}})


def concept(code: str, system: str = LOCAL, **more: Any) -> Json:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, **more}]}


def quantity(value: float, unit: str, **more: Any) -> Json:
    """A Quantity in UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def observation(code: str | Json, at: str | None = TODAY, id_: str = "added-1", **more: Any) -> Json:
    """A final Observation of the patient by a local code or a CodeableConcept; `at` None leaves out the time."""
    time = {} if at is None else {"effectiveDateTime": at}
    coded = concept(code) if isinstance(code, str) else code
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "subject": dict(SUBJECT),
        "code": coded,
        **time,
        **more,
    }


def condition(coding: Json | None, id_: str = "condition-1", **more: Any) -> Json:
    """An active Condition of yesterday."""
    code = {"coding": [coding]} if coding else {}
    return {
        "resourceType": "Condition",
        "id": id_,
        "subject": dict(SUBJECT),
        "clinicalStatus": concept("active", "http://terminology.hl7.org/CodeSystem/condition-clinical"),
        "onsetDateTime": "2025-01-12",
        "code": code,
        **more,
    }


def response(items: list[Json], form: str | None, at: str | None = TODAY, **more: Any) -> Json:
    """A completed QuestionnaireResponse; `form` is its canonical address."""
    named = {} if form is None else {"questionnaire": form}
    time = {} if at is None else {"authored": at}
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "response-1",
        "status": "completed",
        "subject": dict(SUBJECT),
        "item": items,
        **named,
        **time,
        **more,
    }


def answer(link: str, **value: Any) -> Json:
    """One answered item."""
    return {"linkId": link, "answer": [value]}


def component(session: Json, code: str) -> Json:
    """The component of a session with this code."""
    (found,) = (part for part in session["component"] if part["code"]["coding"][0]["code"] == code)
    checked: Json = found
    return checked


def added(*given: Json) -> Change:
    """These resources are in the record."""
    return lambda bundle: add(bundle, *given)


def marked(id_end: str, **more: Any) -> Change:
    """A resource of the record with these elements."""
    return lambda bundle: one(bundle, id_end).update(more)


def diagnosed(system: str | None, code: str, **more: Any) -> Change:
    """An active diagnosis of yesterday with this coding."""
    coding = {"code": code, **({"system": system} if system else {})}
    return lambda bundle: add(bundle, condition(coding, **more))


def named(text: str, **more: Any) -> Change:
    """An active diagnosis in words alone."""
    return lambda bundle: add(bundle, {**condition(None, **more), "code": {"text": text}})
