"""JSON on the wire with decimals kept: 7.50 is read as Decimal('7.50') and written as 7.50."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson


class NotJson(ValueError):
    """The bytes are not one JSON object. Says nothing of what they are: they can hold patient data."""


def written(value: Mapping[str, Any]) -> bytes:
    """`value` as UTF-8 JSON, keys in their order, each Decimal with the digits it has."""
    return orjson.dumps(value, default=_write)


def read(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, fractions as Decimals. Raises NotJson, also for NaN and Infinity, which JSON lacks."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotJson("not JSON") from None
    if not isinstance(value, dict):
        raise NotJson("not a JSON object")
    return value


def _write(value: object) -> object:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _no_constant(_name: str) -> object:
    raise NotJson("not JSON")
