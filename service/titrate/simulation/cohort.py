"""The cohort: simulated patients of each archetype, what the judge found in each course, and metrics of the courses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from statistics import median

from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Dose
from titrate.simulation.course import Course, simulate_course
from titrate.simulation.course_state import CourseStep
from titrate.simulation.judge import CourseVerdict, judge_course
from titrate.simulation.judge.observation import is_above
from titrate.simulation.simulated_patient import Archetype, archetypes, simulated_patient

HOLDS = ("HOLD", "HOLD_INSUFFICIENT", "HOLD_REVIEW")
WEEK = 7
# One letter per decision; the end of a lighter week has its own.
RESTORED = "E"
LETTERS = {
    "PROGRESS": "P",
    "HOLD": "H",
    "HOLD_INSUFFICIENT": "I",
    "HOLD_REVIEW": "V",
    "LIGHTER_WEEK": "L",
    "FLARE_PROTOCOL": "F",
    "RETURN_TO_LOAD": "R",
    "REACTIVE_DELOAD": "D",
    "STEP_BACK": "G",
    "STOP_ESCALATE": "S",
    "BASELINE": "B",
    "NOT_ELIGIBLE": "N",
}


@dataclass(frozen=True, slots=True)
class CohortSize:
    """Patients per archetype, weeks and seed. `kinds` are the names of the archetypes; empty for all."""

    patients: int
    weeks: int
    seed: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedCourse:
    """The course of one simulated patient, with the verdict of the judge."""

    course: Course
    verdict: CourseVerdict


def simulate_cohort(size: CohortSize, rules: PlanningRules) -> Iterator[JudgedCourse]:
    """All simulated patients, ordered by archetype and number."""
    for archetype in selected_archetypes(size.kinds):
        for number in range(1, size.patients + 1):
            course = simulate_course(simulated_patient(archetype, number, size.seed), rules, size.weeks)
            yield JudgedCourse(course, judge_course(course, rules.rulebook))


def selected_archetypes(names: Sequence[str]) -> tuple[Archetype, ...]:
    """The archetypes of these names, or all if no name is given."""
    return tuple(archetype for archetype in archetypes() if not names or archetype.name in names)


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of decisions. `back`: steps back after a gap. Phases such as flares and stops count at their start."""

    rises: int
    holds: int
    lighter: int
    flares: int
    deloads: int
    back: int
    stops: int
    reviews: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class CourseMetrics:
    """One patient: weekly doses of the first exercise (None: no dose), counts of decisions, and days until the goal."""

    patient: str
    archetype: Archetype
    series: tuple[Decimal | None, ...]
    letters: tuple[str, ...]
    first: Decimal | None
    last: Decimal | None
    goal: Decimal
    goal_day: int | None
    counts: Counts
    unsafe: int


@dataclass(frozen=True, slots=True)
class Row:
    """One archetype in the table. Doses are medians, counts are sums."""

    archetype: Archetype
    patients: int
    weeks: int
    first: Decimal | None
    last: Decimal | None
    change: Decimal | None
    counts: Counts
    reached: int
    goal_weeks: Decimal | None
    unsafe: int


def course_metrics(one: JudgedCourse, weeks: int) -> CourseMetrics:
    """The metrics of one patient."""
    course, steps = one.course, one.course.steps
    exercise = course.patient.first
    series = tuple(_amount(dose_on(course, week * WEEK, exercise)) for week in range(weeks + 1))
    dosed = [amount for amount in series if amount is not None]
    return CourseMetrics(
        patient=course.patient.id,
        archetype=course.patient.archetype,
        series=series,
        letters=tuple(_letter(steps, week) for week in range(weeks)),
        first=dosed[0] if dosed else None,
        last=_loading(course, exercise, series),
        goal=course.patient.goal,
        goal_day=next(
            (s.number for s in steps if exercise in s.after and s.after[exercise].amount >= course.patient.goal), None
        ),
        counts=_counts(steps),
        unsafe=sum(1 for f in one.verdict.findings if f.unsafe),
    )


def _counts(steps: Sequence[CourseStep]) -> Counts:
    return Counts(
        rises=sum(1 for s in steps if s.outcome == "PROGRESS" and s.issued),
        holds=sum(1 for s in steps if s.outcome in HOLDS),
        lighter=_started(steps, "lighter-week"),
        flares=_started(steps, "flare"),
        deloads=_started(steps, "deload"),
        back=sum(1 for s in steps if s.outcome == "STEP_BACK" and s.issued),
        stops=_started(steps, "stopped"),
        reviews=sum(1 for s in steps if s.review),
    )


def rows(patients: Sequence[CourseMetrics]) -> tuple[Row, ...]:
    """One row per archetype, in the order of the patients."""
    kinds = dict.fromkeys(one.archetype.name for one in patients)
    return tuple(_row([one for one in patients if one.archetype.name == name]) for name in kinds)


def _row(patients: Sequence[CourseMetrics]) -> Row:
    first, last = (_median([p.first for p in patients]), _median([p.last for p in patients]))
    change = _median([(p.last - p.first) / p.first * 100 for p in patients if p.first and p.last is not None])
    reached = [Decimal(p.goal_day) / WEEK for p in patients if p.goal_day is not None]

    return Row(
        archetype=patients[0].archetype,
        patients=len(patients),
        weeks=len(patients) * (len(patients[0].series) - 1),
        first=first,
        last=last,
        change=change,
        counts=reduce(add, (one.counts for one in patients)),
        reached=len(reached),
        goal_weeks=_median(reached),
        unsafe=sum(one.unsafe for one in patients),
    )


def _median(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return Decimal(median(known)) if known else None


def dose_on(course: Course, number: int, exercise: str) -> Dose | None:
    """The dose in force at the end of a day."""
    past = [step for step in course.steps if step.number <= number]
    return past[-1].after.get(exercise) if past else None


def _loading(course: Course, exercise: str, series: Sequence[Decimal | None]) -> Decimal | None:
    """The dose at the end, or the dose before a lighter week in progress. A missing dose counts as 0."""
    steps = list(course.steps)
    if (
        steps
        and steps[-1].phase == "lighter-week"
        and is_above(steps[-1].before.get(exercise), steps[-1].after.get(exercise))
    ):
        return steps[-1].before[exercise].amount
    return series[-1] if series[-1] is not None else Decimal(0)


def _amount(dose: Dose | None) -> Decimal | None:
    return None if dose is None else dose.amount


def _letter(steps: Sequence[CourseStep], week: int) -> str:
    """The most important decision of a week: a stop or flare, else the last one."""
    first = -1 if week == 0 else week * WEEK
    found = [s for s in steps if first <= s.number < (week + 1) * WEEK]
    urgent = [s for s in found if s.outcome in ("STOP_ESCALATE", "FLARE_PROTOCOL")]
    if not found:
        return ""
    last = (urgent or found)[-1]
    restores = last.outcome == "LIGHTER_WEEK" and last.phase == "loading"
    return RESTORED if restores else LETTERS[last.outcome]


def _started(steps: Sequence[CourseStep], phase: str) -> int:
    """How often a run started a phase."""
    before = [""] + [step.phase for step in steps]
    return sum(1 for step, last in zip(steps, before, strict=False) if step.phase == phase and last != phase)
