"""Limits for plausible sessions, each below, at and above its number, and with another number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import component, concept, mapped, quantity, read_all, session, walking
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.readings import Reading, RefusalReason, SessionReported
from titrate.fhir.read.plausibility import plausible_readings

NUMBERS = mapped()[0].numbers
POUND = Decimal("2.2046226218")


def loads(first: Decimal, second: Decimal, numbers: ClinicalNumbers = NUMBERS) -> list[RefusalReason]:
    """The reasons for refusing the second of two loads of one exercise."""
    (given,) = [one for one in read_all(walking()).readings if isinstance(one, SessionReported)]
    readings: list[Reading] = [replace(given, load=first), replace(given, load=second)]
    return [refusal.reason for refusal in plausible_readings(readings, numbers)[1]]


@pytest.mark.parametrize(("load", "reasons"), [("79.99", []), ("80", []), ("80.01", [RefusalReason.IMPLAUSIBLE])])
def test_a_load_at_most_doubles(load: str, reasons: list[RefusalReason]) -> None:
    """LOAD_JUMP_MAX: below, at and above twice the last load."""
    assert loads(Decimal(40), Decimal(load)) == reasons


@pytest.mark.parametrize(
    ("ratio", "reason"),
    [
        (POUND * Decimal("0.974"), RefusalReason.IMPLAUSIBLE),
        (POUND * Decimal("0.9751"), RefusalReason.CHECK_UNIT),
        (POUND, RefusalReason.CHECK_UNIT),
        (POUND * Decimal("1.0249"), RefusalReason.CHECK_UNIT),
        (POUND * Decimal("1.026"), RefusalReason.IMPLAUSIBLE),
    ],
)
def test_a_ratio_near_pounds_per_kilogram(ratio: Decimal, reason: RefusalReason) -> None:
    """LOAD_UNIT_TOLERANCE: near the ratio of the units the unit is in doubt, up and down."""
    assert loads(Decimal(40), 40 * ratio) == [reason]
    assert loads(40 * ratio, Decimal(40)) == ([reason] if reason is RefusalReason.CHECK_UNIT else [])


def test_limits_come_from_the_rulebook() -> None:
    """Other numbers refuse other loads."""
    strict = replace(NUMBERS, load_jump_max=Decimal("1.5"), load_unit_tolerance=Decimal(0))
    assert loads(Decimal(40), Decimal(70), strict) == [RefusalReason.IMPLAUSIBLE]
    assert loads(Decimal(40), Decimal(88), strict) == [RefusalReason.IMPLAUSIBLE]


def walks(count: int) -> list[dict[str, Any]]:
    """Sessions of one exercise on one day."""
    return [walking(id=f"s{at}", effectivePeriod={"start": f"2025-01-10T{10 + at}:00:00Z"}) for at in range(count)]


@pytest.mark.parametrize(("count", "refused"), [(4, 0), (5, 0), (6, 1), (7, 1)])
def test_sessions_on_one_day(count: int, refused: int) -> None:
    """SESSIONS_PER_DAY_MAX: one more session is refused once, and every session is kept."""
    found = read_all(*walks(count))
    assert (len(found.readings), len(found.refusals)) == (count, refused)


@pytest.mark.parametrize(("repetitions", "done"), [(299, 299), (300, 300), (301, None)])
def test_repetitions_of_a_set(repetitions: int, done: int | None) -> None:
    """REPETITIONS_PER_SET_MAX: at most a hundred a set, in three sets."""
    found = read_all(
        session(
            component("exercise", valueCodeableConcept=concept("leg-press")),
            component("sets", valueInteger=3),
            component("done", valueQuantity=quantity(repetitions, REPETITIONS)),
        )
    )
    (reading,) = [one for one in found.readings if isinstance(one, SessionReported)]
    assert reading.done == done
    assert [refusal.reason for refusal in found.refusals] == ([] if done else [RefusalReason.IMPLAUSIBLE])
