"""The EHR of one simulated patient in memory: resources by name, searched by date, changed by transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from titrate.app.fetch_and_deliver import observation_codes
from titrate.app.pipeline import PlanningRules
from titrate.fhir.elements import Json, Resource, name, part, parts
from titrate.fhir.transaction_entries import simulate

# The address of the simulated EHR, and the form whose answers count however old they are.
BASE = "https://ehr.example/fhir"
INTAKE = "safety-screen-full"


@dataclass
class InMemoryEhr:
    """All resources of one simulated patient. Every run reads them from scratch."""

    rules: PlanningRules
    held: dict[str, Resource] = field(default_factory=dict)

    def post(self, resources: Iterable[Resource]) -> None:
        """Store resources written by the patient, a device or the clinician."""
        self.held.update({name(one): one for one in resources})

    def found(self, day: date) -> tuple[Resource, ...]:
        """The resources that a run reads: recent reports, and those that count however old they are.

        A real search returns forms of any age. The ones left out here contain nothing that a rule still reads.
        """
        since = (day - timedelta(days=self.rules.lookback)).isoformat()
        lasting = frozenset(observation_codes(self.rules).lasting)
        return tuple(one for one in self.held.values() if _is_found(one, since, lasting))

    def apply(self, entries: Sequence[Resource]) -> None:
        """Apply a transaction; a conditional create of an existing resource changes nothing."""
        new = [one for one in entries if not self._is_there(one)]
        for one in simulate(tuple(self.held.values()), new):
            self.held[name(one)] = one

    def drafts(self) -> tuple[str, ...]:
        """The open drafts, as `CarePlan/ID`."""
        return tuple(
            place
            for place, one in self.held.items()
            if one["resourceType"] == "CarePlan" and one.get("status") == "draft"
        )

    def _is_there(self, entry: Resource) -> bool:
        request = part(entry, "request")
        place = f"{request['url']}/{str(entry['fullUrl']).removeprefix('urn:uuid:')}"
        return "ifNoneExist" in request and place in self.held


def _is_found(resource: Resource, since: str, lasting: frozenset[str]) -> bool:
    if resource["resourceType"] == "QuestionnaireResponse":
        return str(resource["authored"]) >= since or str(resource["questionnaire"]).endswith(INTAKE)
    if resource["resourceType"] != "Observation":
        return True
    start = resource.get("effectiveDateTime") or resource.get("effectivePeriod", {}).get("start", "9")
    return str(start) >= since or any(
        f"{one.get('system')}|{one.get('code')}" in lasting for one in parts(resource.get("code", {}), "coding")
    )


def bundle_of(chart: InMemoryEhr) -> Json:
    """The chart as a Bundle, as `titrate plan --bundle` takes it."""
    entries = [{"fullUrl": f"{BASE}/{place}", "resource": one} for place, one in chart.held.items()]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
