"""FHIR shapes of the reports of simulated patients, as docs/inputs.md describes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from titrate.fhir.elements import Json
from titrate.fhir.site import Site
from titrate.simulation.simulated_patient import SimulatedPatient

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
TIMEZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
CLINICIAN = "Practitioner/cohort-clinician"
PAIN = "72514-3"


@dataclass(frozen=True, slots=True)
class ReportWriter:
    """Writes the reports of one simulated patient in the site's code system."""

    patient: SimulatedPatient
    site: Site

    @property
    def subject(self) -> Json:
        """The reference to the patient."""
        return {"reference": f"Patient/{self.patient.id}"}

    def concept(self, code: str) -> Json:
        """The concept of a code: LOINC where it looks like LOINC, else local."""
        loinc = code[:1].isdigit()
        return {"coding": [{"system": LOINC if loinc else self.site.codes, "code": code}]}

    def observation(self, code: str, at: datetime, **more: object) -> Json:
        """A final Observation by the patient; `more` adds the value and replaces elements."""
        return {
            "resourceType": "Observation",
            "id": f"{self.patient.id}-{code}-{at:%Y%m%d%H%M}",
            "status": "final",
            "category": [_category("survey")],
            "code": self.concept(code),
            "subject": self.subject,
            "effectiveDateTime": at.isoformat(),
            "issued": at.isoformat(),
            "performer": [self.subject],
            **more,
        }

    def by_clinician(self, code: str, at: datetime, **more: object) -> Json:
        """An Observation whose performer is the clinician."""
        return self.observation(code, at, performer=[{"reference": CLINICIAN}], **more)

    def activity(self, code: str, at: datetime, components: Sequence[Json], **more: object) -> Json:
        """A session or a trial: an Observation of components."""
        return self.observation(code, at, category=[_category("activity")], component=list(components), **more)

    def part(self, code: str, **value: object) -> Json:
        """One component."""
        return {"code": self.concept(code), **value}

    def form(self, name: str, at: datetime, items: Sequence[Json]) -> Json:
        """A completed QuestionnaireResponse."""
        return {
            "resourceType": "QuestionnaireResponse",
            "id": f"{self.patient.id}-{name}-{at:%Y%m%d%H%M}",
            "questionnaire": self.site.questionnaire(name),
            "status": "completed",
            "subject": self.subject,
            "authored": at.isoformat(),
            "author": self.subject,
            "source": self.subject,
            "item": list(items),
        }


def _category(code: str) -> Json:
    return {"coding": [{"system": CATEGORIES, "code": code}]}


def quantity(value: Decimal | int, unit: str) -> Json:
    """A Quantity in UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def score(value: Decimal | int) -> Json:
    """A rating."""
    return quantity(value, "{score}")


def item(link: str, **answer: object) -> Json:
    """One answered item of a form."""
    return {"linkId": link, "answer": [answer]}


def patient_resource(patient: SimulatedPatient) -> Json:
    """The Patient resource, with a number and no name."""
    return {
        "resourceType": "Patient",
        "id": patient.id,
        "extension": [{"url": TIMEZONE, "valueCode": patient.zone}],
        "active": True,
        "gender": patient.gender,
        "birthDate": patient.born.isoformat(),
    }
