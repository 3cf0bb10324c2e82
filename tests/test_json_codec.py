"""JSON in and out: exact numbers, limits, and errors that never quote the text."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from titrate.json_codec import InvalidJson, JsonLimits, dumps, loads, loads_object


@pytest.mark.parametrize(
    "number", ["7.50", "0.1", "100", "1E+2", "1E-8", "-3.0", "9" * 40, "18446744073709551615", "-9223372036854775809"]
)
def test_a_number_comes_back_as_it_was_written(number: str) -> None:
    """Digits and trailing zeros survive reading and writing."""
    assert dumps({"value": Decimal(number)}) == b'{"value":' + number.encode() + b"}"
    read = loads_object(b'{"value":' + number.encode() + b"}")
    assert str(read["value"]) == number
    assert dumps(read) == b'{"value":' + number.encode() + b"}"


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
def test_anything_but_a_json_object_is_refused(body: bytes) -> None:
    """The error never quotes the bytes."""
    with pytest.raises(InvalidJson) as caught:
        loads_object(body)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize("value", [Decimal("NaN"), object(), {1, 2}])
def test_a_value_without_a_json_form_is_not_written(value: object) -> None:
    """Other values raise TypeError; nothing is converted to text silently."""
    with pytest.raises(TypeError):
        dumps({"value": value})


def test_a_byte_order_mark_is_accepted() -> None:
    """Some servers send one."""
    assert loads_object(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_decimals_survive() -> None:
    """Decimals keep their zeros; whole numbers are whole."""
    assert str(loads('{"a": 7.50, "b": 7}')) == str({"a": Decimal("7.50"), "b": 7})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a":\n  1,}', (2, None)), ('{"a"', (1, 5)), ("", (1, 1)), (b'{"a": "\xff"}', (1, 8)),
        ('{"a": 1, "a": 2}', (None, None)), ('{"a": NaN}', (None, None)), ('{"a": Infinity}', (None, None)),
        ("[" * 5000 + "]" * 5000, (None, None)), ("[" * 120 + "]" * 120, (None, None)),
        ('{"a": 1e999999}', (None, None)), ('{"a": ' + "9" * 60 + "}", (None, None)),
        ('{"a": 1e-999999999}', (None, None)), ('{"a": 1e9999999999999999999}', (None, None)),
        ('{"a": 1e-9999999999999999999}', (None, None)), ('{"a": 0.' + "1" * 1_000_000 + "}", (None, None)),
        ('{"a": ' + "9" * 5000 + "}", (None, None)), ('{"a": 1e41}', (None, None)), ('{"a": 1E-41}', (None, None)),
        ('{"a": "\\ud8"}', (1, 9)), ('{"a": "\\ud8zz"}', (1, 9)),
    ],
)  # fmt: skip
def test_invalid_json(text: str | bytes, place: tuple[int | None, int | None]) -> None:
    """Each is refused, with line and column where these are known."""
    with pytest.raises(InvalidJson) as caught:
        loads(text)
    assert caught.value.line == place[0]
    assert place[1] is None or caught.value.column == place[1]


@pytest.mark.parametrize("number", ["1e40", "1e-40", "1E+0040", "9" * 40, "0." + "1" * 38, "-0.0"])
def test_numbers_within_the_limits_are_read(number: str) -> None:
    """40 digits and an exponent of 40 are the last that are accepted."""
    assert loads(number) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r'"\ud800"', "\ufffd"), (r'"ok \uD83D"', "ok \ufffd"), (r'"\udc00 end"', "\ufffd end"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"), (r'"\\ud800"', r"\ud800"), (r'"\\\ud800"', "\\\ufffd"),
        (r'"\u00e9"', "é"),
    ],
)  # fmt: skip
def test_half_a_character_is_replaced(text: str, read: str) -> None:
    """Systems that cut texts by length leave half an emoji; what is read can always be written."""
    assert loads(text) == read
    assert loads_object(dumps({"text": loads(text)})) == {"text": read}


def test_keys_that_become_alike_are_refused() -> None:
    """Half a character in a key never hides another member."""
    with pytest.raises(InvalidJson):
        loads(r'{"a\ud800": 1, "a\ud801": 2}')


def test_an_invalid_text_is_never_quoted() -> None:
    """The message never quotes the text: it can hold patient data."""
    with pytest.raises(InvalidJson) as caught:
        loads('{"family": "Example" "given"}')
    assert "Example" not in str(caught.value)


def test_size_and_byte_order_mark() -> None:
    """The size limit, and the byte order mark that some programs write first."""
    with pytest.raises(InvalidJson):
        loads(json.dumps({"a": "x" * 100}), JsonLimits(max_bytes=50))
    assert loads(b"\xef\xbb\xbf{}") == loads("\ufeff{}") == {}


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("[[[]]]", JsonLimits(max_depth=2)),
        ('{"a": 1.25}', JsonLimits(max_digits=3)),
        ("1234", JsonLimits(max_digits=3)),
    ],
)
def test_limits_are_those_of_the_caller(text: str, limits: JsonLimits) -> None:
    """The default limits accept each text; narrower ones refuse it."""
    loads(text)
    with pytest.raises(InvalidJson):
        loads(text, limits)


def test_a_repeated_key_is_found_in_a_large_object() -> None:
    """The search for it takes one pass, not one for each key."""
    keys = ",".join(f'"k{number}":1' for number in range(200_000))
    with pytest.raises(InvalidJson, match="k199999"):
        loads(f'{{{keys},"k199999":2}}')
