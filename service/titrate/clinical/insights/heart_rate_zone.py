"""Heart rate as a guide (B3): predicted maximum, a light zone by reserve, and why no zone is shown.

A zone is never a gate; exertion and the talk test are always asked beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.eligibility import age_on
from titrate.clinical.record.limits import effort_in
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.vitals import resting_rates
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement

MEDICINES = {
    "beta-blocker": "a beta-blocker is taken",
    "rate-limiting-calcium-channel-blocker": "a rate-limiting calcium-channel blocker is taken",
    "ivabradine": "ivabradine is taken",
}
CONDITIONS = {"pacemaker": "a pacemaker is listed", "atrial-fibrillation": "atrial fibrillation or flutter is listed"}


@dataclass(frozen=True, slots=True)
class HeartRateZone:
    """Beats a minute. `low` and `high` are None where `suppressed` says why; in a flare there is no lower end.

    `maximum` is predicted, with an error of 7 to 12 beats. `information` is the maximum by the equation for
    rate-limiting medicines: shown, never used. `breaches` name sessions of the last weeks beyond a limit.
    """

    maximum: Decimal | None
    resting: Decimal | None
    low: int | None
    high: int | None
    suppressed: tuple[str, ...]
    information: Decimal | None
    rpe_cap: Decimal
    breaches: tuple[str, ...]


def heart_rate_zone(picture: ClinicalPicture, phase: Phase, *, stopped: bool) -> HeartRateZone:
    """The zone for light exercise, or every reason why there is none; `stopped`: no exercise is prescribed.

    `phase` is the one after approval: its exertion is what is prescribed.
    """
    record = picture.record
    numbers = record.rulebook.numbers
    resting = _resting(record)
    maximum = _maximum(record, numbers.hrmax_intercept)
    slowed = _slowed(record)
    stop = ("no exercise is prescribed",) if stopped else ()
    reasons = (*stop, *slowed, *_listed(record), *_unknown(record, maximum, resting))
    low, high = None, None
    if not reasons and maximum is not None and resting is not None:
        low, high = _zone(picture, maximum, resting)
    if low is not None and high is not None and high < low:
        reasons, low, high = ("the clinician's heart-rate limit lies below the zone: the limit counts",), None, None
    return HeartRateZone(
        maximum, None if resting is None else resting.value, low, high, reasons,
        _maximum(record, numbers.hrmax_rate_limited) if slowed else None,
        effort_in(phase, picture.limits.rpe_cap.value, record.rulebook), _breaches(picture, high),
    )  # fmt: skip


def _resting(record: PatientRecord) -> Measurement | None:
    found = [m for m in resting_rates(record) if not m.stamp.preliminary]
    return found[-1] if found else None


def _maximum(record: PatientRecord, intercept: Decimal) -> Decimal | None:
    if record.person.birth_date is None:
        return None
    return intercept - record.rulebook.numbers.hrmax_slope * age_on(record.person.birth_date, record.today)


def _slowed(record: PatientRecord) -> tuple[str, ...]:
    taken = {m.group for m in record.medicines if m.active}
    return tuple(words for group, words in MEDICINES.items() if group in taken)


def _listed(record: PatientRecord) -> tuple[str, ...]:
    listed = {d.concept for d in record.diagnoses}
    return tuple(words for concept, words in CONDITIONS.items() if concept in listed)


def _unknown(record: PatientRecord, maximum: Decimal | None, resting: Measurement | None) -> tuple[str, ...]:
    found = ["the birth date is not known"] if maximum is None else []
    if resting is None:
        return (*found, "no resting heart rate is known")
    book = record.rulebook
    abnormal = resting.value >= book.numbers.hr_rest_hold or resting.value < book.numbers.hr_rest_low
    limit = book.numbers.vitals_recent_days_abnormal if abnormal else book.numbers.vitals_recent_days
    age = record.days_ago(resting.stamp.day)
    if age > limit:
        found.append(f"the resting heart rate is {age} days old, more than {limit}")
    return tuple(found)


def _zone(picture: ClinicalPicture, maximum: Decimal, resting: Measurement) -> tuple[int | None, int]:
    """Karvonen; the lower end is rounded up, the upper end down and never above a clinician's limit."""
    book, limit = picture.record.rulebook, picture.limits.heart_rate
    reserve = maximum - resting.value
    upper = book.numbers.hr_zone_high if picture.flare is None else book.numbers.hr_zone_flare
    low = (resting.value + book.numbers.hr_zone_low * reserve).to_integral_value(rounding=ROUND_CEILING)
    high = (resting.value + upper * reserve).to_integral_value(rounding=ROUND_FLOOR)
    return (int(low) if picture.flare is None else None), int(high if limit is None else min(high, limit.value))


def _breaches(picture: ClinicalPicture, high: int | None) -> tuple[str, ...]:
    """Sessions of the last two weeks in which effort was above a limit, in words without a patient's text."""
    record, cap = picture.record, picture.limits.rpe_cap.value
    found = []
    for s in record.sessions:
        if not 0 <= record.days_ago(s.stamp.day) <= record.rulebook.numbers.adherence_days:
            continue
        over = [f"exertion {s.rpe:f} above {cap}"] if s.rpe is not None and s.rpe > cap else []
        if s.heart_rate is not None and high is not None and s.heart_rate > high:
            over.append(f"heart rate {s.heart_rate:f} above {high}")
        if s.talk_test not in (None, "comfortable"):
            over.append("talk test not comfortable")
        found += [f"{s.exercise} on {s.stamp.day}: {', '.join(over)}"] if over else []
    return tuple(found)
