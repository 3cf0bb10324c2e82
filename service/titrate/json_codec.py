"""JSON to plain values and back without loss: 7.50 is read as Decimal('7.50') and written as 7.50.

`loads` is the one reader of JSON from outside. It bounds size, depth and digits before anything computes with a value,
and its errors never quote the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import orjson

from titrate.messages import Message
from titrate.messages.refused_records import (
    JsonNotAnObject,
    JsonNotANumber,
    JsonNotUtf8,
    JsonNumberTooLong,
    JsonRepeatedKey,
    JsonSyntax,
    JsonTooDeep,
    JsonTooLarge,
)
from titrate.number_bounds import MAX_DIGITS, NumberTooLong, bounded_decimal

# One escape of a JSON string, whole pairs of surrogates first, so that what is left is half a character.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_REPLACEMENT = r"\ufffd"
_FHIR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLimits:
    """What a caller accepts: bytes of text, levels of nesting, and digits (or the exponent) of a number."""

    max_bytes: int = 64 * 1024 * 1024
    max_depth: int = 100
    max_digits: int = MAX_DIGITS


DEFAULT_LIMITS = JsonLimits()
# For the saved record of one patient, as for a body of the HTTP service. An answer of an EHR may be a larger page.
PATIENT_LIMITS = JsonLimits(max_bytes=8 * 1024 * 1024)


class InvalidJson(ValueError):
    """The text is not JSON within the limits. `line` and `column` count from 1; None if the place is unknown."""

    def __init__(self, message: Message, line: int | None = None, column: int | None = None) -> None:
        self.message = message
        self.line = line
        self.column = column
        super().__init__(str(message))


class NotAnObject(InvalidJson):
    """The text is JSON, but not a JSON object."""


def loads(data: str | bytes, limits: JsonLimits = DEFAULT_LIMITS) -> Any:
    """The JSON value of `data`, fractions as Decimals. Raises InvalidJson.

    Half a character (an unpaired surrogate, which systems leave that cut texts by length) is read as U+FFFD: no text
    with it could be written again.
    """
    text = _whole_characters(_decoded(data, limits.max_bytes))
    try:
        value = json.loads(
            text,
            parse_float=partial(_fraction, limits.max_digits),
            parse_int=partial(_integer, limits.max_digits),
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as fault:
        message = JsonSyntax(fault=fault.msg, line=fault.lineno, column=fault.colno)
        raise InvalidJson(message, fault.lineno, fault.colno) from None
    except RecursionError:
        raise InvalidJson(JsonTooDeep(limit=limits.max_depth)) from None
    _check_depth(value, limits.max_depth)
    return value


def loads_object(data: str | bytes, limits: JsonLimits = DEFAULT_LIMITS) -> dict[str, Any]:
    """The JSON object of `data`. Raises InvalidJson, for another JSON value NotAnObject."""
    value = loads(data, limits)
    if not isinstance(value, dict):
        raise NotAnObject(JsonNotAnObject())
    return value


def dumps(value: Mapping[str, Any]) -> bytes:
    """`value` as UTF-8 JSON with the keys in their order and the digits of each Decimal. Raises TypeError."""
    return orjson.dumps(value, default=_encoded)


def _decoded(data: str | bytes, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise InvalidJson(JsonTooLarge(limit=max_bytes))
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - (data.rfind(b"\n", 0, fault.start) + 1) + 1
        raise InvalidJson(JsonNotUtf8(line=line, column=column), line, column) from None


def _whole_characters(text: str) -> str:
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: _REPLACEMENT if found[1] else found[0], text)


def _fraction(max_digits: int, digits: str) -> Decimal:
    try:
        return bounded_decimal(digits, max_digits)
    except NumberTooLong:
        raise InvalidJson(JsonNumberTooLong(limit=max_digits)) from None


def _integer(max_digits: int, digits: str) -> int | Decimal:
    """An int if `dumps` can write it, which has 64 bits for one, else a Decimal."""
    if len(digits) > max_digits:
        raise InvalidJson(JsonNumberTooLong(limit=max_digits))
    value = int(digits)
    return value if -(2**63) <= value < 2**64 else Decimal(digits)


def _constant(literal: str) -> Any:
    raise InvalidJson(JsonNotANumber(literal=literal))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object. Only keys that look like FHIR names are quoted in an error: others can hold patient data."""
    result = dict(pairs)
    if len(result) < len(pairs):
        repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InvalidJson(JsonRepeatedKey(key=repeated if _FHIR_NAME.fullmatch(repeated) else "a key"))
    return result


def _check_depth(value: Any, max_depth: int) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(max_depth):
        # A large Bundle has a million members: type() is faster than isinstance() here.
        members = (member for one in level for member in (one.values() if type(one) is dict else one))
        level = [member for member in members if type(member) is dict or type(member) is list]
        if not level:
            return
    raise InvalidJson(JsonTooDeep(limit=max_depth))


def _encoded(value: object) -> object:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
