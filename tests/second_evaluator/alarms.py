"""Open red flags, and contradictory records (section C, D, B11.8, B11.27)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from tests.second_evaluator import numbers as n
from tests.second_evaluator.facts import CLINICIAN, Facts, age, slots, usual
from tests.second_evaluator.reported import pulse
from titrate.clinical.values.readings import (
    Clearance,
    Comment,
    Measurement,
    RefusalReason,
    SessionReported,
)
from titrate.clinical.values.rulebook import Urgency


# --- flags (C, B11.27) ------------------------------------------------------------------------------------------------
def flag_events(f: Facts, flag: str) -> list[datetime]:
    """Every moment at which something opened the flag."""
    yes_answers = [a.stamp.when for a in f.answers(flag) if a.value is True]
    return yes_answers + [when for name, when in derived(f) if name == flag]


def derived(f: Facts) -> Iterator[tuple[str, datetime]]:
    """Flags opened by measurements, free text and stop reasons."""
    for r in f.measured("systolic", "diastolic", "heart-rate", "spo2", "temperature", "glucose"):
        for name in _by_value(r):
            yield name, r.stamp.when
    for r in f.measured("phq-9-item-9"):
        if r.value >= 1:
            yield "rf19", r.stamp.when
    for c in (r for r in f.readings if isinstance(r, Comment)):
        if says(c.text, f.rulebook.alarm_words):
            yield "rf19", c.stamp.when
    for s in f.sessions():
        if s.stop_reason == "chest-symptom":
            yield "rf09", s.stamp.when
    for when in _worse_after_exertion(f):
        yield "rf16", when


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text contains a phrase word by word; any character but a letter or digit separates words."""
    words, starts = _words_of(text), range(len(text))
    return any(words[i : i + len(phrase)] == phrase for phrase in map(_words_of, phrases) for i in starts)


def _words_of(text: str) -> list[str]:
    curly = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", unicodedata.normalize("NFKC", curly).casefold())


def _worse_after_exertion(f: Facts) -> Iterator[datetime]:
    """B10: mornings of high fatigue, each attributed to the last session day that ended 12 to 72 hours before.
    A session day's first such morning counts; it opens the flag when one of the two session days before it had one too.
    """
    normal = usual(f, "fatigue")
    ends: dict[date, datetime] = {}
    for s in f.sessions():
        ends[s.stamp.day] = max(ends.get(s.stamp.day, s.stamp.end), s.stamp.end)
    bad: dict[date, datetime] = {}
    for r in sorted(f.measured("fatigue-morning"), key=lambda r: r.stamp.when):
        if normal is None or r.value < normal + n.EXERTION_FATIGUE:
            continue
        low, high = (timedelta(hours=h) for h in n.EXERTION_HOURS)
        possible = [day for day, end in ends.items() if low <= r.stamp.when - end <= high]
        if possible and max(possible) not in bad:
            bad[max(possible)] = r.stamp.when
    days = sorted(ends)
    for i, day in enumerate(days):
        if day in bad and any(other in bad for other in days[max(0, i - n.EXERTION_OF + 1) : i]):
            yield bad[day]


def _by_value(r: Measurement) -> list[str]:
    what, v, moving = r.what, r.value, r.exercising
    pulse = what == "heart-rate" and not moving
    tests = {
        "rf11": not moving and ((what == "systolic" and v >= 180) or (what == "diastolic" and v >= 110)),
        "rf12": moving and ((what == "systolic" and v > 250) or (what == "diastolic" and v > 115)),
        "rf13": pulse and (v > 120 or v < 40),
        "rf14": what == "spo2" and v < (89 if moving else 92),
        "rf05": what == "temperature" and v >= 38,
        "rf15": what == "temperature" and v > 38,
        "rf17": what == "glucose" and (v < Decimal("3.9") or v >= Decimal("13.9")),
    }
    return [name for name, opens in tests.items() if opens]


@lru_cache(64)
def open_flags(f: Facts) -> dict[str, Urgency]:
    """Flags that no clearance by a practitioner has closed. Time alone closes none."""
    result = {}
    for name, flag in f.rulebook.flags.items():
        wait = timedelta(hours=n.CLEAR_AFTER_HOURS.get(name, 0))
        cleared = [
            c.stamp.when
            for c in f.readings
            if isinstance(c, Clearance) and c.flag == name and c.stamp.reporter is CLINICIAN and not c.stamp.preliminary
        ]
        if any(all(event + wait > when for when in cleared) for event in flag_events(f, name)):
            result[name] = flag.urgency
    return result


# --- conflicts (D, B11.8) ---------------------------------------------------------------------------------------------
def conflicts(f: Facts) -> list[str]:
    """Reasons for D5: two records contradict each other, or one is implausible."""
    found = [f"{what} {day}" for what in ("pain-morning", "fatigue-morning") for day in _unequal(f, what)]
    found += [f"pain 0 and words {day}" for day in _zero_and_words(f) if f.days_ago(day) <= n.CONFLICT_DAYS]
    bed = _days_that_say(f, f.rulebook.bed_words)
    found += [f"bed and session {s.stamp.day}" for s in _done(f) if s.stamp.day in bed]
    found += [f"no minutes and session {s.stamp.day}" for s in _done(f) if _device_saw_no_exercise(f, s)]
    found += [f"limits {name}" for name in ("pain-ceiling", "rpe-cap", "heart-rate-limit") if _limits_differ(f, name)]
    found += [f"easy and fast {s.stamp.day}" for s in f.sessions() if _easy_and_fast(f, s)]
    found += [f"implausible {r.what}" for r in f.patient_readings.refusals if _implausible(f, r.reason, r.what, r.day)]
    return found


def _unequal(f: Facts, what: str) -> list[date]:
    return [
        day
        for day, readings in slots(f, what).items()
        if max(r.value for r in readings) - min(r.value for r in readings) > 1 and f.days_ago(day) <= n.CONFLICT_DAYS
    ]


def _zero_and_words(f: Facts) -> set[date]:
    loud = _days_that_say(f, (*f.rulebook.conflict_words, *f.rulebook.bed_words))
    zero = {r.stamp.day for r in f.measured("pain-morning", "pain-other") if r.value == 0}
    rated = {r.stamp.day for r in f.measured("pain-morning")}
    return loud & (zero | {s.stamp.day for s in f.sessions() if s.pain_peak == 0}) | loud - rated  # READINGS D


def _days_that_say(f: Facts, phrases: Iterable[str]) -> set[date]:
    return {c.stamp.day for c in f.readings if isinstance(c, Comment) and says(c.text, phrases)}


def _done(f: Facts) -> list[SessionReported]:
    return [s for s in f.sessions() if s.done != 0 and f.days_ago(s.stamp.day) <= n.SESSION_CONFLICT_DAYS]


def _device_saw_no_exercise(f: Facts, s: SessionReported) -> bool:
    """A device counted zero minutes in a period that contains the session, or on its date."""
    for r in f.measured("exercise-duration"):
        begun, over = (r.stamp.when, r.stamp.until) if r.stamp.timed else (r.stamp.day, r.stamp.end.date())
        first, last = (s.stamp.when, s.stamp.end) if r.stamp.timed else (s.stamp.day, s.stamp.day)
        if r.value == 0 and over is not None and begun <= first and last <= over:
            return True
    return False


def _limits_differ(f: Facts, name: str) -> bool:
    given = [r for r in f.measured(name) if r.stamp.reporter is CLINICIAN and not r.stamp.preliminary]
    day = max((r.stamp.day for r in given), default=None)
    values = {r.value for r in given if r.stamp.day == day}
    return day is not None and len(values) > 1 and f.days_ago(day) <= n.CONFLICT_DAYS


def _easy_and_fast(f: Facts, s: SessionReported) -> bool:
    born = f.patient_readings.person.birth_date
    rate = pulse(f, s)
    if s.rpe is None or rate is None or born is None or f.days_ago(s.stamp.day) > n.SESSION_CONFLICT_DAYS:
        return False
    maximum = 208 - Decimal("0.7") * age(s.stamp.day, born)
    return s.rpe <= 2 and rate > Decimal("0.85") * maximum


_IMPLAUSIBLE = {RefusalReason.IMPLAUSIBLE, RefusalReason.CHECK_UNIT, RefusalReason.FUTURE}


def _implausible(f: Facts, reason: RefusalReason, what: str | None, day: date | None) -> bool:
    measure = f.rulebook.measures.get(what or "")
    recent = day is None or f.days_ago(day) <= n.CONFLICT_DAYS
    if measure is not None and measure.missing:  # B13.13
        recent = day is None or f.days_ago(day) <= n.UNREADABLE_DAYS
        if any(f.days_ago(r.stamp.day) <= n.UNREADABLE_DAYS for r in f.measured(measure.name)):
            return False
    elif (what or "").startswith("session") and reason not in _IMPLAUSIBLE:  # B13.15
        recent = day is None or f.days_ago(day) < n.UNREADABLE_DAYS
    wrong = reason in {
        RefusalReason.IMPLAUSIBLE, RefusalReason.CHECK_UNIT, RefusalReason.WRONG_UNIT, RefusalReason.WRONG_VALUE,
        RefusalReason.MALFORMED, RefusalReason.NO_TIME, RefusalReason.WRONG_TIME, RefusalReason.FUTURE,
    }  # fmt: skip
    return wrong and measure is not None and measure.decides and recent
