"""When somebody is away without a word, or reports nothing: worked out once, from the seed."""

from __future__ import annotations

from decimal import Decimal

from titrate.simulation.simulated_patient import SimulatedPatient


def away_days(person: SimulatedPatient, days: int) -> frozenset[int]:
    """The days on which nothing is done and nothing told."""
    away = person.archetype.away
    if away is None:
        return frozenset()
    found: set[int] = set()
    start, turn = person.chance.whole(away.first, "away"), 0
    while start < days:
        length = person.chance.whole(away.days, "away", turn)
        found |= set(range(start, start + length))
        turn += 1
        start += length + person.chance.whole(away.between, "between", turn)
    return frozenset(found)


def silent_days(person: SimulatedPatient, days: int) -> frozenset[int]:
    """The days of pauses: sessions may go on, and nothing is reported."""
    gaps = person.archetype.gaps
    if gaps is None:
        return frozenset()
    found: set[int] = set()
    for day in range(days):
        if person.chance.happens(gaps.pause, day, "pause"):
            found |= set(range(day, day + person.chance.whole(gaps.pause_days, day, "pause-days")))
    return frozenset(found)


def flag_days(person: SimulatedPatient) -> dict[int, tuple[str, int]]:
    """On which day which flag is reported, and after how many days it is cleared; 0 is never."""
    found: dict[int, tuple[str, int]] = {}
    for plan in person.archetype.flags:
        if person.chance.happens(Decimal(plan.share), plan.flag, "share"):
            day = person.chance.whole(plan.day, plan.flag, "day")
            found[day] = (plan.flag, person.chance.whole(plan.cleared, plan.flag, "cleared"))
    return found
