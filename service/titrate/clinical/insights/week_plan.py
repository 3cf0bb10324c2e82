"""Templates of the session and the week (C21, C22, C31, C32, C35, C36): a proposal to agree on, not an order.

With known free days, day 1 is Monday and sessions use the free days; else the days are only numbered. The layout
restarts each week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.insights.exercise_preferences import free_days
from titrate.clinical.insights.week_days import DAYS, week_layout
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import floor_to, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain, Programme
from titrate.messages import Message

# Balance while fresh, stretching when warm.
SESSION_ORDER = (Domain.NEUROMOTOR, Domain.STRENGTH, Domain.AEROBIC, Domain.MOBILITY)


@dataclass(frozen=True, slots=True)
class DoseOptions:
    """The full, reduced and smallest dose of a session for better and worse days; None where it rounds to nothing."""

    exercise: str
    full: Dose
    reduced: Dose | None
    minimum: Dose | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """The week: the exercises of each day in session order, with warm-up and cool-down.

    `rest` are days without a session, `missing` domains without an exercise, `doubts` what the layout could not fit.
    `free` are the free days as ISO weekdays; where there are any, day 1 is Monday.
    """

    warm_up: str
    cool_down: str
    days: Mapping[int, tuple[str, ...]]
    rest: tuple[int, ...]
    options: tuple[DoseOptions, ...]
    missing: tuple[Domain, ...]
    doubts: tuple[Message, ...]
    free: tuple[int, ...] = ()


def week_plan(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...], programme: Programme
) -> WeekPlan | None:
    """The week of the decided doses; None without a dose."""
    return week_of_doses(picture, {change.exercise: change.next for change in decision.doses}, states, programme)


def week_of_doses(
    picture: ClinicalPicture,
    doses: Mapping[str, Dose | None],
    states: tuple[ExerciseState, ...],
    programme: Programme,
) -> WeekPlan | None:
    """The week of these doses; None without a dose."""
    prescribed = {exercise: dose for exercise, dose in doses.items() if dose is not None}
    chosen = tuple(s for s in states if s.exercise in prescribed)
    if not chosen:
        return None
    free = free_days(picture.record)
    grid, doubts = week_layout(picture, chosen, free)
    domains = {picture.domain(s.exercise) for s in chosen}
    return WeekPlan(
        warm_up=programme.warm_up,
        cool_down=programme.cool_down,
        days={day: _session(picture, grid, day) for day in DAYS},
        rest=tuple(day for day in DAYS if not any(day in days for days in grid.values())),
        options=tuple(_options(picture, s, prescribed[s.exercise]) for s in chosen),
        missing=tuple(d for d in Domain if d not in domains),
        doubts=doubts,
        free=free,
    )


def _session(picture: ClinicalPicture, grid: Mapping[str, tuple[int, ...]], day: int) -> tuple[str, ...]:
    """The exercises of one day in session order; two sessions of one exercise appear twice."""
    codes = [code for code, days in grid.items() for _ in range(days.count(day))]
    return tuple(sorted(codes, key=lambda code: (SESSION_ORDER.index(picture.domain(code)), code)))


def _options(picture: ClinicalPicture, state: ExerciseState, dose: Dose) -> DoseOptions:
    book = picture.record.rulebook
    return DoseOptions(
        state.exercise,
        dose,
        _fraction(picture, state, dose, book.numbers.daily_reduced),
        _fraction(picture, state, dose, book.numbers.daily_minimum),
    )


def _fraction(picture: ClinicalPicture, state: ExerciseState, dose: Dose, factor: Decimal) -> Dose | None:
    """A fraction of a dose, rounded as the rules do, without more or longer sets than the dose or its range has."""
    form = picture.form(state)
    smaller = scale_dose(picture.record.rulebook, form, dose, factor)
    if smaller is None or smaller.sets is None or dose.sets is None:
        return smaller
    longest = floor_to(dose.amount / dose.sets, Decimal(1))
    most = longest if form.range_high is None else min(longest, Decimal(form.range_high))
    return replace(smaller, amount=min(smaller.amount, most * smaller.sets))
