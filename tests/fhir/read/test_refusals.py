"""Every reason for a refusal, each from one resource, without an effect on other resources."""

from __future__ import annotations

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    Resource,
    concept,
    form,
    item,
    observation,
    only_refusal,
    pain,
    patient,
    quantity,
    read_all,
    session,
)
from titrate.clinical.values.readings import Measurement, RefusalReason

CASES: list[tuple[RefusalReason, Resource]] = [
    (RefusalReason.NOT_MAPPED, observation("39156-5", LOINC, valueQuantity=quantity(25, "kg/m2"))),
    (RefusalReason.NOT_MAPPED, form("satisfaction-survey")),
    (RefusalReason.WRONG_UNIT, pain(valueInteger=None, valueQuantity=quantity(3, "mm"))),
    (RefusalReason.WRONG_UNIT, observation("29463-7", LOINC, valueInteger=70)),
    (RefusalReason.WRONG_UNIT, observation("8310-5", LOINC, valueQuantity={"value": 9, "code": "F", "system": "x"})),
    (RefusalReason.IMPLAUSIBLE, pain(11)),
    (RefusalReason.IMPLAUSIBLE, pain(valueInteger=None, valueQuantity=quantity("10.1", "{score}"))),
    (RefusalReason.CHECK_UNIT, observation("8310-5", LOINC, valueQuantity=quantity("98.6", "Cel"))),
    (RefusalReason.IMPLAUSIBLE, observation("93832-4", LOINC, valueQuantity=quantity(420, "h"))),
    (RefusalReason.CHECK_UNIT, observation("29463-7", LOINC, valueQuantity=quantity(70000, "kg"))),
    (RefusalReason.CHECK_UNIT, observation("2339-0", LOINC, valueQuantity=quantity(100, "mmol/L"))),
    (RefusalReason.NO_VALUE, pain(valueInteger=None)),
    (RefusalReason.NO_VALUE, pain(valueInteger=None, dataAbsentReason=concept("asked-declined"))),
    (RefusalReason.WRONG_VALUE, pain(valueInteger=None, valueQuantity=quantity(3, "{score}") | {"comparator": "<"})),
    (RefusalReason.WRONG_VALUE, pain(valueInteger=None, valueString="quite bad")),
    (RefusalReason.WRONG_VALUE, pain(dataAbsentReason=concept("error"))),
    (RefusalReason.WRONG_VALUE, observation("stressor", valueCodeableConcept=concept("enormous"))),
    (RefusalReason.CONFLICT, observation("stressor", valueCodeableConcept={
        "coding": concept("none")["coding"] + concept("major")["coding"]})),
    (RefusalReason.NO_TIME, pain(effectiveDateTime=None)),
    (RefusalReason.NO_TIME, form("daily-check-in", authored=None)),
    (RefusalReason.WRONG_TIME, pain(effectiveDateTime="2025-02-30T07:00:00Z")),
    (RefusalReason.WRONG_TIME, pain(effectiveDateTime="2025-01")),
    (RefusalReason.WRONG_TIME, pain(effectiveDateTime="yesterday")),
    (RefusalReason.WRONG_TIME, form("daily-check-in", item("date", {"valueDate": "2025-01-11"}))),
    (RefusalReason.WRONG_TIME, session(effectivePeriod={"start": "2025-01-10T10:00:00Z", "end": "2025-01-09"})),
    (RefusalReason.FUTURE, session(effectivePeriod={"start": "2025-01-13T08:50:00Z", "end": "2025-01-13T09:10:00Z"})),
    (RefusalReason.FUTURE, pain(effectiveDateTime="2025-01-13T09:00:01Z")),
    (RefusalReason.FUTURE, pain(effectiveDateTime="2025-01-14")),
    (RefusalReason.STATUS, pain(status="entered-in-error")),
    (RefusalReason.STATUS, pain(status="cancelled")),
    (RefusalReason.STATUS, form("daily-check-in", status="entered-in-error")),
    (RefusalReason.WRONG_PATIENT, pain(subject={"reference": "Patient/other"})),
    (RefusalReason.MALFORMED, pain(subject=None)),
    (RefusalReason.WRONG_PATIENT, pain(focus=[{"reference": "Patient/newborn"}])),
    (RefusalReason.WRONG_PATIENT, form("daily-check-in", subject={"reference": "Patient/other"})),
    (RefusalReason.NOT_A_PRACTITIONER, observation("pain-ceiling", valueQuantity=quantity(6, "{score}"))),
    (RefusalReason.MALFORMED, pain(valueInteger="three")),
    (RefusalReason.UNSUPPORTED_TYPE, {"resourceType": "Claim", "id": "c"}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "resource"), CASES)
def test_reason(reason: RefusalReason, resource: Resource) -> None:
    """The resource is refused for this reason only."""
    assert only_refusal(resource).reason is reason


def test_every_reason_has_a_case() -> None:
    """The closed set of reasons is covered: duplicates have their own tests."""
    assert {reason for reason, _ in CASES} | {RefusalReason.DUPLICATE} == set(RefusalReason)


def test_a_malformed_resource_does_not_affect_others() -> None:
    """One good score among all the bad resources is still read."""
    bad = [resource | {"id": f"bad-{index}"} for index, (_, resource) in enumerate(CASES)]
    good = pain(4, id="good", effectiveDateTime="2025-01-12T08:00:00Z")
    result = read_all(patient(), *bad, good)
    assert len(result.refusals) == len(CASES)
    measured = [reading for reading in result.readings if isinstance(reading, Measurement)]
    assert [reading.value for reading in measured if not reading.stamp.preliminary] == [4]


@pytest.mark.parametrize("value", [-7, 10.5, 13, 137])
def test_an_implausible_value_names_measure_and_day_and_hides_the_value(value: float) -> None:
    """The measure that holds the plan is named, with advice and without the value."""
    refusal = only_refusal(pain(valueInteger=None, valueQuantity=quantity(value, "{score}")))
    assert (refusal.what, str(refusal.day)) == ("pain-morning", "2025-01-10")
    assert str(value) not in str(refusal.message)


@pytest.mark.parametrize(
    "broken",
    [
        {"code": None}, {"code": "text"}, {"code": {"coding": "x"}}, {"code": {"coding": [None, 3]}},
        {"valueQuantity": [], "valueInteger": None}, {"valueQuantity": {"value": True}, "valueInteger": None},
        {"effectiveDateTime": 5}, {"effectivePeriod": "x", "effectiveDateTime": None}, {"performer": "me"},
        {"component": [[], None, {"code": 3}]}, {"note": [{"text": 7}]}, {"meta": 3}, {"id": 9},
        {"subject": {"reference": 3}}, {"derivedFrom": {"reference": ["x"]}}, {"issued": []},
    ],
)  # fmt: skip
def test_odd_shapes_never_raise(broken: Resource) -> None:
    """A shape that FHIR does not allow is read as far as it can be, or refused."""
    result = read_all(patient(), pain(3, **broken), pain(4, id="good", effectiveDateTime="2025-01-12T08:00:00Z"))
    assert any(isinstance(reading, Measurement) and reading.value == 4 for reading in result.readings)
