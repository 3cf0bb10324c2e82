"""Flares: start, grade, length and end (B7, B11.16, B11.17, B11.30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from tests.second_evaluator import numbers as n
from tests.second_evaluator.facts import Facts, ratings, usual, worst_ratings
from titrate.clinical.values.plan import Phase

DAY = timedelta(days=1)
NO_DOSE = (Phase.INTAKE, Phase.BASELINE, Phase.STOPPED, Phase.DISCHARGED)


@dataclass(frozen=True)
class Flare:
    """One flare by its dates. `settled` is the second of two calm mornings, None while it goes on."""

    first: date
    last: date
    settled: date | None

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Days:
    """Dates by what was reported: hot ratings, lower ratings, reports of a flare, calm mornings."""

    hot: set[date]
    low: set[date]
    ticks: set[date]
    calm: set[date]


def days(f: Facts) -> Days:
    normal = usual(f, "pain")
    threshold = None if normal is None else normal + 2
    worst, sure = worst_ratings(f, threshold), ratings(f)
    hot = {d for d, v in worst.items() if threshold is not None and v >= threshold}
    ticks = {a.stamp.day for a in f.answers("flare-self-report") if a.value is True}
    bad = {a.stamp.day for a in f.answers("daily-activity-kept") if a.value == "no"}
    bad |= {a.stamp.day for a in f.answers("rescue-analgesia-new") if a.value is True}
    calm = {d for d, v in sure.items() if normal is not None and v <= normal + 1} - hot - ticks - bad
    return Days(hot, set(sure) - hot, ticks, calm)


@lru_cache(64)
def flares(f: Facts) -> list[Flare]:
    """All flares up to today, oldest first, day by day."""
    d, found, known = days(f), list[Flare](), _known_start(f)
    current: Flare | None = None
    previous: date | None = None  # the last hot rating with no lower one since
    start = min([*d.hot, *d.ticks, *([known] if known else [])], default=f.today + DAY)
    while start <= f.today:
        today = start
        near = previous if previous is not None and (today - previous).days <= 3 else None
        if current is None and (today == known or today in d.ticks or (today in d.hot and near is not None)):
            first = near if near is not None and (today in d.ticks or today in d.hot) else today
            current = _joined(f, found, Flare(first, today, None))
        elif current is not None and (today in d.ticks or today in d.hot):
            current = Flare(current.first, today, None)
        elif current is not None and {today, today - DAY} <= d.calm and today - DAY > current.last:
            found.append(Flare(current.first, current.last, today))
            current = None
        previous = today if today in d.hot else None if today in d.low else previous
        start += DAY
    return [*found, current] if current else found


def _known_start(f: Facts) -> date | None:
    """In phase `flare` the plan in force records when the flare began."""
    return (f.plan.flare_first_day or f.plan.phase_since) if f.plan.phase is Phase.FLARE else None


def _joined(f: Facts, found: list[Flare], new: Flare) -> Flare:
    """B11.30: a flare that no approved plan has answered yet goes on in the new one."""
    known = _known_start(f)
    if not found:
        return new
    before = found[-1]
    approved = f.plan.approved
    answered = approved is not None and before.last <= approved <= new.first
    if known is not None:  # the plan in force records when the flare that it answers began
        answered = before.last < known
    if not answered:
        found.pop()
        return Flare(min(before.first, new.first), new.last, None)
    return new


def ongoing(f: Facts) -> Flare | None:
    found = flares(f)
    return found[-1] if found and found[-1].settled is None else None


def unanswered(f: Facts) -> Flare | None:
    """B11.30: the settled flare that puts the state to RETURN."""
    found = flares(f)
    if not found or found[-1].settled is None or f.plan.phase in NO_DOSE:
        return None
    last, approved = found[-1].last, f.plan.approved
    if f.plan.phase is Phase.RETURN and f.plan.phase_since is not None and f.plan.phase_since > last:
        return None
    return found[-1] if f.plan.phase is Phase.FLARE or approved is None or last > approved else None


def grade(f: Facts, flare: Flare) -> str:
    """B11.16: F2 by a rise of more than 3, by 8 or more, by activity not kept; it never falls."""
    normal = usual(f, "pain")
    threshold = None if normal is None else normal + 2
    pain = [v for d, v in worst_ratings(f, threshold).items() if d >= flare.first]
    top = max(pain, default=Decimal(0))
    lost = any(a.value == "no" and a.stamp.day >= flare.first for a in f.answers("daily-activity-kept"))
    before = f.plan.phase is Phase.FLARE and f.plan.flare_grade == "f2"
    risen = normal is not None and top - normal > 3
    return "F2" if before or lost or top >= 8 or risen else "F1"


def fraction(length: int) -> Decimal | None:
    """B7: the part of the pre-flare dose that a return starts from; None is a re-baseline."""
    return next(part for days, part in n.LENGTH if length >= days)


def factor(f: Facts, flare: Flare) -> Decimal | None:
    """B11.30: the lower of the grade factor and the length so far (from day 8 a half, from day 15 none)."""
    by_grade = n.F2 if grade(f, flare) == "F2" else n.F1
    by_length = fraction(f.days_ago(flare.first) + 1)
    return None if by_length is None else min(by_grade, by_length)


def ended_lately(f: Facts) -> bool:
    """B4, B11.18: a flare goes on, or its last day is not more than 14 days ago."""
    found = flares(f)
    if found:
        return found[-1].settled is None or f.days_ago(found[-1].last) <= n.CAUTIOUS_DAYS
    return f.plan.phase in (Phase.FLARE, Phase.RETURN)
