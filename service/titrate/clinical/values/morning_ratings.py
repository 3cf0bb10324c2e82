"""A patient's morning ratings of pain and fatigue, by day and by week. Computed once for each record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from titrate.clinical.values.readings import Measurement, Source


# A record has dozens of days; a named tuple takes a third of the time of a frozen dataclass.
class MorningRating(NamedTuple):
    """One local date's ratings of one measure. `final` and `highest` are None without such a rating.

    `final` is the highest final rating; `highest` includes preliminary ones, which may only lower a dose.
    """

    day: date
    ratings: tuple[Measurement, ...]
    final: Decimal | None
    highest: Decimal | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class MorningWeek:
    """Seven local dates, oldest first: the final ratings of their mornings, and the sources of all of them."""

    dates: tuple[date, ...]
    finals: tuple[Decimal, ...]
    sources: tuple[Source, ...]


def mornings_by_date(ratings: Iterable[Measurement]) -> Mapping[date, MorningRating]:
    """The days with a rating, oldest first. `ratings` are in order of time."""
    groups: dict[date, list[Measurement]] = defaultdict(list)
    for rating in ratings:
        groups[rating.stamp.day].append(rating)
    return {day: morning_rating(day, groups[day]) for day in sorted(groups)}


def morning_rating(day: date, ratings: list[Measurement]) -> MorningRating:
    """One day's ratings with their highest values."""
    if len(ratings) == 1:  # as on most days
        only = ratings[0]
        return MorningRating(
            day, (only,), None if only.stamp.preliminary else only.value, only.value, (only.stamp.source,)
        )
    finals = [r.value for r in ratings if not r.stamp.preliminary]
    highest = max([r.value for r in ratings], default=None)
    return MorningRating(
        day, tuple(ratings), max(finals, default=None), highest, tuple([r.stamp.source for r in ratings])
    )


def week_of(days: Mapping[date, MorningRating], today: date, back: int) -> MorningWeek:
    """The seven local dates before `today`; `back` 2 gives the seven before those."""
    dates = week_dates(today, back)
    found = [days[d] for d in dates if d in days]
    finals = [day.final for day in found if day.final is not None]
    return MorningWeek(dates, tuple(finals), tuple([source for day in found for source in day.sources]))


def week_dates(today: date, back: int) -> tuple[date, ...]:
    """The seven local dates before `today`, oldest first; `back` 2 gives the seven before those."""
    first = today.toordinal() - 7 * back
    return tuple([date.fromordinal(n) for n in range(first, first + 7)])
