"""One person's EHR in memory: resources by name, searched by date as over the network, changed by transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from titrate.app.fetch_and_deliver import lasting_codes
from titrate.app.pipeline import PlanningRules
from titrate.fhir.elements import Json, Resource, name, part, parts
from titrate.fhir.simulate_transaction import simulate

# The form whose answers stand, however old; and where an invented EHR would be.
BASE = "https://ehr.example/fhir"
INTAKE = "safety-screen-full"


@dataclass
class InMemoryEhr:
    """Everything that is held of one person. What is read again each week is this alone."""

    rules: PlanningRules
    held: dict[str, Resource] = field(default_factory=dict)

    def post(self, resources: Iterable[Resource]) -> None:
        """People and devices write."""
        self.held.update({name(one): one for one in resources})

    def found(self, day: date) -> tuple[Resource, ...]:
        """What a run reads: reports as far back as any rule looks, and all that lasts, however old it is.

        A site searches forms whatever their age. Those that are left out here say nothing that a rule still reads.
        """
        since = (day - timedelta(days=self.rules.lookback)).isoformat()
        lasting = frozenset(lasting_codes(self.rules))
        return tuple(one for one in self.held.values() if _is_found(one, since, lasting))

    def carry_out(self, entries: Sequence[Resource]) -> None:
        """A transaction; what is to be created only if it is not there yet stays as it is."""
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
