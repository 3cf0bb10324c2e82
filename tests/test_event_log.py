"""Log events from a closed vocabulary."""

from __future__ import annotations

import io
import json
import logging
from decimal import Decimal

import pytest

from titrate.event_log import SILENT, Event, NotInVocabulary, open_event_log


def test_an_event_is_one_json_line() -> None:
    """With its code, level, sentence and fields."""
    stream = io.StringIO()
    fields = {"run": 1, "patient": 2, "rule": "D10", "outcome": "progress", "review": False}
    open_event_log(stream, "json").note(Event.PATIENT_DECIDED, **fields)
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"code": "PAT02", "level": "info", "event": "A decision was made.", **fields}


def test_a_console_line_has_the_sentence() -> None:
    """Without colours where there is no terminal."""
    stream = io.StringIO()
    open_event_log(stream).note(Event.UNCHANGED, run=1, patient=1)
    assert "Nothing had to be written." in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_events_below_the_level_are_dropped() -> None:
    """As the settings say."""
    stream = io.StringIO()
    open_event_log(stream, "json", "error").note(Event.RETRIED, turn=1)
    assert stream.getvalue() == ""


def test_an_undeclared_field_is_an_error() -> None:
    """Its value is not repeated."""
    with pytest.raises(NotInVocabulary, match="RUN01 has no field name") as caught:
        SILENT.note(Event.RUN_STARTED, name="Ms Secret")
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "Ms Secret",
        "Patient/secret",
        "https://ehr.example",
        "1970-01-01",
        "",
        "x" * 49,
        ["a"],
        {"a": 1},
        object(),
        b"a",
    ],
)
def test_free_text_is_an_error(value: object) -> None:
    """Only numbers, booleans and short codes pass."""
    with pytest.raises(NotInVocabulary, match="only numbers and short codes"):
        SILENT.note(Event.PATIENT_FAILED, reason=value)


@pytest.mark.parametrize("value", [None, True, 7, 1.5, Decimal("1.5"), "not-found", "D10", "x" * 48])
def test_numbers_and_codes_pass(value: object) -> None:
    """Codes have up to 48 characters."""
    stream = io.StringIO()
    open_event_log(stream, "json").note(Event.PATIENT_FAILED, reason=value)
    assert "PAT03" in stream.getvalue()


def test_patients_are_numbered_in_each_log() -> None:
    """The same patient has the same number; a new log starts at 1."""
    journal = open_event_log(io.StringIO())
    assert [journal.number(one) for one in ("a", "b", "a")] == [1, 2, 1]
    assert open_event_log(io.StringIO()).number("b") == 1


def test_event_codes_are_unique() -> None:
    """Operators filter by them; levels are those of logging, and sentences are complete."""
    assert len({event.code for event in Event}) == len(Event)
    assert all(event.sentence.endswith(".") and event.level in ("debug", "info", "warning", "error") for event in Event)


def test_the_http_library_is_silenced() -> None:
    """Its debug lines contain addresses with ids."""
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    open_event_log(io.StringIO())
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.WARNING)
