"""The clinician's page on the next talk with the patient: follow-up, restart, stage, ladders, pacing, education."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Follow-up


class InPersonContact(Message, text="In-person"):
    """Before "contact"."""


class TelehealthContact(Message, text="Telehealth"):
    """Before "contact"."""


class ContactDue(Message, text="{mode} contact by {due}: {reason}. The last contact was on {last}."):
    mode: Message
    due: date
    reason: Message
    last: date


class FirstContactDue(Message, text="{mode} contact by {due}: {reason}. No earlier contact is recorded."):
    mode: Message
    due: date
    reason: Message


class ContactOverdue(Message, text="{mode} contact by {due}, overdue: {reason}. The last contact was on {last}."):
    mode: Message
    due: date
    reason: Message
    last: date


class FirstContactOverdue(Message, text="{mode} contact by {due}, overdue: {reason}. No earlier contact is recorded."):
    mode: Message
    due: date
    reason: Message


class Agenda(Message, text="To cover: {points:;}."):
    points: tuple[Message, ...]


class AgendaQuestions(Message, text="{count} {count:open question|open questions} ({heading})"):
    count: int
    heading: Message


class AgendaReviews(Message, text="{count} {count:point|points} ({heading})"):
    count: int
    heading: Message


class AgendaRestart(Message, text="the low-demand restart"):
    """A restart is offered."""


class AgendaLadder(Message, text="next step on the ladder: {ladder}"):
    ladder: str


class AgendaTopic(Message, text="education topic: {topic}"):
    topic: str


class AgendaStage(Message, text="criteria of the stage that need your judgement"):
    """A gate needs the clinician's judgement."""


class AgendaAlways(Message, text="pain, tiredness, mood and barriers"):
    """At every contact."""


# Restart


class RestartOffered(
    Message,
    text=(
        "Because of {reasons: and}: offer {exercise}, {dose}, {times} {times:time|times} in the coming week, "
        "and a diary entry on {entries} {entries:morning|mornings}. Ask what got in the way."
    ),
):
    reasons: tuple[Message, ...]
    exercise: str
    dose: str | Message
    times: int
    entries: int


# Stage of the programme


class StageCurrent(Message, text="Stage {number} of {stages}, {name}: {aim}. {dose}."):
    number: int
    stages: int
    name: str
    aim: str
    dose: str


class StageEntry(Message, text="For patients with: {criterion}."):
    criterion: str


class ProgrammeFitsDiagnosis(Message, text="The programme is intended for a listed diagnosis: {diagnoses:;}."):
    diagnoses: tuple[str, ...]


class OtherProgrammeFits(Message, text="Another programme is intended for a listed diagnosis: {programme}."):
    programme: str


class ExitGateMet(Message, text="before the next stage: {gate} (met)"):
    gate: str


class ExitGateNotMet(Message, text="before the next stage: {gate} (not yet met)"):
    gate: str


class ExitGateUnknown(Message, text="before the next stage: {gate} (ask or test)"):
    gate: str


class PrecautionAlways(Message, text="always: {precaution}"):
    precaution: str


# Ladders


class ExposureStarted(
    Message, text="Graded exposure has started, so fear of movement does not stop an increase ({gate})."
):
    gate: Message


class ExposureNotStarted(
    Message,
    text="No start of graded exposure is recorded. With a high TSK-11 there is no increase until it is ({gate}).",
):
    gate: Message


class LadderForGoal(Message, text="{ladder} (a goal)"):
    ladder: str


class LadderChosen(Message, text="{ladder} (chosen)"):
    ladder: str


class LadderForGoalChosen(Message, text="{ladder} (a goal, chosen)"):
    ladder: str


class LadderNotStarted(Message, text="not started"):
    """No step is recorded."""


class LadderStep(Message, text="{number}: {step}"):
    number: int
    step: str


class LadderWaits(Message, text="on hold"):
    """Something blocks the next step."""


class LadderTopReached(Message, text="top of the ladder reached"):
    """The last step is done."""


class LadderGoOn(Message, text="continue"):
    """The last step is not done yet."""


class LadderGoOnWithStep(Message, text="continue with this step"):
    """The current step is not done yet."""


class LadderNotNeeded(Message, text="not needed: fear is low"):
    """The fear rating is too low for graded exposure."""


class LadderBlocked(Message, text="{ladder}: {block}"):
    ladder: str
    block: Message


class BalanceSteps(Message, text="Current step {current}. Next step {proposed}."):
    current: Message
    proposed: Message


class BalanceSupported(Message, text="With someone nearby, or a support within reach."):
    """The step needs a companion or a support."""


# Pacing of tasks


class TaskInOneGo(
    Message, text="{task}: {tolerated} min tolerated in one go ({day}). The goal is {goal} min, so no split is needed"
):
    task: str
    tolerated: Decimal
    day: date
    goal: Decimal


class TaskInChunks(
    Message,
    text=(
        "{task}: {tolerated} min tolerated in one go ({day}). Do {chunk} min at a time, then rest for {rest} "
        "min: {activity}"
    ),
):
    task: str
    tolerated: Decimal
    day: date
    chunk: Decimal
    rest: Decimal
    activity: str


class TaskInCountedChunks(Message, text="{chunks}. The goal of {goal} min takes {parts} chunks"):
    chunks: Message
    goal: Decimal
    parts: int


# Card and education


class CardLine(Message, text="{title}. {lines}"):
    title: str
    lines: str


class TopicUnderstood(Message, text="{topic}: understood on {day}"):
    topic: str
    day: date


class TopicDue(Message, text="{topic}: due. Teach-back: {question}"):
    topic: str
    question: str


class TopicDueAgain(Message, text="{topic}: due again, not understood on {day}. Teach-back: {question}"):
    topic: str
    day: date
    question: str


class TopicWithAnswer(Message, text="{topic} A good answer: {answer}"):
    topic: Message
    answer: str
