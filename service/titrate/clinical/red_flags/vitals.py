"""Red flags from measurements: vital signs, body weight, glucose, PHQ-9 item 9 (section C)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Urgency
from titrate.messages import Message
from titrate.messages import red_flags as messages

_HIGH, _LOW = frozenset({">", ">="}), frozenset({"<", "<="})
# Measures of which a value can open a red flag by itself, also in a record with a fault, and the comparators of bounds
# beyond which every value is on the alarming side.
ALARMING_SIDES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("temperature", "systolic", "systolic-standing", "diastolic", "phq-9-item-9"), _HIGH),
    **dict.fromkeys(("spo2", "spo2-exercise"), _LOW),
    **dict.fromkeys(("heart-rate", "heart-rate-exercise", "glucose"), _HIGH | _LOW),
}
ALARMING_MEASURES = frozenset(ALARMING_SIDES)


def resting_rates(record: PatientRecord) -> tuple[Measurement, ...]:
    """Heart rates at rest, in order of time."""
    return tuple(m for m in record.measured.get("heart-rate", ()) if not m.exercising)


def _values(record: PatientRecord, what: str, *, exercising: bool = False) -> Iterable[Measurement]:
    oldest = record.rulebook.numbers.sign_days
    return (
        m
        for m in record.measured.get(what, ())
        if m.exercising is exercising and record.days_ago(m.stamp.day) <= oldest
    )


def _finding(m: Measurement, because: Message, urgency: Urgency) -> Finding:
    return Finding(m.stamp.when, m.stamp.source, because, urgency)


def _shown(value: Decimal) -> Decimal:
    """The value as stored, or to hundredths where a conversion gave more digits."""
    exponent = value.as_tuple().exponent
    return round(value, 2) if isinstance(exponent, int) and exponent < -2 else value


def _fever(record: PatientRecord) -> Iterable[Finding]:
    limit = record.rulebook.numbers.fever
    return (_temperature(m, Urgency.E1) for m in _values(record, "temperature") if m.value >= limit)


def _acute_infection(record: PatientRecord) -> Iterable[Finding]:
    limit = record.rulebook.numbers.fever
    return (_temperature(m, Urgency.B) for m in _values(record, "temperature") if m.value > limit)


def _temperature(m: Measurement, urgency: Urgency) -> Finding:
    return _finding(m, messages.Temperature(value=_shown(m.value)), urgency)


def _pressure(record: PatientRecord) -> Iterable[Finding]:
    """High blood pressure at rest: an emergency where both values are grave, because symptoms are unknown."""
    book = record.rulebook
    for what in ("systolic", "systolic-standing"):
        for m in _values(record, what):
            if m.value >= book.numbers.bp_systolic_stop:
                yield _finding(m, messages.RestingSystolicPressure(value=_shown(m.value)), Urgency.E1)
    for m in _values(record, "diastolic"):
        if m.value >= book.numbers.bp_diastolic_stop:
            grave = m.value >= book.numbers.bp_diastolic_grave and _systolic_with(record, m)
            because = messages.RestingDiastolicPressure(value=_shown(m.value))
            yield _finding(m, because, Urgency.E0 if grave else Urgency.E1)


def _systolic_with(record: PatientRecord, diastolic: Measurement) -> bool:
    limit = record.rulebook.numbers.bp_systolic_stop
    return any(m.value >= limit and m.stamp.when == diastolic.stamp.when for m in record.measured.get("systolic", ()))


def _exertional_pressure(record: PatientRecord) -> Iterable[Finding]:
    """Blood pressure that rises too far in exercise, or falls in exercise or on standing up.

    For a fall on standing the rule asks for symptoms too; records do not hold them, so the fall alone opens the flag.
    """
    numbers = record.rulebook.numbers
    for m in _values(record, "systolic", exercising=True):
        if m.value > numbers.bp_systolic_exercise:
            yield _finding(m, messages.ExerciseSystolicPressure(value=_shown(m.value)), Urgency.E1)
    for m in _values(record, "diastolic", exercising=True):
        if m.value > numbers.bp_diastolic_exercise:
            yield _finding(m, messages.ExerciseDiastolicPressure(value=_shown(m.value)), Urgency.E1)
    for m in _values(record, "systolic", exercising=True):
        if (fall := _pressure_fall(record, m)) > numbers.bp_exercise_drop:
            because: Message = messages.PressureFellInExercise(value=_shown(m.value), fall=_shown(fall))
            yield _finding(m, because, Urgency.E1)
    for m in _values(record, "systolic-standing"):
        if (fall := _pressure_fall(record, m)) > numbers.bp_standing_drop:
            because = messages.PressureFellOnStanding(value=_shown(m.value), fall=_shown(fall))
            yield _finding(m, because, Urgency.E1)


def _pressure_fall(record: PatientRecord, later: Measurement) -> Decimal:
    """How far the pressure is below the highest at rest earlier on the same date; 0 without one."""
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
            yield _finding(m, messages.RestingHeartRate(value=_shown(m.value)), Urgency.E1)


def _oxygen(record: PatientRecord) -> Iterable[Finding]:
    numbers = record.rulebook.numbers
    for exercising, limit in ((False, numbers.spo2_rest_low), (True, numbers.spo2_exercise_low)):
        for m in _values(record, "spo2", exercising=exercising):
            if m.value < limit:
                yield _finding(m, messages.OxygenSaturation(value=_shown(m.value)), Urgency.E1)


def _glucose(record: PatientRecord) -> Iterable[Finding]:
    """Glucose too low or too high. At high values ketones would decide, which are unknown (B11.27)."""
    numbers = record.rulebook.numbers
    for m in _values(record, "glucose"):
        because = messages.Glucose(value=_shown(m.value))
        if m.value < numbers.glucose_stop:
            yield _finding(m, because, Urgency.E1)
        elif m.value < numbers.glucose_low or m.value > numbers.glucose_high:
            yield _finding(m, because, Urgency.B)


def _fluid(record: PatientRecord) -> Iterable[Finding]:
    """With known heart failure, a gain of weight within a few days, from the lowest weight to that of a later date."""
    if not any(d.active and d.concept in _HEART_FAILURE for d in record.diagnoses):
        return
    gain, days = record.rulebook.numbers.fluid_gain, record.rulebook.numbers.fluid_days
    weights = [*_values(record, "weight")]
    for later in weights:
        before = [m.value for m in weights if 1 <= (later.stamp.day - m.stamp.day).days <= days]
        gained = later.value - min(before, default=later.value)
        if gained >= gain:
            because = messages.FluidGain(value=_shown(later.value), gain=_shown(gained), days=days)
            yield _finding(later, because, Urgency.E1)


_HEART_FAILURE = frozenset({"heart-failure", "decompensated-heart-failure"})


def last_weight_loss(record: PatientRecord) -> datetime | None:
    """When weight was last so far below an earlier one that the screen asks whether the loss was intended (RF04)."""
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


def _self_harm_item(record: PatientRecord) -> Iterable[Finding]:
    """PHQ-9 item 9. Whether the patient has a plan is unknown, so the stricter urgency applies."""
    limit = record.rulebook.numbers.phq9_item9
    for m in record.measured.get("phq-9-item-9", ()):
        if m.value >= limit:
            yield _finding(m, messages.SelfHarmItem(value=_shown(m.value)), Urgency.E0)


VITAL_FINDERS: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {
    "rf05": _fever,
    "rf11": _pressure,
    "rf12": _exertional_pressure,
    "rf13": _pulse,
    "rf14": _oxygen,
    "rf15": _acute_infection,
    "rf17": _glucose,
    "rf18": _fluid,
    "rf19": _self_harm_item,
}
