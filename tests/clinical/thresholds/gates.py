"""Probes of the numbers that the gates of a step use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

from tests.clinical.thresholds.probe import AT, WALK, Case, Probe, ago, calm, gate, pain, walks, without
from tests.courses.build import measured, on, session, sets, state
from titrate.clinical.values.readings import SessionReported
from titrate.clinical.values.rulebook import Rulebook

Ask = Callable[[Rulebook, Decimal], bool]
PRESS = sets(3, 10, 40)


def _presses(last: int, good: int, *, reached: int = 12) -> tuple[SessionReported, ...]:
    """The last five leg-press sessions, of which the `good` newest had `reached` repetitions in the last set."""
    counts = [reached if n < good else last for n in range(5)]
    days = (3, 5, 7, 10, 12)
    return tuple(session("leg-press", ago(d), PRESS, (2, 3), 3, last_set=c) for d, c in zip(days, counts, strict=True))


def _two_for_two(sessions: tuple[SessionReported, ...]) -> Callable[[Rulebook], bool]:
    states = (state("leg-press", PRESS, 2, ago(14)),)
    return lambda book: gate(Case(states=states, sessions=sessions).run(book), "G11", "leg-press")


def _in_a_row(book: Rulebook, count: Decimal) -> bool:
    """G4 with a number of walks since the dose came into force."""
    days = (3, 5, 7, 10, 12)[: int(count)]
    states = (state("walking", WALK, 3, ago(days[-1])),)
    return gate(Case(states=states, sessions=tuple(walks((14, *days)))).run(book), "G4")


def _on_dates(book: Rulebook, dates: Decimal) -> bool:
    """G4 with three walks on the given number of dates, at noon, afternoon and evening, and none before."""
    shifts = (timedelta(0), timedelta(hours=3), timedelta(hours=6))
    days = (3, 5, 7)[: int(dates)]
    made = [(walks((days[min(at, len(days) - 1)],))[0], shift) for at, shift in enumerate(shifts)]
    sessions = tuple(
        replace(walk, stamp=replace(walk.stamp, when=walk.stamp.when - shift, until=walk.stamp.end - shift))
        for walk, shift in made
    )
    return gate(Case(sessions=sessions).run(book), "G4")


def _days_at_dose(book: Rulebook, days: Decimal) -> bool:
    return gate(Case(states=(state("walking", WALK, 3, ago(int(days))),)).run(book), "G5")


def _week_at(book: Rulebook, value: Decimal) -> bool:
    """G6 with this morning pain all week, after a week at usual 2."""
    days = (*without(calm(), range(1, 8)), *(pain(d, value) for d in range(1, 8)))
    return gate(Case(days=days).run(book), "G6")


def _seven_of(book: Rulebook, weekly: Decimal) -> bool:
    """G7 with seven sessions in the week out of those planned."""
    states = (state("walking", WALK, int(weekly), ago(14)),)
    return gate(Case(states=states, sessions=tuple(walks(range(1, 8)))).run(book), "G7")


def _week_of_work(book: Rulebook, last: Decimal) -> bool:
    """G9: 3 x 22 min planned, and 20 + 20 + this done in the week."""
    done = replace(walks((1,))[0], done=last)
    return gate(Case(sessions=(*walks((12, 10, 5, 3)), done)).run(book), "G9")


def _month_of_work(day: Decimal, done: Decimal) -> Callable[[Rulebook], bool]:
    """G9: 3 x 22 min planned, six walks of 20 min in two weeks, and another on this day, as long as it was planned."""
    old = replace(walks((int(day),))[0], done=done, prescribed=done)
    return lambda book: gate(Case(sessions=(old, *walks((14, 12, 10, 5, 3, 1)))).run(book), "G9")


def _nights(what: str) -> Ask:
    """G8 with three nights of this quality."""
    return lambda book, value: gate(
        Case(more=tuple(measured(what, value, on(ago(d))) for d in (2, 3, 4))).run(book), "G8"
    )


def _bad_nights(book: Rulebook, count: Decimal) -> bool:
    bad = tuple(measured("sleep-hours", 4, on(ago(d))) for d in range(1, int(count) + 1))
    return gate(Case(more=bad).run(book), "G8")


def _score(what: str) -> Ask:
    when = on(ago(5)) + timedelta(hours=2)
    return lambda book, value: gate(Case(more=(measured(what, value, when),)).run(book), "G8")


CASES: Mapping[str, Probe] = {
    "TWO_FOR_TWO": Probe(
        lambda book, reached: _two_for_two(_presses(10, 5, reached=int(reached)))(book),
        {"11": False, "12": True, "13": True},
    ),
    "TWO_FOR_TWO_SESSIONS": Probe(
        lambda book, good: _two_for_two(_presses(10, int(good)))(book), {"1": False, "2": True, "3": True}
    ),
    "N_SESS": Probe(_in_a_row, {"2": False, "3": True, "4": True}),
    "N_SESS_DATES": Probe(_on_dates, {"1": False, "2": True, "3": True}),
    "MIN_DAYS_AT_DOSE": Probe(_days_at_dose, {"6": False, "7": True, "8": True}),
    "WEEK_RISE_HOLD": Probe(_week_at, {"2.4": True, "2.5": True, "2.6": False}, "0.1"),
    "ADH_MIN": Probe(_seven_of, {"11": False, "10": True, "9": True}, "0.07"),
    "LOAD_WEEK_CAP": Probe(_week_of_work, {"14.9": False, "15": True, "15.1": True}, "0.01"),
    "LOAD_MONTH_CAP": Probe(
        lambda book, done: _month_of_work(Decimal(21), done)(book), {"83": False, "83.1": True, "84": True}, "0.01"
    ),
    "LOAD_MONTH_DAYS": Probe(
        lambda book, day: _month_of_work(day, Decimal(84))(book), {"27": True, "28": True, "29": False}
    ),
    "LOAD_MONTH_DATA_DAYS": Probe(
        lambda book, day: _month_of_work(day, Decimal(1))(book), {"20": True, "21": False, "22": False}
    ),
    "SLEEP_QUALITY_LOW": Probe(_nights("sleep-quality"), {"2.5": False, "3": False, "3.5": True}, "0.5"),
    "SLEEP_HOURS_LOW": Probe(_nights("sleep-hours"), {"4.5": False, "5": True, "5.5": True}, "0.5"),
    "SLEEP_NIGHTS": Probe(_bad_nights, {"2": True, "3": False, "4": False}),
    "PHQ9_HOLD": Probe(_score("phq-9"), {"9": True, "10": False, "11": False}),
    "TSK_11_HIGH": Probe(_score("tsk-11"), {"35": True, "36": False, "37": False}),
    "CLINIC_PAIN_HOLD": Probe(
        lambda book, score: gate(Case(more=(measured("pain-clinic", score, on(AT, time(9))),)).run(book), "G8"),
        {"4.5": True, "5": False, "5.5": False}, "0.5",
    ),
    "HR_REST_HOLD": Probe(_score("heart-rate"), {"99": True, "100": False, "101": False}),
}  # fmt: skip
