"""Heart rate as a guide (B3): predicted maximum, a light zone by heart-rate reserve, or why there is no zone.

A zone is never a gate. Exertion and the talk test always apply too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.limits import exertion_cap
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.vitals import resting_rates
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement
from titrate.messages import Message
from titrate.messages.sessions import (
    AtrialFibrillationListed,
    BetaBlockerTaken,
    BirthDateUnknown,
    CalciumChannelBlockerTaken,
    ExertionAboveLimit,
    HeartRateAboveZone,
    HeartRateLimitBelowZone,
    IvabradineTaken,
    NoExercisePrescribed,
    PacemakerListed,
    RestingHeartRateExpired,
    RestingHeartRateUnknown,
    SessionAboveLimits,
    TalkTestNotComfortable,
)

RATE_LIMITING_MEDICINES: Mapping[str, Message] = {
    "beta-blocker": BetaBlockerTaken(),
    "rate-limiting-calcium-channel-blocker": CalciumChannelBlockerTaken(),
    "ivabradine": IvabradineTaken(),
}
RHYTHM_CONDITIONS: Mapping[str, Message] = {
    "pacemaker": PacemakerListed(),
    "atrial-fibrillation": AtrialFibrillationListed(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartRateZone:
    """The zone in beats per minute. `low` and `high` are None where `suppressed` has reasons; a flare has no lower end.

    `maximum` is predicted, with an error of 7 to 12 beats. `information` is the maximum by the equation for
    rate-limiting medicines: shown, never used. `breaches` are sessions of the last weeks above a limit.
    """

    maximum: Decimal | None
    resting: Decimal | None
    low: int | None
    high: int | None
    suppressed: tuple[Message, ...]
    information: Decimal | None
    rpe_cap: Decimal
    breaches: tuple[Message, ...]


def heart_rate_zone(picture: ClinicalPicture, phase: Phase, *, stopped: bool) -> HeartRateZone:
    """The zone for light exercise, or every reason against one. `stopped`: no exercise is prescribed.

    `phase` is the phase after approval, whose exertion cap is prescribed.
    """
    record = picture.record
    numbers = record.rulebook.numbers
    resting = _resting(record)
    maximum = _maximum(record, numbers.hrmax_intercept)
    slowing = _slowing_medicines(record)
    stop = (NoExercisePrescribed(),) if stopped else ()
    reasons: tuple[Message, ...] = (
        *stop, *slowing, *_rhythm_conditions(record), *_missing(record, maximum, resting)
    )  # fmt: skip
    low, high = None, None
    if not reasons and maximum is not None and resting is not None:
        low, high = _zone(picture, maximum, resting)
    if low is not None and high is not None and high < low:
        reasons, low, high = (HeartRateLimitBelowZone(),), None, None
    return HeartRateZone(
        maximum=maximum,
        resting=None if resting is None else resting.value,
        low=low,
        high=high,
        suppressed=reasons,
        information=_maximum(record, numbers.hrmax_rate_limited) if slowing else None,
        rpe_cap=exertion_cap(phase, picture.limits.rpe_cap.value, record.rulebook),
        breaches=_breaches(picture, high),
    )


def _resting(record: PatientRecord) -> Measurement | None:
    found = [m for m in resting_rates(record) if not m.stamp.preliminary]
    return found[-1] if found else None


def _maximum(record: PatientRecord, intercept: Decimal) -> Decimal | None:
    age = record.person.age_on(record.today)
    return None if age is None else intercept - record.rulebook.numbers.hrmax_slope * age


def _slowing_medicines(record: PatientRecord) -> tuple[Message, ...]:
    taken = {m.group for m in record.medicines if m.active}
    return tuple(reason for group, reason in RATE_LIMITING_MEDICINES.items() if group in taken)


def _rhythm_conditions(record: PatientRecord) -> tuple[Message, ...]:
    listed = {d.concept for d in record.diagnoses}
    return tuple(reason for concept, reason in RHYTHM_CONDITIONS.items() if concept in listed)


def _missing(record: PatientRecord, maximum: Decimal | None, resting: Measurement | None) -> tuple[Message, ...]:
    """What the zone needs and the record lacks; an abnormal resting rate counts for fewer days."""
    found: list[Message] = [BirthDateUnknown()] if maximum is None else []
    if resting is None:
        return (*found, RestingHeartRateUnknown())
    numbers = record.rulebook.numbers
    abnormal = resting.value >= numbers.hr_rest_hold or resting.value < numbers.hr_rest_low
    limit = numbers.vitals_recent_days_abnormal if abnormal else numbers.vitals_recent_days
    if record.days_ago(resting.stamp.day) > limit:
        found.append(RestingHeartRateExpired(measured=resting.stamp.day, days=limit))
    return tuple(found)


def _zone(picture: ClinicalPicture, maximum: Decimal, resting: Measurement) -> tuple[int | None, int]:
    """Karvonen's formula: lower end rounded up, upper end rounded down and never above a clinician's limit."""
    book, limit = picture.record.rulebook, picture.limits.heart_rate
    reserve = maximum - resting.value
    upper = book.numbers.hr_zone_high if picture.flare is None else book.numbers.hr_zone_flare
    low = (resting.value + book.numbers.hr_zone_low * reserve).to_integral_value(rounding=ROUND_CEILING)
    high = (resting.value + upper * reserve).to_integral_value(rounding=ROUND_FLOOR)
    return (int(low) if picture.flare is None else None), int(high if limit is None else min(high, limit.value))


def _breaches(picture: ClinicalPicture, high: int | None) -> tuple[Message, ...]:
    """Sessions of the last two weeks with effort above a limit, without the patient's own text."""
    record, cap = picture.record, picture.limits.rpe_cap.value
    found: list[Message] = []
    for s in record.sessions:
        if not 0 <= record.days_ago(s.stamp.day) <= record.rulebook.numbers.adherence_days:
            continue
        above: list[Message] = []
        if s.rpe is not None and s.rpe > cap:
            above.append(ExertionAboveLimit(exertion=s.rpe, limit=cap))
        if s.heart_rate is not None and high is not None and s.heart_rate > high:
            above.append(HeartRateAboveZone(rate=s.heart_rate, limit=high))
        if s.talk_test not in (None, "comfortable"):
            above.append(TalkTestNotComfortable())
        if above:
            found.append(SessionAboveLimits(exercise=s.exercise, day=s.stamp.day, findings=tuple(above)))
    return tuple(found)
