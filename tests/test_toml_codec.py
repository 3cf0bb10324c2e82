"""TOML with bounded numbers (clinical rules B13.15, B13.17: a number has a bound before anything computes with it)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from titrate.toml_codec import InvalidToml, loads

FORTY = "1" * 40


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.125", Decimal("0.125")), ("1_000.5", Decimal("1000.5")), ("1e3", Decimal(1000)), ("-7", -7),
        (FORTY, int(FORTY)), ("1e40", Decimal("1e40")), ("1e-40", Decimal("1e-40")),
    ],
)  # fmt: skip
def test_a_number_within_the_bounds(written: str, value: Decimal | int) -> None:
    """It is read exactly."""
    assert loads(f"a = {written}") == {"a": value}


@pytest.mark.parametrize(
    "written",
    [
        f"{FORTY}1", f"0.{FORTY}", "1e41", "1e-41", "1e9999999999999999999", "1e-999999999", "9" * 5000,
        "0x" + "f" * 40, f"[[1], [{FORTY}1]]", f"{{ b = {FORTY}1 }}",
    ],
)  # fmt: skip
def test_a_number_out_of_bounds(written: str) -> None:
    """It is refused with a sentence."""
    with pytest.raises(InvalidToml, match=r"^A number has more than 40 digits$"):
        loads(f"a = {written}")


def test_another_fault_names_its_line() -> None:
    """As the parser states it."""
    with pytest.raises(InvalidToml, match="line 2"):
        loads("a = 1\nb = ]")


def test_a_text_of_many_levels() -> None:
    """It is refused, also where the parser gives up."""
    with pytest.raises(InvalidToml, match="nested too deeply"):
        loads("a = " + "[" * 100_000)


@pytest.mark.parametrize("written", ["inf", "-inf", "nan", "+nan"])
def test_what_is_no_number_keeps_its_key(written: str) -> None:
    """The schema refuses it with the name of the key, which the codec does not know."""
    assert not loads(f"a = {written}")["a"].is_finite()
