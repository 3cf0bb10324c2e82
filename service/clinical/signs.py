"""Red flags that data open by themselves: vital signs, scores, words, diagnoses, new medicines (section C).

They open a flag and never close one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.clinical.readings import Measured, Medicated, Source
from service.clinical.record import Record
from service.clinical.rulebook import Urgency

NEW_MEDICINES = frozenset({"anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One finding: since when (None where it has no date), from what, in which words, and how urgent."""

    since: datetime | None
    source: Source
    because: str
    urgency: Urgency


def signs_of(record: Record, flag: str) -> tuple[Sign, ...]:
    """The findings in the record that open this flag."""
    find = _FINDERS.get(flag)
    return tuple(find(record)) if find else ()


def resting_rates(record: Record) -> tuple[Measured, ...]:
    """Heart rates that count as resting, in order of time."""
    return tuple(m for m in record.measured.get("heart-rate", ()) if not m.exercising)


def _values(record: Record, what: str, *, exercising: bool = False) -> Iterable[Measured]:
    oldest = record.rulebook.number("SIGN_DAYS")
    return (
        m
        for m in record.measured.get(what, ())
        if m.exercising is exercising and record.days_ago(m.stamp.day) <= oldest
    )


def _sign(m: Measured, because: str, urgency: Urgency) -> Sign:
    return Sign(m.stamp.when, m.stamp.source, f"{because} {m.value:f}", urgency)


def _fever(record: Record) -> Iterable[Sign]:
    limit = record.rulebook.number("FEVER")
    return (_sign(m, "temperature", Urgency.E1) for m in _values(record, "temperature") if m.value >= limit)


def _ill(record: Record) -> Iterable[Sign]:
    limit = record.rulebook.number("FEVER")
    return (_sign(m, "temperature", Urgency.B) for m in _values(record, "temperature") if m.value > limit)


def _pressure(record: Record) -> Iterable[Sign]:
    """Resting pressure. With a diastolic this high symptoms would make it an emergency, and they are not known."""
    book = record.rulebook
    for m in _values(record, "systolic"):
        if m.value >= book.number("BP_SYSTOLIC_STOP"):
            yield _sign(m, "resting systolic pressure", Urgency.E1)
    for m in _values(record, "diastolic"):
        if m.value >= book.number("BP_DIASTOLIC_STOP"):
            grave = m.value >= book.number("BP_DIASTOLIC_GRAVE") and _systolic_with(record, m)
            yield _sign(m, "resting diastolic pressure", Urgency.E0 if grave else Urgency.E1)


def _systolic_with(record: Record, diastolic: Measured) -> bool:
    limit = record.rulebook.number("BP_SYSTOLIC_STOP")
    return any(m.value >= limit and m.stamp.when == diastolic.stamp.when for m in record.measured.get("systolic", ()))


def _exertional_pressure(record: Record) -> Iterable[Sign]:
    for what, constant in (("systolic", "BP_SYSTOLIC_EXERCISE"), ("diastolic", "BP_DIASTOLIC_EXERCISE")):
        for m in _values(record, what, exercising=True):
            if m.value > record.rulebook.number(constant):
                yield _sign(m, f"{what} pressure in exercise", Urgency.E1)


def _pulse(record: Record) -> Iterable[Sign]:
    book = record.rulebook
    for m in _values(record, "heart-rate"):
        if m.value > book.number("HR_REST_STOP") or m.value < book.number("HR_REST_LOW"):
            yield _sign(m, "resting heart rate", Urgency.E1)


def _oxygen(record: Record) -> Iterable[Sign]:
    for exercising, constant in ((False, "SPO2_REST_LOW"), (True, "SPO2_EXERCISE_LOW")):
        for m in _values(record, "spo2", exercising=exercising):
            if m.value < record.rulebook.number(constant):
                yield _sign(m, "oxygen saturation", Urgency.E1)


def _glucose(record: Record) -> Iterable[Sign]:
    book = record.rulebook
    for m in _values(record, "glucose"):
        if m.value < book.number("GLUCOSE_STOP"):
            yield _sign(m, "glucose", Urgency.E1)
        elif m.value < book.number("GLUCOSE_LOW") or m.value > book.number("GLUCOSE_HIGH"):
            yield _sign(m, "glucose", Urgency.B)


def _despair(record: Record) -> Iterable[Sign]:
    """PHQ-9 item 9 and listed words. Whether there is a plan is not known, so the stricter urgency holds."""
    limit = record.rulebook.number("PHQ9_ITEM9")
    for m in record.measured.get("phq-9-item-9", ()):
        if m.value >= limit:
            yield _sign(m, "PHQ-9 item 9, speak with the person today:", Urgency.E0)
    for comment in record.comments:
        if any(word in comment.text.lower() for word in record.rulebook.alarm_words):
            yield Sign(comment.stamp.when, comment.stamp.source, "alarming words in a comment", Urgency.E0)


def _exertion_disease(record: Record) -> Iterable[Sign]:
    return (
        Sign(None, d.stamp.source, "ME/CFS or a like diagnosis: no programme of fixed increments", Urgency.B)
        for d in record.diagnoses
        if d.kind == "condition" and d.concept == "me-cfs"
    )


def _regional_pain(record: Record) -> Iterable[Sign]:
    return (
        Sign(None, d.stamp.source, "CRPS is listed", Urgency.E2)
        for d in record.diagnoses
        if d.kind == "condition" and d.concept == "crps"
    )


def _cancer_pain(record: Record) -> Iterable[Sign]:
    known = any(d.concept == "cancer" for d in record.diagnoses)
    return (
        Sign(s.stamp.when, s.stamp.source, "unremitting night pain with cancer in the history", Urgency.E1)
        for s in record.sessions
        if known and s.pain_quality == "night-unremitting"
    )


def _chest(record: Record) -> Iterable[Sign]:
    return (
        Sign(s.stamp.when, s.stamp.source, "a session was stopped for a chest symptom", Urgency.E0)
        for s in record.sessions
        if s.stop_reason == "chest-symptom"
    )


def _new_medicine(record: Record) -> Iterable[Sign]:
    for m in record.medicines:
        if m.group in NEW_MEDICINES and _is_new(record, m):
            yield Sign(None if _undated(m) else m.stamp.when, m.stamp.source, f"new medicine: {m.group}", Urgency.E2)


def _is_new(record: Record, medicine: Medicated) -> bool:
    """Begun since the programme began, or lately where there is none; without a date nobody can say that it is old."""
    if _undated(medicine):
        return medicine.active
    if record.plan.started is not None:
        return medicine.stamp.day >= record.plan.started
    return record.days_ago(medicine.stamp.day) <= record.rulebook.number("MEDICINE_NEW_DAYS")


def _undated(medicine: Medicated) -> bool:
    return not medicine.stamp.dated


_FINDERS: Mapping[str, Callable[[Record], Iterable[Sign]]] = {
    "rf04": _cancer_pain,
    "rf05": _fever,
    "rf09": _chest,
    "rf11": _pressure,
    "rf12": _exertional_pressure,
    "rf13": _pulse,
    "rf14": _oxygen,
    "rf15": _ill,
    "rf16": _exertion_disease,
    "rf17": _glucose,
    "rf19": _despair,
    "rf25": _new_medicine,
    "rf27": _regional_pain,
}
