"""Reproducible random draws: each draw has a name, and the same seed and name give the same value everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

_BITS = 48
Pair = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class SeededRandom:
    """The draws of one simulated patient. A draw depends on its name only, never on earlier draws."""

    seed: str

    def part(self, *name: object) -> Decimal:
        """A number from 0 to below 1."""
        text = "/".join((self.seed, *map(str, name)))
        drawn = int.from_bytes(sha256(text.encode()).digest()[: _BITS // 8], "big")
        return Decimal(drawn) / Decimal(1 << _BITS)

    def happens(self, chance: Decimal, *name: object) -> bool:
        """Whether an event of this probability happens."""
        return self.part(*name) < chance

    def between(self, pair: Pair, *name: object) -> Decimal:
        """A number between the two of a pair, to three decimals."""
        low, high = pair
        return (low + (high - low) * self.part(*name)).quantize(Decimal("0.001"))

    def integer(self, pair: Pair, *name: object) -> int:
        """An integer between the two of a pair, both included."""
        low, high = int(pair[0]), int(pair[1])
        return low + int((high - low + 1) * self.part(*name))

    def around(self, most: Decimal, *name: object) -> Decimal:
        """A number around 0 with a triangular distribution, from -`most` to `most`."""
        return (self.part(*name, "up") - self.part(*name, "down")) * most


def rounded(value: Decimal) -> Decimal:
    """The nearest integer, with halves rounded up."""
    return value.to_integral_value(rounding=ROUND_HALF_UP)


def rating(value: Decimal) -> Decimal:
    """A rating from 0 to 10 in whole points, as patients report it."""
    return min(Decimal(10), max(Decimal(0), rounded(value)))
