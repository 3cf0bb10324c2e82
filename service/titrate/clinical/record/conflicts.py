"""Reports that contradict each other or cannot be true: they hold the plan (rule D5), and the stricter value counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.record.limits import Limits, is_limit
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.code_lookup import contains_phrase
from titrate.clinical.values.merged_sessions import Bout, differ
from titrate.clinical.values.readings import Measurement, Refusal, RefusalReason, SessionReported
from titrate.messages import Message
from titrate.messages import record as messages

_SCORES = ("pain_before", "pain_peak", "rpe")
_AMOUNTS = ("done", "load")
_EXACT = ("unit", "prescribed", "sets", "last_set", "form", "talk_test", "stop_reason")
# Components of a session whose unreadable value leaves their field empty.
_COMPONENT_FIELDS = {
    "session.prescribed": "prescribed", "session.done": "done", "session.pain-before": "pain_before",
    "session.pain-peak": "pain_peak", "session.rpe-cr10": "rpe", "session.rpe-6-20": "rpe",
    "session.last-set-repetitions": "last_set",
}  # fmt: skip
_IMPLAUSIBLE = frozenset({RefusalReason.IMPLAUSIBLE, RefusalReason.CHECK_UNIT, RefusalReason.FUTURE})
# Something was measured, but what or when is unknown: it may be what stops the plan.
_UNREADABLE = frozenset({
    RefusalReason.WRONG_UNIT, RefusalReason.WRONG_VALUE, RefusalReason.MALFORMED, RefusalReason.NO_TIME,
    RefusalReason.WRONG_TIME,
})  # fmt: skip
_Undated = type[messages.ImplausibleReport] | type[messages.UnusableReport] | type[messages.ConflictingReport]
_Dated = type[messages.ImplausibleReportOn] | type[messages.UnusableReportOn] | type[messages.ConflictingReportOn]
# The reasons that hold the plan, and the sentences without and with a day.
_SENTENCES: Mapping[RefusalReason, tuple[_Undated, _Dated]] = {
    **dict.fromkeys(_IMPLAUSIBLE, (messages.ImplausibleReport, messages.ImplausibleReportOn)),
    **dict.fromkeys(_UNREADABLE, (messages.UnusableReport, messages.UnusableReportOn)),
    RefusalReason.CONFLICT: (messages.ConflictingReport, messages.ConflictingReportOn),
}


def report_conflicts(record: PatientRecord, limits: Limits) -> tuple[Message, ...]:
    """Every conflict and every unusable value that still counts today; none quotes the patient's own words."""
    found = [
        *_ratings(record),
        *_session_reports(record),
        *_severe_words(record),
        *_sessions_in_bed(record),
        *_sessions_without_minutes(record),
        *_effort(record),
        *_unusable_reports(record),
        *(messages.OrderNotPlausible(reference=order) for order in record.plan.implausible_orders),
        *(messages.LimitSetTwice(limit=name) for name in limits.set_twice),
    ]
    return tuple(dict.fromkeys(found))


def _window_start(record: PatientRecord, days: Decimal) -> date:
    """The first local date of a window of `days` before today."""
    return record.today - timedelta(days=int(days))


def _differ(record: PatientRecord, values: Iterable[Decimal]) -> bool:
    """Whether values lie further apart than the tolerance."""
    known = sorted(values)
    return len(known) > 1 and known[-1] - known[0] > record.rulebook.numbers.conflict_tolerance


def _ratings(record: PatientRecord) -> Iterable[Message]:
    since = _window_start(record, record.rulebook.numbers.conflict_days)
    for name, days in (("morning pain", record.pain), ("morning fatigue", record.fatigue)):
        for day, rated in days.items():
            if len(rated.ratings) > 1 and day >= since and _differ(record, (r.value for r in rated.ratings)):
                yield messages.RatingsDiffer(measure=name, day=day)


def _session_reports(record: PatientRecord) -> Iterable[Message]:
    since = _window_start(record, record.rulebook.numbers.conflict_session_days)
    for bout in record.reported_again:
        day = min(report.stamp.day for report in bout)
        if day >= since and _disagree(record, bout):
            yield messages.SessionReportsDiffer(exercise=bout[0].exercise, day=day)


def _recent_sessions(record: PatientRecord) -> list[SessionReported]:
    """The sessions that may still contradict each other, oldest first."""
    since = _window_start(record, record.rulebook.numbers.conflict_session_days)
    return [s for s in record.sessions if s.stamp.day >= since]


def _disagree(record: PatientRecord, reports: Bout) -> bool:
    for field in _SCORES:
        if _differ(record, (v for r in reports if (v := getattr(r, field)) is not None)):
            return True
    part = record.rulebook.numbers.same_session_part
    if any(differ((v for r in reports if (v := getattr(r, field)) is not None), part) for field in _AMOUNTS):
        return True
    return any(len({v for r in reports if (v := getattr(r, field)) is not None}) > 1 for field in _EXACT)


def _severe_words(record: PatientRecord) -> Iterable[Message]:
    words = (*record.rulebook.conflict_words, *record.rulebook.bed_words)
    days = {c.stamp.day for c in record.comments if contains_phrase(c.text, words)}
    since = _window_start(record, record.rulebook.numbers.conflict_days)
    for day in sorted(days):
        if day >= since and _rated_painless(record, day):
            yield messages.NoPainAndWordsOfSeverePain(day=day)
        elif day >= since and day not in record.pain:
            yield messages.UnratedMorningAndWordsOfSeverePain(day=day)


def _rated_painless(record: PatientRecord, day: date) -> bool:
    """Whether any rating of pain on this date is 0."""
    rated: list[Measurement] = [*record.measured.get("pain-morning", ()), *record.measured.get("pain-other", ())]
    if any(m.value == 0 and m.stamp.day == day for m in rated):
        return True
    return any(s.pain_peak == 0 and s.stamp.day == day for s in record.sessions)


def _sessions_in_bed(record: PatientRecord) -> Iterable[Message]:
    words = record.rulebook.bed_words
    days = {c.stamp.day for c in record.comments if contains_phrase(c.text, words)}
    for day in sorted({s.stamp.day for s in _sessions_done(record)} & days):
        yield messages.SessionOnDayInBed(day=day)


def _sessions_without_minutes(record: PatientRecord) -> Iterable[Message]:
    """Sessions reported as done while a device recorded zero minutes of exercise."""
    none = [m for m in record.measured.get("exercise-duration", ()) if m.value == 0]
    for s in _sessions_done(record) if none else ():
        if any(_covers(m, s) for m in none):
            yield messages.SessionWithoutDeviceMinutes(day=s.stamp.day)


def _sessions_done(record: PatientRecord) -> list[SessionReported]:
    """Recent sessions, except those in which nothing was done."""
    return [s for s in _recent_sessions(record) if s.done != 0]


def _covers(m: Measurement, s: SessionReported) -> bool:
    """Whether a value covers the whole time of a session: by its period, or by its date where no time was given."""
    if not m.stamp.timed:
        return m.stamp.day <= s.stamp.day <= m.stamp.end.date()
    return m.stamp.until is not None and m.stamp.when <= s.stamp.when and s.stamp.end <= m.stamp.until


def _effort(record: PatientRecord) -> Iterable[Message]:
    numbers = record.rulebook.numbers
    for s in _recent_sessions(record):
        age = record.person.age_on(s.stamp.day)
        if s.rpe is None or s.heart_rate is None or age is None:
            continue
        most = numbers.hrmax_intercept - numbers.hrmax_slope * age
        if s.rpe <= numbers.conflict_rpe_max and s.heart_rate > numbers.conflict_hr_part * most:
            yield messages.LowExertionAtHighHeartRate(day=s.stamp.day)


def _unusable_reports(record: PatientRecord) -> Iterable[Message]:
    numbers = record.rulebook.numbers
    for refusal in record.refusals:
        if refusal.reason not in _SENTENCES or refusal.what is None or is_limit(refusal.what):
            continue  # a limit holds until it is corrected: see unknown_facts
        session = refusal.what.startswith("session")
        measure = record.rulebook.measures.get(refusal.what)
        if not session and (measure is None or not measure.decides):
            continue
        window = numbers.conflict_session_days if session else numbers.conflict_days
        if measure is not None and measure.missing and refusal.reason is not RefusalReason.CONFLICT:
            if _readable_lately(record, refusal.what):
                continue
            window = numbers.unreadable_days
        elif session and refusal.reason in _UNREADABLE:
            window = numbers.unreadable_days - 1  # until it is seven days old (B13.15)
        if refusal.day is None or refusal.day >= _window_start(record, window):
            yield _unusable(refusal, refusal.what)


def _readable_lately(record: PatientRecord, what: str) -> bool:
    """Whether a value of the measure, or of this component of a session, was readable in the last days (B13.13)."""
    since = _window_start(record, record.rulebook.numbers.unreadable_days)
    field = _COMPONENT_FIELDS.get(what)
    if field is None:
        return any(m.stamp.day >= since for m in record.measured.get(what, ()))
    return any(s.stamp.day >= since and getattr(s, field) is not None for s in record.sessions)


def _unusable(refusal: Refusal, measure: str) -> Message:
    undated, dated = _SENTENCES[refusal.reason]
    return undated(measure=measure) if refusal.day is None else dated(measure=measure, day=refusal.day)
