"""Values that open a red flag by themselves count in a record with a fault, as a yes to a safety question does."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.fhir.read.sample_resources import (
    AT,
    LOINC,
    Resource,
    component,
    observation,
    only_reading,
    pain,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import Measurement, PatientReadings, SessionReported

ALARMING: list[tuple[str, str, Resource]] = [
    ("phq-9-item-9", "44260-8", {"valueInteger": 2}),
    ("systolic", "8480-6", {"valueQuantity": quantity(200, "mm[Hg]")}),
    ("diastolic", "8462-4", {"valueQuantity": quantity(115, "mm[Hg]")}),
    ("heart-rate", "8867-4", {"valueQuantity": quantity(130, "/min")}),
    ("spo2", "59408-5", {"valueQuantity": quantity(80, "%")}),
    ("temperature", "8310-5", {"valueQuantity": quantity("39.5", "Cel")}),
    ("glucose", "2345-7", {"valueQuantity": quantity(270, "mg/dL")}),
    ("glucose", "41653-7", {"valueQuantity": quantity(45, "mg/dL")}),
    ("glucose", "14749-6", {"valueQuantity": quantity("2.5", "mmol/L")}),
]
UPDATED = {"meta": {"lastUpdated": "2025-01-12T08:00:00Z"}}
UPDATE = datetime(2025, 1, 12, 8, tzinfo=UTC)


def measured(result: PatientReadings) -> list[tuple[str, datetime, bool]]:
    """Name and time of each measurement, and whether it can only lower or hold."""
    return [(m.what, m.stamp.when, m.stamp.preliminary) for m in result.readings if isinstance(m, Measurement)]


@pytest.mark.parametrize(("what", "code", "value"), ALARMING)
def test_the_time_of_recording_dates_it(what: str, code: str, value: Resource) -> None:
    """With `issued` and no effective time it is read like any other."""
    result = read_all(observation(code, LOINC, effectiveDateTime=None, issued="2025-01-12T08:00:00Z", **value))
    assert measured(result) == [(what, UPDATE, False)]
    assert result.refusals == ()


@pytest.mark.parametrize(("what", "code", "value"), ALARMING)
@pytest.mark.parametrize(
    ("fault", "when"),
    [
        ({"effectiveDateTime": None}, AT),
        ({"effectiveDateTime": None} | UPDATED, UPDATE),
        ({"effectiveDateTime": "10 Jan 2025"} | UPDATED, UPDATE),
        ({"effectiveDateTime": "2024"} | UPDATED, datetime(2024, 12, 31, tzinfo=UTC)),
        ({"effectiveDateTime": "2025-02-01"}, AT),
        ({"subject": None}, datetime(2025, 1, 10, 7, 30, tzinfo=UTC)),
        ({"status": "done"}, datetime(2025, 1, 10, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_fault_loses_no_alarm(what: str, code: str, value: Resource, fault: Resource, when: datetime) -> None:
    """It counts at the last moment that the record can mean, can only lower or hold, and the fault is shown."""
    result = read_all(observation(code, LOINC, **(value | fault)))
    assert measured(result) == [(what, when, True)]
    assert [one.what for one in result.refusals] == [what]


@pytest.mark.parametrize(
    ("what", "code", "comparator", "limit"),
    [
        ("systolic", "8480-6", ">", quantity(179, "mm[Hg]")),
        ("systolic", "8480-6", ">=", quantity(180, "mm[Hg]")),
        ("diastolic", "8462-4", ">", quantity(118, "mm[Hg]")),
        ("temperature", "8310-5", ">", quantity("102.2", "[degF]")),
        ("heart-rate", "8867-4", ">", quantity(120, "/min")),
        ("heart-rate", "8867-4", "<", quantity(40, "/min")),
        ("spo2", "59408-5", "<", quantity(92, "%")),
        ("glucose", "2345-7", ">", quantity(300, "mg/dL")),
        ("glucose", "2345-7", "<", quantity("2.9", "mmol/L")),
    ],
)
def test_a_bound_on_the_alarming_side_counts(what: str, code: str, comparator: str, limit: Resource) -> None:
    """Every value beyond it can open the flag: it counts downward, and the missing value is refused."""
    result = read_all(observation(code, LOINC, valueQuantity=limit | {"comparator": comparator}))
    (found,) = [one for one in result.readings if isinstance(one, Measurement)]
    assert (found.what, found.stamp.preliminary) == (what, True)
    assert [one.what for one in result.refusals] == [what]
    (exact,) = read_all(observation(code, LOINC, valueQuantity=limit)).readings
    assert isinstance(exact, Measurement)
    assert {">": found.value > exact.value, "<": found.value < exact.value}.get(comparator, found.value == exact.value)


@pytest.mark.parametrize(
    ("code", "comparator", "limit"),
    [
        ("8480-6", "<", quantity(200, "mm[Hg]")),
        ("59408-5", ">", quantity(85, "%")),
        ("59408-5", "ad", quantity(85, "%")),
        ("8310-5", ">", quantity(39, "mg")),
        ("8480-6", ">", {"unit": "mm[Hg]"}),
    ],
)
def test_any_other_bound_is_only_refused(code: str, comparator: str, limit: Resource) -> None:
    """The value may lie on either side of the limit."""
    result = read_all(observation(code, LOINC, valueQuantity=limit | {"comparator": comparator}))
    assert result.readings == ()
    assert len(result.refusals) == 1


@pytest.mark.parametrize("status", ["registered", "unknown", None])
def test_a_doubtful_status_can_only_lower(status: str | None) -> None:
    """It counts as preliminary, and nothing is refused."""
    result = read_all(pain(status=status), walking(status=status))
    assert result.refusals == ()
    assert {type(one): one.stamp.preliminary for one in result.readings} == {Measurement: True, SessionReported: True}


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
@pytest.mark.parametrize("subject", [{"reference": "Patient/p"}, {"reference": "Patient/other"}])
def test_what_was_taken_back_opens_no_flag(status: str, subject: Resource) -> None:
    """Nor does a value of another patient."""
    void = observation("8480-6", LOINC, status=status, subject=subject, valueQuantity=quantity(200, "mm[Hg]"))
    assert measured(read_all(void)) == []
    other = void | {"status": "final", "subject": {"reference": "Patient/other"}, "effectiveDateTime": None}
    assert measured(read_all(other)) == []


def test_a_panel_without_a_time() -> None:
    """Both pressures of a panel count."""
    both = [
        component("8480-6", LOINC, valueQuantity=quantity(190, "mm[Hg]")),
        component("8462-4", LOINC, valueQuantity=quantity(120, "mm[Hg]")),
    ]
    result = read_all(observation("85354-9", LOINC, component=both, effectiveDateTime=None, **UPDATED))
    assert sorted(measured(result)) == [("diastolic", UPDATE, True), ("systolic", UPDATE, True)]


def test_null_is_absent() -> None:
    """Some serialisers write null beside the value, and an extension of a value is not a value."""
    value: dict[str, object] = {
        "valueInteger": 3,
        "valueString": None,
        "valueQuantity": None,
        "_valueString": {"extension": []},
    }
    reading = only_reading(pain() | value)
    assert isinstance(reading, Measurement)
    assert reading.value == Decimal(3)
