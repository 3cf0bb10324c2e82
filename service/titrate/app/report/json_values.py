"""Values of the service as JSON values: dataclasses become objects with camelCase keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from titrate.messages import Message

Json = dict[str, Any]
# A mean can have digits without end; two places are what a reader uses.
PLACES = 2


def to_json(value: Any, *, places: int | None = None) -> Any:
    """A value as JSON: dataclasses by field, enums by value, dates as ISO text, messages as text, sequences as lists.

    Decimals stay Decimals, so that the writer keeps their digits; `places` limits the digits after the point.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {camel_case(field.name): to_json(getattr(value, field.name), places=places) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(one, places=places) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(one, places=places) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return value if places is None else shortened(value, places)
    return str(value) if isinstance(value, Message) else value


def select(value: object, *names: str) -> Json:
    """These attributes of a value as JSON, in this order. Raises AttributeError for one that it does not have."""
    return {camel_case(name): to_json(getattr(value, name)) for name in names}


def shortened(value: Decimal | None, places: int = PLACES) -> Decimal | None:
    """A number rounded to `places` if it has more digits."""
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    return round(value, places) if isinstance(exponent, int) and exponent < -places else value


def camel_case(name: str) -> str:
    """`next_morning` becomes `nextMorning`."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
