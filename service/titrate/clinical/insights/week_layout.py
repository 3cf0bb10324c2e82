"""Sessions laid on the days of a week: tissues kept apart first, then the patient's free days, then an even spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Domain

DAYS = range(1, 8)
# Days that are kept free of sessions where nothing else is known, by how many they are.
_REST = {0: (), 1: (7,), 2: (4, 7)}
WeekLayout = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that sessions may lie on, which of them the patient calls free, and how far apart they should lie."""

    open: tuple[int, ...]
    free: frozenset[int]
    apart: int = 1


def week_layout(
    picture: ClinicalPicture, states: tuple[ExerciseState, ...], free: tuple[int, ...]
) -> tuple[dict[str, tuple[int, ...]], tuple[str, ...]]:
    """Days of each exercise: strength first, its tissues kept apart; then the others where the week is emptiest.

    `free` are the patient's free days, empty where they are not known. The other value says what did not fit.
    """
    book = picture.record.rulebook
    # Two days of rest while nothing is done more often than five times, one while nothing is done daily.
    rest = min(int(book.numbers.rest_days), max(7 - max(s.weekly_frequency for s in states), 0))
    days = _Days(_open_days(rest, free), frozenset(free))
    heavy = _Days(days.open, days.free, -(-int(book.numbers.rest_same_tissue) // 24))
    grid: dict[str, tuple[int, ...]] = {}
    doubts: list[str] = []
    for tissue, group in _by_tissue(picture, states).items():
        most = max(s.weekly_frequency for s in group)
        chosen = _chosen(min(most, len(days.open)), heavy, grid)
        if most > len(days.open) or _gap(chosen) < heavy.apart:
            doubts.append(f"sessions of {tissue} cannot be kept 48 hours apart: fewer of them, or other exercises")
        for state in group:
            grid[state.exercise] = _chosen(state.weekly_frequency, _Days(chosen, days.free, heavy.apart), grid)
    for state in sorted(states, key=lambda s: (-s.weekly_frequency, s.exercise)):
        if state.exercise not in grid:
            grid[state.exercise] = _often(state.weekly_frequency, days, grid)
    return grid, (*doubts, *_off_days(picture, grid, free))


def _open_days(rest: int, free: tuple[int, ...]) -> tuple[int, ...]:
    """The days without those of rest, which are taken from the days that are not free, as far as there are such."""
    usual = _REST[rest]
    ways = combinations(DAYS, rest)
    resting = min(ways, key=lambda way: (len(set(way) & set(free)), way != usual, -_gap(way), way)) if free else usual
    return tuple(day for day in DAYS if day not in resting)


def _off_days(picture: ClinicalPicture, grid: WeekLayout, free: tuple[int, ...]) -> tuple[str, ...]:
    """The exercises that lie on days that are not free."""
    library = picture.record.rulebook.exercises
    return tuple(
        f"{library[code].display} needs more days than are free, or days further apart: agree on others"
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


def _often(times: int, days: _Days, grid: WeekLayout) -> tuple[int, ...]:
    """Days for an exercise that may be done more than once a day."""
    whole, rest = divmod(times, len(days.open))
    return tuple(sorted((*days.open * whole, *(_chosen(rest, days, grid) if rest else ()))))


def _chosen(times: int, days: _Days, grid: WeekLayout) -> tuple[int, ...]:
    """The days that lie far enough apart, of these the free ones, then those furthest apart and with least on them."""
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
