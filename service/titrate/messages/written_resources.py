"""Texts of the resources that are written with a plan, and what is wrong with an invalid one."""

from __future__ import annotations

from datetime import date

from titrate.messages.message import Message

# The Task for the clinician, the service's own goal, the alert of a red flag


class TaskReviewDraft(
    Message, text="A draft exercise plan is waiting for a decision: approve it, change it, or reject it with a reason."
):
    pass


class TaskAssessRedFlag(
    Message,
    text="A red flag needs assessment. The draft contains no exercise; the plan in force, if any, was not changed.",
):
    pass


class TaskReadText(
    Message,
    text=(
        "A text in {reference} of {day} has words that may describe a red flag. Read it and ask the patient today; "
        "no dose rises before the safety screen has the answer. {questions:;}"
    ),
):
    reference: str
    day: date
    questions: tuple[Message, ...]


class TaskAskSafetyQuestion(Message, text="{flag}: {question} (If yes: {action})"):
    flag: Message
    question: str
    action: str


class TaskPerformer(Message, text="Treating clinician or physiotherapist"):
    pass


class GoalTakePart(
    Message, text="Complete the {sessions} planned sessions each week, with pain settled by the next morning"
):
    sessions: int


class RedFlagNeedsAssessment(Message, text="A red flag is open and needs assessment before any exercise."):
    pass


# Problems of a resource before it is sent


class ComposedResourceInvalid(Message, text="A generated resource is not valid: {problems}"):
    problems: str


class ProblemOfModel(Message, text="does not match its definition in R4 ({error})"):
    """The R4B model rejects the element; `error` is the kind of fault, never a value."""

    error: str


class ProblemRequired(Message, text="is required"):
    """A required code is missing."""


class ProblemCode(Message, text="contains a code that is not allowed there"):
    """A code outside its required binding."""


class ProblemFloat(Message, text="a number must be a Decimal or a whole number, never a float"):
    """A number that lost its exact digits."""


class ProblemNotFinite(Message, text="a number must be finite"):
    """NaN or infinity."""


class ProblemDate(Message, text="a date must be a full date, with an offset where it has a time"):
    """A partial date or a time without an offset."""


class ProblemEmpty(Message, text="an element must not be empty"):
    """An empty string, list or object."""


class ProblemAddress(Message, text="must be a urn:uuid address"):
    """A fullUrl of another form."""


class ProblemAddressRepeated(Message, text="is used twice"):
    """A fullUrl of two entries."""


class ProblemReference(Message, text="refers to an address that is not in the Bundle"):
    """A urn:uuid reference without its entry."""
