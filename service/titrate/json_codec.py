"""JSON text to plain values without loss: decimals stay Decimal with their zeros, and nothing odd slips through."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
MAX_DIGITS = 40
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class InvalidJson(Exception):
    """The text is not JSON that we accept. `line` and `column` count from 1 and are None where no place is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message if line is None else f"{message}, at line {line}, column {column}")


def loads(text: str | bytes, max_bytes: int = MAX_BYTES) -> Any:
    """The JSON value of `text`. Raises BrokenJson, which never quotes the text."""
    decoded = _decoded(text, max_bytes)
    try:
        value = json.loads(
            decoded,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as fault:
        raise InvalidJson(f"Not valid JSON ({fault.msg}): correct it", fault.lineno, fault.colno) from None
    except RecursionError:
        raise InvalidJson(f"JSON is nested deeper than {MAX_DEPTH} levels") from None
    _check_depth(value)
    return value


def _decoded(text: str | bytes, max_bytes: int) -> str:
    if len(text) > max_bytes:
        raise InvalidJson(f"JSON is larger than {max_bytes} bytes: send fewer resources at once")
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = text.count(b"\n", 0, fault.start) + 1
        column = fault.start - (text.rfind(b"\n", 0, fault.start) + 1) + 1
        raise InvalidJson("Not UTF-8: FHIR JSON is always UTF-8", line, column) from None


def _number(digits: str) -> Decimal:
    value = Decimal(digits)
    exponent = value.as_tuple().exponent
    if len(digits) > MAX_DIGITS or not isinstance(exponent, int) or abs(exponent) > MAX_DIGITS:
        raise InvalidJson(f"A number has more than {MAX_DIGITS} digits")
    return value


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise InvalidJson(f"A number has more than {MAX_DIGITS} digits")
    return int(digits)


def _constant(name: str) -> Any:
    raise InvalidJson(f"{name} is not a JSON number: leave the value out and give a dataAbsentReason")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            shown = key if _NAME.fullmatch(key) else "a key"
            raise InvalidJson(f"{shown} is given twice in one object: only one of them can be meant")
        result[key] = value
    return result


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise InvalidJson(f"JSON is nested deeper than {MAX_DEPTH} levels")


def _children(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
