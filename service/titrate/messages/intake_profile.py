"""The intake profile on the clinician's page: an ordinary day, factors, readiness, own view and preferences."""

from __future__ import annotations

from datetime import date

from titrate.messages.message import Message

# An ordinary day


class ReportedOn(Message, text="As reported on {day}."):
    day: date


class PostureOverDay(Message, text="{posture}: {total} a day, at most {longest} without a break, pain up to {pain}"):
    posture: str
    total: str | Message
    longest: str | Message
    pain: str


class PostureWithoutRating(Message, text="{posture}: {total} a day, at most {longest} without a break, pain not rated"):
    posture: str
    total: str | Message
    longest: str | Message


class PainAboveLimitIn(Message, text="pain above the limit of {limit} during: {tasks}"):
    limit: str
    tasks: tuple[str, ...]


class ActiveTime(Message, text="on the feet {good} on a good day, {bad} on a bad one"):
    good: str | Message
    bad: str | Message


class ActiveTimeRatio(Message, text="{times}: {index} times as much"):
    times: Message
    index: str


class ActiveTimeUneven(Message, text="{times}; uneven, discuss pacing"):
    times: Message


class OrdinaryDayGroup(Message, text="an ordinary day"):
    """The group of questions about blocks of a day."""


class FactorsGroup(Message, text="what brings symptoms on or eases them"):
    """The group of questions about factors."""


class NotKnown(Message, text="Not answered: {questions:;}."):
    questions: tuple[str | Message, ...]


# Factors


class FactorBringsOn(Message, text="aggravating: {factor}"):
    factor: str | Message


class FactorEases(Message, text="easing: {factor}"):
    factor: str | Message


class FactorInOwnWords(Message, text="in the patient's own words"):
    """The patient named a factor that the mappings do not know."""


class FactorWithSymptom(Message, text="{factor}, {symptom}"):
    factor: str | Message
    symptom: str


class FactorWithSymptomFrom(Message, text="{factor}, {symptom} from {threshold}{unit}"):
    factor: str | Message
    symptom: str
    threshold: str
    unit: str


class FactorFrom(Message, text="{factor}, from {threshold}{unit}"):
    factor: str | Message
    threshold: str
    unit: str


class FactorQuoted(Message, text="{factor} ({words})"):
    factor: str | Message
    words: str


class AlternativesToChoose(
    Message,
    text="{exercise} resembles an aggravating factor ({factors}); a clinician may choose instead: {alternatives}",
):
    exercise: str
    factors: tuple[str, ...]
    alternatives: tuple[str, ...]


class NoAlternative(
    Message,
    text="{exercise} resembles an aggravating factor ({factors}); the library has nothing like it to choose instead",
):
    exercise: str
    factors: tuple[str, ...]


# Readiness


class ScoreOfTen(Message, text="{score} of 10"):
    score: str


class ScoreNotKnown(Message, text="not known"):
    """The patient has not answered."""


class ImportanceAndConfidence(Message, text="Importance {importance}, confidence {confidence}."):
    importance: Message
    confidence: Message


class ImportanceConfidenceStage(Message, text="Importance {importance}, confidence {confidence}; {stage}."):
    importance: Message
    confidence: Message
    stage: str


class BarriersNamed(Message, text="Barriers named: {barriers}."):
    barriers: tuple[str, ...]


class BarrierInOwnWords(Message, text="Barriers in the patient's own words: {words}."):
    words: str


class CommitmentQuoted(Message, text="Commitment: {words}."):
    words: str


# The patient's own view, preferences


class ViewOnce(Message, text="{question}: {answer} on {day}"):
    question: str | Message
    answer: str
    day: date


class ViewUnchanged(Message, text="{first}, {answer} on {day}"):
    first: Message
    answer: str
    day: date


class ViewBetter(Message, text="{first}, {answer} on {day}, better"):
    first: Message
    answer: str
    day: date


class ViewWorse(Message, text="{first}, {answer} on {day}, worse"):
    first: Message
    answer: str
    day: date


class FreeDays(Message, text="Free: {times}"):
    times: tuple[str | Message, ...]


class FreeDaysNotKnown(Message, text="Free days are not known"):
    """The patient has not answered."""


class FreeDaysNotKnownBut(Message, text="Free days are not known; {times}"):
    times: tuple[str | Message, ...]


class FreeMinutesADay(Message, text="{minutes} a day"):
    minutes: Message


class FreeTimeAndEquipment(Message, text="{free}. Equipment: {equipment}."):
    free: Message
    equipment: tuple[str, ...]


class FreeTimeWithoutEquipment(Message, text="{free}. Equipment is not known."):
    free: Message


class DomainsWithoutChoice(Message, text="Domains without a suitable exercise: {domains}."):
    domains: tuple[str, ...]


class ExerciseLiked(Message, text="{exercise} (liked)"):
    exercise: str


class ExercisePlanned(Message, text="{exercise} (in the plan)"):
    exercise: str


class ExerciseLikedAndPlanned(Message, text="{exercise} (liked, in the plan)"):
    exercise: str
