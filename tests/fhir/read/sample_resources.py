"""Small FHIR resources of one synthetic patient, as dicts, for tests of the readers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.readings import PatientReadings, Reading, Refusal
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.read import read_patient
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

Resource = dict[str, Any]
SITE = Site(zone="Europe/London")
LOCAL = SITE.codes
LOINC = "http://loinc.org"
SUBJECT = {"reference": "Patient/p"}
PRACTITIONER = {"reference": "Practitioner/physio"}
AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
MORNING = "2025-01-10T07:30:00Z"


@cache
def mapped() -> tuple[Rulebook, CodeLookup]:
    """The shipped mappings."""
    return load_with_lookup()


def patient(**more: Any) -> Resource:
    """The patient `p`."""
    return {"resourceType": "Patient", "id": "p", "birthDate": "1961-05-04", "gender": "female", **more}


def concept(code: str, system: str = LOCAL) -> Resource:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code}]}


def quantity(value: object, unit: str | None = None) -> Resource:
    """A Quantity, in UCUM when a unit is given."""
    number = Decimal(value) if isinstance(value, str) else value
    return {"value": number} | ({} if unit is None else {"system": "http://unitsofmeasure.org", "code": unit})


def observation(code: str, system: str = LOCAL, **more: Any) -> Resource:
    """A final Observation of the patient on a morning."""
    made = {
        "resourceType": "Observation",
        "id": more.pop("id", f"o-{code}"),
        "status": "final",
        "code": concept(code, system),
        "subject": SUBJECT,
        "effectiveDateTime": MORNING,
    }
    return {key: value for key, value in (made | more).items() if value is not None}


def pain(value: object = 3, **more: Any) -> Resource:
    """A morning pain score."""
    made = observation("72514-3", LOINC, valueInteger=value) | more
    return {key: value for key, value in made.items() if value is not None}


def component(code: str, system: str = LOCAL, **value: Any) -> Resource:
    """A component with its value."""
    return {"code": concept(code, system), **value}


def session(*components: Resource, **more: Any) -> Resource:
    """An exercise session of half an hour with the given components."""
    period = {"start": "2025-01-10T10:00:00Z", "end": "2025-01-10T10:30:00Z"}
    fixed = {"effectiveDateTime": None, "effectivePeriod": period, "component": list(components)}
    return observation("exercise-session", **(fixed | more))


def walking(*components: Resource, **more: Any) -> Resource:
    """A session of walking, 15 of 15 minutes, with further components."""
    return session(
        component("exercise", valueCodeableConcept=concept("walking")),
        component("prescribed", valueQuantity=quantity(15, "min")),
        component("done", valueQuantity=quantity(15, "min")),
        *components,
        **more,
    )


def item(link: str, *answers: Resource, **more: Any) -> Resource:
    """An item of a form."""
    return {"linkId": link, **({"answer": list(answers)} if answers else {}), **more}


def form(name: str, *items: Resource, **more: Any) -> Resource:
    """A completed form, answered on a morning."""
    made = {
        "resourceType": "QuestionnaireResponse",
        "id": more.pop("id", f"q-{name}"),
        "questionnaire": SITE.questionnaire(name),
        "status": "completed",
        "subject": SUBJECT,
        "authored": MORNING,
        "item": list(items),
    }
    return {key: value for key, value in (made | more).items() if value is not None}


def read_all(*resources: Resource, at: datetime = AT, site: Site = SITE) -> PatientReadings:
    """The result of reading the patient and these resources."""
    rulebook, lookup = mapped()
    known = resources if any(one.get("resourceType") == "Patient" for one in resources) else (patient(), *resources)
    return read_patient(known, rulebook, lookup, site, at)


def only_reading(*resources: Resource) -> Reading:
    """The only reading; there must be no refusal."""
    result = read_all(*resources)
    assert result.refusals == ()
    (reading,) = result.readings
    return reading


def only_refusal(*resources: Resource) -> Refusal:
    """The only refusal."""
    (refusal,) = read_all(*resources).refusals
    return refusal


def as_values(*values: Any) -> tuple[Any, ...]:
    """Values that can be compared with plain numbers and words."""
    return values
