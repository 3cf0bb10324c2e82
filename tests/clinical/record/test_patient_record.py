"""How readings become a record: order, ties, newest and worst values, and defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.thresholds.probe import AT, ago, walks
from tests.courses.build import Number, answered, measured, mornings, on, patient_readings, plan
from titrate.clinical.record.patient_record import PatientRecord, patient_record, since_newest, worst_newest
from titrate.clinical.values.decision import OpenFlag
from titrate.clinical.values.morning_ratings import MorningWeek
from titrate.clinical.values.plan import NO_PLAN, ExerciseState, Phase
from titrate.clinical.values.readings import Measurement, PatientDetails, ReadingSource, Source
from titrate.clinical.values.rulebook import Urgency


def record(*readings: Measurement) -> PatientRecord:
    """The record of these readings alone."""
    return patient_record(patient_readings(readings), NO_PLAN, BOOK, on(AT, time(13)))


def score(value: Number, days: int, *, firm: bool = True) -> Measurement:
    """A score a number of days ago."""
    reported = measured("tsk-11", value, on(ago(days)))
    return replace(reported, stamp=replace(reported.stamp, preliminary=not firm))


def test_weeks_end_yesterday() -> None:
    """The seven dates before today, and the seven before those, with their ratings."""
    readings = [r for r in mornings(ago(14), [5] * 7 + [2] * 6) if isinstance(r, Measurement)]
    found = record(*readings)
    assert found.week() == found.week(1) == tuple(ago(d) for d in range(7, 0, -1))
    assert found.week(2) == tuple(ago(d) for d in range(14, 7, -1))
    assert finals(found.last_week) == (found.week(), [2] * 6)
    assert finals(found.week_before) == (found.week(2), [5] * 7)


def finals(week: MorningWeek) -> tuple[tuple[date, ...], list[int]]:
    """The dates of a week and its ratings."""
    return week.dates, [int(value) for value in week.finals]


def test_the_newest_final_score() -> None:
    """A preliminary score is skipped; without any there is None."""
    found = record(score(30, 9), score(20, 5), score(40, 2, firm=False))
    assert found.latest("tsk-11") == score(20, 5)
    assert record(score(40, 2, firm=False)).latest("tsk-11") is None
    assert found.latest("csi") is None


@pytest.mark.parametrize(
    ("reported", "high", "low"),
    [
        ([score(30, 5)], 30, 30), ([score(30, 5), score(40, 2, firm=False)], 40, 30),
        ([score(30, 5), score(20, 2, firm=False)], 30, 20), ([score(40, 5), score(30, 2)], 30, 30),
        ([score(40, 5, firm=False), score(30, 2)], 30, 30), ([score(30, 5, firm=False)], 30, 30),
        ([score(30, 5, firm=False), score(40, 2, firm=False)], 40, 30),
    ],
)  # fmt: skip
def test_the_worst_since_the_newest_final_one(reported: list[Measurement], high: int, low: int) -> None:
    """Higher is worse, unless `low`; a preliminary value can only be worse."""
    found = record(*reported)
    for ask, value in ((False, high), (True, low)):
        worst = found.worst_newest("tsk-11", low=ask)
        assert worst is not None
        assert worst.value == value
        assert worst_newest(reported, low=ask) == worst
    assert found.worst_newest("tsk-11") == worst_newest(reported) == worst_newest(reported, low=False)
    assert found.worst_newest("csi") is None


def test_all_of_the_newest_moment_count() -> None:
    """Both of two at one moment; all if none is final."""
    first, second, other = score(30, 5), score(40, 5), score(20, 9)
    assert since_newest([other, first, second]) == (first, second)
    assert since_newest([score(20, 9, firm=False), score(30, 5, firm=False)]) == (
        score(20, 9, firm=False),
        score(30, 5, firm=False),
    )


def test_measures_are_sorted_by_name() -> None:
    """Whatever the order in which they came."""
    found = record(measured("weight", 80, on(ago(1))), measured("csi", 20, on(ago(3))), measured("odi", 20, on(ago(2))))
    assert list(found.measured) == ["csi", "odi", "weight"]


def at_once(value: Number, reference: str = "Observation/one") -> Measurement:
    """A score at one moment."""
    reported = score(value, 5)
    return replace(reported, stamp=replace(reported.stamp, source=Source(reference, "1")))


@pytest.mark.parametrize("turned", [list, lambda reported: list(reversed(reported))], ids=["as they came", "turned"])
@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ([at_once(30), at_once(20)], ["20", "30"]), ([at_once(9), at_once(20), at_once(30)], ["20", "30", "9"]),
        ([score(50, 9), at_once(30), at_once(20)], ["50", "20", "30"]),
        ([at_once(30), at_once(20), score(50, 2)], ["20", "30", "50"]),
        ([at_once(30, "Observation/a"), at_once(20, "Observation/b")], ["30", "20"]),
        ([score(50, 2), score(40, 9)], ["40", "50"]), ([score(50, 2), score(40, 9), score(30, 7)], ["40", "30", "50"]),
    ],
    ids=["two", "three", "after another", "before another", "two sources", "two days", "three days"],
)  # fmt: skip
def test_readings_are_in_order(
    reported: list[Measurement], expected: list[str], turned: Callable[[list[Measurement]], list[Measurement]]
) -> None:
    """By time, source and content, never by the order of a page."""
    assert [str(m.value) for m in record(*turned(reported)).measured["tsk-11"]] == expected


def test_defaults_of_a_reading() -> None:
    """A reading is final, dated, with time and zone, at rest; a patient is alive and enrolled."""
    bare = ReadingSource(Source("Observation/one"), on(AT))
    assert (bare.preliminary, bare.zone_assumed, bare.timed, bare.dated) == (False, False, True, True)
    assert Measurement("heart-rate", Decimal(70), bare).exercising is False
    person = PatientDetails("p1", "Europe/London")
    assert (person.deceased, person.opted_out, person.merged_into, person.enrolled) == (False, False, None, None)
    assert ExerciseState("walking", None, 3).goal_linked is False
    assert plan(Phase.LOADING, ago(9), ()).written_by_clinician is False
    assert bare.end == bare.when
    assert replace(bare, until=on(AT) + timedelta(hours=1)).end == on(AT) + timedelta(hours=1)


def test_an_answer_that_was_ever_given() -> None:
    """With this value and on one of these dates."""
    readings = (answered("flare-self-report", False, on(ago(3))), answered("flare-self-report", True, on(ago(9))))
    found = patient_record(patient_readings(readings), NO_PLAN, BOOK, on(AT, time(13)))
    assert not found.ever("flare-self-report", True, (ago(3),))
    assert found.ever("flare-self-report", True, (ago(9), ago(3)))
    assert not found.ever("stressor", True, (ago(9),))


def test_only_reports_of_one_session_were_reported_again() -> None:
    """Two walks a minute apart; the one of another day has a single report."""
    (walk,), (other,) = walks((5,)), walks((3,))
    when = walk.stamp.when + timedelta(minutes=1)
    second = replace(walk, stamp=replace(walk.stamp, source=Source("Observation/again"), when=when))
    found = patient_record(patient_readings((walk, second, other)), NO_PLAN, BOOK, on(AT, time(13)))
    assert found.reported_again == ((walk, second),)


def test_flags_that_earlier_runs_left_open_are_in_order() -> None:
    """The oldest first, and of two at one time by their source."""
    flags = tuple(
        OpenFlag("rf03", Urgency.E1, on(ago(day)), Source(reference))
        for day, reference in ((3, "Flag/b"), (9, "Flag/c"), (3, "Flag/a"))
    )
    found = patient_record(patient_readings(()), NO_PLAN, BOOK, on(AT, time(13)), flags)
    assert [one.source.reference for one in found.open_flags] == ["Flag/c", "Flag/a", "Flag/b"]
