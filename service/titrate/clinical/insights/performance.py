"""What tests, trials and sessions show: capability (C01), limiting symptoms (C05), technique and tempo (C33)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.readings import SessionReported, Source
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages.insights import (
    CompensationReported,
    FormReported,
    LimitedBySymptom,
    PainQualityReported,
    SessionNotTolerated,
    StoppedForSymptom,
    TempoReported,
)

# Tests by the domain that they measure best.
TESTS = {
    Domain.AEROBIC: ("six-minute-walk",),
    Domain.STRENGTH: ("chair-stand", "grip-strength"),
    Domain.MOBILITY: (
        "shoulder-flexion-active", "shoulder-abduction-active", "shoulder-external-rotation-active",
        "shoulder-internal-rotation-active", "shoulder-flexion-passive", "shoulder-abduction-passive",
        "shoulder-external-rotation-passive", "shoulder-internal-rotation-passive",
    ),
    Domain.NEUROMOTOR: ("timed-up-and-go", "gait-speed"),
}  # fmt: skip
_SYMPTOMS = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom"})
_Observation = tuple[str, Message, date]


@dataclass(frozen=True, slots=True)
class Capability:
    """The newest result of one test or tolerance trial of a domain."""

    domain: Domain
    what: str
    value: Decimal
    unit: str
    day: date
    source: Source


def capabilities(record: PatientRecord) -> tuple[Capability, ...]:
    """The newest result of each test and tolerance trial, by domain."""
    book = record.rulebook
    found = [
        Capability(domain, test, m.value, book.measures[test].unit, m.stamp.day, m.stamp.source)
        for domain, tests in TESTS.items()
        for test in tests
        if (m := record.latest(test)) is not None
    ]
    newest = {t.exercise: t for t in record.trials if not t.stamp.preliminary and t.exercise in book.exercises}
    found += [
        Capability(book.exercises[code].domain, f"trial.{code}", t.done, t.unit, t.stamp.day, t.stamp.source)
        for code, t in sorted(newest.items())
    ]
    order = list(Domain)
    return tuple(sorted(found, key=lambda c: order.index(c.domain)))


@dataclass(frozen=True, slots=True)
class Factor:
    """What limited one exercise or provoked symptoms in it, how often, and when last."""

    exercise: str
    factor: Message
    times: int
    last: date


@dataclass(frozen=True, slots=True)
class Technique:
    """One observation on the performance of an exercise, in how many recent sessions, and when last."""

    exercise: str
    what: Message
    times: int
    last: date


def factors(picture: ClinicalPicture) -> tuple[Factor, ...]:
    """What limited or provoked symptoms, most frequent first. Preliminary reports count: they only warn."""
    found: list[_Observation] = []
    for s in picture.record.sessions:
        if s.stop_reason in _SYMPTOMS:
            found.append((s.exercise, StoppedForSymptom(symptom=s.stop_reason), s.stamp.day))
        if s.pain_quality not in (None, "usual"):
            found.append((s.exercise, PainQualityReported(quality=s.pain_quality), s.stamp.day))
    found += [
        (t.exercise, LimitedBySymptom(symptom=t.limiting_symptom), t.stamp.day)
        for t in picture.record.trials
        if t.limiting_symptom not in (None, "none")
    ]
    found += [(s.exercise, SessionNotTolerated(), s.day) for s in picture.sessions if s.session_class is SessionClass.X]
    return tuple(Factor(*counted) for counted in _counted(found))


def techniques(record: PatientRecord) -> tuple[Technique, ...]:
    """Compensations, poor form and a tempo other than planned, most frequent first."""
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    recent = (s for s in record.sessions if s.stamp.day >= since)
    found = [(s.exercise, what, s.stamp.day) for s in recent for what in _performance(s)]
    return tuple(Technique(*counted) for counted in _counted(found))


def _performance(session: SessionReported) -> Iterator[Message]:
    if session.form not in (None, "good"):
        yield FormReported(form=session.form)
    for movement in session.compensations or ():
        if movement != "none":
            yield CompensationReported(movement=movement)
    if session.tempo not in (None, "as-planned"):
        yield TempoReported(tempo=session.tempo)


def _counted(found: list[_Observation]) -> list[tuple[str, Message, int, date]]:
    """Exercise, observation, count and last day of each distinct observation, most frequent first."""
    times = Counter((exercise, what) for exercise, what, _ in found)
    last = {(exercise, what): day for exercise, what, day in sorted(found, key=lambda one: one[2])}
    rows = [(exercise, what, count, last[exercise, what]) for (exercise, what), count in times.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], str(row[1])))
