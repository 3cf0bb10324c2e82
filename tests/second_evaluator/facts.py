"""What is known on the day of the decision: windows, mornings, usual values, limits, screen, flags, conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from tests.second_evaluator import numbers as n
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.clinical.values.readings import (
    Measurement,
    PatientReadings,
    Reading,
    ReadingSource,
    Reporter,
    SafetyAnswer,
    SessionReported,
)
from titrate.clinical.values.rulebook import Rulebook

Kind = TypeVar("Kind")
WINDOW = (time(4, 0), time(12, 0))
CLINICIAN = Reporter.PRACTITIONER


@dataclass(frozen=True, eq=False)
class Facts:
    """One patient on one day. `readings` are those whose event is not after `at`."""

    patient_readings: PatientReadings
    plan: PlanInForce
    at: datetime
    rulebook: Rulebook
    readings: tuple[Reading, ...]
    today: date

    def measured(self, *names: str) -> Iterator[Measurement]:
        return (r for r in of_kind(self, Measurement) if r.what in names)

    def answers(self, *names: str) -> Iterator[SafetyAnswer]:
        return (r for r in of_kind(self, SafetyAnswer) if r.what in names)

    def sessions(self) -> Iterator[SessionReported]:
        return iter(of_kind(self, SessionReported))

    def days_ago(self, day: date) -> int:
        return (self.today - day).days


@lru_cache(64)
def of_kind(f: Facts, kind: type[Kind]) -> tuple[Kind, ...]:
    """The readings of one type, in order of input."""
    return tuple(r for r in f.readings if isinstance(r, kind))


def facts(patient_readings: PatientReadings, plan: PlanInForce, at: datetime, rulebook: Rulebook) -> Facts:
    """The facts at `at`; readings after it are ignored."""
    local = at.astimezone(ZoneInfo(patient_readings.person.zone))
    readings = tuple(r for r in patient_readings.readings if r.stamp.end <= at)
    return Facts(patient_readings, plan, at, rulebook, readings, local.date())


def is_late(stamp: ReadingSource) -> bool:
    """D, plan-state 5: entered more than 48 h after the event; not late if the time of entry is unknown."""
    return stamp.entered is not None and stamp.entered - stamp.end > timedelta(hours=n.LATE_HOURS)


def helps(stamp: ReadingSource) -> bool:
    """B11.36: a preliminary record never helps."""
    return not stamp.preliminary


# --- mornings (B1, B11.8) ---------------------------------------------------------------------------------------------
@lru_cache(64)
def slots(f: Facts, what: str) -> dict[date, list[Measurement]]:
    """Readings of a morning by date: 04:00-12:00, both ends included; a form with only a date is that morning."""
    found: dict[date, list[Measurement]] = {}
    for reading in f.measured(what):
        clock = reading.stamp.when.timetz().replace(tzinfo=None)
        if not reading.stamp.timed or WINDOW[0] <= clock <= WINDOW[1]:
            found.setdefault(reading.stamp.day, []).append(reading)
    return found


@lru_cache(64)
def ratings(f: Facts, what: str = "pain-morning") -> dict[date, Decimal]:
    """The morning's value by date, of records that may help: of two the higher (B11.8)."""
    result = {}
    for day, readings in slots(f, what).items():
        values = [r.value for r in readings if helps(r.stamp)]
        if values:
            result[day] = max(values)
    return result


def worst_ratings(f: Facts, threshold: Decimal | None) -> dict[date, Decimal]:
    """As `ratings`, with preliminary pain that reaches the flare threshold (B11.36)."""
    result = dict(ratings(f))
    for day, readings in slots(f, "pain-morning").items():
        for reading in readings:
            if not helps(reading.stamp) and threshold is not None and reading.value >= threshold:
                result[day] = max(result.get(day, reading.value), reading.value)
    return result


def last_week(f: Facts) -> list[date]:
    """B11.1: the seven local dates before the decision date."""
    return [f.today - timedelta(days=i) for i in range(1, 8)]


def week_before(f: Facts) -> list[date]:
    """B11.1: the seven dates before those."""
    return [f.today - timedelta(days=i) for i in range(8, 15)]


def mean(f: Facts, days: list[date]) -> Fraction | None:
    """G6 (B11.1): needs five readings."""
    values = [Fraction(v) for d, v in ratings(f).items() if d in days]
    return sum(values, Fraction(0)) / len(values) if len(values) >= n.MORNINGS else None


# --- usual values (B11.2, inputs.md) ----------------------------------------------------------------------------------
@lru_cache(64)
def usual(f: Facts, which: str) -> Decimal | None:
    """Usual `pain` or `fatigue`, or a lower preliminary value of a practitioner that no later final one replaced."""
    given = [r for r in f.measured(f"usual-{which}") if r.stamp.reporter is CLINICIAN]
    newest = max((r.stamp.day for r in given if not r.stamp.preliminary), default=None)
    lower = [r.value for r in given if r.stamp.preliminary and (newest is None or r.stamp.day >= newest)]
    value = _usual_without_preliminary(f, which)
    return None if value is None else min([value, *lower])


def _usual_without_preliminary(f: Facts, which: str) -> Decimal | None:
    """The clinician's, the state's when newer and lower, else the median of a calm week."""
    state = f.plan.usual_pain if which == "pain" else f.plan.usual_fatigue
    given = [r for r in f.measured(f"usual-{which}") if r.stamp.reporter is CLINICIAN and not r.stamp.preliminary]
    if given:
        day = max(r.stamp.day for r in given)
        value = min(r.value for r in given if r.stamp.day == day)
        newer = state is not None and f.plan.state_date is not None and f.plan.state_date > day
        return min(value, state) if newer and state is not None else value
    return state if state is not None else _median_of_calm_week(f, f"{which}-morning")


def _median_of_calm_week(f: Facts, what: str) -> Decimal | None:
    ticks = {a.stamp.day for a in f.answers("flare-self-report") if a.value is True}
    calm = f.plan.phase not in (Phase.FLARE, Phase.RETURN) and not ticks & {*last_week(f)}
    values = sorted(v for d, v in ratings(f, what).items() if d in last_week(f))
    if not calm or len(values) < n.MORNINGS:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


# --- limits (inputs.md) -----------------------------------------------------------------------------------------------
def limit(f: Facts, name: str) -> Decimal | None:
    """The newest limit of a practitioner; of two on one day the stricter."""
    given = [r for r in f.measured(name) if r.stamp.reporter is CLINICIAN]
    final = [r for r in given if not r.stamp.preliminary]
    day = max((r.stamp.day for r in final), default=None)
    value = min((r.value for r in final if r.stamp.day == day), default=None)
    stricter = [r.value for r in given if r.stamp.preliminary and (day is None or r.stamp.day >= day)]
    return min([*stricter, *([] if value is None else [value])], default=None)


@lru_cache(64)
def ceiling(f: Facts) -> Decimal:
    """B0: 5 until a clinician sets another; a preliminary one only lowers."""
    return _or_default(f, "pain-ceiling", n.PAIN_CEILING)


@lru_cache(64)
def rpe_cap(f: Facts) -> Decimal:
    """B11.24: 4 until a clinician sets another."""
    return _or_default(f, "rpe-cap", n.RPE_CAP)


def _or_default(f: Facts, name: str, default: Decimal) -> Decimal:
    value = limit(f, name)
    final = any(not r.stamp.preliminary for r in f.measured(name) if r.stamp.reporter is CLINICIAN)
    return default if value is None else value if final else min(value, default)


def newest(f: Facts, *names: str) -> Decimal | None:
    """The newest value of a score or vital sign that is worst when high, however old; a preliminary one if worse."""
    return max(_newest_values(f, *names), default=None)


def newest_low(f: Facts, name: str) -> Decimal | None:
    """The same of a score that is worst when low."""
    return min(_newest_values(f, name), default=None)


def _newest_values(f: Facts, *names: str) -> list[Decimal]:
    found = [r for r in f.measured(*names) if not r.exercising]
    finals = [r.stamp.when for r in found if not r.stamp.preliminary]
    return [r.value for r in found if not finals or r.stamp.when >= max(finals)]


# --- logs, screen, expiry (D, B11.14, B11.26) -------------------------------------------------------------------------
def last_log(f: Facts) -> date | None:
    return max(ratings(f), default=None)


@lru_cache(64)
def new_quality(f: Facts) -> datetime | None:
    """B11.26: the last moment at which a new pain quality made the screen unanswered."""
    return max((s.stamp.end for s in f.sessions() if s.pain_quality in n.QUALITIES), default=None)


def answered_on(f: Facts, flag: str) -> date | None:
    """The day of the newest answer, None if the newest is no answer. A preliminary one can only take away."""
    cut = new_quality(f)
    found = [a for a in f.answers(flag) if not a.stamp.preliminary or a.value is None]
    if not found:
        return None
    moment = max(a.stamp.when for a in found)
    last = [a for a in found if a.stamp.when == moment]
    void = any(a.value is None for a in last) or (cut is not None and moment <= cut)
    return None if void else last[0].stamp.day


@lru_cache(64)
def screen_day(f: Facts, short: bool) -> date | None:
    """The oldest day of the newest answers; None if one item is unanswered."""
    names = [name for name, flag in f.rulebook.flags.items() if flag.short or not short]
    days = [answered_on(f, name) for name in names]
    return None if any(d is None for d in days) else min(d for d in days if d is not None)


def screened(f: Facts) -> bool:
    """D: every question answered once, the short screen not more than 7 days ago."""
    short = screen_day(f, short=True)
    return screen_day(f, short=False) is not None and short is not None and f.days_ago(short) <= n.SCREEN_DAYS


def last_screen(f: Facts) -> date | None:
    """B11.14: when the short screen was last complete, even if a question is open again now."""
    days = []
    for name in (name for name, flag in f.rulebook.flags.items() if flag.short):
        days.append(max((a.stamp.day for a in f.answers(name) if a.value is not None and helps(a.stamp)), default=None))
    return None if any(d is None for d in days) else min(d for d in days if d is not None)


@lru_cache(64)
def expired(f: Facts) -> bool:
    """B11.14: 14 days without a log, or 14 after the last answered screen or the plan's start."""
    start = f.plan.started or f.plan.approved
    log, screen = last_log(f) or start, last_screen(f) or start
    no_log = log is not None and f.days_ago(log) >= n.EXPIRY_DAYS
    no_screen = screen is not None and f.days_ago(screen) >= n.EXPIRY_DAYS
    return no_log or no_screen


def age(day: date, born: date) -> int:
    before = (day.month, day.day) < (born.month, born.day)
    return day.year - born.year - before
