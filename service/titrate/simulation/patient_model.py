"""How a body answers to load: a small model with a tolerance, pain and fatigue that settle overnight, and crashes.

Invented for trying out. It makes people who bear what is within their tolerance, pay for what is beyond, and change
slowly; it says nothing about real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from titrate.simulation.seeded_random import nearest, rating
from titrate.simulation.simulated_patient import SimulatedPatient

ZERO, ONE = Decimal(0), Decimal(1)
GRAIN = Decimal("0.001")
# Sessions of less than this part of the tolerance neither hurt nor help; a crash needs at least that much.
FELT = Decimal("0.5")
# Pain that is this far above usual undoes what a session would have gained.
TOO_SORE = Decimal(2)
IDLE = 4
MOST_ADDED = Decimal(6)


@dataclass(frozen=True, slots=True)
class PatientModel:
    """What a person carries from day to day. Pain and fatigue are points above usual."""

    tolerance: Mapping[str, Decimal]
    pain: Decimal = ZERO
    fatigue: Decimal = ZERO
    idle: int = 0
    flare_left: int = 0
    flare_rise: int = 0
    rest_left: int = 0
    crashes: int = 0
    crash_days: Mapping[int, Decimal] = field(default_factory=dict)


def woken(person: SimulatedPatient, body: PatientModel, day: int) -> PatientModel:
    """After the night: what was added settles in part, a flare goes on or begins, idle days cost tolerance."""
    kind, chance = person.archetype, person.chance
    left, rise = max(0, body.flare_left - 1), body.flare_rise
    if left == 0 and chance.happens(kind.flare, day, "flare"):
        left, rise = chance.whole(kind.flare_days, day, "flare-days"), chance.whole(kind.flare_rise, day, "rise")
    kept = ONE - kind.loss if body.idle > IDLE else ONE
    return replace(
        body,
        pain=(body.pain * kind.settle).quantize(GRAIN),
        fatigue=(body.fatigue * kind.settle).quantize(GRAIN),
        idle=body.idle + 1,
        flare_left=left,
        flare_rise=rise if left else 0,
        rest_left=max(0, body.rest_left - 1),
        tolerance={code: (value * kept).quantize(GRAIN) for code, value in body.tolerance.items()},
    )


def morning_pain(person: SimulatedPatient, body: PatientModel, day: int) -> Decimal:
    """The morning's pain as the person would rate it."""
    crash = ONE if body.crash_days.get(day, ZERO) else ZERO
    wander = person.chance.around(person.archetype.noise, day, "pain")
    return rating(person.usual_pain + body.pain + body.flare_rise + crash + wander)


def morning_fatigue(person: SimulatedPatient, body: PatientModel, day: int) -> Decimal:
    """The morning's fatigue as the person would rate it."""
    wander = person.chance.around(person.archetype.noise, day, "fatigue")
    flare = ONE if body.flare_left else ZERO
    return rating(person.usual_fatigue + body.fatigue + body.crash_days.get(day, ZERO) + flare + wander)


def peak_pain(person: SimulatedPatient, body: PatientModel, part: Decimal, *name: object) -> Decimal:
    """The highest pain of a session that took `part` of the tolerance."""
    reaction = person.archetype.reaction * max(ZERO, part - FELT) * 2
    beyond = max(ZERO, part - ONE) * person.archetype.strain
    wander = person.chance.around(person.archetype.noise, *name, "peak")
    return rating(person.usual_pain + body.pain + body.flare_rise + reaction + beyond + wander)


def effort(person: SimulatedPatient, part: Decimal, *name: object) -> Decimal:
    """Exertion on the CR10 scale of a session that took `part` of the tolerance."""
    return rating(ONE + part * Decimal("2.4") + person.chance.around(Decimal("0.6"), *name, "effort"))


def loaded(person: SimulatedPatient, body: PatientModel, exercise: str, done: Decimal, day: int) -> PatientModel:
    """After a session: what it added, what it gained, and a crash that may come."""
    kind = person.archetype
    part = done / body.tolerance[exercise]
    beyond = max(ZERO, part - ONE)
    most = person.tolerance[exercise] * kind.most
    gains = part >= FELT and body.pain < TOO_SORE and not body.flare_left
    tolerance = min(most, body.tolerance[exercise] * (ONE + kind.gain)) if gains else body.tolerance[exercise]
    after = replace(
        body,
        pain=min(MOST_ADDED, body.pain + beyond * kind.strain).quantize(GRAIN),
        fatigue=min(MOST_ADDED, body.fatigue + part * Decimal("0.4") + beyond * 3).quantize(GRAIN),
        idle=0,
        tolerance={**body.tolerance, exercise: max(body.tolerance[exercise], tolerance).quantize(GRAIN)},
    )
    return _crashing(person, after, part, day)


def _crashing(person: SimulatedPatient, body: PatientModel, part: Decimal, day: int) -> PatientModel:
    crash = person.archetype.crash
    if crash is None or part < FELT or not person.chance.happens(crash.chance, day, "crash"):
        return body
    first = day + person.chance.whole(crash.delay, day, "delay")
    rise = Decimal(person.chance.whole(crash.rise, day, "crash-rise"))
    days = {first + n: rise for n in range(person.chance.whole(crash.days, day, "crash-days"))}
    return replace(body, crashes=body.crashes + 1, crash_days={**body.crash_days, **days})


def tried(person: SimulatedPatient, body: PatientModel, exercise: str, day: int) -> Decimal:
    """What a tolerance trial shows: the tolerance of that day, in whole units."""
    wander = ONE + person.chance.around(Decimal("0.15"), day, exercise, "trial")
    return max(ONE, nearest(body.tolerance[exercise] * wander))
