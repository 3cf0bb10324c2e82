"""Vital signs and weight: which values count, how they are compared, and their text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import Number, measured, on, stamp
from titrate.clinical.red_flags.vitals import VITAL_FINDERS, last_weight_loss, resting_rates
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, Measurement


def value(what: str, number: Number, day: int = 1, hour: int = 10, *, exercising: bool = False) -> Measurement:
    """A value a number of days ago at an hour."""
    return replace(measured(what, number, on(ago(day), time(hour))), exercising=exercising)


def signs(flag: str, *more: Measurement | Diagnosis) -> list[tuple[str, str]]:
    """The findings that open a flag, in words, with urgency."""
    return [(str(sign.because), sign.urgency.value) for sign in VITAL_FINDERS[flag](record_of(Case(more=more)))]


def test_a_rate_in_exercise_is_no_resting_rate() -> None:
    """Each is compared with its own limits."""
    rest, effort = value("heart-rate", 70), value("heart-rate", 125, exercising=True)
    assert resting_rates(record_of(Case(more=(rest, effort)))) == (rest,)
    assert signs("rf13", effort) == []
    assert signs("rf13", value("heart-rate", 125)) == [("resting heart rate 125", "E1")]


@pytest.mark.parametrize(("days", "counts"), [(0, True), (120, True), (121, False)])
def test_a_sign_counts_for_120_days(days: int, counts: bool) -> None:
    """Older findings are left to the screen."""
    assert bool(signs("rf05", value("temperature", 39, days))) is counts


@pytest.mark.parametrize(
    ("number", "shown"), [("38.5", "38.5"), ("38.25", "38.25"), ("38.123456", "38.12"), ("39", "39"), ("4E+1", "40")]
)
def test_a_value_is_shown_as_stored_or_to_hundredths(number: str, shown: str) -> None:
    """A conversion can produce more digits."""
    assert signs("rf05", value("temperature", number)) == [(f"temperature {shown}", "E1")]


@pytest.mark.parametrize(
    ("diastolic", "beside", "urgency"),
    [
        (120, [value("systolic", 180)], "E0"), (119, [value("systolic", 180)], "E1"), (120, [], "E1"),
        (120, [value("systolic", 179)], "E1"), (120, [value("systolic", 180, hour=11)], "E1"),
        (120, [value("systolic", 180, day=2)], "E1"),
        (120, [value("systolic", 180), value("systolic", 120, day=3)], "E0"),
        (120, [value("systolic", 120), value("systolic", 180, day=3)], "E1"),
    ],
)  # fmt: skip
def test_a_diastolic_is_an_emergency_with_its_own_systolic(
    diastolic: int, beside: list[Measurement], urgency: str
) -> None:
    """From 120 with 180 in the same measurement."""
    found = signs("rf11", value("diastolic", diastolic), *beside)
    assert (f"resting diastolic pressure {diastolic}", urgency) in found


@pytest.mark.parametrize(
    ("rest", "reported"),
    [
        ([(130, 1, 9)], False), ([(131, 1, 9)], True), ([(131, 1, 9), (110, 1, 8)], True), ([(140, 2, 9)], False),
        ([(140, 1, 11)], False), ([(131, 1, 10)], True), ([], False), ([(140, 0, 9)], False),
    ],
)  # fmt: skip
def test_a_fall_in_exercise_is_from_the_highest_at_rest_of_that_day(
    rest: list[tuple[int, int, int]], reported: bool
) -> None:
    """120 in exercise at 10: more than 10 below an earlier one of that date."""
    before = [value("systolic", number, day, hour) for number, day, hour in rest]
    found = signs("rf12", value("systolic", 120, exercising=True), *before)
    assert bool(found) is reported
    if reported:
        assert found == [("systolic pressure fell by 11 in exercise, to 120", "E1")]


def failing(concept: str = "heart-failure", kind: DiagnosisKind = DiagnosisKind.CONDITION) -> Diagnosis:
    """Heart failure on the problem list."""
    return Diagnosis(kind, concept, concept, stamp(concept, on(ago(900))))


@pytest.mark.parametrize(
    ("weights", "reported"),
    [
        ([(80, 2, 8), (82, 1, 8)], True), ([(80, 2, 8), ("81.9", 1, 8)], False), ([(80, 4, 8), (82, 1, 8)], True),
        ([(80, 5, 8), (82, 1, 8)], False), ([(80, 1, 7), (82, 1, 8)], False),
        ([(80, 3, 8), (81, 2, 8), (82, 1, 8)], True), ([(82, 2, 8), (80, 1, 8)], False), ([(82, 1, 8)], False),
    ],
)  # fmt: skip
def test_weight_that_rises_within_three_days(weights: list[tuple[Number, int, int]], reported: bool) -> None:
    """By two kilograms from the lowest of the previous days; weights of one day are not compared."""
    found = signs("rf18", failing(), *(value("weight", *one) for one in weights))
    words = "heart failure is listed, and weight increased by 2 kg within 3 days, to 82"
    assert found == ([(words, "E1")] if reported else [])


@pytest.mark.parametrize(
    ("listed", "reported"),
    [
        (failing(), True), (failing("decompensated-heart-failure"), True), (failing("stroke"), False),
        (failing(kind=DiagnosisKind.PAST_CONDITION), False),
    ],
)  # fmt: skip
def test_weight_is_a_sign_of_fluid_with_heart_failure_only(listed: Diagnosis, reported: bool) -> None:
    """A past condition or one of another kind does not count."""
    assert bool(signs("rf18", listed, value("weight", 80, 2), value("weight", 82, 1))) is reported


def lost(*weights: tuple[Number, int, int]) -> datetime | None:
    """When this much weight had been lost."""
    return last_weight_loss(record_of(Case(more=tuple(value("weight", *one) for one in weights))))


def test_a_loss_of_a_twentieth_within_half_a_year() -> None:
    """Its last moment counts; two weights on one day are not compared, on consecutive days they are."""
    assert lost((80, 60, 8), (76, 1, 8)) == on(ago(1), time(8))
    assert lost((80, 60, 8), (Decimal("76.1"), 1, 8)) is None
    assert lost((80, 183, 8), (76, 1, 8)) == on(ago(1), time(8))
    assert lost((80, 184, 8), (76, 1, 8)) is None
    assert lost((80, 1, 8), (76, 1, 9)) is None
    assert lost((80, 2, 8), (76, 1, 8)) == on(ago(1), time(8))
    assert lost((80, 60, 8), (76, 30, 8), (75, 9, 8), (80, 1, 8)) == on(ago(9), time(8))
