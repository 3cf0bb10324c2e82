"""The validation engine tells right from wrong, so that its silence about what we write means something."""

from __future__ import annotations

import tarfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.validation.validator import Validator

pytestmark = pytest.mark.validator

US_CORE_CAREPLAN = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan"


def _pain_score(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3"}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2025-01-06T07:30:00Z",
        "valueQuantity": {"value": Decimal("4.0"), "system": "http://unitsofmeasure.org", "code": "{score}"},
        **changes,
    }


def _synthea_bundles(folder: Path) -> dict[str, bytes]:
    with tarfile.open(folder / "synthea-r4-sample-20.tgz") as archive:
        members = (member for member in archive if member.isfile() and member.name.endswith(".json"))
        return {member.name: opened.read() for member in members if (opened := archive.extractfile(member))}


def test_a_right_resource_has_no_errors(validator: Validator) -> None:
    """A plain pain score passes."""
    assert validator.errors(_pain_score()) == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"status": "nope"}, "nope", id="unknown status"),
        pytest.param({"valueString": "4"}, "value", id="two values"),
        pytest.param({"mood": "good"}, "mood", id="unknown element"),
        pytest.param({"effectiveDateTime": "yesterday"}, "yesterday", id="no date"),
    ],
)
def test_a_wrong_resource_is_refused(validator: Validator, changes: dict[str, Any], message: str) -> None:
    """Each of these mistakes is found, and the engine names what it is about."""
    errors = validator.errors(_pain_score(**changes))
    assert any(message in error.message for error in errors), errors


def test_a_profile_is_enforced(validator: Validator) -> None:
    """A CarePlan that claims US Core and lacks its category is refused; without the claim it passes."""
    plan = {
        "resourceType": "CarePlan",
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Walk.</div>'},
        "status": "draft",
        "intent": "plan",
        "subject": {"reference": "Patient/1"},
    }
    assert validator.errors(plan) == ()
    claiming = {**plan, "meta": {"profile": [US_CORE_CAREPLAN]}}
    assert any("category" in error.message for error in validator.errors(claiming))


def test_an_unknown_profile_is_an_error(validator: Validator) -> None:
    """A claim that cannot be checked never counts as checked."""
    claim = {"meta": {"profile": ["https://titrate.example/fhir/StructureDefinition/none"]}}
    assert validator.errors(_pain_score(**claim))


def test_a_synthea_patient_passes(validator: Validator, fhir_packages: Path) -> None:
    """A complete record of Synthea has no errors against R4 and the profiles that it claims."""
    smallest = min(_synthea_bundles(fhir_packages).values(), key=len)
    assert validator.errors(smallest) == ()


def test_the_activity_guide_is_loaded(activity_validator: Validator) -> None:
    """An Observation that claims the guide's weekly minutes and has no such code is refused for that."""
    profile = "http://hl7.org/fhir/us/physical-activity/StructureDefinition/pa-observation-evs-days-per-week"
    errors = activity_validator.errors(_pain_score(), profile)
    assert any("89555-7" in error.message for error in errors), errors
