"""A pulse or saturation during a session is taken in exercise; any other is at rest, unless stated otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    Resource,
    component,
    concept,
    form,
    item,
    observation,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import Measurement

PULSE: Resource = {"valueQuantity": quantity(150, "/min")}


def kinds(*resources: Resource) -> list[tuple[str, bool]]:
    """The measures that were read, and whether during exercise."""
    return [(one.what, one.exercising) for one in read_all(*resources).readings if isinstance(one, Measurement)]


@pytest.mark.parametrize(
    ("when", "exercising"),
    [
        ("2025-01-10T09:59:59Z", False), ("2025-01-10T10:00:00Z", True), ("2025-01-10T10:10:00Z", True),
        ("2025-01-10T11:30:00+01:00", True), ("2025-01-10T10:30:01Z", False), ("2025-01-10", False),
        ("2025-01-11T10:10:00Z", False),
    ],
)  # fmt: skip
def test_the_period_of_a_session(when: str, exercising: bool) -> None:
    """From start to end, inclusive; right after it the patient rests, and a date alone is in no period."""
    rate = observation("8867-4", LOINC, valueQuantity=quantity(110, "/min"), effectiveDateTime=when)
    oxygen = observation("59408-5", LOINC, valueQuantity=quantity(90, "%"), effectiveDateTime=when)
    assert sorted(kinds(walking(), rate, oxygen)) == [("heart-rate", exercising), ("spo2", exercising)]
    assert sorted(kinds(oxygen, rate, walking())) == [("heart-rate", exercising), ("spo2", exercising)]


def test_what_is_plausible_in_a_session() -> None:
    """150 a minute is not a resting rate and is an ordinary rate of a walk."""
    rate = observation("8867-4", LOINC, effectiveDateTime="2025-01-10T10:10:00Z", **PULSE)
    assert kinds(rate) == []
    assert kinds(walking(), rate) == [("heart-rate", True)]


@pytest.mark.parametrize(
    "more",
    [
        {"effectivePeriod": {"start": "2025-01-10T10:00:00Z"}},
        {"effectivePeriod": {"end": "2025-01-10T10:10:00Z"}},
        {"effectivePeriod": None, "effectiveDateTime": "2025-01-10T10:10:00Z"},
        {"effectivePeriod": {"start": "2025-01-10", "end": "2025-01-10"}},
        {"effectivePeriod": {"start": "2025-01-10T08:00:00Z", "end": "2025-01-10T12:00:01Z"}},
        {"status": "preliminary"}, {"status": "entered-in-error"}, {"subject": {"reference": "Patient/other"}},
        {"component": []},
    ],
)  # fmt: skip
def test_sessions_without_a_usable_period(more: dict[str, Any]) -> None:
    """With one end, without times, too long, preliminary or unreadable, a session leaves the pulse at rest."""
    rate = observation("8867-4", LOINC, valueQuantity=quantity(110, "/min"), effectiveDateTime="2025-01-10T10:10:00Z")
    assert kinds(walking(**more), rate) == [("heart-rate", False)]


@pytest.mark.parametrize(("code", "value"), [("40443-4", quantity(110, "/min")), ("59417-6", quantity(90, "%"))])
def test_a_code_for_a_measurement_at_rest(code: str, value: Resource) -> None:
    """A code for a value at rest means rest at any time; as a component too."""
    when = "2025-01-10T10:10:00Z"
    whole = observation(code, LOINC, valueQuantity=value, effectiveDateTime=when)
    inside = [component(code, LOINC, valueQuantity=value)]
    part = observation("panel", "urn:site", effectiveDateTime=when, component=inside)
    for one in (whole, part):
        assert [exercising for _, exercising in kinds(walking(), one)] == [False]


def test_resting_pressure_within_a_session() -> None:
    """Only pulse and saturation follow the session; blood pressure needs an explicit statement."""
    value = quantity(150, "mm[Hg]")
    pressure = observation("8480-6", LOINC, valueQuantity=value, effectiveDateTime="2025-01-10T10:10:00Z")
    assert kinds(walking(), pressure) == [("systolic", False)]


def test_a_session_of_a_form() -> None:
    """Its start and end are a period like any other."""
    made = form(
        "session-check-in",
        item("started", {"valueDateTime": "2025-01-10T10:00:00Z"}),
        item("ended", {"valueDateTime": "2025-01-10T10:15:00Z"}),
        item("exercise", {"valueCoding": concept("walking")["coding"][0]}),
    )
    rate = observation("8867-4", LOINC, effectiveDateTime="2025-01-10T10:15:00Z", **PULSE)
    assert kinds(made, rate) == [("heart-rate", True)]


def test_a_measurement_that_lasts() -> None:
    """Its whole period must be in the session."""
    for end, exercising in (("2025-01-10T10:30:00Z", True), ("2025-01-10T10:31:00Z", False)):
        when: Resource = {"effectiveDateTime": None, "effectivePeriod": {"start": "2025-01-10T10:20:00Z", "end": end}}
        rate = observation("8867-4", LOINC, valueQuantity=quantity(110, "/min"), **when)
        assert kinds(walking(), rate) == [("heart-rate", exercising)]
