"""Headings of the columns in tables of the clinician's page."""

from __future__ import annotations

from titrate.messages.message import Message

# Columns of the decision, the outcomes and the week


class ExerciseColumn(Message, text="Exercise"):
    """The exercise."""


class CurrentDoseColumn(Message, text="Current"):
    """The dose in force."""


class ProposedDoseColumn(Message, text="Proposed"):
    """The dose of the draft."""


class FrequencyColumn(Message, text="Sessions a week"):
    """Sessions a week."""


class GatesNotMetColumn(Message, text="Not met"):
    """Failing gates."""


class GatesMetColumn(Message, text="Met"):
    """Passing gates."""


class GateResultColumn(Message, text="Result"):
    """Whether an increase is possible; the result of a test."""


class MeasureColumn(Message, text="Measure"):
    """The measure."""


class FirstScoreColumn(Message, text="First"):
    """The first score."""


class LatestScoreColumn(Message, text="Latest"):
    """The latest score."""


class ImportantChangeColumn(Message, text="Important change"):
    """The smallest important change."""


class VerdictColumn(Message, text="Meaning"):
    """What the change means."""


class DayColumn(Message, text="Day"):
    """The day of the week."""


class SessionOrderColumn(Message, text="Exercises, in this order"):
    """Exercises in session order."""


class FullDoseColumn(Message, text="Full"):
    """The dose of a good day."""


class ReducedDoseColumn(Message, text="Reduced"):
    """The dose of a worse day."""


class SmallestDoseColumn(Message, text="Minimum"):
    """The dose of a bad day."""


# Columns of the profile, the intake and the ladders


class DomainColumn(Message, text="Domain"):
    """The domain of exercise."""


class DateColumn(Message, text="Date"):
    """The date of a result."""


class DayPartColumn(Message, text="Part of the day"):
    """Morning to night."""


class PostureColumn(Message, text="Posture"):
    """The posture of a block."""


class LongestStretchColumn(Message, text="Without a break"):
    """Minutes without a break."""


class PainColumn(Message, text="Pain"):
    """Pain in a block."""


class FindingColumn(Message, text="Finding"):
    """A finding of readiness."""


class PromptColumn(Message, text="Question to ask"):
    """A question for the clinician to ask."""


class SuitableExercisesColumn(Message, text="Suitable exercises, those the patient likes first"):
    """The choice set of a domain."""


class TaskColumn(Message, text="Task"):
    """The task of a ladder."""


class FearColumn(Message, text="Fear"):
    """The newest fear rating."""


class CurrentStepColumn(Message, text="Current step"):
    """The current step."""


class NextStepColumn(Message, text="Next step"):
    """The next step."""
