"""Progress on the clinician's page: outcomes, psychosocial effects, goal timelines and the example week."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# --- Outcomes, psychosocial effects


class ScoreOn(Message, text="{score} on {day}"):
    score: str
    day: date


class EffectOfScore(Message, text="{measure} {score}: {finding}; {follows}"):
    measure: str
    score: str
    finding: str | Message
    follows: Message


class EffectOfFinding(Message, text="{finding}; {follows}"):
    finding: str | Message
    follows: Message


class VerdictLarge(Message, text="{verdict}, a large change"):
    verdict: str


class VerdictDue(Message, text="{verdict}; ask again"):
    verdict: str


class VerdictLargeDue(Message, text="{verdict}, a large change; ask again"):
    verdict: str


# --- Timeline


class TimelineExplained(
    Message,
    text=(
        "When every step is earned; weeks count from the day of this plan. A projection, not a promise: flares, gaps "
        "and holds delay it."
    ),
):
    """Above the timelines."""


class DoseByDate(Message, text="{exercise}: {dose} by {day} at the earliest"):
    exercise: str
    dose: str | Message
    day: date


class DoseByDateWithoutGoal(
    Message, text="{exercise}: {dose} by {day} at the earliest; no goal with a number is known"
):
    exercise: str
    dose: str | Message
    day: date


class GoalOutOfReach(Message, text="{exercise}: from {start} to {target}{unit}: {reason}"):
    exercise: str
    start: str | Message
    target: str
    unit: str
    reason: Message


class GoalInWeek(
    Message,
    text="{exercise}: from {start} to {target}{unit} takes {steps} steps, in week {week} ({day}) at the earliest",
):
    exercise: str
    start: str | Message
    target: str
    unit: str
    steps: int
    week: int
    day: date


class GoalInWeekLikely(Message, text="{goal}, likely between weeks {first} and {last}"):
    goal: Message
    first: int
    last: int


class GoalUnrealistic(Message, text="The goal by {due} is unrealistic: offer {offers:; or}"):
    due: date
    offers: tuple[Message, ...]


# --- Example week


class DaysCanMove(
    Message,
    text="Days can be moved, as long as hard sessions for the same part of the body stay {hours} hours apart.",
):
    hours: Decimal


class DomainsWithoutExercise(Message, text="No exercise of: {domains}."):
    domains: tuple[str, ...]


class AllDomainsCovered(Message, text="All four domains have an exercise."):
    """Every domain has an exercise."""


class RestDay(Message, text="rest"):
    """A day without a session."""


class NumberedDay(Message, text="Day {number}"):
    number: int


class FreeWeekday(Message, text="{weekday} (free)"):
    weekday: Message
