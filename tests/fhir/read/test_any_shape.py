"""Any content of a resource ends in readings or refusals, and never affects a valid resource."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fhir.read.sample_resources import SUBJECT, component, concept, form, item, pain, quantity, read_all, walking
from titrate.clinical.values.readings import Measurement

KEYS = st.sampled_from(
    [
        "value", "valueQuantity", "valueInteger", "valueCodeableConcept", "valueCoding", "coding", "code", "system",
        "component", "item", "answer", "linkId", "start", "end", "effectivePeriod", "effectiveDateTime", "authored",
        "status", "performer", "reference", "note", "text", "extension", "url", "method", "derivedFrom", "meta",
        "identifier", "target", "description", "dataAbsentReason", "questionnaire", "medicationReference", "contained",
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from(["2025-01-10", "2025-01-10T07:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
TYPES = st.sampled_from(
    ["Observation", "QuestionnaireResponse", "Condition", "Procedure", "AllergyIntolerance", "MedicationRequest",
     "MedicationStatement", "Goal", "CarePlan", "Consent", "Medication", "Whatever"]
)  # fmt: skip
GOOD = pain(4, id="good", effectiveDateTime="2025-01-12T08:00:00Z")
SOUND = [
    pain(),
    walking(component("load", valueQuantity=quantity(40, "kg"))),
    form("daily-check-in", item("pain-morning", {"valueInteger": 3}), id="q"),
    {"resourceType": "Goal", "id": "g", "subject": SUBJECT, "lifecycleStatus": "active", "description": {"text": "x"}},
    {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": concept("1")},
]


def survives(resource: dict[str, Any]) -> None:
    """The valid resource is still read."""
    readings = read_all(resource, GOOD).readings
    assert any(isinstance(one, Measurement) and one.stamp.source.reference == "Observation/good" for one in readings)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TYPES, st.dictionaries(KEYS, TREES, max_size=6))
def test_anything_at_all(kind: str, content: dict[str, Any]) -> None:
    """A resource of any type with any content."""
    survives({"subject": SUBJECT, **content, "resourceType": kind, "id": "odd"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), KEYS, TREES)
def test_a_valid_resource_with_one_odd_element(sound: dict[str, Any], key: str, value: Any) -> None:
    """A resource that is valid except for one element."""
    survives({**sound, key: value})
