"""One day of one person: how they wake, which sessions they do of the plan in force, and what they tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.simulation import patient_model as bodies
from titrate.simulation.diary import Bout, Day, Trial
from titrate.simulation.patient_model import PatientModel
from titrate.simulation.seeded_random import nearest
from titrate.simulation.simulated_patient import SimulatedPatient

# On which weekdays a session falls, by how often a week.
WEEKDAYS = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 2, 4, 5), 5: (0, 1, 2, 4, 5), 6: (0, 1, 2, 3, 4, 5)}
TRIAL_DAYS = (1, 3, 5)
SCREEN_DAY = 6
CRASHED = Decimal(3)
GIVES_UP = 8
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """What stands on a day: the orders in force, exercises that wait for a trial, flags open, and who is silent."""

    date: date
    number: int
    states: tuple[ExerciseState, ...]
    trials: tuple[str, ...]
    stopped: bool
    away: bool
    paused: bool


def simulate_day(person: SimulatedPatient, body: PatientModel, today: SimulatedDay) -> tuple[PatientModel, Day]:
    """The day, and the body at its end."""
    body = bodies.woken(person, body, today.number)
    chance, kind, number = person.chance, person.archetype, today.number
    silent = today.away or today.paused
    flare = body.flare_left > 0
    day = Day(
        date=today.date,
        number=number,
        pain=bodies.morning_pain(person, body, number),
        fatigue=bodies.morning_fatigue(person, body, number),
        logged=not silent and chance.happens(kind.logs, number, "logs"),
        fatigue_told=kind.gaps is None or not chance.happens(kind.gaps.part, number, "fatigue-told"),
        flare=flare,
        ticked=flare and not silent and chance.happens(kind.ticks, number, "ticks"),
        bad_night=chance.happens(kind.night, number, "night") or (flare and chance.happens(HALF, number, "night")),
        stressed=chance.happens(kind.stress, number, "stress"),
        crash=number in body.crash_days,
        away=silent,
        screened=_screened(person, today, silent),
    )
    bouts: list[Bout] = []
    for state in today.states if not today.away and not today.stopped else ():
        body, bout = _session(person, body, day, state)
        bouts += [bout] if bout else []
    return body, replace(day, bouts=tuple(bouts), trials=tuple(_trials(person, body, today, day)))


def _screened(person: SimulatedPatient, today: SimulatedDay, silent: bool) -> bool:
    if today.number == -1:
        return True
    due = today.date.weekday() == SCREEN_DAY
    return due and not silent and person.chance.happens(person.archetype.screens, today.number, "screen")


def _trials(person: SimulatedPatient, body: PatientModel, today: SimulatedDay, day: Day) -> Iterator[Trial]:
    """Trials of exercises that wait for a dose, on three days of a week, by those who are well enough."""
    if today.away or today.stopped or day.flare or today.date.weekday() not in TRIAL_DAYS:
        return
    units = {"sit-to-stand": "{repetitions}"}
    for exercise in today.trials:
        yield Trial(exercise, bodies.tried(person, body, exercise, today.number), units.get(exercise, "min"))


def _session(
    person: SimulatedPatient, body: PatientModel, day: Day, state: ExerciseState
) -> tuple[PatientModel, Bout | None]:
    """One session if it is due and takes place."""
    dose = state.dose
    if dose is None or day.date.weekday() not in WEEKDAYS.get(state.weekly_frequency, tuple(range(7))):
        return body, None
    name = (day.number, state.exercise)
    if not _comes(person, body, day, name):
        return body, None
    factor = _factor(person, body, day, name)
    body = _resting(person, body, day, factor)
    bout = _bout(person, body, dose, state.exercise, (name, factor))
    return bodies.loaded(person, body, state.exercise, bout.done, day.number), _told(person, day, bout, name)


def _comes(person: SimulatedPatient, body: PatientModel, day: Day, name: tuple[object, ...]) -> bool:
    if body.rest_left or (day.crash and body.crash_days[day.number] >= CRASHED):
        return False
    part = HALF if day.flare else Decimal(1)
    return person.chance.happens(person.archetype.attends * part, *name, "comes")


def _factor(person: SimulatedPatient, body: PatientModel, day: Day, name: tuple[object, ...]) -> Decimal:
    """How many times the dose is done: once, but for those who overdo it on a good day."""
    boom = person.archetype.boom
    good = day.pain <= person.usual_pain and not day.flare and not body.rest_left
    if boom is None or not good or not person.chance.happens(boom.chance, name[0], "boom"):
        return Decimal(1)
    return person.chance.between(boom.factor, name[0], "boom-factor")


def _resting(person: SimulatedPatient, body: PatientModel, day: Day, factor: Decimal) -> PatientModel:
    boom = person.archetype.boom
    if boom is None or factor == 1:
        return body
    return replace(body, rest_left=person.chance.whole(boom.rest, day.number, "rest") + 1)


def _bout(
    person: SimulatedPatient, body: PatientModel, dose: Dose, exercise: str, how: tuple[tuple[object, ...], Decimal]
) -> Bout:
    name, factor = how
    done = nearest(dose.amount * factor) if factor != 1 else dose.amount
    part = done / body.tolerance[exercise]
    peak = bodies.peak_pain(person, body, part, *name)
    stop = "completed"
    if peak >= GIVES_UP:
        done, stop = nearest(done * HALF), "pain"
    effort = bodies.effort(person, part, *name)
    return Bout(exercise, dose.amount, done, dose.unit, dose.sets, dose.load, peak, effort, stop=stop)


def _told(person: SimulatedPatient, day: Day, bout: Bout, name: tuple[object, ...]) -> Bout:
    """How much of a session is reported."""
    gaps, chance = person.archetype.gaps, person.chance
    told = not day.away
    if gaps is None:
        return replace(bout, told=told)
    return replace(
        bout,
        told=told and not chance.happens(gaps.part, *name, "told"),
        whole=not chance.happens(gaps.part, *name, "whole"),
        late=chance.happens(gaps.late, *name, "late"),
    )
