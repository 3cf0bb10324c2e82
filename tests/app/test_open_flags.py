"""An open red flag outlasts its evidence, from run to run, until a clinician's clearance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.build import FLAGS
from tests.fixtures.test_golden import rules
from tests.fixtures.test_red_flags import AT, TABLE
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import loads

Resources = Sequence[Mapping[str, Any]]
LATER = AT + timedelta(days=200)
CODES = "https://titrate.example/fhir/CodeSystem/titrate"
# The finding behind each flag as it leaves the record: too old to be fetched, resolved, or corrected.
LEAVES: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "rf05": lambda one: "8310-5" in str(one),
    "rf11": lambda one: "85354-9" in str(one),
    "rf09": lambda one: "chest-symptom" in str(one),
    "rf16": lambda one: "fatigue-nrs" in str(one),
    "rf18": lambda one: "29463-7" in str(one),
    "rf16-listed": lambda one: one["resourceType"] == "Condition",
    "rf25": lambda one: one["resourceType"] == "MedicationStatement",
    "rf27": lambda one: one["resourceType"] == "Condition",
}


def held(name: str) -> Resources:
    """The resources in the EHR before the first run."""
    found, _ = resources_of(loads((FLAGS / f"{name}-trips.json").read_bytes()))
    return list(found)


def run(resources: Resources, at: datetime) -> tuple[PipelineResult, Resources]:
    """One run, and the resources in the EHR after it."""
    result = plan_patient(FetchResult(resources), rules(), at)
    return result, list(simulate(resources, result.bundle.get("entry", ())))


def opened(result: PipelineResult) -> list[tuple[str, str, str]]:
    """The open flags with urgency and time."""
    return [(f.flag, f.urgency.value, f.since.isoformat()) for f in result.evaluation.flags]


def cleared(name: str, when: datetime, performer: str = "Practitioner/example-physiotherapist") -> dict[str, Any]:
    """A clearance as a clinician records it."""
    return {
        "resourceType": "Observation",
        "id": f"cleared-{when:%y%m%d%H%M}",
        "status": "final",
        "code": {"coding": [{"system": CODES, "code": "flag-clearance"}]},
        "subject": {"reference": f"Patient/{name}-trips"},
        "performer": [{"reference": performer}],
        "effectiveDateTime": when.isoformat(),
        "valueCodeableConcept": {"coding": [{"system": CODES, "code": name[:4]}]},
    }


def flags(resources: Resources, status: str) -> int:
    """The number of Flags with this status."""
    return sum(one["resourceType"] == "Flag" and one["status"] == status for one in resources)


@pytest.mark.parametrize("name", LEAVES)
def test_a_flag_outlasts_its_finding(name: str) -> None:
    """The finding has left the record; the same flag is open, with the same urgency and start.

    It decides the next day, and one that stops after 200 days as well; one that holds leaves what lowers by then.
    """
    first, resources = run(held(name), AT)
    left: Resources = [one for one in resources if not LEAVES[name](one) or _of_the_service(one)]
    assert len(left) < len(resources)
    for at in (AT + timedelta(days=1), LATER):
        again, left = run(left, at)
        assert opened(again) == opened(first)
        assert again.evaluation.decision.rule in (first.evaluation.decision.rule, *(("D4",) if at == LATER else ()))
        assert first.evaluation.decision.rule != "D1" or again.evaluation.decision.rule == "D1"
    assert flags(left, "active") == (first.evaluation.decision.rule == "D1")
    assert flags(left, "inactive") == 0


def _of_the_service(one: Mapping[str, Any]) -> bool:
    return any("/identifier/" in item.get("system", "") for item in one.get("identifier", ()))


@pytest.mark.parametrize("name", LEAVES)
def test_a_clearance_closes_a_carried_flag(name: str) -> None:
    """A clinician's clearance closes it and its Flag, even long after the finding has left; a patient's does not."""
    _, resources = run(held(name), AT)
    left = [one for one in resources if not LEAVES[name](one) or _of_the_service(one)]
    when = LATER - timedelta(days=1)
    patients, _ = run([*left, cleared(name, when, f"Patient/{name}-trips")], LATER)
    assert [flag for flag, _, _ in opened(patients)] == [name[:4]]
    signed, after = run([*left, cleared(name, when)], LATER)
    assert opened(signed) == []
    assert flags(after, "active") == 0


def test_the_flag_resource_alone_keeps_it_open() -> None:
    """With the decision gone and only the service's active Flag left, the flag is open with the row's urgency."""
    _, resources = run(held("rf13"), AT)
    left = [one for one in resources if one["resourceType"] in ("Patient", "Flag")]
    result, _ = run(left, LATER)
    assert opened(result) == [("rf13", "E1", TABLE["rf13"]["trips"]["since"])]


def test_an_undated_diagnosis_raises_one_alert() -> None:
    """Each run dates it as of now; the Flag of the first run remains the only one."""
    resources: Resources = [{k: v for k, v in one.items() if k != "onsetDateTime"} for one in held("rf16-listed")]
    first, resources = run(resources, AT)
    for days in (1, 2, 30):
        again, resources = run(resources, AT + timedelta(days=days))
        assert opened(again) == opened(first)
    assert sum(one["resourceType"] == "Flag" for one in resources) == 1


def test_a_second_finding_of_an_open_flag_raises_no_second_alert() -> None:
    """The start of the flag stays, even if only the second finding is left."""
    _, resources = run(held("rf11"), AT)
    reading = next(one for one in resources if "85354-9" in str(one))
    second = {**reading, "id": "second", "effectiveDateTime": (AT + timedelta(days=1)).isoformat()}
    del second["issued"]
    left = [one for one in resources if one is not reading]
    result, after = run([*left, second], AT + timedelta(days=2))
    assert opened(result)[0][2] == TABLE["rf11"]["trips"]["since"]
    assert sum(one["resourceType"] == "Flag" for one in after) == 1
