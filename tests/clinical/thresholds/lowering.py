"""Probes of the numbers that lower a dose without a flare: deload, lighter week, gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from tests.clinical.thresholds.probe import WALK, Case, Probe, ago, minutes_of, walks
from tests.courses.build import minutes, state
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import SessionReported
from titrate.clinical.values.rulebook import Rulebook

Ask = Callable[[Rulebook, Decimal], object]
DAYS = (14, 12, 10, 7, 5, 3)


def _sessions(pattern: str, amount: Decimal = WALK.amount) -> tuple[SessionReported, ...]:
    """The last walks by class, the newest last; a bad one had a peak of 6."""
    days = DAYS[-len(pattern) :]
    planned = walks(days, minutes(amount))
    return tuple(replace(w, pain_peak=Decimal(6)) if c == "X" else w for w, c in zip(planned, pattern, strict=True))


def _bad(pattern: str) -> Callable[[Rulebook], str]:
    return lambda book: Case(sessions=_sessions(pattern)).run(book).decision.rule


def _bad_of_three(book: Rulebook, bad: Decimal) -> str:
    return _bad("TTT" + "T" * (3 - int(bad)) + "X" * int(bad))(book)


def _good_after_two_bad(book: Rulebook, good: Decimal) -> str:
    return _bad("TXX" + "T" * int(good))(book)


def _deloaded(book: Rulebook, amount: Decimal) -> str | None:
    return minutes_of(Case(sessions=_sessions("TTTTXX", amount), dose=minutes(amount)).run(book))


def _floor(book: Rulebook, start: Decimal) -> str | None:
    """17 minutes deloaded, when the start dose was this."""
    states = (state("walking", minutes(17), 3, ago(14), start=minutes(start)),)
    return minutes_of(Case(states=states, sessions=_sessions("TTTTXX", Decimal(17))).run(book))


def _loading_for(book: Rulebook, days: Decimal) -> str:
    return Case(plan={"loading_since": ago(int(days))}).run(book).decision.rule


def _light(book: Rulebook, amount: Decimal) -> str | None:
    return minutes_of(Case(plan={"loading_since": ago(21)}, dose=minutes(amount)).run(book))


def _light_for(book: Rulebook, days: Decimal) -> str:
    """The phase after a number of days of a lighter week."""
    light = minutes(12)
    states = (state("walking", light, 3, ago(int(days)), reference=WALK),)
    case = Case(states=states, sessions=tuple(walks((8, 6, 4, 2), light)), phase=Phase.LIGHTER_WEEK, since=int(days))
    return case.run(book).decision.phase.value


def _gap(days: Decimal, amount: Decimal = WALK.amount) -> Case:
    dose = minutes(amount)
    first = int(days)
    sessions = tuple(walks((first + 4, first + 2, first), dose))
    return Case(sessions=sessions, dose=dose, since=35, plan={"loading_since": ago(10)})


def _after_gap(book: Rulebook, days: Decimal) -> str | None:
    return minutes_of(_gap(days).run(book))


def _part_after(days: int) -> Ask:
    return lambda book, amount: minutes_of(_gap(Decimal(days), amount).run(book))


def _steps_back(book: Rulebook, days: Decimal) -> bool:
    return "D4" in _gap(days).run(book).decision.matched


CASES: Mapping[str, Probe] = {
    "REACTIVE_DELOAD": Probe(_deloaded, {"20": "16", "30": "24", "40": "32"}, "0.05"),
    "DELOAD_X": Probe(_bad_of_three, {"1": "D11", "2": "D3", "3": "D3"}),
    "DELOAD_OF": Probe(_good_after_two_bad, {"0": "D3", "1": "D3", "2": "D11"}),
    "DELOAD_FLOOR": Probe(_floor, {"20": "13", "28": "14", "30": "15"}, "0.05"),
    "LIGHT_WEEK_AFTER_DAYS": Probe(_loading_for, {"20": "D10", "21": "D9", "22": "D9"}),
    "LIGHT_WEEK_DAYS": Probe(_light_for, {"6": "lighter-week", "7": "loading", "8": "loading"}),
    "LIGHT_WEEK_VOL": Probe(_light, {"20": "12", "30": "18", "40": "24"}, "0.05"),
    "GAP_DAYS": Probe(_steps_back, {"6": False, "7": True, "8": True}),
    "GAP_DAYS_LONG": Probe(_after_gap, {"13": "14", "14": "10", "15": "10"}),
    "GAP_DAYS_REBASELINE": Probe(_after_gap, {"27": "10", "28": None, "29": None}),
    "GAP_FACTOR": Probe(_part_after(8), {"20": "14", "30": "21", "40": "28"}, "0.05"),
    "GAP_FACTOR_LONG": Probe(_part_after(16), {"20": "10", "30": "15", "40": "20"}, "0.05"),
}  # fmt: skip
