"""Progress on the clinician's page: dose chart, outcomes, psychosocial effects, goal timelines and the example week."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Chart of the dose history


class ChartTitle(Message, text="Dose history"):
    """The title of the picture."""


class ChartTitleWithDays(Message, text="Dose history, {first} to {last}"):
    first: date
    last: date


class ChartLegendMarks(
    Message,
    text="Filled dot: tolerated. Ring: marginal. Cross: not tolerated. Small dot: not evaluable.",
):
    """The marks of sessions."""


class ChartLegendLines(Message, text="Bar: planned. Dashed line: goal or pain limit. Dotted line: a decision."):
    """The lines."""


class ChartPanelTitle(Message, text="{exercise}, {unit} a session"):
    exercise: str
    unit: str


class ChartPainTitle(Message, text="Morning pain, 0 to 10"):
    """The title of the pain panel."""


class ChartGoal(Message, text="goal {amount}"):
    amount: Decimal


class ChartLimit(Message, text="limit {limit}"):
    limit: Decimal


class CountTolerated(Message, text="{count} tolerated"):
    count: int


class CountMarginal(Message, text="{count} marginal"):
    count: int


class CountNotTolerated(Message, text="{count} not tolerated"):
    count: int


class CountNotEvaluable(Message, text="{count} not evaluable"):
    count: int


class ChartTrack(
    Message,
    text=(
        "{exercise}: {sessions} {sessions:session|sessions}, {counts}; first {first} {unit} on {first_day}, "
        "last {last} on {last_day}"
    ),
):
    exercise: str
    sessions: int
    counts: tuple[Message, ...]
    first: Decimal
    unit: str
    first_day: date
    last: Decimal
    last_day: date


class ChartSentence(Message, text="{track}."):
    track: Message


class ChartSentenceWithGoal(Message, text="{track}, goal {goal}."):
    track: Message
    goal: Decimal


class ChartPain(
    Message,
    text=("Morning pain: {entries} {entries:entry|entries} from {low} to {high}, the last {last}; limit {limit}."),
):
    entries: int
    low: Decimal
    high: Decimal
    last: Decimal
    limit: Decimal


class ChartNoPain(Message, text="Morning pain: no entries."):
    """No morning rating."""


class ChartDecision(Message, text="{outcome} on {day}"):
    outcome: str
    day: date


class ChartDecisions(Message, text="Decisions: {decisions}."):
    decisions: tuple[Message, ...]


# Outcomes, psychosocial effects


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


# Timeline


class TimelineExplained(
    Message,
    text=(
        "Assumes that every step is earned; weeks count from the day of this plan. A projection, not a promise: "
        "flares, gaps and holds delay it."
    ),
):
    """Above the timelines."""


class DoseByDate(Message, text="{exercise}: {dose} by {day} at the earliest"):
    exercise: str
    dose: str | Message
    day: date


class DoseByDateWithoutGoal(Message, text="{exercise}: {dose} by {day} at the earliest; no numeric goal is recorded"):
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
    text=(
        "{exercise}: from {start} to {target}{unit} in {steps} {steps:step|steps}, by week {week} ({day}) at "
        "the earliest"
    ),
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


class GoalUnrealistic(Message, text="The goal is not realistic by {due}: offer {offers:; or}"):
    due: date
    offers: tuple[Message, ...]


# Example week


class DaysCanMove(
    Message,
    text="Days can be moved, as long as hard sessions for the same part of the body stay at least {hours} hours apart.",
):
    hours: Decimal


class DomainsWithoutExercise(Message, text="Domains without an exercise: {domains}."):
    domains: tuple[str, ...]


class AllDomainsCovered(Message, text="Every domain has an exercise."):
    """Every domain has an exercise."""


class RestDay(Message, text="rest"):
    """A day without a session."""


class NumberedDay(Message, text="Day {number}"):
    number: int


class FreeWeekday(Message, text="{weekday} (free)"):
    weekday: Message
