"""The session and the week as templates (C21, C22, C31, C32, C35, C36). A layout to agree on, not an order.

Nobody's free days are known, so the grid has numbered days; it begins anew each week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from service.clinical.decision import Decision
from service.clinical.dosing import floor_to, scaled
from service.clinical.plan import Dose, ExerciseState
from service.clinical.rulebook import Domain, Programme
from service.clinical.situation import Situation

DAYS = range(1, 8)
# Balance while fresh, stretching when warm.
ORDER = (Domain.NEUROMOTOR, Domain.STRENGTH, Domain.AEROBIC, Domain.MOBILITY)


@dataclass(frozen=True, slots=True)
class Options:
    """The same session on a better and a worse day inside the acceptable band; None where it rounds to nothing."""

    exercise: str
    full: Dose
    reduced: Dose | None
    minimum: Dose | None


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """The week: for each day its exercises in the order of a session, framed by warm-up and cool-down.

    `rest` are the days without a session. `missing` are domains without an exercise. `doubts` say what the grid could
    not keep apart.
    """

    warm_up: str
    cool_down: str
    days: Mapping[int, tuple[str, ...]]
    rest: tuple[int, ...]
    options: tuple[Options, ...]
    missing: tuple[Domain, ...]
    doubts: tuple[str, ...]


def week_plan(
    situation: Situation, decision: Decision, states: tuple[ExerciseState, ...], programme: Programme
) -> WeekPlan | None:
    """The week of the decided doses; None where nothing is to be done."""
    return laid_out(situation, {change.exercise: change.next for change in decision.doses}, states, programme)


def laid_out(
    situation: Situation, given: Mapping[str, Dose | None], states: tuple[ExerciseState, ...], programme: Programme
) -> WeekPlan | None:
    """The week of these doses; None where nothing is to be done."""
    doses = {exercise: dose for exercise, dose in given.items() if dose is not None}
    chosen = tuple(s for s in states if s.exercise in doses)
    if not chosen:
        return None
    grid, doubts = _grid(situation, chosen)
    domains = {situation.domain(s.exercise) for s in chosen}
    return WeekPlan(
        programme.warm_up, programme.cool_down,
        {day: _session(situation, grid, day) for day in DAYS},
        tuple(day for day in DAYS if not any(day in days for days in grid.values())),
        tuple(_options(situation, s, doses[s.exercise]) for s in chosen),
        tuple(d for d in Domain if d not in domains),
        doubts,
    )  # fmt: skip


def _session(situation: Situation, grid: Mapping[str, tuple[int, ...]], day: int) -> tuple[str, ...]:
    """The exercises of one day in order; one that is done twice stands twice."""
    found = [code for code, days in grid.items() for _ in range(days.count(day))]
    return tuple(sorted(found, key=lambda code: (ORDER.index(situation.domain(code)), code)))


def _options(situation: Situation, state: ExerciseState, dose: Dose) -> Options:
    book = situation.record.rulebook
    return Options(
        state.exercise,
        dose,
        _part(situation, state, dose, book.number("DAILY_REDUCED")),
        _part(situation, state, dose, book.number("DAILY_MINIMUM")),
    )


def _part(situation: Situation, state: ExerciseState, dose: Dose, factor: Decimal) -> Dose | None:
    """A part of a dose as the rules round it: no more sets and no longer ones than the dose has or its range allows."""
    form = situation.form(state)
    part = scaled(situation.record.rulebook, form, dose, factor)
    if part is None or part.sets is None or dose.sets is None:
        return part
    longest = floor_to(dose.amount / dose.sets, Decimal(1))
    most = longest if form.range_high is None else min(longest, Decimal(form.range_high))
    return replace(part, amount=min(part.amount, most * part.sets))


def _grid(
    situation: Situation, states: tuple[ExerciseState, ...]
) -> tuple[dict[str, tuple[int, ...]], tuple[str, ...]]:
    """Days of each exercise: strength first, its tissues kept apart; then the others where the week is emptiest."""
    rest = int(situation.record.rulebook.number("REST_DAYS"))
    # Two free days while nothing is done more often than five times, one while nothing is done daily.
    free = min(rest, max(7 - max(s.weekly_frequency for s in states), 0))
    open_days = tuple(d for d in DAYS if d not in {0: (), 1: (7,), 2: (4, 7)}[free])
    grid: dict[str, tuple[int, ...]] = {}
    doubts: list[str] = []
    for tissue, group in _by_tissue(situation, states).items():
        days, apart = _heavy_days(situation, group, open_days, grid)
        if not apart:
            doubts.append(f"sessions of {tissue} cannot be kept 48 hours apart: fewer of them, or other exercises")
        for state in group:
            grid[state.exercise] = _chosen(state.weekly_frequency, days, grid)
    for state in sorted(states, key=lambda s: (-s.weekly_frequency, s.exercise)):
        if state.exercise not in grid:
            grid[state.exercise] = _often(state.weekly_frequency, open_days, grid)
    return grid, tuple(doubts)


def _by_tissue(situation: Situation, states: Iterable[ExerciseState]) -> dict[str, list[ExerciseState]]:
    groups: dict[str, list[ExerciseState]] = {}
    for state in sorted(states, key=lambda s: (-s.weekly_frequency, s.exercise)):
        exercise = situation.record.rulebook.exercises[state.exercise]
        if exercise.domain is Domain.STRENGTH:
            groups.setdefault(exercise.tissue, []).append(state)
    return groups


def _heavy_days(
    situation: Situation, group: list[ExerciseState], days: tuple[int, ...], grid: Mapping[str, tuple[int, ...]]
) -> tuple[tuple[int, ...], bool]:
    """The days on which a tissue is loaded, and whether enough hours lie between them, over the week's end too."""
    most = min(max(s.weekly_frequency for s in group), len(days))
    chosen = _chosen(most, days, grid)
    apart = situation.record.rulebook.number("REST_SAME_TISSUE") <= 24 * _gap(chosen)
    return chosen, apart and max(s.weekly_frequency for s in group) <= len(days)


def _often(times: int, days: tuple[int, ...], grid: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Days for an exercise that may be done more than once a day."""
    whole, rest = divmod(times, len(days))
    return tuple(sorted((*days * whole, *(_chosen(rest, days, grid) if rest else ()))))


def _chosen(times: int, days: tuple[int, ...], grid: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The days that lie furthest apart, of these those with least on them, of these the earliest."""
    full = Counter(day for taken in grid.values() for day in taken)
    ways = combinations(days, min(times, len(days)))
    return min(ways, key=lambda way: (-_gap(way), sum(full[day] for day in way), way))


def _gap(days: tuple[int, ...]) -> int:
    """The shortest distance in days between two of them, over the end of the week too."""
    if len(days) < 2:
        return 7
    return min(b - a for a, b in zip(days, (*days[1:], days[0] + 7), strict=True))
