"""Red flags that data open without a question: measurements, diagnoses and sessions (section C).

Findings open a flag and never close one. Some reopen a question of the screen that data cannot answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.usual_symptoms import usual_symptoms
from titrate.clinical.red_flags.listed_findings import (
    CONDITION_FINDERS,
    MEDICINE_FINDERS,
    condition_findings,
    last_listed,
    last_minor_trauma,
)
from titrate.clinical.red_flags.vitals import VITAL_FINDERS, last_weight_loss
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Urgency
from titrate.messages import red_flags as messages

_REOPENING: Mapping[str, Callable[[PatientRecord], datetime | None]] = {
    "rf03": last_minor_trauma,
    "rf04": last_weight_loss,
    "rf16": lambda record: last_listed(record, "long-covid"),
    "rf23": lambda record: last_listed(record, "fall"),
}


def chest_symptom(record: PatientRecord) -> Iterable[Finding]:
    """Sessions that were stopped for a chest symptom."""
    return (
        Finding(s.stamp.when, s.stamp.source, messages.StoppedForChestSymptom(), Urgency.E0)
        for s in record.sessions
        if s.stop_reason == "chest-symptom"
    )


def post_exertional_malaise(record: PatientRecord) -> Iterable[Finding]:
    """Disproportionate morning fatigue in the hours after sessions, on several of consecutive session days (B10).

    Disproportionate is further above usual than the fatigue of a session that is not tolerated (rule D3). Pain and
    effort do not excuse it, or a worse symptom would earn a dose. All days count, not the last ones only: a clinician
    closes the flag, better days do not. Hours and counts are the rulebook's PEM_* numbers.
    """
    book = record.rulebook
    count, of = int(book.numbers.pem_count), int(book.numbers.pem_of)
    worse = _mornings_after(record)
    days = [*_session_days(record)] if len(worse) >= count else []
    for at, day in enumerate(days):
        found = [worse[d] for d in days[max(0, at - of + 1) : at + 1] if d in worse]
        if day in worse and len(found) >= count:
            because = messages.FatigueAfterExertion(fatigue=worse[day].value, days=len(found), window=of)
            yield Finding(worse[day].stamp.when, worse[day].stamp.source, because, Urgency.B)


def _session_days(record: PatientRecord) -> Mapping[date, datetime]:
    """The end of the last session of each date, oldest first."""
    ends: dict[date, datetime] = {}
    for s in record.sessions:
        ends[s.stamp.day] = max(s.stamp.end, ends.get(s.stamp.day, s.stamp.end))
    return dict(sorted(ends.items()))


def _mornings_after(record: PatientRecord) -> Mapping[date, Measurement]:
    """The first morning of high fatigue after each session day: after the last one within the rulebook's hours."""
    book, ratings = record.rulebook, _high_fatigue(record)
    if not ratings:
        return {}
    first, last = (timedelta(hours=int(hours)) for hours in (book.numbers.pem_from_hours, book.numbers.pem_to_hours))
    ends, found = _session_days(record), dict[date, Measurement]()
    for rating in ratings:
        before = [day for day, end in ends.items() if first <= rating.stamp.when - end <= last]
        if before:
            found.setdefault(before[-1], rating)
    return found


def _high_fatigue(record: PatientRecord) -> list[Measurement]:
    usual = usual_symptoms(record).fatigue
    if usual is None:
        return []
    limit = usual + record.rulebook.numbers.pem_fatigue
    return [r for day in record.fatigue.values() for r in day.ratings if r.value >= limit]


SESSION_FINDERS: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf09": chest_symptom,
    "rf16": post_exertional_malaise,
}


def findings(record: PatientRecord, flag: str) -> tuple[Finding, ...]:
    """The findings in the record that open this flag."""
    found = [finding for find in _FINDERS.get(flag, ()) for finding in find(record)]
    if record.diagnoses:
        found += condition_findings(record, flag)
    return tuple(found)


def question_reopened_at(record: PatientRecord, flag: str) -> datetime | None:
    """When other data reopened this question of the screen: only a later answer counts.

    A fall may have broken nothing (RF03) and done no harm (RF23), weight may have been lost on purpose (RF04), and long
    COVID (RF16) may come without post-exertional malaise.
    """
    reopened_at = _REOPENING.get(flag)
    return None if reopened_at is None else reopened_at(record)


_TABLES = (VITAL_FINDERS, CONDITION_FINDERS, MEDICINE_FINDERS, SESSION_FINDERS)


_FINDERS = {
    flag: tuple(table[flag] for table in _TABLES if flag in table) for flag in {f for table in _TABLES for f in table}
}
