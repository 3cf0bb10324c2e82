"""TOML files with bounded numbers: the one reader of mappings and settings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from titrate.messages.installation import TomlNumberTooLong, TomlTooDeep
from titrate.number_bounds import MAX_DIGITS, bounded_decimal

_LARGEST = 10**MAX_DIGITS


class InvalidToml(ValueError):
    """The text is not TOML, or a number in it is out of bounds. The message names the place where it is known."""


def loads(text: str) -> dict[str, Any]:
    """The tables of a TOML text, fractions as Decimals. Raises InvalidToml."""
    try:
        document = tomllib.loads(text, parse_float=_fraction)
    except tomllib.TOMLDecodeError as error:
        raise InvalidToml(str(error)) from None
    except RecursionError:
        raise InvalidToml(str(TomlTooDeep())) from None
    except ValueError:  # also of Python's own limit of digits of an integer
        raise InvalidToml(str(TomlNumberTooLong(limit=MAX_DIGITS))) from None
    if any(abs(one) >= _LARGEST for one in _integers(document)):
        raise InvalidToml(str(TomlNumberTooLong(limit=MAX_DIGITS)))
    return document


def _fraction(written: str) -> Decimal:
    """A bounded number. TOML also has `inf` and `nan`, which the schemas refuse with the name of the key."""
    return Decimal(written) if written.lstrip("+-") in {"inf", "nan"} else bounded_decimal(written)


def _integers(node: Any) -> Iterator[int]:
    members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, int) and not isinstance(node, bool):
        yield node
    for member in members:
        yield from _integers(member)
