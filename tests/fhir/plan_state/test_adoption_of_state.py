"""A state that a plan references counts even without an identifier of the service."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PlanningRules, plan_patient
from titrate.clinical.values.plan import Phase
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.site import Site
from titrate.json_codec import loads
from titrate.rulebook import load_with_lookup

BUNDLE = Path(__file__).resolve().parents[3] / "fixtures" / "patients" / "e5-flare" / "bundle.json"


def test_listed_state_without_identifier_is_read() -> None:
    """The decision referenced by the plan in force gives phase and usual pain, regardless of its author."""
    bundle: dict[str, Any] = json.loads(BUNDLE.read_text(encoding="utf-8"))
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Observation" and "-decision" in resource["id"]:
            resource.pop("identifier")
    resources, refusals = resources_of(loads(json.dumps(bundle)))
    rules = PlanningRules(*load_with_lookup(), Site())
    plan = plan_patient(
        FetchResult(resources, refusals), rules, datetime.fromisoformat("2025-03-12T13:00:00+00:00")
    ).plan
    assert (plan.phase, plan.usual_pain) == (Phase.LOADING, Decimal(4))
    assert plan.state_reference is not None
