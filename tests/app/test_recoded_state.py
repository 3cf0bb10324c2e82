"""A part of the recorded state whose code is no longer the service's own holds the plan (B13.4, B13.15)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.project.sources import ROOT
from titrate import json_codec
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PlanningRules, plan_patient
from titrate.fhir.elements import Json
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

RULES = PlanningRules(*load_with_lookup(), Site())
FOLDER = ROOT / "fixtures" / "patients" / "maintenance"
AT = datetime.fromisoformat(json_codec.loads((FOLDER / "expected.json").read_bytes())["at"]).astimezone(UTC)
RESOURCES: tuple[Json, ...] = tuple(
    entry["resource"] for entry in json_codec.loads((FOLDER / "bundle.json").read_bytes())["entry"]
)
DECISION = next(item for item in RESOURCES if item.get("id") == "maintenance-decision")


def recoded(place: int) -> Iterator[Json]:
    """The patient's resources, with one component of the decision in another code system."""
    for item in RESOURCES:
        changed = copy.deepcopy(item)
        if item is DECISION:
            changed["component"][place]["code"]["coding"][0]["system"] = "http://example.org/other"
        yield changed


@pytest.mark.parametrize("place", range(len(DECISION["component"])))
def test_a_component_in_another_code_system_holds(place: int) -> None:
    """Whatever it recorded: a lost phase would read as loading, and the dose would rise."""
    assert plan_patient(FetchResult(RESOURCES), RULES, AT).evaluation.decision.rule == "D11"
    result = plan_patient(FetchResult(tuple(recoded(place))), RULES, AT)
    assert result.evaluation.decision.rule == "D5"
    assert any("maintenance-decision" in fault for fault in result.plan.unreadable)
