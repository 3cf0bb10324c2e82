"""Drafts and what is written with them, signs of worsening, and the comparison of two rulebooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# The Task for the clinician, the service's own goal, and the alert of a red flag.


class TaskReviewDraft(
    Message,
    text="A draft exercise plan waits for a decision: approve it, change it, or reject it with a reason.",
):
    pass


class TaskAssessRedFlag(
    Message,
    text="A red flag needs assessment. The draft holds no exercise; the plan in force, if any, was not changed.",
):
    pass


class TaskPerformer(Message, text="Treating clinician or physiotherapist"):
    pass


class GoalTakePart(
    Message,
    text="Take part in the {sessions} planned sessions of each week, with pain settled by the next morning",
):
    sessions: int


class RedFlagNeedsAssessment(Message, text="A red flag is open and needs assessment before any exercise."):
    pass


class ComposedResourceInvalid(Message, text="A composed resource is not valid: {problems}"):
    problems: str


# Signs of worsening, shown beside a dose that rises.


class WorseningFlare(Message, text="a flare, or the return from one"):
    pass


class WorseningReportsDisagree(Message, text="reports disagree: {conflict}"):
    conflict: Message | str


class WorseningMorningsOverWeekBefore(Message, text="mean morning pain {mean}, the week before {before}"):
    mean: Decimal
    before: Decimal


class WorseningMorningsOverUsual(Message, text="mean morning pain {mean}, usual {usual}"):
    mean: Decimal
    usual: Decimal


class WorseningSession(Message, text="{exercise} on {day}: {signs}"):
    exercise: str
    day: date
    signs: tuple[Message, ...]


class WorseningNotTolerated(Message, text="not tolerated"):
    pass


class WorseningPeakPain(Message, text="peak pain {peak} above {ceiling}"):
    peak: Decimal
    ceiling: Decimal


class WorseningNextMorning(Message, text="next morning {rise} above usual"):
    rise: Decimal


class WorseningFatigue(Message, text="fatigue {fatigue}, usual {usual}"):
    fatigue: Decimal
    usual: Decimal


# Two rulebooks, A and B, on the same patient.


class ComparedOutcome(Message, text="{rule} {outcome}"):
    rule: str
    outcome: str


class ComparedOutcomeWithReview(Message, text="{rule} {outcome}, with review"):
    rule: str
    outcome: str


class ComparedPhase(Message, text="phase {phase}"):
    phase: str


class ComparedFlag(Message, text="{flag} ({urgency})"):
    flag: Message
    urgency: str


class OnlyUnderA(Message, text="only A: {mark}"):
    mark: str


class OnlyUnderB(Message, text="only B: {mark}"):
    mark: str
