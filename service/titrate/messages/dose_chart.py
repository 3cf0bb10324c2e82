"""The chart of the dose history: title, legend, axes and the description for readers who do not see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message


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


class ChartDecisions(Message, text="Decided: {decisions}."):
    decisions: tuple[Message, ...]
