"""Hours are elapsed hours across clock changes (B11.8): from FHIR to the decision.

London: forward on 30 March 2025 at 01:00 UTC, back on 26 October 2025 at 01:00 UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.courses.build import minutes, plan, state
from tests.fhir.read.sample_resources import (
    PRACTITIONER,
    concept,
    mapped,
    observation,
    pain,
    quantity,
    read_all,
    walking,
)
from tests.fhir.read.sample_resources import component as part
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.values.plan import Phase


def decided(at: str, *resources: dict[str, Any]) -> Evaluation:
    """A patient on 15 minutes of walking for three weeks, with usual pain 2 and usual fatigue 3."""
    when = datetime.fromisoformat(at)
    begun = when.date() - timedelta(days=20)
    in_force = plan(Phase.LOADING, begun, (state("walking", minutes(15), 3, begun),))
    return evaluate(read_all(*resources, at=when), in_force, mapped()[0], when)


def walk(start: str, end: str, **more: Any) -> dict[str, Any]:
    """A walk as planned."""
    effort = [part("pain-peak", valueInteger=3), part("rpe-cr10", valueInteger=3)]
    return walking(*effort, effectivePeriod={"start": start, "end": end}, **more)


def morning(at: str) -> list[dict[str, Any]]:
    """Pain and fatigue as usual."""
    tired = observation("fatigue-nrs", effectiveDateTime=at, valueQuantity=quantity(3, "{score}"))
    return [pain(2, effectiveDateTime=at), tired]


@pytest.mark.parametrize(("end", "rated", "at", "session_class"), [
    ("2025-03-29T22:30:00Z", "2025-03-30T07:00:00+01:00", "2025-03-31T10:00:00Z", "N"),  # 7.5 hours
    ("2025-03-29T22:00:00Z", "2025-03-30T07:00:00+01:00", "2025-03-31T10:00:00Z", "T"),  # 8 hours
    ("2025-10-25T21:30:00Z", "2025-10-26T05:30:00Z", "2025-10-27T10:00:00Z", "T"),  # 8 hours
    ("2025-10-25T21:31:00Z", "2025-10-26T05:30:00Z", "2025-10-27T10:00:00Z", "N"),  # a minute less
    ("2025-10-24T23:20:00Z", "2025-10-26T12:00:00Z", "2025-10-27T10:00:00Z", "N"),  # 36 hours and 40 minutes
    ("2025-10-25T00:00:00Z", "2025-10-26T12:00:00Z", "2025-10-27T10:00:00Z", "T"),  # 36 hours
])  # fmt: skip
def test_next_morning(end: str, rated: str, at: str, session_class: str) -> None:
    """A rating counts from 8 to 36 hours after the session."""
    begin = (datetime.fromisoformat(end) - timedelta(minutes=15)).isoformat()
    (found,) = decided(at, walk(begin, end), *morning(rated)).assessment.sessions
    assert found.session_class.value == session_class


@pytest.mark.parametrize(("end", "issued", "session_class"), [
    ("2025-03-29T10:20:00Z", "2025-03-31T11:20:00+01:00", "T"),  # 48 hours
    ("2025-03-29T10:20:00Z", "2025-03-31T11:21:00+01:00", "M"),  # a minute more
    ("2025-10-25T11:20:00+01:00", "2025-10-27T10:20:00Z", "T"),
    ("2025-10-25T11:20:00+01:00", "2025-10-27T10:21:00Z", "M"),
])  # fmt: skip
def test_late(end: str, issued: str, session_class: str) -> None:
    """A report is late when it came more than 48 hours after the session."""
    ended = datetime.fromisoformat(end)
    begin = (ended - timedelta(minutes=15)).isoformat()
    next_day = f"{ended.date() + timedelta(days=1)}T08:00:00Z"
    at = f"{ended.date() + timedelta(days=2)}T14:00:00Z"
    (found,) = decided(at, walk(begin, end, issued=issued), *morning(next_day)).assessment.sessions
    assert found.session_class.value == session_class


def reported(flag: str, at: str) -> dict[str, Any]:
    """An answer of yes."""
    return observation(flag, effectiveDateTime=at, valueBoolean=True)


def cleared(flag: str, at: str) -> dict[str, Any]:
    """A practitioner's clearance."""
    value = concept(flag)
    return observation("flag-clearance", effectiveDateTime=at, valueCodeableConcept=value, performer=[PRACTITIONER])


@pytest.mark.parametrize(("flag", "yes", "clearance", "still_open"), [
    ("rf15", "2025-03-29T12:00:00Z", "2025-03-31T12:30:00+01:00", True),  # 47.5 hours
    ("rf15", "2025-03-29T12:00:00Z", "2025-03-31T13:00:00+01:00", False),  # 48 hours
    ("rf15", "2025-10-25T13:00:00+01:00", "2025-10-27T12:00:00Z", False),  # 48 hours
    ("rf15", "2025-10-25T13:00:00+01:00", "2025-10-27T11:59:00Z", True),
    ("rf09", "2025-10-26T01:10:00Z", "2025-10-26T00:50:00Z", True),  # 01:50 by the clock, and 20 minutes before 01:10
    ("rf09", "2025-10-26T00:50:00Z", "2025-10-26T01:10:00Z", False),
])  # fmt: skip
def test_clearance(flag: str, yes: str, clearance: str, still_open: bool) -> None:
    """A clearance closes earlier findings, RF15 48 hours before it, at any hour of the night."""
    at = f"{date.fromisoformat(clearance[:10]) + timedelta(days=1)}T14:00:00Z"
    result = decided(at, reported(flag, yes), cleared(flag, clearance))
    assert (flag in {f.flag for f in result.flags}) is still_open
    assert (result.decision.rule == "D1") is still_open
