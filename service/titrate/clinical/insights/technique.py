"""Technique and tempo as they were reported (C33). The gate G10 decides; this is for people to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import SessionReported


@dataclass(frozen=True, slots=True)
class Technique:
    """One thing about how an exercise was done, in how many sessions of the last days, and when last."""

    exercise: str
    what: str
    times: int
    last: date


def techniques(record: PatientRecord) -> tuple[Technique, ...]:
    """Evasive movements, lost form and another tempo than planned, the most frequent first."""
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    told = [(s.exercise, what, s.stamp.day) for s in record.sessions if s.stamp.day >= since for what in _seen(s)]
    times = Counter((exercise, what) for exercise, what, _ in told)
    found = [
        Technique(exercise, what, count, max(day for e, w, day in told if (e, w) == (exercise, what)))
        for (exercise, what), count in times.items()
    ]
    return tuple(sorted(found, key=lambda t: (-t.times, t.exercise, t.what)))


def _seen(session: SessionReported) -> Iterator[str]:
    if session.form not in (None, "good"):
        yield f"form {session.form}"
    for one in session.compensations or ():
        if one != "none":
            yield f"compensation: {one}"
    if session.tempo not in (None, "as-planned"):
        yield f"tempo {session.tempo}"
