"""Days and weeks of ratings: the higher of several in a slot, final ones apart, and the dates of a week (B11.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.thresholds.probe import AT, ago
from tests.courses.build import Number, measured, on
from titrate.clinical.values.morning_ratings import morning_rating, mornings_by_date, week_dates, week_of
from titrate.clinical.values.readings import Measurement


def rated(day: int, value: Number, *, minute: int = 0, preliminary: bool = False) -> Measurement:
    """Morning pain a number of days ago."""
    one = measured("pain-morning", value, on(ago(day)) + timedelta(minutes=minute))
    return replace(one, stamp=replace(one.stamp, preliminary=preliminary))


DAYS: list[tuple[list[Measurement], str | None, str | None]] = [
    ([], None, None),
    ([rated(1, 3)], "3", "3"),
    ([rated(1, 3, preliminary=True)], None, "3"),
    ([rated(1, 3), rated(1, 4, minute=1)], "4", "4"),
    ([rated(1, 4), rated(1, 3, minute=1)], "4", "4"),
    ([rated(1, 3), rated(1, 5, minute=1, preliminary=True)], "3", "5"),
    ([rated(1, 5, preliminary=True), rated(1, 2, minute=1, preliminary=True)], None, "5"),
]


@pytest.mark.parametrize(("ratings", "final", "highest"), DAYS)
def test_day(ratings: list[Measurement], final: str | None, highest: str | None) -> None:
    """The higher of several final ratings, and the highest including preliminary ones."""
    found = morning_rating(ago(1), ratings)
    assert found.final == (None if final is None else Decimal(final))
    assert found.highest == (None if highest is None else Decimal(highest))
    assert found.sources == tuple(r.stamp.source for r in ratings)


def test_days_are_in_order() -> None:
    """Oldest first, each with its own ratings."""
    found = mornings_by_date([rated(3, 1), rated(2, 2), rated(2, 3, minute=1)])
    assert [(day, len(one.ratings)) for day, one in found.items()] == [(ago(3), 1), (ago(2), 2)]
    assert list(mornings_by_date([rated(2, 2), rated(3, 1)])) == [ago(3), ago(2)]


def test_weeks() -> None:
    """The seven dates before today, oldest first, and the seven before those."""
    assert week_dates(AT, 1) == tuple(ago(n) for n in range(7, 0, -1))
    assert week_dates(AT, 2) == tuple(ago(n) for n in range(14, 7, -1))
    assert week_dates(date(2025, 3, 3), 1)[0] == date(2025, 2, 24)


def test_what_a_week_holds() -> None:
    """Final ratings of its dates only, and the sources of all ratings."""
    ratings = [rated(8, 9), rated(7, 1), rated(3, 2, preliminary=True), rated(1, 3), rated(0, 9)]
    found = week_of(mornings_by_date(ratings), AT, 1)
    assert found.finals == (Decimal(1), Decimal(3))
    assert found.sources == tuple(r.stamp.source for r in ratings[1:4])
    assert week_of(mornings_by_date(ratings), AT, 2).finals == (Decimal(9),)
