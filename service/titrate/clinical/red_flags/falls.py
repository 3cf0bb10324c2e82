"""Falls and injuries (section C): what opens RF23, and when the question of a fracture (RF03) is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from titrate.clinical.record.eligibility import age_on
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.condition_findings import is_new, newest, recent
from titrate.clinical.red_flags.finding import Finding
from titrate.clinical.values.readings import Diagnosis
from titrate.clinical.values.rulebook import Urgency

_FRAIL = frozenset({"osteoporosis", "weak-spine"})


def falls(record: PatientRecord) -> Iterable[Finding]:
    """Falls on several dates within three months, or one of the same date as an injury."""
    fallen = [d for d in record.diagnoses if d.concept == "fall" and d.stamp.dated]
    hurt = {d.stamp.day for d in record.diagnoses if d.concept in ("injury", "fracture") and d.stamp.dated}
    numbers = record.rulebook.numbers
    days, least = int(numbers.falls_days), int(numbers.falls_count)
    for d in fallen:
        if not recent(record, d.stamp.day, days):
            continue
        near = {other.stamp.day for other in fallen if 0 <= (d.stamp.day - other.stamp.day).days < days}
        if d.stamp.day in hurt or len(near) >= least:
            because = "a fall with an injury is listed" if d.stamp.day in hurt else f"{len(near)} falls in {days} days"
            yield Finding(d.stamp.when, d.stamp.source, because, Urgency.E2)


def minor_trauma(record: PatientRecord) -> datetime | None:
    """The newest injury or fall that is new, in someone whose bones may break by less: RF03 is asked again after it."""
    return newest(
        d for d in record.diagnoses if d.concept in ("fall", "injury") and is_new(record, d) and _frail(record, d)
    )


def _frail(record: PatientRecord, d: Diagnosis) -> bool:
    """By age on that day, osteoporosis at any time, or a steroid that is taken. An age that nobody said may be any."""
    born = record.person.birth_date
    old = born is None or age_on(born, d.stamp.day) > record.rulebook.numbers.minor_trauma_age
    return old or _known(record) or any(m.group == "steroid" and m.active for m in record.medicines)


def _known(record: PatientRecord) -> bool:
    return any(d.concept in _FRAIL for d in record.diagnoses)


INJURED: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {"rf23": falls}
