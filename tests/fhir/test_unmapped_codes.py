"""Unmapped codes, as shown to an integrator: medicines next to Observations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.read.sample_resources import SUBJECT, concept, observation, read_all
from titrate.fhir.unmapped_codes import unmapped_codes

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def taken(medicine: dict[str, Any], kind: str = "MedicationStatement") -> dict[str, Any]:
    """A medicine of the patient."""
    return {"resourceType": kind, "id": "m", "status": "active", "intent": "order", "subject": SUBJECT,
            "medicationCodeableConcept": medicine}  # fmt: skip


@pytest.mark.parametrize("kind", ["MedicationStatement", "MedicationRequest"])
def test_a_medicine_of_no_group_is_counted_by_its_code(kind: str) -> None:
    """Like an Observation; text is not a code, and a medicine with a group is not counted."""
    resources = [taken(concept("161", RXNORM), kind), observation("unheard-of")]
    found = unmapped_codes(resources, read_all(*resources).refusals)
    assert [code.rpartition("|")[2] for code in found] == ["161", "unheard-of"]
    assert found[0] == f"{RXNORM}|161"
    for known in (taken({"text": "Paracetamol"}, kind), taken(concept("11289", RXNORM), kind)):
        assert unmapped_codes([known], read_all(known).refusals) == ()


def test_a_diagnosis_of_an_unknown_system_is_counted_by_its_code() -> None:
    """Like a medicine of no group; its text is not a code."""
    made = {"resourceType": "Condition", "id": "c", "subject": SUBJECT}
    code = {"coding": [{"system": "urn:local", "code": "17"}], "text": "Hay fever"}
    assert unmapped_codes([made | {"code": code}], read_all(made | {"code": code}).refusals) == ("urn:local|17",)
