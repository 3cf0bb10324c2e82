"""The intake record (C01, C02, C05): capability by domain, how the pain behaves, and what limits or provokes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture, mean_of
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Domain

# Tests by the domain that they tell most about.
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
_STOPPED = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom"})


@dataclass(frozen=True, slots=True)
class Capability:
    """The newest result of one test or tolerance trial of a domain."""

    domain: Domain
    what: str
    value: Decimal
    unit: str
    day: date
    source: Source


@dataclass(frozen=True, slots=True)
class PainProfile:
    """How pain behaves, 0-10. None is not known.

    `lowest`, `highest` and `spread` are of the mornings of the last two weeks; `other_times` is the mean of ratings at
    other times of these days; `rise` the mean rise within a session. `settled` of `followed` sessions had settled by
    the next morning. `sensitisation` is the CSI.
    """

    now: Decimal | None
    usual: Decimal | None
    average: Decimal | None
    worst: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    spread: Decimal | None
    other_times: Decimal | None
    rise: Decimal | None
    settled: int
    followed: int
    sensitisation: Decimal | None


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that limits or provokes symptoms in one exercise, how often it was reported and when last."""

    exercise: str
    factor: str
    times: int
    last: date


def capabilities(record: PatientRecord) -> tuple[Capability, ...]:
    """Tests and tolerance trials, the newest of each, by domain. Domains without any are missing."""
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


def pain_profile(picture: ClinicalPicture) -> PainProfile:
    """What is known of how the pain behaves."""
    record = picture.record
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    mornings = [d.final for day, d in record.pain.items() if day >= since and d.final is not None]
    other = [m.value for m in record.measured.get("pain-other", ()) if m.stamp.day >= since and not m.stamp.preliminary]
    rises = [
        s.pain_peak - s.pain_before
        for s in record.sessions
        if s.stamp.day >= since and s.pain_peak is not None and s.pain_before is not None
    ]
    carries = [s.carry for s in picture.sessions if s.day >= since and s.carry is not None]
    return PainProfile(
        now=_latest(record, "pain-now"),
        usual=picture.usual.pain,
        average=_latest(record, "pain-average"),
        worst=_latest(record, "pain-worst"),
        lowest=min(mornings, default=None),
        highest=max(mornings, default=None),
        spread=max(mornings) - min(mornings) if mornings else None,
        other_times=mean_of(other),
        rise=mean_of(rises),
        settled=sum(1 for c in carries if c <= record.rulebook.numbers.carry_ok),
        followed=len(carries),
        sensitisation=_latest(record, "csi"),
    )


def _latest(record: PatientRecord, what: str) -> Decimal | None:
    found = record.latest(what)
    return None if found is None else found.value


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
