"""Identifiers of one run's resources, and the `urn:uuid:` fullUrls by which a transaction links them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from titrate.clinical.values.decision import Flag
from titrate.fhir import identifiers
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.site import Site


@dataclass(frozen=True, slots=True)
class ResourceIds:
    """Derived identifiers for one patient and one version of the plan. `at` is in the patient's zone."""

    site: Site
    patient: str
    series: str
    version: str
    at: datetime

    @property
    def subject(self) -> Json:
        """The patient as a Reference."""
        return {"reference": f"Patient/{self.patient}"}

    @property
    def plan_url(self) -> str:
        """The fullUrl of the CarePlan in the transaction."""
        return identifiers.full_url(self.site.version_system, self.version)

    @property
    def today(self) -> str:
        """The patient's local date."""
        return self.at.date().isoformat()

    @property
    def now(self) -> str:
        """The instant of the run, to the second, with the patient's offset."""
        return self.at.isoformat(timespec="seconds")

    def value(self, *names: str) -> str:
        """The identifier value of a resource that belongs to this version."""
        return identifiers.resource_value(self.site, self.series, self.version, *names)

    def url(self, *names: str) -> str:
        """Where the transaction finds that resource."""
        return self.url_of(self.value(*names))

    def url_of(self, value: str) -> str:
        """Where the transaction finds the resource with this identifier value."""
        return identifiers.full_url(self.site.resource_system, value)

    def identifier(self, value: str) -> Json:
        """An Identifier in the service's resource system."""
        return {"system": self.site.resource_system, "value": value}

    def series_identifier(self) -> Json:
        """The Identifier of the plan through all its versions."""
        return {"system": self.site.series_system, "value": self.series}

    def flag_value(self, flag: Flag) -> str:
        """The identifier value of a red flag: the same until it is cleared and opens again."""
        since = flag.since.isoformat(timespec="seconds")
        return identifiers.resource_value(self.site, self.series, "flag", flag.flag, since)

    def text_value(self, reference: str) -> str:
        """The identifier value of the Task to read a text: one for each resource that it is in."""
        return identifiers.resource_value(self.site, self.series, "text", reference)

    def device(self) -> Json:
        """The software as a Reference; by its identifier unless the site names its Device."""
        if self.site.device:
            return {"reference": self.site.device, "display": self.site.device_name}
        value = identifiers.resource_value(self.site, "device")
        return {"type": "Device", "identifier": self.identifier(value), "display": self.site.device_name}

    def organisation(self) -> Json | None:
        """The organisation that runs the software, if the site names it."""
        if self.site.organisation:
            return {"reference": self.site.organisation}
        return {"display": self.site.organisation_name} if self.site.organisation_name else None

    def local(self, code: str, display: str | None = None, text: str | None = None) -> Json:
        """A CodeableConcept of the local code system."""
        coding = (
            {"system": self.site.codes, "code": code, "display": display}
            if display
            else {"system": self.site.codes, "code": code}
        )
        return {"coding": [coding], "text": text} if text else {"coding": [coding]}


def resource_ids(proposal: PlanProposal, site: Site, at: datetime) -> ResourceIds:
    """The identifiers of what this run would write."""
    series = identifiers.series_of(site, proposal.person.id)
    version = identifiers.version_of(series, in_force(proposal), proposal.prescription, proposal.spent)
    return ResourceIds(site, proposal.person.id, series, version, at.astimezone(ZoneInfo(proposal.person.zone)))


def in_force(proposal: PlanProposal) -> str | None:
    """What the new version builds on: the version in force, or the reference of a clinician's plan."""
    return proposal.plan.version or proposal.plan.reference


def present(**items: Any) -> Json:
    """A JSON object without what is absent or empty. A trailing underscore is dropped (`for_`)."""
    return {key.rstrip("_"): value for key, value in items.items() if value not in (None, [], {}, "")}


def concept(system: str, code: str, display: str | None = None, text: str | None = None) -> Json:
    """A CodeableConcept with one coding."""
    return present(coding=[present(system=system, code=code, display=display)], text=text)
