"""Reports inside other resources are read where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    SUBJECT,
    Resource,
    concept,
    form,
    item,
    observation,
    quantity,
    read_all,
)
from titrate.clinical.values.readings import Diagnosis, Measurement, PatientReadings, RefusalReason, SafetyAnswer
from titrate.fhir.code_systems import ICD10

BARE: Resource = {"resourceType": "Observation", "id": "a", "code": concept("rf09"), "valueBoolean": True}


def answers(result: PatientReadings) -> list[tuple[bool | str | None, bool]]:
    """The answers to the question about the chest, and whether each is preliminary."""
    found = [one for one in result.readings if isinstance(one, SafetyAnswer) and one.what == "rf09"]
    return [(one.value, one.stamp.preliminary) for one in found]


def panel(contained: Resource, **more: Any) -> Resource:
    """An Observation that only gathers others."""
    gathers = {"hasMember": [{"reference": "#a"}], "contained": [contained]}
    return observation("panel", "http://other.example", id="panel", **{**gathers, **more})


def report(contained: Resource, **more: Any) -> Resource:
    """A DiagnosticReport with its result inside."""
    made = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "subject": SUBJECT,
        "issued": "2025-01-10T08:00:00Z",
    }
    return {
        **made,
        "effectiveDateTime": "2025-01-10T07:30:00Z",
        "result": [{"reference": "#a"}],
        "contained": [contained],
        **more,
    }


@pytest.mark.parametrize("container", [panel(BARE), report(BARE)])
def test_a_report_without_status_subject_and_time_has_those_of_its_container(container: Resource) -> None:
    """And the name of the container is its source."""
    result = read_all(container)
    assert answers(result) == [(True, False)]
    (reading,) = result.readings
    assert reading.stamp.source.reference == f"{container['resourceType']}/{container['id']}"
    assert reading.stamp.when.isoformat() == "2025-01-10T07:30:00+00:00"


def test_a_report_with_a_time_of_its_own_keeps_it() -> None:
    """Only what is missing is taken from the container."""
    (reading,) = read_all(panel({**BARE, "effectiveDateTime": "2025-01-09T07:30:00Z"})).readings
    assert reading.stamp.when.isoformat() == "2025-01-09T07:30:00+00:00"


@pytest.mark.parametrize(
    ("own", "outer", "found"),
    [
        ("final", "final", [(True, False)]),
        (None, "amended", [(True, False)]),
        ("final", "preliminary", [(True, True)]),
        ("preliminary", "final", [(True, True)]),
        (None, "partial", [(True, True)]),
        ("final", "entered-in-error", []),
        ("entered-in-error", "final", []),
        ("cancelled", "final", []),
    ],
)
def test_the_less_certain_status_counts(own: str | None, outer: str, found: list[tuple[bool, bool]]) -> None:
    """What was taken back outside is taken back inside."""
    contained = {**BARE, "status": own} if own else BARE
    assert answers(read_all(report(contained, status=outer))) == found


def test_a_report_to_which_nothing_refers_counts_downward_only() -> None:
    """A no in it clears nothing, and a yes counts."""
    assert answers(read_all(panel(BARE, hasMember=[{"reference": "Observation/other"}]))) == [(True, True)]


def test_a_contained_value_counts_as_one_of_its_own() -> None:
    """A blood pressure in a panel."""
    pressure = {
        "resourceType": "Observation",
        "id": "a",
        "code": concept("8480-6", LOINC),
        "valueQuantity": quantity(190, "mm[Hg]"),
    }
    values = [one for one in read_all(panel(pressure)).readings if isinstance(one, Measurement)]
    assert [(one.what, int(one.value)) for one in values] == [("systolic", 190)]


@pytest.mark.parametrize("status", ["completed", None])
def test_a_contained_form_is_read(status: str | None) -> None:
    """With the time of the report where it has none."""
    screen = form(
        "safety-screen-short", item("rf09", {"valueBoolean": True}), id="a", subject=None, authored=None, status=status
    )
    assert answers(read_all(report(screen))) == [(True, False)]


def test_a_contained_report_of_another_patient_is_refused() -> None:
    """By the subject of the container, or its own."""
    other = {"reference": "Patient/q"}
    for container in (panel(BARE, subject=other), panel({**BARE, "subject": other})):
        result = read_all(container)
        assert answers(result) == []
        assert RefusalReason.WRONG_PATIENT in [one.reason for one in result.refusals]


@pytest.mark.parametrize("kind", ["Condition", "Procedure", "MedicationStatement", "Flag"])
def test_another_contained_record_is_named(kind: str) -> None:
    """Without a reference to it, it explains the record in which it stands, and does not count by itself."""
    result = read_all(panel({"resourceType": kind, "id": "a", "code": concept("G83.4")}, hasMember=[OTHER]))
    assert [(one.path, one.reason) for one in result.refusals] == [("Observation.contained[0]", "unsupported-type")]


OTHER = {"reference": "Observation/other"}
CAUDA: Resource = {"resourceType": "Condition", "id": "c", "code": concept("G83.4", ICD10)}
ORDER: Resource = {
    "resourceType": "ServiceRequest",
    "id": "x-ray",
    "status": "active",
    "intent": "order",
    "subject": SUBJECT,
    "authoredOn": "2025-01-08",
    "reasonReference": [{"reference": "#c"}],
    "contained": [CAUDA],
}


def diagnoses(container: Resource) -> list[tuple[str | None, str, str]]:
    """Group, source and day of each diagnosis."""
    found = [one for one in read_all(container).readings if isinstance(one, Diagnosis)]
    return [(one.concept, one.stamp.source.reference, one.stamp.day.isoformat()) for one in found]


def test_a_diagnosis_to_which_its_record_refers_is_read() -> None:
    """With the subject and the date of the record, and under its name; it is no refusal then."""
    assert diagnoses(ORDER) == [("cauda-equina", "ServiceRequest/x-ray", "2025-01-08")]
    assert [one.reason for one in read_all(ORDER).refusals] == []
    dated = {**ORDER, "contained": [{**CAUDA, "id": "#c", "recordedDate": "2025-01-02"}]}
    assert diagnoses(dated) == [("cauda-equina", "ServiceRequest/x-ray", "2025-01-02")]
    deep = {**ORDER, "reasonReference": None, "extension": [{"url": "urn:x", "valueReference": {"reference": "#c"}}]}
    assert diagnoses(deep) == diagnoses(ORDER)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "entered-in-error"},
        {"reasonReference": [{"reference": "#other"}]},
        {"resourceType": "FamilyMemberHistory"},
        {"subject": {"reference": "Patient/q"}},
    ],
)
def test_other_diagnoses_in_a_record_are_not_read(change: Resource) -> None:
    """One that was taken back, one that nothing names, a relative's, and another patient's."""
    assert diagnoses({**ORDER, **change}) == []


def test_a_procedure_to_which_its_record_refers_needs_its_status() -> None:
    """As one that stands alone."""
    operated = {"resourceType": "Procedure", "id": "c", "code": concept("1"), "status": "completed"}
    for status, found in (("completed", 1), ("not-done", 0)):
        assert len(diagnoses({**ORDER, "contained": [{**operated, "status": status}]})) == found


ODD: list[Any] = [None, 3, "x", [], [3], {"resourceType": 3}, {"resourceType": "Observation"}, [{"id": {}}]]


@pytest.mark.parametrize("odd", ODD)
def test_contained_content_of_any_shape_harms_nothing(odd: Any) -> None:
    """The container is read all the same."""
    result = read_all(observation("rf09", valueBoolean=True, contained=odd))
    assert answers(result)[:1] == [(True, False)]
