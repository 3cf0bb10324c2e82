"""One invented person: a number, a kind, and what they drew for themselves. No name, no address."""

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


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """Who somebody is. `tolerance` is what they can do at the beginning, in each exercise's unit."""

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
        """The exercise that the goal is about."""
        return next(iter(self.tolerance))

    @property
    def goal(self) -> Decimal:
        """The amount of the first exercise that is wished for."""
        return (self.tolerance[self.first] * self.archetype.goal).to_integral_value()

    def clock(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A local moment."""
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(self.zone))


def simulated_patient(archetype: Archetype, number: int, seed: int) -> SimulatedPatient:
    """The person of this number; the same seed gives the same one."""
    chance = SeededRandom(f"{seed}/{archetype.name}/{number}")
    return SimulatedPatient(
        archetype,
        number,
        chance,
        zone=ZONES[int(chance.part("zone") * len(ZONES))],
        born=date(chance.whole(BORN, "year"), 1, 1) + timedelta(days=chance.whole((Decimal(0), Decimal(364)), "day")),
        gender="female" if chance.happens(Decimal("0.5"), "gender") else "male",
        usual_pain=Decimal(chance.whole(archetype.usual_pain, "usual-pain")),
        usual_fatigue=Decimal(chance.whole(archetype.usual_fatigue, "usual-fatigue")),
        tolerance={code: Decimal(chance.whole(pair, code)) for code, pair in archetype.tolerance.items()},
        scores={score: chance.whole(pair, score) for score, pair in archetype.scores.items()},
    )
