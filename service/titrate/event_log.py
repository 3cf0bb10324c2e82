"""The closed vocabulary of log events: each has a code, a level, a fixed sentence and the fields that it may carry.

Logs hold no patient data. A field that the event does not declare is an error, and so is a value that is not a number,
a boolean or a short code: names, addresses and free text contain spaces or slashes or are too long. Patients appear as
a number that is valid within one run only.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

import structlog

SHORT_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,47}")


class Event(Enum):
    """Every event that the service can log: code, level, sentence, fields."""

    RUN_STARTED = ("RUN01", "info", "A run started.", ("run", "patients"))
    RUN_ENDED = ("RUN02", "info", "A run ended.", ("run", "patients", "failed", "milliseconds"))
    RUN_STOPPING = ("RUN03", "warning", "The run stops; work in progress is completed.", ("run", "reason", "left"))
    PATIENT_DECIDED = ("PAT02", "info", "A decision was made.", ("run", "patient", "rule", "outcome", "review"))
    PATIENT_FAILED = ("PAT03", "error", "A patient could not be processed.", ("run", "patient", "step", "reason"))
    PATIENT_BUSY = ("PAT04", "info", "Another run is processing the patient.", ("run", "patient"))
    FETCHED = ("EHR01", "info", "A patient's resources were fetched.", ("run", "patient", "resources", "faults"))
    RETRIED = ("EHR02", "warning", "A request to the EHR is retried.", ("interaction", "status", "turn", "seconds"))
    TYPE_MISSING = ("EHR03", "warning", "The EHR does not offer a resource type, or withholds it.", ("type", "reason"))
    LENIENT = ("EHR04", "warning", "The EHR rejected strict search; the service searches leniently.", ("type",))
    MEMBERS_LEFT_OUT = (
        "EHR06",
        "warning",
        "Members of the Group have no usable id of a patient on this server and are left out.",
        ("count",),
    )
    REPLY_LOST = (
        "EHR05",
        "warning",
        "The response to a write was lost; the EHR is checked before it is repeated.",
        ("turn",),
    )
    DELIVERED = ("DLV01", "info", "A transaction was delivered.", ("run", "patient", "outcome", "created", "entries"))
    UNCHANGED = ("DLV02", "info", "Nothing had to be written.", ("run", "patient"))
    ANSWERED = (
        "WEB01",
        "info",
        "A request was answered.",
        ("request", "client", "method", "operation", "status", "milliseconds", "problem"),
    )
    FAULT = ("WEB02", "error", "An internal error occurred; report it.", ("request", "operation", "reason", "place"))
    UNREADABLE = ("WEB03", "warning", "A request could not be read.", ("reason",))
    LEDGER_FAILED = ("LED02", "error", "The ledger cannot be used; the run stops.", ("run",))

    def __init__(self, code: str, level: str, sentence: str, fields: tuple[str, ...]) -> None:
        self.code = code
        self.level = level
        self.sentence = sentence
        self.fields = fields


class NotInVocabulary(ValueError):
    """The vocabulary does not allow this field or value."""


@dataclass(frozen=True, slots=True)
class EventLog:
    """Writes events. `write` receives level, sentence and fields; `patients` numbers the patients of this run."""

    write: Callable[[str, str, dict[str, Any]], None]
    patients: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, event: Event, **fields: object) -> None:
        """Log one event. Raises NotInVocabulary, which never repeats the value, for fields and values not allowed."""
        for name, value in fields.items():
            if name not in event.fields:
                raise NotInVocabulary(f"{event.code} has no field {name}; it has {', '.join(event.fields)}")
            if not _is_loggable(value):
                raise NotInVocabulary(f"{event.code} field {name}: only numbers and short codes may be logged")
        self.write(event.level, event.sentence, {"code": event.code, **fields})

    def number(self, patient_id: str) -> int:
        """The number of this patient in the logs of this run."""
        with self.lock:
            return self.patients.setdefault(patient_id, len(self.patients) + 1)


def open_event_log(stream: TextIO | None = None, form: str = "console", level: str = "info") -> EventLog:
    """An event log on `stream` (standard error by default), as `json` lines or for a `console`.

    Also silences the HTTP library, whose debug lines contain URLs with patient ids.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    out = stream or sys.stderr
    logger = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=_processors(form, out),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    return EventLog(lambda at_level, sentence, fields: getattr(logger, at_level)(sentence, **fields))


def error_location(error: BaseException) -> str:
    """File and line where `error` was raised, for logs and reports. Its text can hold patient data and is left out."""
    raised = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(raised.filename).name}:{raised.lineno}"


def _processors(form: str, out: TextIO) -> list[Any]:
    timestamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    renderer: Any = structlog.dev.ConsoleRenderer(colors=out.isatty())
    if form == "json":
        renderer = structlog.processors.JSONRenderer(default=str)
    return [structlog.processors.add_log_level, timestamp, renderer]


def _is_loggable(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return True
    return isinstance(value, str) and SHORT_CODE.fullmatch(value) is not None


def _discard(_level: str, _sentence: str, _fields: dict[str, Any]) -> None:
    return None


SILENT = EventLog(_discard)
