"""A simulated patient: an archetype, a number, values drawn from the seed, and days of absence. No name, no address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from titrate.simulation.archetype import Archetype
from titrate.simulation.seeded_random import SeededRandom

ZONES = ("Europe/London", "Europe/Vienna", "America/New_York", "Asia/Kolkata")
BORN = (Decimal(1948), Decimal(1992))
DAYS_OF_YEAR = (Decimal(0), Decimal(364))


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
