"""Units: exact if the decimal terminates, refused if the unit does not belong, and equal to the results of pint."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from pint import UnitRegistry

from titrate.clinical.values import quantity
from titrate.clinical.values.quantity import (
    UNITS,
    UnitRefused,
    UnitSpellings,
    convert,
    convertible,
    same_scale,
)

EXACT = [
    ("90", "s", "min", "1.5"), ("1.5", "h", "min", "90"), ("2", "wk", "d", "14"),
    ("100", "[ft_i]", "m", "30.48"), ("1", "[mi_i]", "km", "1.609344"), ("5", "[yd_i]", "m", "4.572"),
    ("25", "[lb_av]", "kg", "11.33980925"), ("500", "g", "kg", "0.5"), ("16", "[oz_av]", "[lb_av]", "1"),
    ("98.6", "[degF]", "Cel", "37"), ("100.4", "[degF]", "Cel", "38"), ("-40", "Cel", "[degF]", "-40"),
    ("5", "mmol/L", "mg/dL", "90.078"), ("90.078", "mg/dL", "mmol/L", "5"),
    ("60", "m/min", "m/s", "1"), ("3.6", "km/h", "m/s", "1"),
    ("70", "{beats}/min", "/min", "70"), ("3", "1", "{score}", "3"), ("12", "{reps}", "{repetitions}", "12"),
]  # fmt: skip
NAMES = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "m": "metre", "km": "kilometre", "cm": "centimetre",
    "mm": "millimetre", "[ft_i]": "foot", "[mi_i]": "mile", "[in_i]": "inch", "[yd_i]": "yard", "kg": "kilogram",
    "g": "gram", "[lb_av]": "pound", "[oz_av]": "ounce", "Cel": "degC", "[degF]": "degF", "m/s": "metre/second",
    "m/min": "metre/minute", "km/h": "kilometre/hour",
}  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "expected", "result"), EXACT)
def test_exact(value: str, unit: str, expected: str, result: str) -> None:
    """The converted value is the exact decimal."""
    assert convert(Decimal(value), unit, expected) == Decimal(result)


@pytest.mark.parametrize("value", ["7", "7.0", "7.50", "0.00"])
def test_the_same_unit_keeps_every_digit(value: str) -> None:
    """A value in its own unit is unchanged."""
    assert str(convert(Decimal(value), "min", "min")) == value


def test_there_and_back() -> None:
    """A value converted to another unit and back is equal to 20 digits."""
    for unit, expected in product(UNITS, UNITS):
        if not convertible(unit, expected):
            continue
        there = convert(Decimal("12.5"), unit, expected)
        assert isinstance(there, Decimal)
        back = convert(there, expected, unit)
        assert isinstance(back, Decimal)
        assert abs(back - Decimal("12.5")) < Decimal("1e-20")


def test_as_pint_says() -> None:
    """Every conversion that pint knows has its result, within the precision of floats."""
    registry: Any = UnitRegistry()
    for unit, expected in product(NAMES, NAMES):
        if UNITS[unit] == UNITS[expected]:
            generated = convert(Decimal("12.5"), unit, expected)
            assert isinstance(generated, Decimal)
            edited = registry.Quantity(12.5, NAMES[unit]).to(NAMES[expected]).magnitude
            assert float(generated) == pytest.approx(edited, rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("kg", "min"),
        ("foo", "kg"),
        ("kg", "foo"),
        ("{score}", "{repetitions}"),
        ("1", "kg"),
        ("%", "{score}"),
        ("[Cal]", "kg"),
        ("", "kg"),
    ],
)
def test_refused_as_a_value(unit: str, expected: str) -> None:
    """An unknown unit, or one of another kind, is a refusal, not an exception."""
    result = convert(Decimal(1), unit, expected)
    assert isinstance(result, UnitRefused)
    assert (result.unit, result.target) == (unit, expected)


def test_a_spelling_is_its_unit() -> None:
    """The listed spellings lead to their unit, a UCUM code to itself; others are unchanged."""
    units = UnitSpellings({"lbs": "[lb_av]", "mm Hg": "mm[Hg]", "ft": "[ft_i]"})
    written = (" lbs ", "LBS", "mmhg", "ft.", "FT", "kg", "stone", "")
    expected = ["[lb_av]", "[lb_av]", "mm[Hg]", "[ft_i]", "FT", "kg", "stone", ""]
    assert [units.code(one) for one in written] == expected


@pytest.mark.parametrize("unit", ["{score}", "{repetitions}", "{steps}", "{sessions}", "{trials}"])
def test_one_is_any_plain_number(unit: str) -> None:
    """A count or a score without a unit."""
    assert convert(Decimal(3), "1", unit) == convert(Decimal(3), unit, "1") == 3
    assert same_scale("1", unit)


def test_the_same_unknown_unit_is_refused_too() -> None:
    """Its kind is unknown, even if both units are equal."""
    assert isinstance(convert(Decimal(1), "foo", "foo"), UnitRefused)
    assert not same_scale("foo", "foo")


def test_same_scale() -> None:
    """If units differ only in name a missing unit cannot change the number."""
    assert same_scale("/min", "{beats}/min")
    assert same_scale("1", "{score}")
    assert same_scale("kg", "kg")
    assert not same_scale("{score}", "kg")
    assert not same_scale("min", "s")
    assert not same_scale("Cel", "[degF]")
    assert not same_scale("mmol/L", "mg/dL")


def test_factors_are_cached() -> None:
    """pint is slow, and a run uses the same few units."""
    quantity._factor.cache_clear()
    for _ in range(3):
        convert(Decimal(1), "[lb_av]", "kg")
    assert quantity._factor.cache_info().misses == 2
