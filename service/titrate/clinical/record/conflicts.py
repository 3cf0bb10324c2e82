"""Data that contradict each other or cannot be: they hold the plan (rule D5), and the stricter value is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from titrate.clinical.record.limits import Limits
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.free_text import contains_phrase
from titrate.clinical.values.readings import Measurement, RefusalReason, SessionReported

_SCORES = ("pain_before", "pain_peak", "rpe")
_EXACT = ("unit", "prescribed", "done", "sets", "load", "last_set", "form", "talk_test", "stop_reason")
_CANNOT_BE = frozenset({RefusalReason.IMPLAUSIBLE, RefusalReason.CHECK_UNIT, RefusalReason.FUTURE})
# Something was measured, and nobody can tell what or when: it may be what stops.
_UNREADABLE = frozenset({
    RefusalReason.WRONG_UNIT, RefusalReason.WRONG_VALUE, RefusalReason.MALFORMED, RefusalReason.NO_TIME,
    RefusalReason.WRONG_TIME,
})  # fmt: skip
_HOLDING = _CANNOT_BE | _UNREADABLE


def report_conflicts(record: PatientRecord, limits: Limits) -> tuple[str, ...]:
    """Every conflict and every value that could not be taken, as far as they count today, without a patient's text."""
    found = [
        *_mornings(record),
        *_sessions(record),
        *_agony(record),
        *_in_bed(record),
        *_no_minutes(record),
        *_effort(record),
        *_not_taken(record),
        *(f"{name} was set differently on one day" for name in limits.doubts),
    ]
    return tuple(dict.fromkeys(found))


def _since(record: PatientRecord, days: Decimal) -> date:
    """The first local date of a window of so many days before today."""
    return record.today - timedelta(days=int(days))


def _apart(record: PatientRecord, values: Iterable[Decimal]) -> bool:
    known = sorted(values)
    return len(known) > 1 and known[-1] - known[0] > record.rulebook.numbers.conflict_tolerance


def _mornings(record: PatientRecord) -> Iterable[str]:
    since = _since(record, record.rulebook.numbers.conflict_days)
    for name, days in (("morning pain", record.pain), ("morning fatigue", record.fatigue)):
        for day, rated in days.items():
            if len(rated.ratings) > 1 and day >= since and _apart(record, (r.value for r in rated.ratings)):
                yield f"two ratings of {name} on {day} differ"


def _sessions(record: PatientRecord) -> Iterable[str]:
    recent = _lately(record)
    if all(a.stamp.when != b.stamp.when for a, b in pairwise(recent)):
        return  # every moment has one report
    slots: dict[tuple[date, str, str], list[SessionReported]] = defaultdict(list)
    for s in recent:
        slots[(s.stamp.day, s.exercise, s.stamp.when.isoformat())].append(s)
    for (day, exercise, _), reports in slots.items():
        if len(reports) > 1 and _disagree(record, reports):
            yield f"two reports of {exercise} on {day} differ"


def _lately(record: PatientRecord) -> list[SessionReported]:
    """The sessions that may still contradict each other, oldest first."""
    since = _since(record, record.rulebook.numbers.conflict_session_days)
    return [s for s in record.sessions if s.stamp.day >= since]


def _disagree(record: PatientRecord, reports: list[SessionReported]) -> bool:
    for field in _SCORES:
        if _apart(record, (v for r in reports if (v := getattr(r, field)) is not None)):
            return True
    return any(len({v for r in reports if (v := getattr(r, field)) is not None}) > 1 for field in _EXACT)


def _agony(record: PatientRecord) -> Iterable[str]:
    words = (*record.rulebook.conflict_words, *record.rulebook.bed_words)
    days = {c.stamp.day for c in record.comments if contains_phrase(c.text, words)}
    since = _since(record, record.rulebook.numbers.conflict_days)
    for day in sorted(days):
        if day >= since and _said_none(record, day):
            yield f"pain rated 0 on {day} while the words of that day speak of severe pain"
        elif day >= since and day not in record.pain:
            yield f"the words of {day} speak of severe pain, and the morning of that day was not rated"


def _said_none(record: PatientRecord, day: date) -> bool:
    rated: list[Measurement] = [*record.measured.get("pain-morning", ()), *record.measured.get("pain-other", ())]
    if any(m.value == 0 and m.stamp.day == day for m in rated):
        return True
    return any(s.pain_peak == 0 and s.stamp.day == day for s in record.sessions)


def _in_bed(record: PatientRecord) -> Iterable[str]:
    words = record.rulebook.bed_words
    days = {c.stamp.day for c in record.comments if contains_phrase(c.text, words)}
    for day in sorted({s.stamp.day for s in _done(record)} & days):
        yield f"a session on {day} while the words of that day speak of lying in bed"


def _no_minutes(record: PatientRecord) -> Iterable[str]:
    """A device that saw no exercise at the time of a session that was done."""
    none = [m for m in record.measured.get("exercise-duration", ()) if m.value == 0]
    for s in _done(record) if none else ():
        if any(_covers(m, s) for m in none):
            yield f"a session on {s.stamp.day} while a device counted no minutes of exercise at that time"


def _done(record: PatientRecord) -> list[SessionReported]:
    """Sessions that may still contradict something, unless nothing was done in them."""
    return [s for s in _lately(record) if s.done != 0]


def _covers(m: Measurement, s: SessionReported) -> bool:
    """Whether a value is about the whole time of a session: its period, or its date where no time was given."""
    if not m.stamp.timed:
        return m.stamp.day <= s.stamp.day <= m.stamp.end.date()
    return m.stamp.until is not None and m.stamp.when <= s.stamp.when and s.stamp.end <= m.stamp.until


def _effort(record: PatientRecord) -> Iterable[str]:
    book = record.rulebook
    for s in _lately(record):
        if s.rpe is None or s.heart_rate is None:
            continue
        age = record.person.age_on(s.stamp.day)
        if age is None:
            return
        most = book.numbers.hrmax_intercept - book.numbers.hrmax_slope * age
        if s.rpe <= book.numbers.conflict_rpe_max and s.heart_rate > book.numbers.conflict_hr_part * most:
            yield f"very low exertion and a high heart rate in the session of {s.stamp.day}"


def _not_taken(record: PatientRecord) -> Iterable[str]:
    for refusal in record.refusals:
        if refusal.reason not in _HOLDING or refusal.what is None:
            continue
        session = refusal.what.startswith("session")
        measure = record.rulebook.measures.get(refusal.what)
        if not session and (measure is None or not measure.decides):
            continue
        numbers = record.rulebook.numbers
        window = numbers.conflict_session_days if session else numbers.conflict_days
        if refusal.day is None or refusal.day >= _since(record, window):
            doubt = "unusable value or time" if refusal.reason in _UNREADABLE else "implausible value"
            yield f"{doubt} of {refusal.what}" + (f" on {refusal.day}" if refusal.day else "")
