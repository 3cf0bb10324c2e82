"""Sentences about one patient's record: conflicts, limits, eligibility, missing data, cautious profile and holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Conflicts (rule D5)


class RatingsDiffer(Message, text="two ratings of {measure} on {day} differ"):
    measure: str
    day: date


class SessionReportsDiffer(Message, text="two reports of {exercise} on {day} differ"):
    exercise: str
    day: date


class NoPainAndWordsOfSeverePain(Message, text="pain rated 0 on {day}, but that day's comment describes severe pain"):
    day: date


class UnratedMorningAndWordsOfSeverePain(
    Message, text="the comment of {day} describes severe pain, but that morning was not rated"
):
    day: date


class SessionOnDayInBed(Message, text="a session on {day}, but that day's comment describes lying in bed"):
    day: date


class SessionWithoutDeviceMinutes(
    Message, text="a session on {day}, but a device counted no minutes of exercise at that time"
):
    day: date


class LowExertionAtHighHeartRate(Message, text="very low exertion but a high heart rate in the session on {day}"):
    day: date


class UnusableReport(Message, text="unusable value or time of {measure}"):
    measure: str


class UnusableReportOn(Message, text="unusable value or time of {measure} on {day}"):
    measure: str
    day: date


class ConflictingReport(Message, text="values of {measure} that disagree"):
    measure: str


class ConflictingReportOn(Message, text="values of {measure} on {day} that disagree"):
    measure: str
    day: date


class ImplausibleReport(Message, text="implausible value of {measure}"):
    measure: str


class ImplausibleReportOn(Message, text="implausible value of {measure} on {day}"):
    measure: str
    day: date


class LimitSetTwice(Message, text="{limit} was set to different values on the same day"):
    limit: str


class OrderNotPlausible(Message, text="the order {reference} states an implausible dose: correct the order"):
    reference: str


# Caps of a dose


class CapOfDose(Message, text="the limit of {amount} set by {author}"):
    amount: str
    author: Message


class CapByClinician(Message, text="a clinician on {day} ({reference})"):
    day: date
    reference: str


class CapByEdit(Message, text="a clinician in {reference}"):
    reference: str


class CapByOtherPlan(Message, text="another author's plan, {reference}"):
    reference: str


class CapByOtherOrder(Message, text="another author's order, {reference}"):
    reference: str


# Eligibility (rule D0)


class PatientDied(Message, text="the record says that the patient has died"): ...


class RecordMerged(Message, text="the record has been merged into another one"): ...


class PatientOptedOut(Message, text="the patient has opted out, or has not given consent"): ...


class PatientNotEnrolled(Message, text="the patient is not enrolled"): ...


class PatientUnderAge(Message, text="the patient is under {age}"):
    age: Decimal


class PlanStateUnknown(
    Message,
    text="{part} is part of the plan and cannot be read or is dated ahead: correct or withdraw it; no dose rises",
):
    """`part` is a resource, or a resource and its element."""

    part: str


class RecordUnidentified(
    Message,
    text="{reference} does not say what it is about: correct or withdraw it; no dose rises for a week",
):
    reference: str


class LimitNotApplied(
    Message, text="the limit in {reference} cannot be applied: correct it or set another; no dose rises"
):
    reference: str


class LimitInOtherUnit(
    Message,
    text="the limit in {reference} cannot be applied, because {exercise} is dosed in {unit}: correct or replace it; "
    "no dose rises",
):
    reference: str
    exercise: str
    unit: str


class EligibilityUnknown(
    Message, text="{element} decides whether the patient takes part and cannot be read: correct it; no dose rises"
):
    element: str


class BirthDateMissing(Message, text="the birth date is missing: enter it; no dose rises"): ...


# Data sufficiency (rule D7) and expiry


class ScreenNotAnswered(Message, text="safety screen not answered: {flags:;}"):
    flags: tuple[Message, ...]


class WordsReopenedItem(
    Message, text="words in {reference} of {day} may describe {flag}: read the text and ask the patient today"
):
    flag: Message
    reference: str
    day: date


class ScreenTooOld(Message, text="safety screen {days} days old, more than the limit of {limit}"):
    days: int
    limit: Decimal


class MorningsMissing(Message, text="morning pain on {rated} of the last {days} days, {needed} needed"):
    rated: int
    days: int
    needed: Decimal


class SessionsMissing(Message, text="{count} evaluable {count:session|sessions} in {days} days, {needed} needed"):
    count: int
    days: Decimal
    needed: int


class NoDailyLog(Message, text="no recent daily log"): ...


class DailyLogTooOld(Message, text="last daily log on {day}"):
    day: date


class NoSession(Message, text="no session recorded"): ...


class SessionTooOld(Message, text="last session on {day}"):
    day: date


class ScoreTooOld(Message, text="ask again: the last {questionnaire} is older than {limit} days"):
    questionnaire: str
    limit: Decimal


class ZoneAssumed(
    Message, text="enter the patient's time zone: times without one, or in UTC, were read as times of {zone}"
):
    zone: str


class ExpiredWithoutLog(Message, text="no daily log for {days} days; the limit is {limit}"):
    days: int
    limit: Decimal


class ExpiredWithoutScreen(Message, text="no answered safety screen for {days} days; the limit is {limit}"):
    days: int
    limit: Decimal


# Cautious profile (clinical rule B4)


class ScoreAtOrAbove(Message, text="{questionnaire} {score} at or above {limit}"):
    questionnaire: str
    score: Decimal
    limit: Decimal


class ScoreAbove(Message, text="{questionnaire} {score} above {limit}"):
    questionnaire: str
    score: Decimal
    limit: Decimal


class ScoreBelow(Message, text="{questionnaire} {score} below {limit}"):
    questionnaire: str
    score: Decimal
    limit: Decimal


class RecentFlare(Message, text="flare until {day}"):
    day: date


class FlareBeforeReturn(Message, text="the flare before this return; its last day is no longer among the readings"): ...


class CautiousByClinician(Message, text="set by a clinician"): ...


# Holds outside the exercise (clinical rule B10)


class BadNights(Message, text="{nights} bad nights"):
    nights: int


class LowMood(Message, text="PHQ-9 {score}"):
    score: Decimal


class MajorStressor(Message, text="a major stressor"): ...


class StressorUnreadable(Message, text="the answer about stressors cannot be read, and may be a major one"): ...


class HighRestingHeartRate(Message, text="resting heart rate {rate}"):
    rate: Decimal


class HighClinicPain(Message, text="pain {pain} recorded by a clinic today, far above usual"):
    pain: Decimal


class FearWithoutLadder(Message, text="TSK-11 {score} without an exposure ladder"):
    score: Decimal


# Units


class UnitOfOtherKind(Message, text="The unit cannot be converted to {target}: send the value in {target}"):
    target: str
