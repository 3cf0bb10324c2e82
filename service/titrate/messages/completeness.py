"""Resource types of which not everything was retrieved, and why."""

from __future__ import annotations

from titrate.messages.message import Message


class TypesPartial(
    Message, text="the record is incomplete: it has only a part of {types}, because {reason}; no dose rises"
):
    """Rule D5: types of which a part was retrieved."""

    types: tuple[str, ...]
    reason: Message


class TypesWithheld(
    Message,
    text="the record is incomplete: {types} are withheld, because {reason}; no dose rises",
):
    """Rule D5: types of which nothing was retrieved although there may be some."""

    types: tuple[str, ...]
    reason: Message


class AbsenceUnknown(
    Message,
    text="sessions, daily logs or answers may be missing, because the record does not have all of {types}: "
    "no gap in training lowers a dose, and the plan does not expire",
):
    """Rule D5 in place of D4 and of an expired plan."""

    types: tuple[str, ...]


class TypesNotUsed(Message, text="This site declares that it does not use {types} (declared by {declared_by})."):
    """A declaration in the settings."""

    types: tuple[str, ...]
    declared_by: str


# Reasons


class AccessRefused(Message, text="access to them was refused"):
    """HTTP 403, or an outcome with the code forbidden."""


class SearchRefused(Message, text="the search for them was rejected"):
    """HTTP 400, 404, 422 or an OperationOutcome in place of an answer."""


class SearchTimedOut(Message, text="the EHR failed or did not respond in time"):
    """A timeout, 429 or 5xx after every retry."""


class AnswerUnreadable(Message, text="the answer for them cannot be read"):
    """HTML, a truncated or empty body, or JSON that is not FHIR."""


class PageMissing(Message, text="a further page was not read"):
    """A link to a page that was not read, or a saved page."""


class FewerThanTotal(Message, text="fewer records arrived than the total states"):
    """`Bundle.total` is above the number of different matches."""


class TotalUnreadable(Message, text="the total of the answer cannot be read"):
    """`Bundle.total` is no whole number from 0."""


class StatedIncomplete(Message, text="the answer itself says that it is not whole"):
    """An OperationOutcome."""


class EntryUnreadable(Message, text="an entry of the answer has no readable resource"):
    """An entry without a resource, or a Bundle that cannot be opened."""


class RequestOfBatchFailed(Message, text="a request of the batch failed with HTTP {status}"):
    """An entry of a batch-response with a status of 400 or more."""

    status: str
