"""The closed vocabulary of log events: each has a code, a level, a fixed sentence and the fields it may carry.

Logs hold no patient data. A field that an event does not list is an error, and so is a value that is not a number, a
truth value or a short code: names, addresses and free text have spaces, slashes or length, and do not get through.
Patients appear as a number that means something in this run only.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, TextIO

import structlog

SHORT_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,47}")


class Event(Enum):
    """Every sentence that this service can log."""

    RUN_STARTED = ("RUN01", "info", "A run started.", ("run", "patients"))
    RUN_ENDED = ("RUN02", "info", "A run ended.", ("run", "patients", "failed", "milliseconds"))
    RUN_STOPPING = ("RUN03", "warning", "A run stops: what is in hand is finished.", ("run", "reason", "left"))
    PATIENT_STARTED = ("PAT01", "info", "A patient is being worked on.", ("run", "patient"))
    PATIENT_DECIDED = ("PAT02", "info", "A decision was made.", ("run", "patient", "rule", "outcome", "review"))
    PATIENT_FAILED = ("PAT03", "error", "A patient could not be done.", ("run", "patient", "step", "reason", "status"))
    PATIENT_BUSY = ("PAT04", "info", "Another run works on a patient.", ("run", "patient"))
    FETCHED = ("EHR01", "info", "A patient's resources were fetched.", ("run", "patient", "resources", "faults"))
    ASKED_AGAIN = ("EHR02", "warning", "The EHR is asked again.", ("interaction", "type", "status", "turn", "seconds"))
    TYPE_MISSING = ("EHR03", "warning", "The EHR does not offer a resource type.", ("type", "reason"))
    LENIENT = ("EHR04", "warning", "The EHR refused strict search; asked leniently.", ("type",))
    REPLY_LOST = ("EHR05", "warning", "The reply to a write was lost; looking before sending again.", ("turn",))
    READ = ("FHR01", "info", "Resources were read.", ("run", "patient", "readings", "refusals"))
    DELIVERED = ("DLV01", "info", "A transaction was delivered.", ("run", "patient", "outcome", "created", "entries"))
    UNCHANGED = ("DLV02", "info", "Nothing had to be written.", ("run", "patient"))
    NOT_DELIVERED = ("DLV03", "error", "A transaction was not delivered.", ("run", "patient", "reason", "status"))
    ANSWERED = (
        "WEB01",
        "info",
        "A request was answered.",
        ("request", "client", "method", "operation", "status", "milliseconds", "problem"),
    )
    FAULT = ("WEB02", "error", "A fault of Titrate's own: report it.", ("request", "operation", "reason", "place"))
    UNREADABLE = ("WEB03", "warning", "A request could not be read.", ("reason",))
    LEDGER_OPENED = ("LED01", "debug", "The ledger was opened.", ("version",))
    LEDGER_FAILED = ("LED02", "error", "The ledger cannot be used; the run stops.", ("run",))

    def __init__(self, code: str, level: str, sentence: str, fields: tuple[str, ...]) -> None:
        self.code = code
        self.level = level
        self.sentence = sentence
        self.fields = fields


class NotInVocabulary(ValueError):
    """Code tried to log something the vocabulary does not allow."""


@dataclass(frozen=True, slots=True)
class EventLog:
    """Writes events. `write` gets level, sentence and fields; `patients` numbers the patients of this run."""

    write: Callable[[str, str, dict[str, Any]], None]
    patients: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, event: Event, **fields: object) -> None:
        """Log one event. Raises NotInVocabulary when a field or a value is not allowed; the value is not repeated."""
        for name, value in fields.items():
            if name not in event.fields:
                raise NotInVocabulary(f"{event.code} has no field {name}; it has {', '.join(event.fields)}")
            if not _harmless(value):
                raise NotInVocabulary(f"{event.code} field {name}: only numbers and short codes may be logged")
        self.write(event.level, event.sentence, {"code": event.code, **fields})

    def number(self, patient_id: str) -> int:
        """The number that stands for this patient in the logs of this run."""
        with self.lock:
            return self.patients.setdefault(patient_id, len(self.patients) + 1)


def open_event_log(stream: TextIO | None = None, form: str = "console", level: str = "info") -> EventLog:
    """A journal on `stream` (standard error by default), as `json` lines or for a `console`.

    Also quiets the HTTP library, whose debug lines hold addresses with ids in them.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    out = stream or sys.stderr
    logger = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=_processors(form, out),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    return EventLog(lambda at, sentence, fields: getattr(logger, at)(sentence, **fields))


def _processors(form: str, out: TextIO) -> list[Any]:
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    last: Any = structlog.dev.ConsoleRenderer(colors=out.isatty())
    if form == "json":
        last = structlog.processors.JSONRenderer(default=str)
    return [structlog.processors.add_log_level, stamp, last]


def _harmless(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return True
    return isinstance(value, str) and SHORT_CODE.fullmatch(value) is not None


def _nothing(_level: str, _sentence: str, _fields: dict[str, Any]) -> None:
    return None


SILENT = EventLog(_nothing)
