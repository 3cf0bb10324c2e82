"""Why no dose may rise, for reasons outside the exercises: sleep, mood, stress, heart rate, fear (B10, B11.26)."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture, newest_resting_rate
from titrate.clinical.record.patient_record import PatientRecord
from titrate.messages import Message
from titrate.messages import record as messages


def progression_holds(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Every reason outside the exercises that holds a rise; empty when there is none."""
    record, book = picture.record, picture.record.rulebook
    found: list[Message] = []
    dates = (*record.last_week.dates, record.today)
    nights = len(_bad_nights(record).intersection(dates))
    if nights >= book.numbers.sleep_nights:
        found.append(messages.BadNights(nights=nights))
    phq = record.worst_newest("phq-9")
    if phq is not None and phq.value >= book.numbers.phq9_hold:
        found.append(messages.LowMood(score=phq.value))
    if record.ever("stressor", "major", dates) or _newest_stressor_is_major(record):
        found.append(messages.MajorStressor())
    pulse = newest_resting_rate(picture)
    if pulse is not None and pulse.value >= book.numbers.hr_rest_hold:
        found.append(messages.HighRestingHeartRate(rate=pulse.value))
    tsk = record.worst_newest("tsk-11")
    started = record.is_confirmed("exposure-ladder-started")
    if tsk is not None and tsk.value >= book.numbers.tsk_11_high and not started:
        found.append(messages.FearWithoutLadder(score=tsk.value))
    return (*found, *high_clinic_pain(picture))


def high_clinic_pain(picture: ClinicalPicture) -> tuple[Message, ...]:
    """That a clinic recorded a pain score today that is far above usual: nothing rises today (B13.11)."""
    record, usual = picture.record, picture.usual.pain
    today = [m.value for m in record.measured.get("pain-clinic", ()) if m.stamp.day == record.today]
    if usual is None or not today or max(today) - usual < record.rulebook.numbers.clinic_pain_hold:
        return ()
    return (messages.HighClinicPain(pain=max(today)),)


def _newest_stressor_is_major(record: PatientRecord) -> bool:
    """Whether one of the newest answers is `major`; preliminary answers count only where they say so."""
    answers = [a for a in record.answered.get("stressor", ()) if not (a.stamp.preliminary and a.value != "major")]
    return any(a.value == "major" and a.stamp.when == answers[-1].stamp.when for a in answers)


def _bad_nights(record: PatientRecord) -> set[date]:
    """The local dates on which a bad night was reported."""
    low, short = record.rulebook.numbers.sleep_quality_low, record.rulebook.numbers.sleep_hours_low
    poor = {m.stamp.day for m in record.measured.get("sleep-quality", ()) if m.value <= low}
    return poor | {m.stamp.day for m in record.measured.get("sleep-hours", ()) if m.value < short}
