"""One day of a simulated patient: the morning, sessions of the plan in force, and what is reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.quantity import REPETITIONS
from titrate.simulation import body_state as bodies
from titrate.simulation.body_state import BodyState
from titrate.simulation.diary import Day, Session, Trial
from titrate.simulation.seeded_random import rounded
from titrate.simulation.simulated_patient import SimulatedPatient

# The weekdays of sessions by frequency a week.
WEEKDAYS = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 2, 4, 5), 5: (0, 1, 2, 4, 5), 6: (0, 1, 2, 3, 4, 5)}
TRIAL_DAYS = (1, 3, 5)
SCREEN_DAY = 6
CRASHED = Decimal(3)
GIVES_UP = 8
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """The setting of a day: orders in force, exercises that wait for a trial, open flags, and absence."""

    date: date
    number: int
    states: tuple[ExerciseState, ...]
    trials: tuple[str, ...]
    stopped: bool
    away: bool
    paused: bool


def simulate_day(patient: SimulatedPatient, body: BodyState, today: SimulatedDay) -> tuple[BodyState, Day]:
    """The body at the end of the day, and its diary entry."""
    body = bodies.wake(patient, body, today.number)
    chance, kind, number = patient.chance, patient.archetype, today.number
    silent = today.away or today.paused
    flare = body.flare_left > 0
    day = Day(
        date=today.date,
        number=number,
        pain=bodies.morning_pain(patient, body, number),
        fatigue=bodies.morning_fatigue(patient, body, number),
        logged=not silent and chance.happens(kind.logs, number, "logs"),
        fatigue_reported=kind.gaps is None or not chance.happens(kind.gaps.part, number, "fatigue-told"),
        flare=flare,
        flare_reported=flare and not silent and chance.happens(kind.ticks, number, "ticks"),
        bad_night=chance.happens(kind.night, number, "night") or (flare and chance.happens(HALF, number, "night")),
        stressed=chance.happens(kind.stress, number, "stress"),
        crash=number in body.crash_days,
        away=silent,
        screened=_screened(patient, today, silent),
    )
    sessions: list[Session] = []
    for state in today.states if not today.away and not today.stopped else ():
        body, session = _attended_session(patient, body, day, state)
        sessions += [session] if session else []
    return body, replace(day, sessions=tuple(sessions), trials=tuple(_trials(patient, body, today, day)))


def _screened(patient: SimulatedPatient, today: SimulatedDay, silent: bool) -> bool:
    if today.number == -1:
        return True
    due = today.date.weekday() == SCREEN_DAY
    return due and not silent and patient.chance.happens(patient.archetype.screens, today.number, "screen")


def _trials(patient: SimulatedPatient, body: BodyState, today: SimulatedDay, day: Day) -> Iterator[Trial]:
    """Trials of exercises that wait for a dose, on three days a week, unless in a flare."""
    if today.away or today.stopped or day.flare or today.date.weekday() not in TRIAL_DAYS:
        return
    units = {"sit-to-stand": REPETITIONS}
    for exercise in today.trials:
        yield Trial(exercise, bodies.trial_result(patient, body, exercise, today.number), units.get(exercise, "min"))


def _attended_session(
    patient: SimulatedPatient, body: BodyState, day: Day, state: ExerciseState
) -> tuple[BodyState, Session | None]:
    """The session of an exercise, if it is due and takes place."""
    dose = state.dose
    if dose is None or day.date.weekday() not in WEEKDAYS.get(state.weekly_frequency, tuple(range(7))):
        return body, None
    name = (day.number, state.exercise)
    if not _takes_place(patient, body, day, name):
        return body, None
    factor = _factor(patient, body, day, name)
    body = _resting(patient, body, day, factor)
    session = _bout(patient, body, dose, state.exercise, (name, factor))
    return bodies.after_session(patient, body, state.exercise, session.done, day.number), _with_report(
        patient, day, session, name
    )


def _takes_place(patient: SimulatedPatient, body: BodyState, day: Day, name: tuple[object, ...]) -> bool:
    if body.rest_left or (day.crash and body.crash_days[day.number] >= CRASHED):
        return False
    part = HALF if day.flare else Decimal(1)
    return patient.chance.happens(patient.archetype.attends * part, *name, "comes")


def _factor(patient: SimulatedPatient, body: BodyState, day: Day, name: tuple[object, ...]) -> Decimal:
    """The multiple of the dose that is done: 1, except for patients who overdo on a good day."""
    boom = patient.archetype.boom
    good = day.pain <= patient.usual_pain and not day.flare and not body.rest_left
    if boom is None or not good or not patient.chance.happens(boom.chance, name[0], "boom"):
        return Decimal(1)
    return patient.chance.between(boom.factor, name[0], "boom-factor")


def _resting(patient: SimulatedPatient, body: BodyState, day: Day, factor: Decimal) -> BodyState:
    boom = patient.archetype.boom
    if boom is None or factor == 1:
        return body
    return replace(body, rest_left=patient.chance.integer(boom.rest, day.number, "rest") + 1)


def _bout(
    patient: SimulatedPatient, body: BodyState, dose: Dose, exercise: str, how: tuple[tuple[object, ...], Decimal]
) -> Session:
    name, factor = how
    done = rounded(dose.amount * factor) if factor != 1 else dose.amount
    part = done / body.tolerance[exercise]
    peak = bodies.peak_pain(patient, body, part, *name)
    stop = "completed"
    if peak >= GIVES_UP:
        done, stop = rounded(done * HALF), "pain"
    effort = bodies.effort(patient, part, *name)
    return Session(exercise, dose.amount, done, dose.unit, dose.sets, dose.load, peak, effort, stop=stop)


def _with_report(patient: SimulatedPatient, day: Day, session: Session, name: tuple[object, ...]) -> Session:
    """The session with what is reported of it."""
    gaps, chance = patient.archetype.gaps, patient.chance
    reported = not day.away
    if gaps is None:
        return replace(session, reported=reported)
    return replace(
        session,
        reported=reported and not chance.happens(gaps.part, *name, "told"),
        complete=not chance.happens(gaps.part, *name, "whole"),
        late=chance.happens(gaps.late, *name, "late"),
    )
