"""Technique and tempo as they were reported (C33). The gate G10 decides; this is for people to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.readings import SessionReported

_STOPPED = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom"})


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that limits or provokes symptoms in one exercise, how often it was reported and when last."""

    exercise: str
    factor: str
    times: int
    last: date


@dataclass(frozen=True, slots=True)
class Technique:
    """One thing about how an exercise was done, in how many sessions of the last days, and when last."""

    exercise: str
    what: str
    times: int
    last: date


def factors(picture: ClinicalPicture) -> tuple[Factor, ...]:
    """What limited or provoked symptoms, most often first. Preliminary reports count: they only warn."""
    told: list[tuple[str, str, date]] = []
    for s in picture.record.sessions:
        if s.stop_reason in _STOPPED:
            told.append((s.exercise, f"stopped for {s.stop_reason}", s.stamp.day))
        if s.pain_quality not in (None, "usual"):
            told.append((s.exercise, f"{s.pain_quality} pain", s.stamp.day))
    limited = (t for t in picture.record.trials if t.limiting_symptom not in (None, "none"))
    told += [(t.exercise, f"limited by {t.limiting_symptom}", t.stamp.day) for t in limited]
    told += [(s.exercise, "not tolerated", s.day) for s in picture.sessions if s.klass is SessionClass.X]
    times = Counter((exercise, factor) for exercise, factor, _ in told)
    found = [
        Factor(exercise, factor, count, max(day for e, f, day in told if (e, f) == (exercise, factor)))
        for (exercise, factor), count in times.items()
    ]
    return tuple(sorted(found, key=lambda f: (-f.times, f.exercise, f.factor)))


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
