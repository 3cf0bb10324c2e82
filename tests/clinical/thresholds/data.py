"""Probes of the numbers of data sufficiency, expiry, review and eligibility."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import (
    AT,
    WALK,
    Case,
    Probe,
    ago,
    calm,
    lacks,
    minutes_of,
    on_course,
    walks,
    without,
)
from tests.courses.build import measured, minutes, on, patient_readings, screen, stamp, state, trial
from titrate.clinical.values.plan import NO_PLAN, PastDecision, Phase
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind
from titrate.clinical.values.rulebook import Rulebook

Ask = Callable[[Rulebook, Decimal], object]


def _mornings(book: Rulebook, count: Decimal) -> bool:
    days = tuple(without(calm(), range(int(count) + 1, 8)))
    return lacks(Case(days=days).run(book), "morning pain on")


def _third_session(book: Rulebook, days: Decimal) -> bool:
    return lacks(Case(sessions=tuple(walks((int(days), 3, 5)))).run(book), "evaluable session")


def _sessions(book: Rulebook, count: Decimal) -> bool:
    return lacks(Case(sessions=tuple(walks((3, 5, 7, 9)[: int(count)]))).run(book), "evaluable session")


def _sessions_of_return(book: Rulebook, count: Decimal) -> bool:
    states = (state("walking", minutes(16), 3, ago(10), before_flare=WALK),)
    sessions = tuple(walks((3, 5, 7)[: int(count)], minutes(16)))
    case = Case(states=states, sessions=sessions, phase=Phase.RETURN, since=10)
    return lacks(case.run(book), "evaluable session")


def _last_log(book: Rulebook, days: Decimal) -> bool:
    return lacks(Case(days=tuple(calm(last=int(days)))).run(book), "last daily log")


def _last_session(book: Rulebook, days: Decimal) -> bool:
    sessions = tuple(walks((int(days) + 4, int(days) + 2, int(days))))
    return lacks(Case(sessions=sessions).run(book), "last session")


def _screen(book: Rulebook, days: Decimal) -> bool:
    return lacks(Case(screened=int(days)).run(book), "safety screen")


def _expired(book: Rulebook, days: Decimal) -> str | None:
    return minutes_of(Case(screened=int(days)).run(book))


def _stalled(book: Rulebook, days: Decimal) -> bool:
    """Review of a patient whose plan began a number of days ago and whose dose is in its lighter week."""
    states = (state("walking", minutes(12), 3, ago(3), reference=WALK),)
    case = Case(states=states, phase=Phase.LIGHTER_WEEK, since=3, plan={"started": ago(int(days))})
    return case.run(book).decision.review


def _deloads(book: Rulebook, count: Decimal) -> bool:
    days = (20, 15, 10)[: int(count)]
    history = tuple(
        PastDecision(ago(d - n), outcome, Phase.LOADING, datetime.combine(ago(d - n), datetime.min.time(), UTC))
        for d in days
        for n, outcome in enumerate(("reactive-deload", "hold"))
    )
    return Case(plan={"history": history}).run(book).decision.review


def _old_score(book: Rulebook, days: Decimal) -> bool:
    score = measured("tsk-11", 20, on(ago(int(days))))
    return any("ask again" in ask for ask in texts(Case(more=(score,)).run(book).decision.asks))


def _aged(book: Rulebook, years: Decimal) -> str:
    patient_readings, plan, at = Case().course()
    born = date(AT.year - int(years), AT.month, AT.day)
    young = replace(patient_readings, person=replace(patient_readings.person, birth_date=born))
    return on_course(book, (young, plan, at)).decision.rule


def _starts(days: Decimal, minutes_a_day: Decimal, ago_: int, book: Rulebook) -> str:
    """The rule for a patient with heart disease and trials, and a report of regular exercise a number of days ago."""
    when = on(ago(ago_))
    reported = [measured("exercise-days", days, when), measured("exercise-minutes", minutes_a_day, when)]
    disease = Diagnosis(DiagnosisKind.CONDITION, "ischaemic-heart-disease", "", stamp("disease", on(ago(900))))
    trials = [trial("walking", ago(day), 20, "min") for day in (5, 3, 1)]
    readings = (*calm(), *screen(AT), *trials, *reported, disease)
    return on_course(book, (patient_readings(readings), NO_PLAN, on(AT, time(13)))).decision.rule


def _assessed(book: Rulebook, days: Decimal) -> bool:
    """Whether the tolerance assessment covers the date this number of days ago."""
    return ago(int(days)) >= Case().run(book).assessment.window_start


CASES: Mapping[str, Probe] = {
    "MORNINGS_MIN": Probe(_mornings, {"4": True, "5": False, "6": False}),
    "ASSESSMENT_DAYS": Probe(_assessed, {"13": True, "14": True, "15": False}),
    "SESSIONS_WINDOW_DAYS": Probe(_third_session, {"20": False, "21": False, "22": True}),
    "SESSIONS_MIN": Probe(_sessions, {"2": True, "3": False, "4": False}),
    "SESSIONS_MIN_RETURN": Probe(_sessions_of_return, {"1": True, "2": False, "3": False}),
    "LOG_RECENT_DAYS": Probe(_last_log, {"2": False, "3": False, "4": True}),
    "SESSION_RECENT_DAYS": Probe(_last_session, {"6": False, "7": True, "8": True}),
    "SCREEN_RECENT_DAYS": Probe(_screen, {"6": False, "7": False, "8": True}),
    "EXPIRY_DAYS": Probe(_expired, {"13": "20", "14": None, "15": None}),
    "REVIEW_DAYS": Probe(_stalled, {"27": False, "28": True, "29": True}),
    "REVIEW_COUNT": Probe(_deloads, {"1": False, "2": True, "3": True}),
    "PROM_RECENT_DAYS": Probe(_old_score, {"41": False, "42": False, "43": True}),
    "ACTIVE_DAYS": Probe(lambda b, n: _starts(n, Decimal(30), 9, b), {"2": "D5", "3": "D6", "4": "D6"}),
    "ACTIVE_MINUTES": Probe(lambda b, n: _starts(Decimal(3), n, 9, b), {"29": "D5", "30": "D6", "31": "D6"}),
    "ACTIVE_RECENT_DAYS": Probe(
        lambda b, n: _starts(Decimal(3), Decimal(30), int(n), b), {"91": "D6", "92": "D6", "93": "D5"}
    ),
    "ADULT_AGE": Probe(_aged, {"17": "D0", "18": "D10", "19": "D10"}),
}
