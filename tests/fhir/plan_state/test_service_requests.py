"""One order: its amount in the library's unit, its timing, and defaults for missing values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.example import AT, PERSON, PRESS, RULEBOOK, SITE, WALK, repetitions
from tests.fhir.plan_state.resources import order
from titrate.clinical.values.plan import Dose
from titrate.fhir.plan_state import PlanResources
from titrate.fhir.plan_state.service_requests import ExerciseOrder, read_order, weekly_frequency

PLANS = PlanResources.sort([], PERSON, RULEBOOK, SITE, AT)


def read(resource: dict[str, Any]) -> ExerciseOrder:
    """The order, which must be readable."""
    found = read_order(PLANS, resource)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("repeat", "weekly"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, 3),
        ({"frequency": 1, "period": Decimal(1), "periodUnit": "d"}, 7),
        ({"frequency": 1, "period": 2, "periodUnit": "d"}, 3),
        ({"frequency": 5, "period": 2, "periodUnit": "wk"}, 2),
        ({"frequency": 1, "period": 2, "periodUnit": "wk"}, 1),
        ({"period": 1, "periodUnit": "wk", "dayOfWeek": ["mon", "wed", "fri"]}, 3),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon", "fri"]}, 2),
        ({"frequency": 3}, None),
        ({"frequency": 3, "period": 1, "periodUnit": "mo"}, None),
    ],
)
def test_weekly_frequency(repeat: dict[str, Any], weekly: int | None) -> None:
    """Sessions a week, rounded down to at least one; unknown if the timing does not give it."""
    assert weekly_frequency({"repeat": repeat}) == weekly


@pytest.mark.parametrize(
    ("exercise", "value", "unit", "amount"),
    [
        (WALK, "15", "min", "15"),
        (WALK, "0.5", "h", "30"),
        (WALK, "900", "s", "15"),
        (WALK, "15", "minutes", "15"),
        ("lift-and-carry", "0.1", "km", "100"),
        (PRESS, "30", "1", "30"),
        ("balance-stance", "1", "min", "60"),
    ],
)
def test_amounts_are_in_the_unit_of_the_library(exercise: str, value: str, unit: str, amount: str) -> None:
    """For an order of any author the amount is in the exercise's own unit."""
    assert read(order("o", exercise, value, unit)).amount == Decimal(amount)


@pytest.mark.parametrize(("value", "unit"), [("15", "mg"), ("0", "min"), ("-5", "min")])
def test_an_invalid_amount_gives_no_dose(value: str, unit: str) -> None:
    """In doubt the dose is lower."""
    assert read(order("o", WALK, value, unit)).dose(Dose(Decimal(15), "min")) is None


def test_an_order_for_something_else_is_no_order() -> None:
    """An exercise outside the library, and an order not to do it."""
    assert read_order(PLANS, order("o", "juggling", "3", "min")) is None
    assert read_order(PLANS, order("o", WALK, "3", "min", doNotPerform=True)) is None


@pytest.mark.parametrize(
    ("amount", "words", "total", "sets", "load"),
    [
        ("30", ["3 x 10 @ 40 kg"], "30", 3, "40"),
        ("24", ["3 x 10 @ 40 kg"], "24", 3, "40"),  # only the quantity was changed
        ("30", ["2 x 10 @ 40 kg"], "20", 2, "40"),  # only the words were changed
        ("36", ["2 x 10 @ 45 kg"], "20", 2, "45"),  # both, and they disagree: the lower
        ("30", ["as last time"], "30", 3, "40"),
        ("30", ["3 x 10"], "30", 3, "40"),
    ],
)
def test_a_changed_order_counts(amount: str, words: list[str], total: str, sets: int, load: str) -> None:
    """Edited values count; omitted ones come from the recorded dose."""
    dose = read(order("o", PRESS, amount, "{repetitions}", *words)).dose(repetitions(3, 10, "40"))
    assert dose == Dose(Decimal(total), "{repetitions}", sets, Decimal(load))


def test_an_order_without_a_record_is_read_from_its_text() -> None:
    """Without a recorded dose the text gives sets and load."""
    found = read(order("o", PRESS, "30", "{repetitions}", "3x10, 40 kg")).dose(None)
    assert found == repetitions(3, 10, "40")
