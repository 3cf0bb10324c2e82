"""The archetypes of simulated patients, read from archetypes.toml in this folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from titrate.simulation.seeded_random import Pair

TABLE = Path(__file__).with_name("archetypes.toml")


@dataclass(frozen=True, slots=True)
class Boom:
    """Overdoing on a good day: its probability, the multiple of the dose, and the days of rest that follow."""

    chance: Decimal
    factor: Pair
    rest: Pair


@dataclass(frozen=True, slots=True)
class Away:
    """Unexplained absence: its first day, its length in days, and the days until the next absence."""

    first: Pair
    days: Pair
    between: Pair


@dataclass(frozen=True, slots=True)
class Crash:
    """Worsening after exertion: probability after a session, delay and length in days, points of fatigue.

    Patients who report crashes do so after `reported_after` of them.
    """

    chance: Decimal
    delay: Pair
    rise: Pair
    days: Pair
    reported_after: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """A surgeon's limits for a procedure: from each day on, a multiple of the first tolerance."""

    days: tuple[Decimal, ...]
    factors: tuple[Decimal, ...]
    procedure: str


@dataclass(frozen=True, slots=True)
class FlagPlan:
    """A red flag that a share of the patients report on some day; cleared after some days, or never if both are 0."""

    flag: str
    share: Decimal
    day: Pair
    cleared: Pair


@dataclass(frozen=True, slots=True)
class Gaps:
    """Missing reports: the daily probability of a pause and its length, of an omitted part, and of a late entry."""

    pause: Decimal
    pause_days: Pair
    part: Decimal
    late: Decimal


@dataclass(frozen=True, slots=True)
class Faults:
    """The daily probability that a device or an app sends a faulty report."""

    chance: Decimal


@dataclass(frozen=True, slots=True)
class Archetype:
    """One kind of simulated patient; archetypes.toml explains each value."""

    name: str
    title: str
    story: str
    usual_pain: Pair
    usual_fatigue: Pair
    tolerance: Mapping[str, Pair]
    goal: Decimal
    scores: Mapping[str, Pair]
    gain: Decimal
    most: Decimal
    loss: Decimal
    reaction: Decimal
    strain: Decimal
    settle: Decimal
    noise: Decimal
    attends: Decimal
    logs: Decimal
    screens: Decimal
    flare: Decimal
    flare_days: Pair
    flare_rise: Pair
    ticks: Decimal
    night: Decimal
    stress: Decimal
    ceiling: bool = False
    boom: Boom | None = None
    away: Away | None = None
    crash: Crash | None = None
    limits: Limits | None = None
    flags: tuple[FlagPlan, ...] = ()
    gaps: Gaps | None = None
    faults: Faults | None = None


PARTS: Mapping[str, type[Any]] = {
    "boom": Boom,
    "away": Away,
    "crash": Crash,
    "limits": Limits,
    "gaps": Gaps,
    "faults": Faults,
}


@cache
def archetypes() -> tuple[Archetype, ...]:
    """All archetypes, in the order of the file."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"), parse_float=Decimal)
    default = tables.pop("default")
    return tuple(Archetype(name=name, **_values({**default, **table})) for name, table in tables.items())


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(key, value) for key, value in table.items()}


def _value(key: str, value: Any) -> Any:
    if key in PARTS:
        return PARTS[key](**{name: _number(one) for name, one in value.items()})
    if key == "flags":
        return tuple(FlagPlan(**{name: _number(item) for name, item in one.items()}) for one in value)
    if isinstance(value, dict):
        return {name: _number(one) for name, one in value.items()}
    return _number(value)


def _number(value: Any) -> Any:
    """Numbers as Decimals and lists as tuples; texts and booleans are unchanged."""
    if isinstance(value, list):
        return tuple(_number(one) for one in value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
