"""The one table of units: accepted UCUM codes, their names, and exact conversion between them.

Spellings of other systems are in mappings/units.toml. A unit outside the table is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from titrate.messages import Message
from titrate.messages.record import UnitOfOtherKind

REPETITIONS = "{repetitions}"

# Kind of quantity by UCUM code. Within a kind values convert; between kinds never.
UNITS: Mapping[str, str] = {
    "s": "time", "min": "time", "h": "time", "d": "time", "wk": "time",
    "m": "length", "km": "length", "cm": "length", "mm": "length",
    "[ft_i]": "length", "[mi_i]": "length", "[in_i]": "length", "[yd_i]": "length",
    "kg": "mass", "g": "mass", "[lb_av]": "mass", "[oz_av]": "mass",
    "Cel": "temperature", "[degF]": "temperature",
    "mmol/L": "glucose", "mg/dL": "glucose",
    "m/s": "speed", "m/min": "speed", "km/h": "speed",
    "{score}": "score", "{Tscore}": "score",
    "{repetitions}": "repetitions", "{reps}": "repetitions",
    "{steps}": "steps", "/d": "steps a day", "{steps}/d": "steps a day",
    "{sessions}": "sessions", "{trials}": "trials",
    "1": "number", "%": "percent",
    "/min": "rate", "{beats}/min": "rate",
    "/wk": "frequency", "d/wk": "days a week", "min/d": "minutes a day", "min/wk": "minutes a week",
    "mm[Hg]": "pressure", "deg": "angle",
}  # fmt: skip

# From this length on words and codes are the same in any case; case distinguishes shorter ones (m and M, s and S).
_SHORTEST_WORD = 3
_ANNOTATION = re.compile(r"(?<=[A-Za-z\]%])\{[^{}]*\}")

# Names in texts where the UCUM code does not read well: for clinicians, and in full for patients.
_NAMES: Mapping[str, str] = {REPETITIONS: "repetitions", "{score}": "points", "d": "days", "1": ""}

# The same units by pint's names, for conversion factors.
_PINT: Mapping[str, str] = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week",
    "m": "metre", "km": "kilometre", "cm": "centimetre", "mm": "millimetre",
    "[ft_i]": "foot", "[mi_i]": "mile", "[in_i]": "inch", "[yd_i]": "yard",
    "kg": "kilogram", "g": "gram", "[lb_av]": "pound", "[oz_av]": "ounce",
}  # fmt: skip
_BASE: Mapping[str, str] = {"time": "second", "length": "metre", "mass": "kilogram"}
# Glucose by its molar mass of 180.156 g/mol. Speeds because their decimal factors never end; the pound by its
# definition, because most runs compare loads and need not load pint.
_FACTORS: Mapping[str, Fraction] = {
    "mmol/L": Fraction(180156, 10000), "mg/dL": Fraction(1),
    "kg": Fraction(1), "[lb_av]": Fraction(45359237, 100000000),
    "m/s": Fraction(1), "m/min": Fraction(1, 60), "km/h": Fraction(1000, 3600),
}  # fmt: skip
_SCALED = frozenset({*_BASE, "temperature", "glucose", "speed"})
_PLAIN = frozenset({"score", "repetitions", "steps", "sessions", "trials", "number"})


@dataclass(frozen=True, slots=True)
class UnitRefused:
    """A unit that is unknown, or that measures another kind of quantity than the target unit."""

    unit: str
    target: str
    message: Message


@dataclass(frozen=True, slots=True)
class UnitSpellings:
    """Spellings of units with the UCUM code that each means; a UCUM code means itself."""

    codes: Mapping[str, str] = field(default_factory=dict)
    _exact: Mapping[str, str] = field(init=False, repr=False)
    _any_case: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the spellings as they are compared."""
        exact = {one: one for one in UNITS} | {plain_spelling(one): unit for one, unit in self.codes.items()}
        object.__setattr__(self, "_exact", exact)
        object.__setattr__(self, "_any_case", {compared_spelling(one): unit for one, unit in exact.items()})

    def code(self, unit: str) -> str:
        """The UCUM code of a known spelling, without the annotation of a unit (`min{walking}`); any other unchanged.

        An annotation that names a unit itself (`m{min}`) leaves it open which is meant, and stays.
        """
        written = plain_spelling(unit)
        known_spelling = self._known(written)
        if known_spelling is not None:
            return known_spelling
        annotations = [one.group().strip("{}") for one in _ANNOTATION.finditer(written)]
        if not annotations or any(self._known(one) for one in annotations):
            return unit.strip()
        return self._known(_ANNOTATION.sub("", written)) or unit.strip()

    def _known(self, written: str) -> str | None:
        return self._exact.get(written) or self._any_case.get(compared_spelling(written))


@lru_cache(maxsize=1024)
def plain_spelling(written: str) -> str:
    """A unit in plain characters, without full-width letters, signs such as `℃`, double spaces and a last full stop."""
    return " ".join(unicodedata.normalize("NFKC", written).split()).removesuffix(".")


def compared_spelling(written: str) -> str:
    """The key under which spellings are the same: from three characters on without spaces and in lower case."""
    closed = plain_spelling(written).replace(" ", "")
    return closed.lower() if len(closed) >= _SHORTEST_WORD else closed


def is_ambiguous(spelling: str) -> bool:
    """Whether a spelling could be several units: a sign without a letter, or a letter that is a unit in another case.

    Examples are `"` (second or inch) and `M` (metre or minute).
    """
    plain = plain_spelling(spelling)
    single = len(plain) == 1 and plain.lower() in {unit.lower() for unit in UNITS}
    return single or not any(character.isalnum() or character == "%" for character in plain)


def unit_name(unit: str) -> str:
    """The name of a unit in texts for clinicians: `repetitions`, `points`, `min`; empty for a plain number."""
    return _NAMES.get(unit, unit)


def shown_load(load: Decimal) -> Decimal:
    """A load in kg for a person: as stored with up to two decimals, else to 0.1 kg, such as 45.4 for 100 pounds."""
    exponent = load.normalize().as_tuple().exponent
    return round(load, 1) if isinstance(exponent, int) and exponent < -2 else load


def known(unit: str) -> bool:
    """Whether `unit` is an accepted UCUM code."""
    return unit in UNITS


@lru_cache(maxsize=1024)
def convertible(unit: str, target: str) -> bool:
    """Whether values in `unit` can be given in `target`. The unit `1` is any plain number or count."""
    if unit not in UNITS or target not in UNITS:
        return False
    kinds = {UNITS[unit], UNITS[target]}
    return len(kinds) == 1 or ("1" in {unit, target} and kinds <= _PLAIN)


def same_scale(unit: str, other: str) -> bool:
    """Whether a number means the same in both units, so that a missing unit cannot change it."""
    return convertible(unit, other) and (unit == other or UNITS[unit] not in _SCALED)


def convert(value: Decimal, unit: str, target: str) -> Decimal | UnitRefused:
    """`value` in `target`: exact where the decimal ends, else to 28 digits. The same unit gives the same Decimal."""
    if unit == target and unit in UNITS:
        return value
    if not convertible(unit, target):
        return UnitRefused(unit, target, UnitOfOtherKind(target=target))
    if same_scale(unit, target):
        return value
    if UNITS[unit] == "temperature":
        return _decimal(_celsius(Fraction(value)) if target == "Cel" else _fahrenheit(Fraction(value)))
    return _decimal(Fraction(value) * _factor(unit) / _factor(target))


def _celsius(degrees: Fraction) -> Fraction:
    return (degrees - 32) * 5 / 9


def _fahrenheit(degrees: Fraction) -> Fraction:
    return degrees * 9 / 5 + 32


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


@cache
def _factor(unit: str) -> Fraction:
    """The size of `unit` in the base unit of its kind."""
    if unit in _FACTORS:
        return _FACTORS[unit]
    quantity = _registry().Quantity(Decimal(1), _PINT[unit]).to(_BASE[UNITS[unit]])
    return Fraction(quantity.magnitude)


@cache
def _registry() -> Any:
    """pint's registry in decimals. It loads late because it is slow and most runs convert nothing."""
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Decimal)
