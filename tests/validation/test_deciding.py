"""What approving, rejecting, following and a new phase write has no error in the reference validator."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.plan_lifecycle.ehr_server import PHYSIOTHERAPIST, rules
from tests.validation.validator import Validator
from titrate.app.decisions.approval import (
    Approval,
    PhaseChoice,
    Rejection,
    approval_outcome,
    phase_outcome,
    rejection_outcome,
)
from titrate.app.decisions.carry_out_decision import DecisionOutcome, PlanCase, plan_case
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import checked_bundle, plan_patient
from titrate.clinical.values.plan import Phase
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import loads

PATIENTS = Path(__file__).resolve().parents[2] / "fixtures" / "patients"
AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(hours=1)


@cache
def drafted() -> tuple[tuple[Any, ...], str]:
    """The resources of the EHR after a run, and the name of the draft."""
    resources, refusals = resources_of(loads((PATIENTS / "e2-progress" / "bundle.json").read_bytes()))
    bundle = plan_patient(FetchResult(resources, refusals), rules(), AT).bundle
    after = simulate(resources, bundle["entry"])
    (draft,) = [one for one in after if one["resourceType"] == "CarePlan" and one["status"] == "draft"]
    return after, f"CarePlan/{draft['id']}"


def case(resources: tuple[Any, ...] | None = None, at: datetime = LATER) -> PlanCase:
    """The draft as a clinician finds it."""
    found, draft = drafted()
    return plan_case(FetchResult(resources or found), draft, rules(), at)


def approve(doses: dict[str, str]) -> DecisionOutcome:
    """With a reason."""
    return approval_outcome(case(), Approval(drafted()[1], PHYSIOTHERAPIST, doses, "seen"), rules(), LATER)


def phase() -> DecisionOutcome:
    """Maintenance, after the approval."""
    active = simulate(drafted()[0], approve({}).entries)
    return phase_outcome(
        case(active, LATER + timedelta(hours=1)), PhaseChoice(drafted()[1], PHYSIOTHERAPIST, Phase.MAINTENANCE, "met")
    )


def test_a_transaction_is_whole_and_checked() -> None:
    """Every entry that is there already has its condition on the version; what is new is created once."""
    entries = approve({"walking": "14"}).entries
    assert {one["request"]["method"] for one in entries} == {"PUT", "POST"}
    assert [one["resource"]["resourceType"] for one in entries if one["request"]["method"] == "POST"] == [
        "Observation",
        "Provenance",
    ]
    checked_bundle(entries, rules().site)


@pytest.mark.validator
@pytest.mark.parametrize(
    "proposal",
    [
        lambda: approve({}),
        lambda: approve({"walking": "14"}),
        lambda: rejection_outcome(case(), Rejection(drafted()[1], PHYSIOTHERAPIST, "not yet")),
        phase,
    ],
    ids=["approve", "approve with a dose", "reject", "phase"],
)
def test_it_has_no_error_in_the_reference_validator(proposal: Any, validator: Validator) -> None:
    """R4, and US Core 6.1.0 where we claim it."""
    assert validator.errors(checked_bundle(proposal().entries, rules().site)) == ()
