"""The session and the week as templates (C21, C22, C31, C32, C35, C36). A layout to agree on, not an order.

Where the patient's free days are known, day 1 is Monday and the free days are used; else the days are only numbered.
The grid begins anew each week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.insights.exercise_preferences import free_days
from titrate.clinical.insights.week_layout import DAYS, week_layout
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import floor_to, scaled
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain, Programme

# Balance while fresh, stretching when warm.
ORDER = (Domain.NEUROMOTOR, Domain.STRENGTH, Domain.AEROBIC, Domain.MOBILITY)


@dataclass(frozen=True, slots=True)
class DoseOptions:
    """The same session on a better and a worse day inside the acceptable band; None where it rounds to nothing."""

    exercise: str
    full: Dose
    reduced: Dose | None
    minimum: Dose | None


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """The week: for each day its exercises in the order of a session, framed by warm-up and cool-down.

    `rest` are the days without a session. `missing` are domains without an exercise. `doubts` say what the grid could
    not keep apart. `free` are the free days as ISO weekdays; where there are any, day 1 is Monday.
    """

    warm_up: str
    cool_down: str
    days: Mapping[int, tuple[str, ...]]
    rest: tuple[int, ...]
    options: tuple[DoseOptions, ...]
    missing: tuple[Domain, ...]
    doubts: tuple[str, ...]
    free: tuple[int, ...] = ()


def week_plan(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...], programme: Programme
) -> WeekPlan | None:
    """The week of the decided doses; None where nothing is to be done."""
    return week_of_doses(picture, {change.exercise: change.next for change in decision.doses}, states, programme)


def week_of_doses(
    picture: ClinicalPicture,
    given: Mapping[str, Dose | None],
    states: tuple[ExerciseState, ...],
    programme: Programme,
) -> WeekPlan | None:
    """The week of these doses; None where nothing is to be done."""
    doses = {exercise: dose for exercise, dose in given.items() if dose is not None}
    chosen = tuple(s for s in states if s.exercise in doses)
    if not chosen:
        return None
    free = free_days(picture.record)
    grid, doubts = week_layout(picture, chosen, free)
    domains = {picture.domain(s.exercise) for s in chosen}
    return WeekPlan(
        programme.warm_up, programme.cool_down,
        {day: _session(picture, grid, day) for day in DAYS},
        tuple(day for day in DAYS if not any(day in days for days in grid.values())),
        tuple(_options(picture, s, doses[s.exercise]) for s in chosen),
        tuple(d for d in Domain if d not in domains),
        doubts,
        free,
    )  # fmt: skip


def _session(picture: ClinicalPicture, grid: Mapping[str, tuple[int, ...]], day: int) -> tuple[str, ...]:
    """The exercises of one day in order; one that is done twice stands twice."""
    found = [code for code, days in grid.items() for _ in range(days.count(day))]
    return tuple(sorted(found, key=lambda code: (ORDER.index(picture.domain(code)), code)))


def _options(picture: ClinicalPicture, state: ExerciseState, dose: Dose) -> DoseOptions:
    book = picture.record.rulebook
    return DoseOptions(
        state.exercise,
        dose,
        _part(picture, state, dose, book.numbers.daily_reduced),
        _part(picture, state, dose, book.numbers.daily_minimum),
    )


def _part(picture: ClinicalPicture, state: ExerciseState, dose: Dose, factor: Decimal) -> Dose | None:
    """A part of a dose as the rules round it: no more sets and no longer ones than the dose has or its range allows."""
    form = picture.form(state)
    part = scaled(picture.record.rulebook, form, dose, factor)
    if part is None or part.sets is None or dose.sets is None:
        return part
    longest = floor_to(dose.amount / dose.sets, Decimal(1))
    most = longest if form.range_high is None else min(longest, Decimal(form.range_high))
    return replace(part, amount=min(part.amount, most * part.sets))
