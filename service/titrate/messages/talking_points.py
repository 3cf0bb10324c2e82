"""The clinician's page on the next talk with the patient: follow-up, restart, stage, ladders, pacing, education."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from titrate.messages.message import Message

# Follow-up


class ContactDue(Message, text="{mode} by {due}: {reason}; the last was on {last}."):
    mode: str
    due: date
    reason: Message
    last: date


class FirstContactDue(Message, text="{mode} by {due}: {reason}; none is recorded."):
    mode: str
    due: date
    reason: Message


class ContactOverdue(Message, text="{mode} by {due}, overdue: {reason}; the last was on {last}."):
    mode: str
    due: date
    reason: Message
    last: date


class FirstContactOverdue(Message, text="{mode} by {due}, overdue: {reason}; none is recorded."):
    mode: str
    due: date
    reason: Message


class Agenda(Message, text="To go through: {points:;}."):
    points: tuple[Message, ...]


class AgendaQuestions(Message, text="{count} {count:open question|open questions} ({heading})"):
    count: int
    heading: Message


class AgendaReviews(Message, text="{count} {count:point|points} ({heading})"):
    count: int
    heading: Message


class AgendaRestart(Message, text="the way back"):
    """A restart is offered."""


class AgendaLadder(Message, text="next step on the ladder: {ladder}"):
    ladder: str


class AgendaTopic(Message, text="the talk: {topic}"):
    topic: str


class AgendaStage(Message, text="what the stage asks of you"):
    """A gate needs the clinician's judgement."""


class AgendaAlways(Message, text="pain, tiredness, mood and what stands in the way"):
    """At every contact."""


# Restart


class RestartOffered(
    Message,
    text=(
        "Because of {reasons: and}: offer {exercise}, {dose}, {times} times in the next seven days, and an entry on "
        "{entries} mornings. Ask what stood in the way."
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


class StageEntry(Message, text="For: {criterion}."):
    criterion: str


class ProgrammeFitsDiagnosis(Message, text="The programme is made for a diagnosis on the list: {diagnoses:;}."):
    diagnoses: tuple[str, ...]


class OtherProgrammeFits(Message, text="Another programme is made for a diagnosis on the list: {programme}."):
    programme: str


class ExitGateMet(Message, text="before the next stage, {gate}: met"):
    gate: str


class ExitGateNotMet(Message, text="before the next stage, {gate}: not yet"):
    gate: str


class ExitGateUnknown(Message, text="before the next stage, {gate}: ask or test"):
    gate: str


class PrecautionAlways(Message, text="always: {precaution}"):
    precaution: str


# Ladders


class ExposureStarted(Message, text="Graded exposure has begun; gate {gate} does not hold for fear."):
    gate: str


class ExposureNotStarted(
    Message,
    text="That graded exposure has begun is not recorded; with a high TSK-11 gate {gate} holds until it is.",
):
    gate: str


class LadderForGoal(Message, text="{ladder} (a goal)"):
    ladder: str


class LadderChosen(Message, text="{ladder} (work on this)"):
    ladder: str


class LadderForGoalChosen(Message, text="{ladder} (a goal) (work on this)"):
    ladder: str


class LadderNotStarted(Message, text="not begun"):
    """No step is recorded."""


class LadderStep(Message, text="{number}, {step}"):
    number: int
    step: str


class LadderWaits(Message, text="waits"):
    """Something blocks the next step."""


class LadderTopReached(Message, text="the top is reached"):
    """The last step is done."""


class LadderGoOn(Message, text="go on"):
    """The last step is not done yet."""


class LadderGoOnWithStep(Message, text="go on with this step"):
    """The current step is not done yet."""


class LadderNotNeeded(Message, text="not needed by its fear"):
    """The fear rating is too low for graded exposure."""


class LadderBlocked(Message, text="{ladder}: {block}"):
    ladder: str
    block: Message


class BalanceSteps(Message, text="Step now: {current}. Next: {proposed}."):
    current: Message
    proposed: Message


class BalanceSupported(Message, text="With a companion near, or a support in reach."):
    """The step needs a companion or a support."""


# Pacing of tasks


class TaskInOneGo(
    Message,
    text="{task}: {tolerated} min tolerated in one go ({day}); {goal} min are the aim: no split is needed",
):
    task: str
    tolerated: Decimal
    day: date
    goal: Decimal


class TaskInChunks(
    Message,
    text=(
        "{task}: {tolerated} min tolerated in one go ({day}): {chunk} min at a time, then {rest} min of rest: "
        "{activity}"
    ),
):
    task: str
    tolerated: Decimal
    day: date
    chunk: Decimal
    rest: Decimal
    activity: str


class TaskInCountedChunks(Message, text="{chunks}; {goal} min are the aim: {parts} chunks"):
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


class TopicDue(Message, text="{topic}: due. Ask back: {question}"):
    topic: str
    question: str


class TopicDueAgain(Message, text="{topic}: due again, not understood on {day}. Ask back: {question}"):
    topic: str
    day: date
    question: str


class TopicWithAnswer(Message, text="{topic} A good answer: {answer}"):
    topic: Message
    answer: str
