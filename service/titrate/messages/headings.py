"""Headings of the sections of the clinician's page."""

from __future__ import annotations

from titrate.messages.message import Message


class RedFlagsHeading(Message, text="Red flags"):
    """Open flags."""


class DecisionHeading(Message, text="Decision"):
    """The decision in a sentence."""


class DosesHeading(Message, text="Dose of a session"):
    """Doses before and after."""


class ChangesHeading(Message, text="What changes"):
    """Differences from the plan in force."""


class ReasonsHeading(Message, text="Why"):
    """Reasons and conditions."""


class GatesHeading(Message, text="What an increase needs"):
    """Gates of each exercise."""


class MissingHeading(Message, text="What is missing"):
    """Missing data and questions."""


class ReviewHeading(Message, text="For review"):
    """Points for the clinician."""


class EditsHeading(Message, text="Set by other authors and kept"):
    """Manual edits and other plans."""


class LimitsHeading(Message, text="Limits used"):
    """Limits with their sources."""


class WeekHeading(Message, text="The week"):
    """The programme's week."""


class ContingencyHeading(Message, text="If it gets worse"):
    """The programme's contingency."""


class StopHeading(Message, text="Stop and get help"):
    """The programme's stop rules."""


class EducationHeading(Message, text="To talk about"):
    """The programme's education."""


class SourcesHeading(Message, text="Sources"):
    """Rulebook and records."""


class OutcomesHeading(Message, text="Outcome measures"):
    """Outcome measures."""


class EffectsHeading(Message, text="Fear, sleep and mood"):
    """Psychosocial effects."""


class TimelineHeading(Message, text="Timeline"):
    """Goal timelines."""


class ExampleWeekHeading(Message, text="Example week"):
    """The week template."""


class WorseDayHeading(Message, text="On a less good day"):
    """Dose options of a day."""


# Sections of the profile and the intake


class IntensityHeading(Message, text="Intensity"):
    """Heart rate and exertion."""


class CapabilityHeading(Message, text="Capability"):
    """Tests and tolerance trials."""


class PainHeading(Message, text="Pain behaviour"):
    """Pain scores and answers."""


class LimitingFactorsHeading(Message, text="Limiting symptoms"):
    """Limiting symptoms of sessions and trials."""


class TechniqueHeading(Message, text="Technique"):
    """Form, compensations and tempo."""


class GoalsHeading(Message, text="What matters to the patient"):
    """Goal priorities."""


class AdherenceHeading(Message, text="Adherence"):
    """Sessions, diary and pacing."""


class CommentsHeading(Message, text="In the patient's own words"):
    """The newest comments."""


class OrdinaryDayHeading(Message, text="An ordinary day"):
    """The daily routine."""


class FactorsHeading(Message, text="Aggravating and easing factors"):
    """Aggravating and easing factors."""


class ReadinessHeading(Message, text="Readiness and barriers"):
    """Readiness for change."""


class PatientViewHeading(Message, text="Progress as the patient sees it"):
    """The patient's answers over time."""


class PreferencesHeading(Message, text="Exercises to choose together"):
    """Exercise preferences."""


class UnansweredHeading(Message, text="Not answered at intake"):
    """Open questions of the profile."""


# Sections of the talking points


class FollowUpHeading(Message, text="Next contact"):
    """The next contact."""


class RestartHeading(Message, text="Low-demand restart"):
    """The low-demand restart."""


class StageHeading(Message, text="Stage of the programme"):
    """The current stage."""


class LaddersHeading(Message, text="Exposure ladders"):
    """Ladders of tasks."""


class BalanceHeading(Message, text="Balance ladder"):
    """The balance ladder."""


class PacingHeading(Message, text="Pacing of tasks"):
    """Pacing of tasks."""


class CardHeading(Message, text="Traffic-light card: discomfort or harm"):
    """The traffic-light card."""


class ToolkitHeading(Message, text="Toolkit"):
    """What helps."""


class TopicsHeading(Message, text="Education topics"):
    """Education topics."""
