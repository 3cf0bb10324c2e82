"""The patient's sheet: short sentences that an eleven-year-old can read."""

from __future__ import annotations

from decimal import Decimal

from titrate.messages.message import Message

# Headings and columns


class SheetTitle(Message, text="My exercise plan"):
    """The title of the sheet."""


class SheetGoalsHeading(Message, text="What I want to be able to do"):
    """The patient's goals."""


class SheetExercisesHeading(Message, text="What to do"):
    """The exercises and their doses."""


class SheetLimitsHeading(Message, text="Your limits"):
    """Pain, effort and heart rate."""


class SheetWorseDayHeading(Message, text="On a less good day"):
    """Smaller doses."""


class SheetFlareHeading(Message, text="If you have a flare-up"):
    """What to do in a flare."""


class SheetStopHeading(Message, text="Stop and get help"):
    """Stop signs."""


class SheetLaddersHeading(Message, text="Step by step"):
    """Steps of ladders."""


class SheetPacingHeading(Message, text="Big tasks in smaller parts"):
    """Pacing of tasks."""


class SheetTopicHeading(Message, text="To talk about: {topic}"):
    topic: str


class SheetContactHeading(Message, text="The next time we speak"):
    """The next contact."""


class SheetNoteHeading(Message, text="Please note"):
    """The emergency line."""


class SheetExerciseColumn(Message, text="Exercise"):
    """The exercise."""


class SheetDoseColumn(Message, text="How much"):
    """The dose."""


class SheetFrequencyColumn(Message, text="How often"):
    """Sessions a week."""


class SheetPlannedColumn(Message, text="Planned"):
    """The full dose."""


class SheetSmallerColumn(Message, text="Smaller"):
    """The reduced dose."""


class SheetSmallestColumn(Message, text="Smallest"):
    """The smallest dose."""


# Sentences


class SheetNotForEmergencies(Message, text="Do not use this sheet in an emergency. Call the emergency number."):
    """On every sheet."""


class SheetAgreed(Message, text="You agreed this plan with your clinician. Use it from {day}."):
    day: str


class SheetDoNotAdd(Message, text="Do what is on this sheet. Do not add more on your own, even on a good day."):
    """Against overdoing."""


class SheetInstruction(Message, text="{exercise}: {instruction}"):
    exercise: str
    instruction: str


class SheetPainLimit(Message, text="Keep your pain at {limit} out of 10 or less."):
    limit: Decimal


class SheetEffortLimit(Message, text="Keep your effort at {limit} out of 10 or less."):
    limit: Decimal


class SheetHeartRateLimit(Message, text="Keep your heart rate at {limit} beats a minute or less."):
    limit: str


class SheetSmallerDoses(
    Message, text="On a day like this, do the smaller or the smallest amount. Both are part of the plan."
):
    """Above the smaller doses."""


class SheetRestart(Message, text="For you: {dose}, {frequency}."):
    dose: Message
    frequency: Message


class SheetLadderStep(Message, text="{ladder}: {step}."):
    ladder: str
    step: str


class SheetLadderStepSupported(
    Message, text="{ladder}: {step}. Have someone near you, or something within reach to hold on to."
):
    ladder: str
    step: str


class SheetTaskInOneGo(Message, text="{task}: {minutes} {minutes:minute|minutes} in one go."):
    task: str
    minutes: Decimal


class SheetTaskInParts(
    Message,
    text=(
        "{task}: {chunk} {chunk:minute|minutes}, then rest for {rest} {rest:minute|minutes}. While you rest, "
        "{activity}."
    ),
):
    task: str
    chunk: Decimal
    rest: Decimal
    activity: str


class SheetMeetBy(Message, text="We will meet in person by {day}."):
    day: str


class SheetMeetSoon(Message, text="We will meet in person soon. If you do not have a date, ask for one."):
    """The contact is overdue."""


class SheetSpeakBy(Message, text="We will speak by phone or video by {day}."):
    day: str


class SheetSpeakSoon(Message, text="We will speak by phone or video soon. If you do not have a date, ask for one."):
    """The contact is overdue."""


class SheetBringNotes(Message, text="Please have your notes about morning pain and tiredness with you."):
    """For every contact."""


# Doses and frequencies


class SheetRest(Message, text="rest"):
    """No dose."""


class SheetMinutes(Message, text="{amount} {amount:minute|minutes}"):
    amount: Decimal


class SheetSeconds(Message, text="{amount} {amount:second|seconds}"):
    amount: Decimal


class SheetMetres(Message, text="{amount} {amount:metre|metres}"):
    amount: Decimal


class SheetRepetitions(Message, text="{amount} {amount:time|times}"):
    amount: Decimal


class SheetSets(Message, text="{sets} {sets:set|sets} of {repetitions}"):
    sets: int
    repetitions: int


class SheetWithLoad(Message, text="{dose} with {load} kg"):
    dose: Message
    load: Decimal


class SheetEveryDay(Message, text="every day"):
    """Seven sessions a week."""


class SheetOnceAWeek(Message, text="once a week"):
    """One session a week."""


class SheetTimesAWeek(Message, text="{times} times a week"):
    times: int
