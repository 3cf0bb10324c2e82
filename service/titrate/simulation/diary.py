"""What a day held, as it was and as it was told: the judge looks here, never at what the rules made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bout:
    """One session. Amounts are totals in `unit`; `told`: reported, `whole`: with all parts, `late`: days later."""

    exercise: str
    asked: Decimal
    done: Decimal
    unit: str
    sets: int | None
    load: Decimal | None
    peak: Decimal
    effort: Decimal
    form: str = "good"
    stop: str = "completed"
    told: bool = True
    whole: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One tolerance trial."""

    exercise: str
    done: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `pain` and `fatigue` are the morning's, true whether `logged` or not; `flare` is true, `ticked` is told.

    `screened`: the safety screen was answered; `yes` are flags reported or found that day, `cleared` those that a
    clinician closed; `crash` a day of worsening after exertion; `away` a day without a word; `faults` what devices
    sent wrong.
    """

    date: date
    number: int
    pain: Decimal
    fatigue: Decimal
    logged: bool
    fatigue_told: bool
    flare: bool
    ticked: bool
    bad_night: bool
    stressed: bool
    crash: bool
    away: bool
    screened: bool
    bouts: tuple[Bout, ...] = ()
    trials: tuple[Trial, ...] = ()
    yes: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
