"""Titles, headings and questions of the questionnaires. Questions about measures come from the mappings."""

from __future__ import annotations

from titrate.messages.message import Message


class FormNotForEmergencies(
    Message, text="Not for emergencies. In an emergency, call the emergency number; do not fill in a form."
):
    """The description of every questionnaire."""


# Titles


class DailyCheckInTitle(Message, text="Daily check-in"):
    """`daily-check-in`."""


class SessionCheckInTitle(Message, text="After an exercise session"):
    """`session-check-in`."""


class ToleranceTrialTitle(Message, text="Tolerance trial before a first plan"):
    """`tolerance-trial`."""


class FullScreenTitle(Message, text="Safety screen, all questions"):
    """`safety-screen-full`."""


class ShortScreenTitle(Message, text="Safety screen, weekly questions"):
    """`safety-screen-short`."""


class GoalsTitle(Message, text="What I want to be able to do"):
    """`goals`."""


class IntakeProfileTitle(Message, text="About my days, my pain and what suits me"):
    """`intake-profile`."""


class TasksTitle(Message, text="My everyday tasks: how long I can do them, and how much I fear them"):
    """`tasks`."""


class TeachBackTitle(Message, text="Teach-back after a talk, filled in by the clinician"):
    """`teach-back`."""


# Groups


class ExerciseGroup(Message, text="Exercise"):
    """One group for each exercise."""


class AboutPainGroup(Message, text="How your pain behaves"):
    """`about-pain`."""


class AboutDaysGroup(Message, text="Good days and bad days"):
    """`about-days`."""


class AboutChangeGroup(Message, text="What matters to you, and how sure you are"):
    """`about-change`."""


class AboutPracticeGroup(Message, text="What suits you"):
    """`about-practice`."""


class BlockGroup(Message, text="An ordinary day, part by part"):
    """`block`."""


class FactorGroup(Message, text="What brings on symptoms, and what eases them"):
    """`factor`."""


# Questions that no measure has


class AskReportDay(Message, text="Which day is this about, if not today?"):
    """The date of a check-in."""


class AskTrialDay(Message, text="Which day was the trial, if not today?"):
    """The date of a trial."""


class AskAnswersDay(Message, text="Which day are these answers from, if not today?"):
    """The date of the intake profile."""


class AskStart(Message, text="When did you start?"):
    """The start of a session."""


class AskEnd(Message, text="When did you finish?"):
    """The end of a session."""


class AskGoal(Message, text="What do you want to be able to do?"):
    """A goal in the patient's words."""


class AskGoalExercise(Message, text="Which exercise is closest to it?"):
    """The exercise of a goal."""


class AskGoalTarget(Message, text="How much of it do you want to do in one go?"):
    """The target of a goal."""


class AskGoalDue(Message, text="By when?"):
    """The due date of a goal."""
