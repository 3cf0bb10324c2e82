"""The bound of a number that comes from outside: 40 digits, and an exponent of at most 40 either way.

A longer one can take minutes in a single operation, so it is refused before anything computes with it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MAX_DIGITS = 40


class NumberTooLong(ValueError):
    """A number has more digits, or a larger exponent, than the caller accepts."""


def bounded_decimal(written: str, max_digits: int = MAX_DIGITS) -> Decimal:
    """The number of a text. Raises NumberTooLong, and for a text that is no number too.

    Exponents are compared as text first: Decimal itself fails on the longest.
    """
    exponent = written.lower().partition("e")[2].lstrip("+-0")
    if len(written) > max_digits or len(exponent) > len(str(max_digits)):
        raise NumberTooLong
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise NumberTooLong from None
    if not value.is_finite() or abs(int(value.as_tuple().exponent)) > max_digits:
        raise NumberTooLong
    return value
