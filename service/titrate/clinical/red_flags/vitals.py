"""Red flags out of measurements: vital signs, body weight, glucose, PHQ-9 item 9 (section C)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Urgency


def resting_rates(record: PatientRecord) -> tuple[Measurement, ...]:
    """Heart rates that count as resting, in order of time."""
    return tuple(m for m in record.measured.get("heart-rate", ()) if not m.exercising)


def _values(record: PatientRecord, what: str, *, exercising: bool = False) -> Iterable[Measurement]:
    oldest = record.rulebook.numbers.sign_days
    return (
        m
        for m in record.measured.get(what, ())
        if m.exercising is exercising and record.days_ago(m.stamp.day) <= oldest
    )


def _sign(m: Measurement, because: str, urgency: Urgency) -> Finding:
    return Finding(m.stamp.when, m.stamp.source, f"{because} {_shown(m.value)}", urgency)


def _shown(value: Decimal) -> str:
    """The value as stored, or to hundredths where a conversion gave more digits."""
    exponent = value.as_tuple().exponent
    return f"{round(value, 2):f}" if isinstance(exponent, int) and exponent < -2 else f"{value:f}"


def _fever(record: PatientRecord) -> Iterable[Finding]:
    limit = record.rulebook.numbers.fever
    return (_sign(m, "temperature", Urgency.E1) for m in _values(record, "temperature") if m.value >= limit)


def _ill(record: PatientRecord) -> Iterable[Finding]:
    limit = record.rulebook.numbers.fever
    return (_sign(m, "temperature", Urgency.B) for m in _values(record, "temperature") if m.value > limit)


def _pressure(record: PatientRecord) -> Iterable[Finding]:
    """Resting pressure. With a diastolic this high symptoms would make it an emergency, and they are not known."""
    book = record.rulebook
    for what in ("systolic", "systolic-standing"):
        for m in _values(record, what):
            if m.value >= book.numbers.bp_systolic_stop:
                yield _sign(m, "resting systolic pressure", Urgency.E1)
    for m in _values(record, "diastolic"):
        if m.value >= book.numbers.bp_diastolic_stop:
            grave = m.value >= book.numbers.bp_diastolic_grave and _systolic_with(record, m)
            yield _sign(m, "resting diastolic pressure", Urgency.E0 if grave else Urgency.E1)


def _systolic_with(record: PatientRecord, diastolic: Measurement) -> bool:
    limit = record.rulebook.numbers.bp_systolic_stop
    return any(m.value >= limit and m.stamp.when == diastolic.stamp.when for m in record.measured.get("systolic", ()))


def _exertional_pressure(record: PatientRecord) -> Iterable[Finding]:
    """Pressure that rises too far in exercise, or that falls in exercise or on standing up.

    On standing the rule asks for symptoms as well; the record does not hold them, so the fall alone opens the flag.
    """
    book = record.rulebook
    numbers = book.numbers
    for what, limit in (("systolic", numbers.bp_systolic_exercise), ("diastolic", numbers.bp_diastolic_exercise)):
        for m in _values(record, what, exercising=True):
            if m.value > limit:
                yield _sign(m, f"{what} pressure in exercise", Urgency.E1)
    for m in _values(record, "systolic", exercising=True):
        if _fall(record, m) > book.numbers.bp_exercise_drop:
            yield _sign(m, f"systolic pressure fell by {_shown(_fall(record, m))} in exercise, to", Urgency.E1)
    for m in _values(record, "systolic-standing"):
        if _fall(record, m) > book.numbers.bp_standing_drop:
            yield _sign(m, f"systolic pressure fell by {_shown(_fall(record, m))} on standing, to", Urgency.E1)


def _fall(record: PatientRecord, later: Measurement) -> Decimal:
    """How far the pressure is below the highest at rest of the same date, up to that moment; 0 where there is none."""
    before = [
        m.value
        for m in _values(record, "systolic")
        if m.stamp.day == later.stamp.day and m.stamp.when <= later.stamp.when
    ]
    return max(before, default=later.value) - later.value


def _pulse(record: PatientRecord) -> Iterable[Finding]:
    book = record.rulebook
    for m in _values(record, "heart-rate"):
        if m.value > book.numbers.hr_rest_stop or m.value < book.numbers.hr_rest_low:
            yield _sign(m, "resting heart rate", Urgency.E1)


def _oxygen(record: PatientRecord) -> Iterable[Finding]:
    numbers = record.rulebook.numbers
    for exercising, limit in ((False, numbers.spo2_rest_low), (True, numbers.spo2_exercise_low)):
        for m in _values(record, "spo2", exercising=exercising):
            if m.value < limit:
                yield _sign(m, "oxygen saturation", Urgency.E1)


def _glucose(record: PatientRecord) -> Iterable[Finding]:
    """Glucose too low or too high. Above 250 mg/dL ketones decide, and they are not known (B11.27)."""
    book = record.rulebook
    for m in _values(record, "glucose"):
        if m.value < book.numbers.glucose_stop:
            yield _sign(m, "glucose", Urgency.E1)
        elif m.value < book.numbers.glucose_low or m.value > book.numbers.glucose_high:
            yield _sign(m, "glucose", Urgency.B)


def _fluid(record: PatientRecord) -> Iterable[Finding]:
    """With known heart failure, a gain of weight within some days; the first weight of a day to any later date's."""
    if not any(d.active and d.concept in _FAILING for d in record.diagnoses):
        return
    gain, days = record.rulebook.numbers.fluid_gain, record.rulebook.numbers.fluid_days
    weights = [*_values(record, "weight")]
    for later in weights:
        before = [m.value for m in weights if 1 <= (later.stamp.day - m.stamp.day).days <= days]
        gained = later.value - min(before, default=later.value)
        if gained >= gain:
            because = f"heart failure is listed, and weight rose by {_shown(gained)} kg within {days} days, to"
            yield _sign(later, because, Urgency.E1)


_FAILING = frozenset({"heart-failure", "decompensated-heart-failure"})


def last_weight_loss(record: PatientRecord) -> datetime | None:
    """The last moment at which weight was so much below an earlier one that somebody has to ask whether by intent."""
    part, days = record.rulebook.numbers.weight_loss_part, record.rulebook.numbers.weight_loss_days
    weights = record.measured.get("weight", ())
    lost = [
        later.stamp.when
        for later in weights
        if any(
            0 < (later.stamp.day - m.stamp.day).days <= days and m.value - later.value >= part * m.value
            for m in weights
        )
    ]
    return max(lost, default=None)


def _despair(record: PatientRecord) -> Iterable[Finding]:
    """PHQ-9 item 9. Whether there is a plan is not known, so the stricter urgency holds."""
    limit = record.rulebook.numbers.phq9_item9
    for m in record.measured.get("phq-9-item-9", ()):
        if m.value >= limit:
            yield _sign(m, "PHQ-9 item 9, speak with the person today:", Urgency.E0)


MEASURED: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf05": _fever,
    "rf11": _pressure,
    "rf12": _exertional_pressure,
    "rf13": _pulse,
    "rf14": _oxygen,
    "rf15": _ill,
    "rf17": _glucose,
    "rf18": _fluid,
    "rf19": _despair,
}
