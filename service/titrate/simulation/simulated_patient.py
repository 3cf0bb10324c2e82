"""Simulated patients: archetypes, read from archetypes.toml in this folder, and patients drawn from them by a seed.

A patient is an archetype, a number, values drawn from the seed, and days of absence; no name and no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from titrate import toml_codec
from titrate.simulation.seeded_random import Pair, SeededRandom

TABLE = Path(__file__).with_name("archetypes.toml")
ZONES = ("Europe/London", "Europe/Vienna", "America/New_York", "Asia/Kolkata")
BORN = (Decimal(1948), Decimal(1992))
DAYS_OF_YEAR = (Decimal(0), Decimal(364))


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
class SurgicalLimits:
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
    limits: SurgicalLimits | None = None
    flags: tuple[FlagPlan, ...] = ()
    gaps: Gaps | None = None
    faults: Faults | None = None


PARTS: Mapping[str, type[Any]] = {
    "boom": Boom,
    "away": Away,
    "crash": Crash,
    "limits": SurgicalLimits,
    "gaps": Gaps,
    "faults": Faults,
}


@cache
def archetypes() -> tuple[Archetype, ...]:
    """All archetypes, in the order of the file."""
    tables: dict[str, dict[str, Any]] = toml_codec.loads(TABLE.read_text(encoding="utf-8"))
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


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """One simulated patient. `tolerance` is the initial tolerance of each exercise, in its unit."""

    archetype: Archetype
    number: int
    chance: SeededRandom
    zone: str
    born: date
    gender: str
    usual_pain: Decimal
    usual_fatigue: Decimal
    tolerance: Mapping[str, Decimal]
    scores: Mapping[str, int]

    @property
    def id(self) -> str:
        """The id of the Patient."""
        return f"cohort-{self.archetype.name}-{self.number:02}"

    @property
    def first(self) -> str:
        """The exercise of the goal."""
        return next(iter(self.tolerance))

    @property
    def goal(self) -> Decimal:
        """The target amount of the first exercise."""
        return (self.tolerance[self.first] * self.archetype.goal).to_integral_value()

    def clock(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A time of day in the patient's time zone."""
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(self.zone))


def simulated_patient(archetype: Archetype, number: int, seed: int) -> SimulatedPatient:
    """The simulated patient of this number, the same for the same seed."""
    chance = SeededRandom(f"{seed}/{archetype.name}/{number}")
    return SimulatedPatient(
        archetype,
        number,
        chance,
        zone=ZONES[int(chance.part("zone") * len(ZONES))],
        born=date(chance.integer(BORN, "year"), 1, 1) + timedelta(days=chance.integer(DAYS_OF_YEAR, "day")),
        gender="female" if chance.happens(Decimal("0.5"), "gender") else "male",
        usual_pain=Decimal(chance.integer(archetype.usual_pain, "usual-pain")),
        usual_fatigue=Decimal(chance.integer(archetype.usual_fatigue, "usual-fatigue")),
        tolerance={code: Decimal(chance.integer(pair, code)) for code, pair in archetype.tolerance.items()},
        scores={score: chance.integer(pair, score) for score, pair in archetype.scores.items()},
    )


def away_days(patient: SimulatedPatient, days: int) -> frozenset[int]:
    """The days on which the patient neither trains nor reports."""
    away = patient.archetype.away
    if away is None:
        return frozenset()
    found: set[int] = set()
    start, turn = patient.chance.integer(away.first, "away"), 0
    while start < days:
        length = patient.chance.integer(away.days, "away", turn)
        found |= set(range(start, start + length))
        turn += 1
        start += length + patient.chance.integer(away.between, "between", turn)
    return frozenset(found)


def silent_days(patient: SimulatedPatient, days: int) -> frozenset[int]:
    """The days without reports, on which sessions may take place."""
    gaps = patient.archetype.gaps
    if gaps is None:
        return frozenset()
    found: set[int] = set()
    for day in range(days):
        if patient.chance.happens(gaps.pause, day, "pause"):
            found |= set(range(day, day + patient.chance.integer(gaps.pause_days, day, "pause-days")))
    return frozenset(found)


def flag_days(patient: SimulatedPatient) -> dict[int, tuple[str, int]]:
    """The flag reported on each day, and the days until it is cleared (0: never)."""
    found: dict[int, tuple[str, int]] = {}
    for plan in patient.archetype.flags:
        if patient.chance.happens(Decimal(plan.share), plan.flag, "share"):
            day = patient.chance.integer(plan.day, plan.flag, "day")
            found[day] = (plan.flag, patient.chance.integer(plan.cleared, plan.flag, "cleared"))
    return found
