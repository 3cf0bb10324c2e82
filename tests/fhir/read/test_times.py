"""Local time, periods and offsets of what arrives (B13.12)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fhir.read.sample_resources import Resource, observation, only_reading, pain, patient, read_all, walking
from titrate.clinical.values.readings import Measurement, SafetyAnswer, SessionReported
from titrate.fhir.elements import on_the_clock
from titrate.fhir.read.times import Span, midnight, moment

FHIR_OFFSET = re.compile(r".*[+-]((0\d|1[0-3]):[0-5]\d|14:00)")


def in_zone(name: str) -> Resource:
    """The patient with a time zone."""
    url = "http://hl7.org/fhir/StructureDefinition/timezone"
    return patient(extension=[{"url": url, "valueCode": name}])


@pytest.mark.parametrize(
    ("zone", "when", "local", "what"),
    [
        ("Europe/London", "2025-01-10T07:30:00-08:00", "2025-01-10T07:30:00-08:00", "pain-morning"),
        ("Europe/London", "2025-01-09T20:00:00-08:00", "2025-01-09T20:00:00-08:00", "pain-other"),
        ("America/Los_Angeles", "2025-01-10T15:30:00Z", "2025-01-10T07:30:00-08:00", "pain-morning"),
        ("America/Los_Angeles", "2025-01-10T15:30:00+00:00", "2025-01-10T07:30:00-08:00", "pain-morning"),
        ("America/Los_Angeles", "2025-01-10T15:30:00-00:00", "2025-01-10T07:30:00-08:00", "pain-morning"),
        ("America/Los_Angeles", "2025-01-10T07:30:00", "2025-01-10T07:30:00-08:00", "pain-morning"),
        ("America/Los_Angeles", "2025-01-10T07:30:00+14:00", "2025-01-10T07:30:00+14:00", "pain-morning"),
    ],
)
def test_local_time(zone: str, when: str, local: str, what: str) -> None:
    """The offset of the time is the clock of the person; UTC and no offset leave it to the patient's zone."""
    (reading,) = read_all(in_zone(zone), pain(effectiveDateTime=when)).readings
    assert isinstance(reading, Measurement)
    assert (reading.stamp.when.isoformat(), reading.what) == (local, what)


@pytest.mark.parametrize(("when", "assumed"), [("T07:30:00Z", True), ("T07:30:00", True), ("T07:30:00+01:00", False)])
def test_an_assumed_zone_is_marked(when: str, assumed: bool) -> None:
    """A time in UTC says as little about the clock of the person as one without an offset."""
    assert only_reading(pain(effectiveDateTime=f"2025-01-10{when}")).stamp.zone_assumed is assumed


def session_of(start: str, end: str, at: str = "2025-01-13T09:00:00+00:00", **more: Any) -> SessionReported | None:
    """The session of this period, or None if it is refused."""
    made = walking(effectivePeriod={"start": start, "end": end}, **more)
    found = read_all(made, at=datetime.fromisoformat(at)).readings
    return next((one for one in found if isinstance(one, SessionReported)), None)


def test_a_period_that_ends_with_its_date() -> None:
    """The end is some time of that day: the session has its start and no end."""
    session = session_of("2025-01-11T10:00:00+00:00", "2025-01-11")
    assert session is not None
    assert (session.stamp.when.isoformat(), session.stamp.until) == ("2025-01-11T10:00:00+00:00", None)
    assert session.stamp.timed


def test_a_period_that_ends_with_a_date_before_it() -> None:
    """The day before is no end of it."""
    assert session_of("2025-01-11T10:00:00+00:00", "2025-01-10") is None


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2024-10-27T01:50:00", "2024-10-27T01:05:00", 15), ("2024-10-27T00:50:00", "2024-10-27T01:05:00", 15),
        ("2024-10-27T01:05:00", "2024-10-27T01:50:00", 45), ("2024-10-27T03:50:00", "2024-10-27T03:05:00", None),
        ("2024-10-28T01:50:00", "2024-10-28T01:05:00", None), ("2024-10-27T01:50:00Z", "2024-10-27T01:05:00Z", None),
    ],
)  # fmt: skip
def test_the_hour_that_comes_twice(start: str, end: str, minutes: int | None) -> None:
    """Without offsets, an end that reads as before its start is the second one of that hour; nowhere else."""
    session = session_of(start, end, at="2024-10-29T09:00:00+00:00")
    lasted = None if session is None else session.stamp.end - session.stamp.when
    assert lasted == (None if minutes is None else timedelta(minutes=minutes))


ZONES = ("Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Athens", "Asia/Kolkata", "America/New_York",
         "Asia/Manila", "America/Juneau", "UTC")  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2, 1753, 1800, 1844, 1867, 1900, 1915, 1937])
def test_offsets_before_standard_time(zone: str, year: int) -> None:
    """The date stays, and the offset is one that FHIR can state."""
    found = midnight(date(year, 1, 1), ZoneInfo(zone)).when
    assert (found.date(), found.hour) == (date(year, 1, 1), 0)
    assert FHIR_OFFSET.fullmatch(found.isoformat())


@pytest.mark.parametrize("zone", ZONES)
def test_an_instant_before_standard_time_stays(zone: str) -> None:
    """A time with an offset is still the same instant, to the second."""
    when = datetime.fromisoformat("1900-01-01T12:00:00+00:00")
    found = on_the_clock(when, ZoneInfo(zone))
    assert found == when
    assert FHIR_OFFSET.fullmatch(found.isoformat())


def test_an_offset_that_does_not_exist() -> None:
    """More than fourteen hours is no clock on earth: the zone of the patient counts."""
    read = moment("2025-01-10T07:30:00+15:00", ZoneInfo("Europe/London"))
    assert isinstance(read, Span)
    assert read.when.isoformat() == "2025-01-09T16:30:00+00:00"


@pytest.mark.parametrize("written", ["0001-01-01", "1753-01-01", "1900-01-01", "1900-01-01T00:00:00"])
@pytest.mark.parametrize("zone", ["Europe/Dublin", "Asia/Kolkata", "America/New_York"])
def test_an_empty_date_keeps_a_yes(zone: str, written: str) -> None:
    """A yes to a safety question with the empty date of some programs is a yes."""
    yes = observation("rf09", effectiveDateTime=written, valueBoolean=True)
    answers = [one for one in read_all(in_zone(zone), yes).readings if isinstance(one, SafetyAnswer)]
    assert [one.value for one in answers] == [True]
