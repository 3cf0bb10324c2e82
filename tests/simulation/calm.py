"""A course made by hand in which nothing is wrong: ten weeks, a run each week, a rise of one minute at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.simulation.people import rules
from titrate.clinical.values.plan import Dose
from titrate.simulation.archetype import archetypes
from titrate.simulation.course import FIRST, Course
from titrate.simulation.course_step import Step
from titrate.simulation.diary import Bout, Day, Trial
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.simulated_patient import SimulatedPatient, simulated_patient

WALKING, RISING = "walking", "sit-to-stand"
LAST = 70
RUNS = (-1, *range(7, LAST + 1, 7))
TRIES = (-6, -4, -2)
TRAINS = (0, 1, 2, 4, 5)


def minutes(amount: str) -> Dose:
    """A dose of walking."""
    return Dose(Decimal(amount), "min")


def sets(amount: int, load: int | None = None) -> Dose:
    """A dose of rising from a chair; with a load it is a made-up one."""
    return Dose(Decimal(amount), "{repetitions}", 1, None if load is None else Decimal(load))


def calm(kind: str = "responder") -> Course:
    """The course."""
    archetype = next(one for one in archetypes() if one.name == kind)
    found = replace(simulated_patient(archetype, 1, 1), usual_pain=Decimal(2), usual_fatigue=Decimal(3))
    steps = [step(number) for number in RUNS]
    steps[0] = replace(steps[0], rule="D6", outcome="BASELINE", phase_before="intake", before={}, answer="approved")
    steps[-1] = replace(steps[-1], rule="D10", outcome="PROGRESS", answer="approved", after=doses("11"))
    days = tuple(day(found, number) for number in range(-7, LAST + 1))
    return Course(found, days, tuple(steps), InMemoryEhr(rules()))


def doses(walking: str = "10", rising: int = 8) -> dict[str, Dose]:
    """What is in force."""
    return {WALKING: minutes(walking), RISING: sets(rising)}


def step(number: int) -> Step:
    """A run that holds."""
    at = FIRST + timedelta(days=number)
    moment = simulated_patient(archetypes()[0], 1, 1).clock(at, 20)
    return Step(
        day=at,
        number=number,
        at=moment,
        rule="D11",
        outcome="HOLD",
        notes=(),
        reasons=(),
        phase_before="loading",
        phase="loading",
        before=doses(),
        after=doses(),
        answer="",
    )


def day(who: SimulatedPatient, number: int) -> Day:
    """A day without anything."""
    date = FIRST + timedelta(days=number)
    trains = number >= 0 and date.weekday() in TRAINS
    exercises = ((WALKING, "min", 10), (RISING, "{repetitions}", 8)) if trains else ()
    bouts = tuple(
        Bout(code, Decimal(amount), Decimal(amount), unit, None, None, Decimal(3), Decimal(3))
        for code, unit, amount in exercises
    )
    trials = (Trial(WALKING, Decimal(13), "min"), Trial(RISING, Decimal(10), "{repetitions}"))
    return Day(
        date=date,
        number=number,
        pain=who.usual_pain,
        fatigue=who.usual_fatigue,
        logged=True,
        fatigue_told=True,
        flare=False,
        ticked=False,
        bad_night=False,
        stressed=False,
        crash=False,
        away=False,
        screened=date.weekday() == 6,
        bouts=bouts,
        trials=trials if number in TRIES else (),
    )


def changed(course: Course, numbers: Iterable[int], **changes: object) -> Course:
    """The same with some days told otherwise."""
    proposal = set(numbers)
    days = tuple(replace(one, **changes) if one.number in proposal else one for one in course.days)  # type: ignore[arg-type]
    return replace(course, days=days)


def bouts(course: Course, numbers: Iterable[int], change: Callable[[Bout], Bout | None]) -> Course:
    """The same with the sessions of some days changed, or gone."""
    proposal = set(numbers)
    days = tuple(
        replace(one, bouts=tuple(new for bout in one.bouts if (new := change(bout)))) if one.number in proposal else one
        for one in course.days
    )
    return replace(course, days=days)


def runs(course: Course, numbers: Iterable[int], **changes: object) -> Course:
    """The same with some runs decided otherwise."""
    proposal = set(numbers)
    steps = tuple(replace(one, **changes) if one.number in proposal else one for one in course.steps)  # type: ignore[arg-type]
    return replace(course, steps=steps)
