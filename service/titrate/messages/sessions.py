"""Why a session is marginal, not tolerated or not evaluable, and the heart-rate zone with sessions above it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Classes of sessions


class PainAboveCeiling(Message, text="pain {pain} above {ceiling}"):
    pain: Decimal
    ceiling: Decimal


class NextMorningAboveUsual(Message, text="next morning {rise} above usual"):
    rise: Decimal


class ExertionAgainstCap(Message, text="exertion {exertion} with a cap of {cap}"):
    exertion: Decimal
    cap: Decimal


class FatigueAboveUsual(Message, text="morning fatigue {rise} above usual"):
    rise: Decimal


class SessionStoppedEarly(Message, text="stopped early ({reason})"):
    reason: str


class SessionStopped(Message, text="stopped ({reason})"):
    reason: str


class NewPainQuality(Message, text="new pain quality ({quality})"):
    quality: str


class MoreThanPrescribed(Message, text="more than prescribed"): ...


class LessThanPrescribed(Message, text="{part:.2f} times the prescribed amount done"):
    part: Decimal


class SessionOvershoot(Message, text="overshoot: {part:.2f} times the prescribed amount done"):
    part: Decimal


class SessionEnteredLate(Message, text="entered late"): ...


class SessionPreliminary(Message, text="preliminary"): ...


class ExertionNotRecorded(Message, text="exertion not recorded"): ...


class AmountNotRecorded(Message, text="amount done or prescribed not recorded"): ...


class FatigueNotKnown(Message, text="morning fatigue or usual fatigue not known"): ...


class PainInSessionNotKnown(Message, text="pain during the session not known"): ...


class NextMorningNotKnown(Message, text="next morning's pain not known"): ...


# Heart-rate zone


class NoExercisePrescribed(Message, text="no exercise is prescribed"):
    """An open red flag stops exercise."""


class BetaBlockerTaken(Message, text="a beta-blocker is taken"):
    """The predicted maximum does not apply."""


class CalciumChannelBlockerTaken(Message, text="a rate-limiting calcium-channel blocker is taken"):
    """The predicted maximum does not apply."""


class IvabradineTaken(Message, text="ivabradine is taken"):
    """The predicted maximum does not apply."""


class PacemakerListed(Message, text="a pacemaker is listed"):
    """The heart rate does not follow effort."""


class AtrialFibrillationListed(Message, text="atrial fibrillation or flutter is listed"):
    """The heart rate does not follow effort."""


class HeartRateLimitBelowZone(Message, text="the clinician's heart-rate limit lies below the zone: the limit applies"):
    """No zone fits under the limit."""


class BirthDateUnknown(Message, text="the birth date is not known"):
    """Without an age there is no predicted maximum."""


class RestingHeartRateUnknown(Message, text="no resting heart rate is known"):
    """Without it there is no heart-rate reserve."""


class RestingHeartRateExpired(
    Message, text="the resting heart rate of {measured} is out of date: it is valid for {days} days"
):
    """The newest resting heart rate is older than the rulebook allows."""

    measured: date
    days: Decimal


class ExertionAboveLimit(Message, text="exertion {exertion} above {limit}"):
    """A rating of perceived exertion above the cap."""

    exertion: Decimal
    limit: Decimal


class HeartRateAboveZone(Message, text="heart rate {rate} above {limit}"):
    """A heart rate above the upper end of the zone."""

    rate: Decimal
    limit: int


class TalkTestNotComfortable(Message, text="talk test not comfortable"):
    """The patient could not talk comfortably."""


class SessionAboveLimits(Message, text="{exercise} on {day}: {findings}"):
    """One session with every limit that it exceeded."""

    exercise: str
    day: date
    findings: tuple[Message, ...]
