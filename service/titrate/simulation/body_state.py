"""A small model of the response to load: tolerance, pain and fatigue that decay overnight, and crashes.

A test device: simulated patients tolerate load within their tolerance, react to load beyond it, and change slowly. The
model predicts nothing about real patients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from titrate.simulation.seeded_random import rating, rounded
from titrate.simulation.simulated_patient import SimulatedPatient

ZERO, ONE = Decimal(0), Decimal(1)
GRAIN = Decimal("0.001")
# Sessions below this part of the tolerance have no effect and cause no crash.
EFFECTIVE = Decimal("0.5")
# With pain this far above usual, a session gains nothing.
TOO_SORE = Decimal(2)
IDLE = 4
MOST_ADDED = Decimal(6)


@dataclass(frozen=True, slots=True)
class BodyState:
    """State of the body from day to day. Pain and fatigue are points above usual."""

    tolerance: Mapping[str, Decimal]
    pain: Decimal = ZERO
    fatigue: Decimal = ZERO
    idle: int = 0
    flare_left: int = 0
    flare_rise: int = 0
    rest_left: int = 0
    crashes: int = 0
    crash_days: Mapping[int, Decimal] = field(default_factory=dict)


def wake(patient: SimulatedPatient, body: BodyState, day: int) -> BodyState:
    """After the night: added pain and fatigue decay, a flare continues or begins, idle days reduce tolerance."""
    kind, chance = patient.archetype, patient.chance
    left, rise = max(0, body.flare_left - 1), body.flare_rise
    if left == 0 and chance.happens(kind.flare, day, "flare"):
        left, rise = chance.integer(kind.flare_days, day, "flare-days"), chance.integer(kind.flare_rise, day, "rise")
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


def morning_pain(patient: SimulatedPatient, body: BodyState, day: int) -> Decimal:
    """Morning pain as the patient would rate it."""
    crash = ONE if body.crash_days.get(day, ZERO) else ZERO
    wander = patient.chance.around(patient.archetype.noise, day, "pain")
    return rating(patient.usual_pain + body.pain + body.flare_rise + crash + wander)


def morning_fatigue(patient: SimulatedPatient, body: BodyState, day: int) -> Decimal:
    """Morning fatigue as the patient would rate it."""
    wander = patient.chance.around(patient.archetype.noise, day, "fatigue")
    flare = ONE if body.flare_left else ZERO
    return rating(patient.usual_fatigue + body.fatigue + body.crash_days.get(day, ZERO) + flare + wander)


def peak_pain(patient: SimulatedPatient, body: BodyState, part: Decimal, *name: object) -> Decimal:
    """The highest pain of a session that took `part` of the tolerance."""
    reaction = patient.archetype.reaction * max(ZERO, part - EFFECTIVE) * 2
    beyond = max(ZERO, part - ONE) * patient.archetype.strain
    wander = patient.chance.around(patient.archetype.noise, *name, "peak")
    return rating(patient.usual_pain + body.pain + body.flare_rise + reaction + beyond + wander)


def effort(patient: SimulatedPatient, part: Decimal, *name: object) -> Decimal:
    """Exertion on the CR10 scale of a session that took `part` of the tolerance."""
    return rating(ONE + part * Decimal("2.4") + patient.chance.around(Decimal("0.6"), *name, "effort"))


def after_session(patient: SimulatedPatient, body: BodyState, exercise: str, done: Decimal, day: int) -> BodyState:
    """After a session: added pain and fatigue, gained tolerance, and perhaps a crash to come."""
    kind = patient.archetype
    part = done / body.tolerance[exercise]
    beyond = max(ZERO, part - ONE)
    most = patient.tolerance[exercise] * kind.most
    gains = part >= EFFECTIVE and body.pain < TOO_SORE and not body.flare_left
    tolerance = min(most, body.tolerance[exercise] * (ONE + kind.gain)) if gains else body.tolerance[exercise]
    after = replace(
        body,
        pain=min(MOST_ADDED, body.pain + beyond * kind.strain).quantize(GRAIN),
        fatigue=min(MOST_ADDED, body.fatigue + part * Decimal("0.4") + beyond * 3).quantize(GRAIN),
        idle=0,
        tolerance={**body.tolerance, exercise: max(body.tolerance[exercise], tolerance).quantize(GRAIN)},
    )
    return _with_crash(patient, after, part, day)


def _with_crash(patient: SimulatedPatient, body: BodyState, part: Decimal, day: int) -> BodyState:
    crash = patient.archetype.crash
    if crash is None or part < EFFECTIVE or not patient.chance.happens(crash.chance, day, "crash"):
        return body
    first = day + patient.chance.integer(crash.delay, day, "delay")
    rise = Decimal(patient.chance.integer(crash.rise, day, "crash-rise"))
    days = {first + n: rise for n in range(patient.chance.integer(crash.days, day, "crash-days"))}
    return replace(body, crashes=body.crashes + 1, crash_days={**body.crash_days, **days})


def trial_result(patient: SimulatedPatient, body: BodyState, exercise: str, day: int) -> Decimal:
    """The result of a tolerance trial: the tolerance of that day, in whole units."""
    wander = ONE + patient.chance.around(Decimal("0.15"), day, exercise, "trial")
    return max(ONE, rounded(body.tolerance[exercise] * wander))
