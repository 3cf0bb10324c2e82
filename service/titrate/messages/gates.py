"""What the trace prints for each condition of a rule and for each gate of an increase."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Conditions of the rules


class FlagOpenSince(Message, text="{flag}, open since {since}: {because}"):
    flag: Message
    since: date
    because: Message


class PhaseCondition(Message, text="phase"):
    pass


class FlareSince(Message, text="flare since {first}, {cause}"):
    first: date
    cause: Message


class FlareGraded(Message, text="grade {grade}"):
    grade: str


class FlareFactor(Message, text="fraction of the dose before the flare"):
    pass


class DeloadSessions(Message, text="sessions not tolerated on {days}"):
    days: tuple[date, ...]


class DeloadPeak(Message, text="peak of a session not tolerated on {days}"):
    days: tuple[date, ...]


class DeloadFactor(Message, text="fraction of the dose in force"):
    pass


class GapLength(Message, text="days since the last completed session"):
    pass


class GapFactor(Message, text="fraction of the last session's dose"):
    pass


class UsualPainCondition(Message, text="usual pain"):
    pass


class NoDoseAndFullScreen(Message, text="no dose in force, and the full safety screen is answered"):
    pass


class CautiousProfileApplies(Message, text="cautious profile: {because}"):
    because: Message


class TrialCount(Message, text="tolerance trials"):
    pass


class TrialSpread(Message, text="best trial divided by the worst"):
    pass


class TrialMean(Message, text="mean of the trials"):
    pass


class TrialWorst(Message, text="worst trial"):
    pass


class FlareSettled(Message, text="flare from {first} to {last}, settled on {settled}"):
    first: date
    last: date
    settled: date | None


class ReturnDose(Message, text="the return starts at"):
    pass


class RungSessions(Message, text="consecutive tolerated sessions at this rung"):
    pass


class ReturnHoldDays(Message, text="days at the dose before the flare"):
    pass


class LoadingDays(Message, text="days of loading"):
    pass


class LighterWeekFactor(Message, text="fraction of the loading dose"):
    pass


class LighterWeekDays(Message, text="days of the lighter week"):
    pass


class AllGatesPass(Message, text="every gate is met"):
    pass


class DoseLowered(Message, text="lowered because of {limit}"):
    limit: Message


class WeakSpine(Message, text="a weakened spine is recorded: no exercise that bends it under load"):
    pass


class CeilingProposed(
    Message,
    text="usual pain is high: a higher pain ceiling is proposed; the present one applies until a clinician confirms it",
):
    pass


class DeloadExit(Message, text="sessions at the lower dose, each followed by a rated morning, before any increase"):
    pass


class LighterWeekExit(Message, text="days of the lighter week before the previous dose is restored"):
    pass


class FlareExit(Message, text="two mornings in a row with pain at or below this end the flare"):
    pass


# Gates of an increase


class NoDoseYet(Message, text="no dose yet"):
    pass


class OpenFlags(Message, text="open red flags"):
    pass


class DataSufficient(Message, text="mornings rated"):
    pass


class DataMissing(Message, text="{missing:;}"):
    missing: tuple[Message, ...]


class FewSessionsOfExercise(Message, text="{count} evaluable {count:session|sessions} of the exercise"):
    count: int


class SessionsTolerated(Message, text="last {needed} evaluable sessions tolerated at this dose: {classes}"):
    needed: int
    classes: str


class SessionsOfOneDate(
    Message,
    text="last {needed} evaluable sessions tolerated at this dose, and not on {dates} dates as an increase needs",
):
    needed: int
    dates: int


class IncreaseNotTaken(Message, text="no session at the increased dose yet, or its start is not known"):
    pass


class DaysSinceIncrease(Message, text="days since the last increase, {since}"):
    since: date


class DaysSinceDose(Message, text="days since the present dose began, {since}"):
    since: date


class WeeksNotComparable(Message, text="weekly means not comparable: {now} and {before} mornings rated"):
    now: int
    before: int


class WeekRise(Message, text="increase in the week's mean morning pain"):
    pass


class Adherence(Message, text="adherence in the last {days} days"):
    days: int


class NothingHolds(Message, text="holds for sleep, mood or stress"):
    pass


class HoldsIncrease(Message, text="{reasons:;}"):
    reasons: tuple[Message, ...]


class WeekOverWeek(Message, text="planned week divided by the work of the last {days} days"):
    days: int


class WeekOverMonth(Message, text="planned week divided by the mean week of the last {days} days"):
    days: Decimal


class CompensationSeen(
    Message, text="compensatory movement ({movements}) in the last {count} {count:session|sessions}"
):
    movements: tuple[str, ...]
    count: int


class TempoNotControlled(Message, text="tempo {tempo} in the last {count} {count:session|sessions}"):
    tempo: str
    count: int


class FormOfSessions(Message, text="form in the last {count} {count:session|sessions}"):
    count: int


class FormGood(Message, text="form good in the last {count} {count:session|sessions}"):
    count: int


class FormNotGood(Message, text="form not good, or not recorded, in the last {count} {count:session|sessions}"):
    count: int


class NoLoad(Message, text="no load"):
    pass


class LastSetUnknown(Message, text="two-for-two cannot be judged: last-set repetitions not recorded"):
    pass


class LastSetRepetitions(
    Message,
    text="repetitions of the last set in the last {count} {count:session|sessions}, {count:tolerated|all tolerated}",
):
    count: int


class NotLoading(Message, text="not in loading: no lighter week is due"):
    pass


class TooFewForExertion(Message, text="too few sessions to judge exertion"):
    pass


class ExertionWithinCap(Message, text="exertion within its cap"):
    pass


class ExertionTooHigh(Message, text="{findings:;}"):
    findings: tuple[Message, ...]


class ExertionAboveCap(Message, text="exertion above its cap or not recorded"):
    pass


class SessionTalkTestNotComfortable(Message, text="talk test not comfortable"):
    pass


class HeartRateAboveLimit(Message, text="heart rate above its limit"):
    pass


class LimitsNeverApproved(Message, text="no limits approved by a clinician"):
    pass


class DaysSinceLimits(Message, text="days since limits were approved, {approved}"):
    approved: date
