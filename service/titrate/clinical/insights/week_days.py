"""The days of each exercise in a week: rest for each tissue first, then the patient's free days, then even spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages.insights import FreeDaysTooFew, TissueRestTooShort

DAYS = range(1, 8)
# Default rest days by their number.
_REST = {0: (), 1: (7,), 2: (4, 7)}
WeekLayout = Mapping[str, tuple[int, ...]]


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
