"""A probe shows the effect of one clinical number on a result; this module also holds the small courses for probes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal

from tests.courses.build import (
    Number,
    measured,
    minutes,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    state,
    trial,
)
from tests.courses.examples import Course
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.values.decision import Gate
from titrate.clinical.values.plan import NO_PLAN, Dose, ExerciseState, Phase
from titrate.clinical.values.readings import Measurement, Reading, SessionReported
from titrate.clinical.values.rulebook import Rulebook

AT = date(2025, 1, 20)
WALK = minutes(20)
USUAL = Decimal(2)


@dataclass(frozen=True, slots=True)
class Probe:
    """One number: the question to the rules, and the expected result of each input, worked out by hand.

    `step` is a change of the number, up or down, that must show in at least one of the results.
    """

    ask: Callable[[Rulebook, Decimal], object]
    results: Mapping[str, object]
    step: str = "1"


def ago(days: int) -> date:
    """The local date a number of days before the decision."""
    return AT - timedelta(days=days)


def walks(days: Iterable[int], dose: Dose = WALK, **other: object) -> list[SessionReported]:
    """Tolerated walks a number of days ago."""
    return [replace(session("walking", ago(d), dose, (2, 3), 3), **other) for d in days]  # type: ignore[arg-type]


def calm(first: int = 40, last: int = 1) -> list[Reading]:
    """Mornings at usual pain and fatigue, from `first` to `last` days ago."""
    return mornings(ago(first), (2,) * (first - last + 1), fatigue=3)


def without(readings: Iterable[Reading], days: Iterable[int]) -> list[Reading]:
    """The readings without morning pain on these days."""
    gone = {ago(d) for d in days}
    return [
        r for r in readings if not (isinstance(r, Measurement) and r.what == "pain-morning" and r.stamp.day in gone)
    ]


def pain(day: int, value: Number) -> Measurement:
    """Morning pain a number of days ago."""
    return measured("pain-morning", value, on(ago(day)))


@dataclass(frozen=True)
class Case:
    """A patient on 20 minutes of walking three times a week for two weeks, whose next step is due.

    Each field is one thing that may be otherwise.
    """

    states: tuple[ExerciseState, ...] | None = None
    sessions: tuple[SessionReported, ...] | None = None
    days: tuple[Reading, ...] | None = None
    more: tuple[Reading, ...] = ()
    screened: int = 3
    phase: Phase = Phase.LOADING
    since: int = 14
    plan: Mapping[str, object] | None = None
    dose: Dose = WALK

    def course(self) -> Course:
        states = self.states or (state("walking", self.dose, 3, ago(self.since)),)
        sessions = self.sessions if self.sessions is not None else tuple(walks((14, 12, 10, 7, 5, 3), self.dose))
        days = self.days if self.days is not None else tuple(calm())
        readings = (*days, *screen(ago(self.screened)), *sessions, *self.more)
        in_force = plan(self.phase, ago(self.since), states, **(self.plan or {}))
        return patient_readings(readings), in_force, on(AT, time(13))

    def run(self, book: Rulebook) -> Evaluation:
        return on_course(book, self.course())


def on_course(book: Rulebook, course: Course) -> Evaluation:
    """The engine with this rulebook."""
    patient_readings_, plan_, at = course
    return evaluate(patient_readings_, plan_, book, at)


def intake(book: Rulebook, trials: Mapping[int, Number], more: tuple[Reading, ...] = ()) -> Dose | None:
    """The start dose of a patient without a plan whose walking trials, a number of days ago, were these minutes."""
    return next_dose(intake_decision(book, trials, more))


def intake_decision(book: Rulebook, trials: Mapping[int, Number], more: tuple[Reading, ...] = ()) -> Evaluation:
    """The evaluation of a patient without a plan whose walking trials, a number of days ago, were these minutes."""
    tried = [trial("walking", ago(day), done, "min") for day, done in trials.items()]
    return on_course(book, (patient_readings((*calm(), *screen(AT), *tried, *more)), NO_PLAN, on(AT, time(13))))


def next_dose(result: Evaluation, exercise: str = "walking") -> Dose | None:
    """The decided dose."""
    return next(d.next for d in result.decision.doses if d.exercise == exercise)


def minutes_of(result: Evaluation) -> str | None:
    """The decided minutes of walking, as text."""
    dose = next_dose(result)
    return None if dose is None else f"{dose.amount.normalize():f}"


def gate(result: Evaluation, name: str, exercise: str = "walking") -> bool:
    """Whether a gate passes."""
    candidate = next(c for c in result.decision.candidates if c.exercise == exercise)
    return candidate.gates[name] is Gate.PASS


def lacks(result: Evaluation, words: str) -> bool:
    """Whether D7 reports missing data with these words."""
    return any(words in str(text) for text in result.assessment.missing)


def flags(result: Evaluation) -> str:
    """Open flags with their urgency."""
    return " ".join(sorted(f"{f.flag} {f.urgency.value}" for f in result.flags))


def changed(book: Rulebook, name: str, by: Decimal) -> Rulebook:
    """The rulebook with one number changed."""
    constant = book.constants[name]
    return replace(book, constants={**book.constants, name: replace(constant, value=constant.value + by)})
