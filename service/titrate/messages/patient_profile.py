"""The patient's profile on the clinician's page: intensity, capability, pain, goals and adherence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Frequencies and durations


class Once(Message, text="once"):
    """One time."""


class Times(Message, text="{count} times"):
    count: int


class Days(Message, text="{number} days"):
    number: str


class Hours(Message, text="{number} h"):
    number: str


class Minutes(Message, text="{number} min"):
    number: str


# Intensity


class HeartRateZoneSuppressed(Message, text="No heart-rate zone is shown: {reasons:;}."):
    reasons: tuple[Message, ...]


class HeartRateZoneBetween(
    Message,
    text=(
        "As a guide: heart rate {low} to {high} beats a minute (predicted maximum {maximum}, an estimate with a "
        "wide margin of error)."
    ),
):
    low: int
    high: int
    maximum: Decimal


class HeartRateZoneUpTo(
    Message,
    text=(
        "As a guide: heart rate up to {high} beats a minute (predicted maximum {maximum}, an estimate with a "
        "wide margin of error)."
    ),
):
    high: int
    maximum: Decimal


class MaximumWithMedicine(
    Message, text="For information only: predicted maximum heart rate while such a medicine is taken: {maximum}."
):
    maximum: Decimal


class ExertionAndTalkTest(
    Message,
    text=(
        "Exertion up to {cap} of 10 (CR10). Talk test: if talking is comfortable, continue; if unsure, do less; "
        "if not comfortable, stop and rest."
    ),
):
    cap: str


# Capability


class DomainsNotTested(Message, text="Not tested: {domains}."):
    domains: tuple[str, ...]


class LimitingFactor(Message, text="{exercise}: {factor}, {times}, last on {last}"):
    exercise: str
    factor: Message
    times: Message
    last: date


class TechniqueObservation(Message, text="{exercise}: {observation}, {times}, last on {last}"):
    exercise: str
    observation: str
    times: Message
    last: date


class CommentOn(Message, text="{day}: {comment}"):
    day: date
    comment: str


# Pain


class PainUsual(Message, text="usual: {score}"):
    score: str


class PainNow(Message, text="now: {score}"):
    score: str


class PainAverage(Message, text="average over a week: {score}"):
    score: str


class PainWorst(Message, text="worst in a week: {score}"):
    score: str


class PainLowestMorning(Message, text="lowest morning: {score}"):
    score: str


class PainHighestMorning(Message, text="highest morning: {score}"):
    score: str


class PainSpread(Message, text="range: {score}"):
    score: str


class PainOtherTimes(Message, text="at other times of the day: {score}"):
    score: str


class PainRiseInSession(Message, text="mean increase in a session: {score}"):
    score: str


class SensitisationScore(Message, text="CSI: {score}"):
    score: str


class PainSettledNextMorning(Message, text="settled by the next morning after {settled} of {followed} sessions"):
    settled: int
    followed: int


class PainLeast(Message, text="least in a week: {score}"):
    score: str


class PainOverDay(Message, text="over the day: {pattern}"):
    pattern: str | Message


class PainProvokedBy(Message, text="brought on by {provocation} activity"):
    provocation: str


class PainLatency(Message, text="increases {latency} after activity"):
    latency: Message


class PainLatencyLate(Message, text="increases {latency} after activity, too late to show during a session"):
    latency: Message


class PainSettlesWithin(Message, text="settles within {settling}"):
    settling: Message


class IrritabilityKnown(Message, text="irritability: {irritability}"):
    irritability: str


class IrritabilityUnknown(Message, text="irritability: not known, too few answers"):
    """An answer is missing."""


class PromptToAsk(Message, text="{finding}: {question}"):
    finding: str
    question: str


class WorstInMorning(Message, text="worst in the morning"):
    """The pattern `worst-morning`."""


class WorstAtMidday(Message, text="worst at midday"):
    """The pattern `worst-midday`."""


class WorstInEvening(Message, text="worst in the evening"):
    """The pattern `worst-evening`."""


class WorstAtNight(Message, text="worst at night"):
    """The pattern `worst-night`."""


class MuchTheSame(Message, text="much the same all day"):
    """The pattern `even`."""


# Goals


class GoalByImportance(Message, text="{goal}: importance {importance} of 10"):
    goal: str
    importance: str


class GoalByImportanceDue(Message, text="{goal}: importance {importance} of 10, by {due}"):
    goal: str
    importance: str
    due: date


class GoalByPriority(Message, text="{goal}: priority {priority}"):
    goal: str
    priority: str


class GoalByPriorityDue(Message, text="{goal}: priority {priority}, by {due}"):
    goal: str
    priority: str
    due: date


# Adherence


class AdherenceShare(Message, text="{exercise}: {percent}% of the week's sessions"):
    exercise: str
    percent: int


class DiaryEntries(Message, text="diary on {entries} of the last {days} days"):
    entries: int
    days: int


class DiaryEntriesTooFew(Message, text="diary on {entries} of the last {days} days: too few to see a trend, ask why"):
    entries: int
    days: int


class PacingIndex(Message, text="pacing by {measure}: busiest day {index} times the median day"):
    measure: str
    index: str


class PacingUneven(
    Message, text="pacing by {measure}: busiest day {index} times the median day; uneven, discuss pacing"
):
    measure: str
    index: str


class Overshoots(Message, text="{count} {count:session|sessions} well above the planned amount"):
    count: int


class CueScore(Message, text="{measure} {score}"):
    measure: str
    score: str


class WeeklyMood(Message, text="mean mood of the week: {mood} of 10"):
    mood: str
