"""H05, H15: data of the right patient, and decisions made by people."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from tests.fixtures.test_golden import ROOT, expected
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.clinical.values.readings import RefusalReason
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.site import Site
from titrate.json_codec import loads
from titrate.rulebook import load_with_lookup

FOLDER = ROOT / "fixtures" / "patients" / "e2-progress"
AT = datetime.fromisoformat(expected(FOLDER)["at"])


def resources() -> list[dict[str, Any]]:
    """All resources of E2 in the EHR."""
    found, refusals = resources_of(loads((FOLDER / "bundle.json").read_bytes()))
    assert refusals == ()
    return list(found)


def planned(found: list[dict[str, Any]]) -> PipelineResult:
    """The pipeline result."""
    return plan_patient(FetchResult(found), PlanningRules(*load_with_lookup(), Site()), AT)


@pytest.mark.parametrize("pain", [0, 9])
def test_records_of_another_patient_change_nothing(pain: int) -> None:
    """Every Observation again for another patient, with another pain: all refused, the same decision."""
    own = resources()
    strangers = [deepcopy(one) for one in own if one["resourceType"] == "Observation"]
    for one in strangers:
        one["id"] = f"x-{one['id']}"
        one["subject"] = {"reference": "Patient/somebody-else"}
        if "valueQuantity" in one:
            one["valueQuantity"]["value"] = pain
    before, after = planned(own), planned([*own, *strangers])
    assert after.evaluation.decision == before.evaluation.decision
    assert after.evaluation.prescription == before.evaluation.prescription
    assert after.evaluation.flags == before.evaluation.flags
    refused = {r.source.reference for r in after.readings.refusals if r.reason is RefusalReason.WRONG_PATIENT}
    read = {f"Observation/{one['id']}" for one in strangers}
    assert len(refused) > 20
    assert refused <= read


def test_an_edited_dose_is_the_start_of_the_next_run() -> None:
    """A clinician lowers the order in the EHR: the next run starts from it and does not exceed it."""
    own = resources()
    order = next(one for one in own if one["resourceType"] == "ServiceRequest" and "walk" in str(one).lower())
    before = planned(own).evaluation.decision
    amount = order["quantityQuantity"]
    amount["value"] = amount["value"] - 5
    change = next(c for c in planned(own).evaluation.decision.doses if c.exercise == "walking")
    was = next(c for c in before.doses if c.exercise == "walking")
    assert change.current is not None
    assert was.current is not None
    assert change.current.amount == was.current.amount - 5
    assert change.next is None or change.next.amount <= change.current.amount
