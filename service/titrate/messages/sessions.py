"""Sentences about the class of a session: why it is marginal, not tolerated or not evaluable."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message


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


class LessThanPrescribed(Message, text="done {part:.2f} of the prescribed amount"):
    part: Decimal


class SessionOvershoot(Message, text="overshoot: done {part:.2f} of the prescribed amount"):
    part: Decimal


class SessionEnteredLate(Message, text="entered late"): ...


class SessionPreliminary(Message, text="preliminary"): ...


class ExertionNotRecorded(Message, text="exertion not recorded"): ...


class AmountNotRecorded(Message, text="done or prescribed not recorded"): ...


class FatigueNotKnown(Message, text="morning fatigue or usual fatigue not known"): ...


class PainInSessionNotKnown(Message, text="pain during the session not known"): ...


class NextMorningNotKnown(Message, text="next morning's pain not known"): ...
