"""Templates of the session and the week (C21, C22, C31, C32, C35, C36): a proposal to agree on, not an order.

Rest for each tissue comes first, then the patient's free days, then even spread. With known free days, day 1 is Monday;
else the days are only numbered. The layout restarts each week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from titrate.clinical.insights.exercise_preferences import free_days
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import floor_to, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain, Programme
from titrate.messages import Message
from titrate.messages.insights import FreeDaysTooFew, TissueRestTooShort

DAYS = range(1, 8)
# Default rest days by their number.
_REST = {0: (), 1: (7,), 2: (4, 7)}
WeekLayout = Mapping[str, tuple[int, ...]]
# Balance while fresh, stretching when warm.
SESSION_ORDER = (Domain.NEUROMOTOR, Domain.STRENGTH, Domain.AEROBIC, Domain.MOBILITY)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days open for sessions, the patient's free days, and the intended distance between sessions in days."""

    open: tuple[int, ...]
    free: frozenset[int]
    apart: int = 1


def week_layout(
    picture: ClinicalPicture, states: tuple[ExerciseState, ...], free: tuple[int, ...]
) -> tuple[dict[str, tuple[int, ...]], tuple[Message, ...]]:
    """The days of each exercise, and what did not fit.

    Strength goes first, with rest for each tissue; then the others where the week is emptiest. `free` are the patient's
    free days, empty where unknown.
    """
    book = picture.record.rulebook
    # Two rest days while no exercise needs more than five days, one while none is daily.
    rest = min(int(book.numbers.rest_days), max(7 - max(s.weekly_frequency for s in states), 0))
    days = _Days(_open_days(rest, free), frozenset(free))
    heavy = _Days(days.open, days.free, -(-int(book.numbers.rest_same_tissue) // 24))
    grid: dict[str, tuple[int, ...]] = {}
    doubts: list[Message] = []
    for tissue, group in _by_tissue(picture, states).items():
        most = max(s.weekly_frequency for s in group)
        chosen = _chosen(min(most, len(days.open)), heavy, grid)
        if most > len(days.open) or _gap(chosen) < heavy.apart:
            doubts.append(TissueRestTooShort(tissue=tissue, hours=book.numbers.rest_same_tissue))
        for state in group:
            grid[state.exercise] = _chosen(state.weekly_frequency, _Days(chosen, days.free, heavy.apart), grid)
    for state in sorted(states, key=lambda s: (-s.weekly_frequency, s.exercise)):
        if state.exercise not in grid:
            grid[state.exercise] = _repeated(state.weekly_frequency, days, grid)
    return grid, (*doubts, *_off_days(picture, grid, free))


def _open_days(rest: int, free: tuple[int, ...]) -> tuple[int, ...]:
    """The days without rest days. Rest days are days that are not free, as far as possible."""
    usual = _REST[rest]
    choices = combinations(DAYS, rest)
    resting = min(choices, key=lambda c: (len(set(c) & set(free)), c != usual, -_gap(c), c)) if free else usual
    return tuple(day for day in DAYS if day not in resting)


def _off_days(picture: ClinicalPicture, grid: WeekLayout, free: tuple[int, ...]) -> tuple[Message, ...]:
    """Exercises on days that are not free."""
    library = picture.record.rulebook.exercises
    return tuple(
        FreeDaysTooFew(exercise=library[code].display)
        for code, days in sorted(grid.items())
        if free and not set(days) <= set(free)
    )


def _by_tissue(picture: ClinicalPicture, states: Iterable[ExerciseState]) -> dict[str, list[ExerciseState]]:
    groups: dict[str, list[ExerciseState]] = {}
    for state in sorted(states, key=lambda s: (-s.weekly_frequency, s.exercise)):
        exercise = picture.record.rulebook.exercises[state.exercise]
        if exercise.domain is Domain.STRENGTH:
            groups.setdefault(exercise.tissue, []).append(state)
    return groups


def _repeated(times: int, days: _Days, grid: WeekLayout) -> tuple[int, ...]:
    """Days of an exercise that may take place more than once a day."""
    whole, rest = divmod(times, len(days.open))
    return tuple(sorted((*days.open * whole, *(_chosen(rest, days, grid) if rest else ()))))


def _chosen(times: int, days: _Days, grid: WeekLayout) -> tuple[int, ...]:
    """Days that are far enough apart, then free, then furthest apart, then least loaded."""
    full = Counter(day for taken in grid.values() for day in taken)
    ways = combinations(days.open, min(times, len(days.open)))
    return min(ways, key=lambda way: (
        -min(_gap(way), days.apart), -len(days.free.intersection(way)), -_gap(way), sum(full[day] for day in way), way,
    ))  # fmt: skip


def _gap(days: tuple[int, ...]) -> int:
    """The shortest distance in days between two of them, over the end of the week too."""
    if len(days) < 2:
        return 7
    return min(b - a for a, b in zip(days, (*days[1:], days[0] + 7), strict=True))


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
