"""Decimals on the wire."""

from __future__ import annotations

from decimal import Decimal

import pytest

from titrate.ehr import json_bytes


@pytest.mark.parametrize("number", ["7.50", "0.1", "100", "1E+2", "1E-8", "-3.0"])
def test_a_number_comes_back_as_it_was_written(number: str) -> None:
    """Digits and trailing zeros survive reading and writing."""
    assert json_bytes.written({"value": Decimal(number)}) == b'{"value":' + number.encode() + b"}"
    assert str(json_bytes.read(b'{"value":' + number.encode() + b"}")["value"]) == str(
        int(number) if number.isdigit() else Decimal(number)
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a":',
        b"[]",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_what_is_no_json_object_is_refused_without_repeating_it(body: bytes) -> None:
    """The error says nothing of the bytes."""
    with pytest.raises(json_bytes.NotJson, match=r"^not (JSON|a JSON object)$"):
        json_bytes.read(body)


@pytest.mark.parametrize("value", [Decimal("NaN"), object(), {1, 2}])
def test_what_has_no_json_form_is_not_written(value: object) -> None:
    """Nothing is turned into text that nobody asked for."""
    with pytest.raises(TypeError):
        json_bytes.written({"value": value})


def test_a_byte_order_mark_is_no_obstacle() -> None:
    """Some servers send one."""
    assert json_bytes.read(b'\xef\xbb\xbf{"a":1}') == {"a": 1}
