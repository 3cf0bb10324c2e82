"""Chance that can be told again: every draw is named, and the same seed and name give the same value everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

_BITS = 48
Pair = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class SeededRandom:
    """The draws of one person. A draw depends on its name alone, never on the draws before it."""

    seed: str

    def part(self, *name: object) -> Decimal:
        """A number from 0 to below 1."""
        text = "/".join((self.seed, *map(str, name)))
        drawn = int.from_bytes(sha256(text.encode()).digest()[: _BITS // 8], "big")
        return Decimal(drawn) / Decimal(1 << _BITS)

    def happens(self, chance: Decimal, *name: object) -> bool:
        """Whether something of this chance happens."""
        return self.part(*name) < chance

    def between(self, pair: Pair, *name: object) -> Decimal:
        """A number between two, to three decimals."""
        low, high = pair
        return (low + (high - low) * self.part(*name)).quantize(Decimal("0.001"))

    def whole(self, pair: Pair, *name: object) -> int:
        """A whole number from the lower of two to the higher, both included."""
        low, high = int(pair[0]), int(pair[1])
        return low + int((high - low + 1) * self.part(*name))

    def around(self, most: Decimal, *name: object) -> Decimal:
        """A number around 0, seldom near `most` above or below it."""
        return (self.part(*name, "up") - self.part(*name, "down")) * most


def nearest(value: Decimal) -> Decimal:
    """The nearest whole number, a half upwards."""
    return value.to_integral_value(rounding=ROUND_HALF_UP)


def rating(value: Decimal) -> Decimal:
    """A rating from 0 to 10 in whole points, as people give it."""
    return min(Decimal(10), max(Decimal(0), nearest(value)))
