"""H06, H19: old data, and wrong clocks or zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.courses.examples import Course
from tests.hazards.deciding import book, decided, doses, earned, height, progressing, with_only
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.readings import Measurement, Reading, SafetyAnswer, SessionReported

SCREENED = 5  # days before the decision on which E2 answered its screen


def aged(course: Course, kind: type[Reading], what: frozenset[str] | None, days: int) -> Course:
    """The course without the reports of one kind from its last days."""
    limit = course[2] - timedelta(days=days)
    kept = [
        r for r in course[0].readings
        if not (isinstance(r, kind) and (what is None or getattr(r, "what", None) in what) and r.stamp.when > limit)
    ]  # fmt: skip
    return with_only(course, kept)


def screened(course: Course, ago: int) -> Course:
    """The course with its screen answered this number of days before the decision."""
    flags = frozenset(book().flags)
    moved = [
        replace(r, stamp=replace(r.stamp, when=course[2] - timedelta(days=ago, hours=1)))
        if isinstance(r, SafetyAnswer) and r.what in flags
        else r
        for r in course[0].readings
    ]
    return with_only(course, moved)


@pytest.mark.parametrize(("ago", "outcome"), [(7, Outcome.PROGRESS), (8, Outcome.HOLD_INSUFFICIENT)])
def test_a_screen_counts_for_seven_days(ago: int, outcome: Outcome) -> None:
    """It still counts on the seventh day and does not on the eighth."""
    assert decided(screened(progressing(), ago)).decision.outcome is outcome


@pytest.mark.parametrize(("silent", "enough"), [(3, True), (4, False)])
def test_five_mornings_of_seven(silent: int, enough: bool) -> None:
    """Without the newest days, and never counting the decision's own: five are enough, four give D7."""
    course = aged(progressing(), Measurement, frozenset({"pain-morning"}), silent)
    assert (decided(course).decision.rule != "D7") is enough


@pytest.mark.parametrize("days", range(1, 30))
def test_a_report_that_grows_old_never_raises_a_dose(days: int) -> None:
    """The same reports, decided on later, earn no more; after two weeks without reports there is no dose."""
    patient_readings, plan, at = progressing()
    later = decided((patient_readings, plan, at + timedelta(days=days)))
    before = earned(decided((patient_readings, plan, at)))
    assert all(height(dose) <= height(before[name]) for name, dose in earned(later).items())
    assert days < 14 or not any(doses(later).values())


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "America/St_Johns", "Asia/Kathmandu"])
def test_another_zone_never_raises_a_dose(zone: str) -> None:
    """In any zone the same instants earn no more than in the zone of the reports."""
    patient_readings, plan, at = progressing()
    before = earned(decided((patient_readings, plan, at)))
    elsewhere = replace(patient_readings, person=replace(patient_readings.person, zone=zone))
    after = earned(decided((elsewhere, plan, at)))
    assert all(height(dose) <= height(before[name]) for name, dose in after.items())


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=400)])
def test_a_session_from_the_future_earns_nothing(ahead: timedelta) -> None:
    """A session later than the decision is no evidence for a step."""
    course = progressing()
    moved = [
        replace(r, stamp=replace(r.stamp, when=course[2] + ahead, until=course[2] + ahead + timedelta(minutes=20)))
        if isinstance(r, SessionReported)
        else r
        for r in course[0].readings
    ]
    assert decided(with_only(course, moved)).decision.outcome is not Outcome.PROGRESS
