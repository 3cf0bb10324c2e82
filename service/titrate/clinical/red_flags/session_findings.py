"""Red flags out of sessions and words: a chest symptom, worsening after exertion (RF16), words of self-harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.usual_symptoms import usual_symptoms
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.free_text import contains_phrase
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Urgency


def chest_symptom(record: PatientRecord) -> Iterable[Finding]:
    """A session that was stopped for a chest symptom."""
    return (
        Finding(s.stamp.when, s.stamp.source, "a session was stopped for a chest symptom", Urgency.E0)
        for s in record.sessions
        if s.stop_reason == "chest-symptom"
    )


def self_harm_words(record: PatientRecord) -> Iterable[Finding]:
    """Listed words of self-harm in any comment. Whether there is a plan is not known: the stricter urgency."""
    for comment in record.comments:
        if contains_phrase(comment.text, record.rulebook.alarm_words):
            yield Finding(comment.stamp.when, comment.stamp.source, "alarming words in a comment", Urgency.E0)


def post_exertional_malaise(record: PatientRecord) -> Iterable[Finding]:
    """Disproportionate morning fatigue 12 to 72 hours after sessions, on 2 of any 3 session days in a row (B10).

    Disproportionate: further above usual than what makes a session not tolerated, which rule D3 answers. Nothing
    explains it away, neither pain nor effort: otherwise a worse symptom would earn a dose. Not only the last three days
    count: a pattern that was there is closed by a clinician, not by better days.
    """
    book = record.rulebook
    count, of = int(book.numbers.pem_count), int(book.numbers.pem_of)
    worse = _crashes(record)
    days = [*_session_days(record)] if len(worse) >= count else []
    for at, day in enumerate(days):
        found = [worse[d] for d in days[max(0, at - of + 1) : at + 1] if d in worse]
        if day in worse and len(found) >= count:
            because = f"fatigue {worse[day].value:f} in the days after exertion, {len(found)} of {of} session days"
            yield Finding(worse[day].stamp.when, worse[day].stamp.source, because, Urgency.B)


def _session_days(record: PatientRecord) -> Mapping[date, datetime]:
    """The end of the last session of each date, oldest first."""
    ends: dict[date, datetime] = {}
    for s in record.sessions:
        ends[s.stamp.day] = max(s.stamp.end, ends.get(s.stamp.day, s.stamp.end))
    return dict(sorted(ends.items()))


def _crashes(record: PatientRecord) -> Mapping[date, Measurement]:
    """The first such morning after each session day. It belongs to the last session day 12 to 72 hours before."""
    book, tired = record.rulebook, _tired(record)
    if not tired:
        return {}
    first, last = (timedelta(hours=int(hours)) for hours in (book.numbers.pem_from_hours, book.numbers.pem_to_hours))
    ends, found = _session_days(record), dict[date, Measurement]()
    for rating in tired:
        before = [day for day, end in ends.items() if first <= rating.stamp.when - end <= last]
        if before:
            found.setdefault(before[-1], rating)
    return found


def _tired(record: PatientRecord) -> list[Measurement]:
    usual = usual_symptoms(record).fatigue
    if usual is None:
        return []
    limit = usual + record.rulebook.numbers.pem_fatigue
    return [r for day in record.fatigue.values() for r in day.ratings if r.value >= limit]


REPORTED: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf09": chest_symptom,
    "rf16": post_exertional_malaise,
    "rf19": self_harm_words,
}
