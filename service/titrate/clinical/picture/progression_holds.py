"""What holds a rise outside the exercise itself: bad nights, low mood, a major stressor, pulse, fear (B10, B11.26)."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture, newest_resting_rate
from titrate.clinical.record.patient_record import PatientRecord


def progression_holds(picture: ClinicalPicture) -> tuple[str, ...]:
    """What holds a rise outside the exercise itself, in plain words; empty when nothing does."""
    record, book = picture.record, picture.record.rulebook
    found = []
    dates = (*record.last_week.dates, record.today)
    nights = len(_bad_nights(record).intersection(dates))
    if nights >= book.numbers.sleep_nights:
        found.append(f"{nights} bad nights")
    phq = record.worst_newest("phq-9")
    if phq is not None and phq.value >= book.numbers.phq9_hold:
        found.append(f"PHQ-9 {phq.value}")
    told = [a for a in record.answered.get("stressor", ()) if not (a.stamp.preliminary and a.value != "major")]
    if record.ever("stressor", "major", dates) or any(
        a.value == "major" and a.stamp.when == told[-1].stamp.when for a in told
    ):
        found.append("a major stressor")
    pulse = newest_resting_rate(picture)
    if pulse is not None and pulse.value >= book.numbers.hr_rest_hold:
        found.append(f"resting heart rate {pulse.value}")
    tsk = record.worst_newest("tsk-11")
    started = record.is_confirmed("exposure-ladder-started")
    if tsk is not None and tsk.value >= book.numbers.tsk_11_high and not started:
        found.append(f"TSK-11 {tsk.value} without an exposure ladder")
    return tuple(found)


def _bad_nights(record: PatientRecord) -> set[date]:
    """The local dates on which a bad night was reported."""
    low, short = record.rulebook.numbers.sleep_quality_low, record.rulebook.numbers.sleep_hours_low
    poor = {m.stamp.day for m in record.measured.get("sleep-quality", ()) if m.value <= low}
    return poor | {m.stamp.day for m in record.measured.get("sleep-hours", ()) if m.value < short}
