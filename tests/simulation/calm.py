"""A hand-made course without faults: ten weeks, a run each week, a rise of one minute at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.simulation.courses import rules
from titrate.clinical.values.plan import Dose
from titrate.simulation.course import FIRST, Course
from titrate.simulation.course_state import CourseStep
from titrate.simulation.diary import Day, Session, Trial
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.simulated_patient import SimulatedPatient, archetypes, simulated_patient

WALKING, RISING = "walking", "sit-to-stand"
LAST = 70
RUNS = (-1, *range(7, LAST + 1, 7))
TRIAL_DAYS = (-6, -4, -2)
SESSION_WEEKDAYS = (0, 1, 2, 4, 5)


def minutes(amount: str) -> Dose:
    """A dose of walking."""
    return Dose(Decimal(amount), "min")


def sets(amount: int, load: int | None = None) -> Dose:
    """A dose of sit-to-stand, with an unrealistic load if one is given."""
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
    """The doses in force."""
    return {WALKING: minutes(walking), RISING: sets(rising)}


def step(number: int) -> CourseStep:
    """A run that holds."""
    at = FIRST + timedelta(days=number)
    moment = simulated_patient(archetypes()[0], 1, 1).clock(at, 20)
    return CourseStep(
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


def day(patient: SimulatedPatient, number: int) -> Day:
    """An ordinary day."""
    date = FIRST + timedelta(days=number)
    has_sessions = number >= 0 and date.weekday() in SESSION_WEEKDAYS
    exercises = ((WALKING, "min", 10), (RISING, "{repetitions}", 8)) if has_sessions else ()
    sessions = tuple(
        Session(code, Decimal(amount), Decimal(amount), unit, None, None, Decimal(3), Decimal(3))
        for code, unit, amount in exercises
    )
    trials = (Trial(WALKING, Decimal(13), "min"), Trial(RISING, Decimal(10), "{repetitions}"))
    return Day(
        date=date,
        number=number,
        pain=patient.usual_pain,
        fatigue=patient.usual_fatigue,
        logged=True,
        fatigue_reported=True,
        flare=False,
        flare_reported=False,
        bad_night=False,
        stressed=False,
        crash=False,
        away=False,
        screened=date.weekday() == 6,
        sessions=sessions,
        trials=trials if number in TRIAL_DAYS else (),
    )


def changed(course: Course, numbers: Iterable[int], **changes: object) -> Course:
    """The course with changes to some days."""
    selected = set(numbers)
    days = tuple(replace(one, **changes) if one.number in selected else one for one in course.days)  # type: ignore[arg-type]
    return replace(course, days=days)


def sessions(course: Course, numbers: Iterable[int], change: Callable[[Session], Session | None]) -> Course:
    """The course with the sessions of some days changed or removed."""
    selected = set(numbers)
    days = tuple(
        replace(one, sessions=tuple(new for session in one.sessions if (new := change(session))))
        if one.number in selected
        else one
        for one in course.days
    )
    return replace(course, days=days)


def runs(course: Course, numbers: Iterable[int], **changes: object) -> Course:
    """The course with changes to some runs."""
    selected = set(numbers)
    steps = tuple(replace(one, **changes) if one.number in selected else one for one in course.steps)  # type: ignore[arg-type]
    return replace(course, steps=steps)
