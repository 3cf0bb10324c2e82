"""The diary of a simulated patient: the truth of each day and what was reported. Evidence of the judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Session:
    """One session. Amounts are totals in `unit`. `complete`: reported with all parts; `late`: reported days later."""

    exercise: str
    prescribed: Decimal
    done: Decimal
    unit: str
    sets: int | None
    load: Decimal | None
    peak: Decimal
    effort: Decimal
    form: str = "good"
    stop: str = "completed"
    reported: bool = True
    complete: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One tolerance trial."""

    exercise: str
    done: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `pain` and `fatigue` are the true morning values, reported if `logged`; `flare` is the truth.

    `screened`: the safety screen was answered. `reported_flags` were reported or found that day, `cleared` ones closed
    by a clinician. `crash`: worsening after exertion; `away`: no report at all; `faults`: faulty device reports.
    """

    date: date
    number: int
    pain: Decimal
    fatigue: Decimal
    logged: bool
    fatigue_reported: bool
    flare: bool
    flare_reported: bool
    bad_night: bool
    stressed: bool
    crash: bool
    away: bool
    screened: bool
    sessions: tuple[Session, ...] = ()
    trials: tuple[Trial, ...] = ()
    reported_flags: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
