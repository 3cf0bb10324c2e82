"""Flares by days: start, course, severity and settling (B7, B11.16-17, .30, .36), all worked out by hand.

A day is a number of days ago. Usual pain is 2: from 4 on a morning is high, up to 3 it is calm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK, record_of
from tests.clinical.thresholds.probe import AT, Case, ago, changed, pain
from tests.courses.build import Number, answered, on
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.usual_symptoms import usual_symptoms
from titrate.clinical.sessions.flares import (
    ACTIVITY_KEPT,
    FLARE_REPORTED,
    NEW_RESCUE_ANALGESIA,
    Flare,
    flares_of,
)
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, SafetyAnswer

Days = Mapping[int, Number]
# First and last day, worst morning, grade, patient report, and the day on which it had settled.
Row = tuple[int, int, str | None, str, bool, int | None]


def preliminary(day: int, value: Number) -> Measurement:
    """A preliminary morning rating."""
    rating = pain(day, value)
    return replace(rating, stamp=replace(rating.stamp, preliminary=True))


def tick(day: int) -> SafetyAnswer:
    """A flare reported by the patient."""
    return answered(FLARE_REPORTED, True, on(ago(day)))


def kept(day: int, value: str = "no") -> SafetyAnswer:
    """Whether the patient kept up the day's activity."""
    return answered(ACTIVITY_KEPT, value, on(ago(day)))


def rescue(day: int) -> SafetyAnswer:
    """A new medicine for the pain."""
    return answered(NEW_RESCUE_ANALGESIA, True, on(ago(day)))


def record(
    days: Days, *more: Measurement | SafetyAnswer, phase: Phase = Phase.LOADING, **plan: object
) -> PatientRecord:
    """The record of these mornings, with a plan approved 30 days ago by default."""
    reported = tuple(pain(day, value) for day, value in days.items())
    found = record_of(Case(days=reported, sessions=(), more=more, since=30))
    fields = {"phase": phase, "state_date": None} | plan
    return replace(found, plan=replace(found.plan, **fields))  # type: ignore[arg-type]


def rows(found: PatientRecord) -> list[Row]:
    """The flares of a record."""
    return [_row(one) for one in flares_of(found, usual_symptoms(found))]


def _row(one: Flare) -> Row:
    worst = None if one.worst is None else f"{one.worst}"
    settled = None if one.settled is None else (AT - one.settled).days
    return (AT - one.first).days, (AT - one.last).days, worst, one.grade, one.ticked, settled


BEGINS: dict[str, tuple[Days, tuple[Measurement | SafetyAnswer, ...], list[Row]]] = {
    "one high morning": ({5: 4}, (), []),
    "two in a row": ({5: 4, 4: 4}, (), [(5, 4, "4", "f1", False, None)]),
    "just below": ({5: 4, 4: "3.9"}, (), []),
    "three days apart": ({7: 4, 4: 4}, (), [(7, 4, "4", "f1", False, None)]),
    "four days apart": ({8: 4, 4: 4}, (), []),
    "the second and third of three": ({12: 4, 8: 4, 6: 5}, (), [(8, 6, "5", "f1", False, None)]),
    "a lower one between": ({6: 4, 5: 3, 4: 4}, (), []),
    "a lower one between that is not final": ({6: 4, 4: 4}, (preliminary(5, 3),), [(6, 4, "4", "f1", False, None)]),
    "a high one that is not final": ({5: 4}, (preliminary(4, 5),), [(5, 4, "5", "f1", False, None)]),
    "a tick": ({}, (tick(5),), [(5, 5, None, "f1", True, None)]),
    "a no": ({}, (answered(FLARE_REPORTED, False, on(ago(5))),), []),
    "a tick three days after a high one": ({8: 4}, (tick(5),), [(8, 5, "4", "f1", True, None)]),
    "a tick four days after": ({9: 4}, (tick(5),), [(5, 5, None, "f1", True, None)]),
    "a tick after a high and a lower one": ({7: 4, 6: 2}, (tick(5),), [(5, 5, None, "f1", True, None)]),
    "a tick with a calm rating": ({5: 2}, (tick(5),), [(5, 5, "2", "f1", True, None)]),
    "today": ({1: 4, 0: 4}, (), [(1, 0, "4", "f1", False, None)]),
    "tomorrow": ({0: 4, -1: 4}, (), []),
    "activity alone": ({}, (kept(5),), []),
}


@pytest.mark.parametrize("name", BEGINS)
def test_when_one_begins(name: str) -> None:
    """Two mornings two above usual, at most three days apart without a lower one between, or the patient's report."""
    days, more, expected = BEGINS[name]
    assert rows(record(days, *more)) == expected


BEGUN: Days = {9: 4, 8: 4}
GOES_ON: dict[str, tuple[Days, tuple[Measurement | SafetyAnswer, ...], tuple[int, int | None]]] = {
    "nothing more": ({}, (), (8, None)),
    "one calm morning": ({7: 3}, (), (8, None)),
    "two calm mornings": ({7: 3, 6: 3}, (), (8, 6)),
    "a day between": ({7: 3, 5: 3}, (), (8, None)),
    "two later": ({6: 3, 5: 3}, (), (8, 5)),
    "the second is not calm": ({7: 3, 6: "3.5"}, (), (8, None)),
    "the first is not calm": ({7: "3.5", 6: 3, 5: 3}, (), (8, 5)),
    "the second is high": ({7: 3, 6: 4}, (), (6, None)),
    "the second is not final": ({7: 3}, (preliminary(6, 3),), (8, None)),
    "the first is not final": ({6: 3}, (preliminary(7, 3),), (8, None)),
    "a second rating of the day is high": ({7: 3, 6: 3}, (preliminary(6, 4),), (6, None)),
    "a second rating of the day is not calm": ({7: 3, 6: 3}, (preliminary(6, "3.5"),), (8, None)),
    "a tick on the second": ({7: 3, 6: 3}, (tick(6),), (6, None)),
    "activity not kept on the second": ({7: 3, 6: 3}, (kept(6),), (8, None)),
    "activity not kept on the first": ({7: 3, 6: 3}, (kept(7),), (8, None)),
    "activity kept": ({7: 3, 6: 3}, (kept(6, "yes"),), (8, 6)),
    "a medicine on the second": ({7: 3, 6: 3}, (rescue(6),), (8, None)),
    "a medicine on the first": ({7: 3, 6: 3, 5: 3}, (rescue(7),), (8, 5)),
    "no tick on the second": ({7: 3, 6: 3}, (answered(FLARE_REPORTED, False, on(ago(6))),), (8, 6)),
    "high again at once": ({7: 3, 6: 4, 5: 3, 4: 3}, (), (6, 4)),
    "one high morning after it": ({7: 3, 6: 3, 5: 4}, (), (8, 6)),
}  # fmt: skip


@pytest.mark.parametrize("name", GOES_ON)
def test_when_it_has_settled(name: str) -> None:
    """Two consecutive final mornings after its last day, at most one above usual, with no opposing sign."""
    days, more, (last, settled) = GOES_ON[name]
    (row,) = rows(record({**BEGUN, **days}, *more))
    assert (row[0], row[1], row[5]) == (9, last, settled)


GRADES: dict[str, tuple[Days, tuple[Measurement | SafetyAnswer, ...], str, str]] = {
    "a rise of 3": ({5: 4, 4: 5}, (), "5", "f1"),
    "a rise of more": ({5: 4, 4: "5.5"}, (), "5.5", "f2"),
    "on its first day": ({5: 6, 4: 4}, (), "6", "f2"),
    "in the middle": ({6: 4, 5: 6, 4: 4}, (), "6", "f2"),
    "not final": ({5: 4, 4: 4}, (preliminary(3, 9),), "9", "f2"),
    "activity not kept": ({5: 4, 4: 4}, (kept(4),), "4", "f2"),
    "activity not kept on its first day": ({5: 4, 4: 4}, (kept(5),), "4", "f2"),
    "activity not kept before it": ({5: 4, 4: 4}, (kept(6),), "4", "f1"),
    "activity not kept after it began": ({5: 4, 4: 4}, (kept(3),), "4", "f2"),
    "activity kept": ({5: 4, 4: 4}, (kept(4, "yes"),), "4", "f1"),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADES)
def test_grades(name: str) -> None:
    """Grade 2 from more than 3 above usual, or if activity is not kept up; the grade never falls."""
    days, more, worst, grade = GRADES[name]
    assert [row[2:4] for row in rows(record(days, *more))] == [(worst, grade)]


@pytest.mark.parametrize(("highest", "grade"), [("7.5", "f1"), ("7.9", "f1"), (8, "f2")])
def test_eight_is_grade_2_for_every_patient(highest: Number, grade: str) -> None:
    """With a usual pain of 5.5 the rise is small."""
    (row,) = rows(record({5: highest, 4: highest}, usual_pain=Decimal("5.5")))
    assert row[3] == grade


def test_without_usual_pain_only_a_tick_begins_one() -> None:
    """It is grade 2 from 8 on, and settling cannot be determined."""
    assert rows(record({5: 9, 4: 9}, usual_pain=None)) == []
    assert rows(record({5: 7}, tick(5), usual_pain=None)) == [(5, 5, "7", "f1", True, None)]
    assert rows(record({5: 8}, tick(5), usual_pain=None)) == [(5, 5, "8", "f2", True, None)]
    assert rows(record({4: 0, 3: 0}, tick(5), usual_pain=None)) == [(5, 5, "0", "f1", True, None)]


def test_what_began_a_flare_begins_no_other() -> None:
    """Even if ratings may be five days apart: the rating of seven days ago belongs to its own flare."""
    found = record({7: 4, 6: 4, 5: 2, 4: 2, 3: 4})
    found = replace(found, rulebook=changed(BOOK, "FLARE_APART_DAYS", Decimal(2)))
    assert rows(found) == [(7, 6, "4", "f1", False, 4)]


TWICE: Days = {20: 4, 19: 6, 18: 2, 17: 2, 12: 4, 11: 4}
FIRST, SECOND, BOTH = (20, 19, "6", "f2", False, 17), (12, 11, "4", "f1", False, None), (20, 11, "6", "f2", False, None)


def test_each_flare_is_answered_for_itself() -> None:
    """A plan of 25 days ago answered the first of three; the third continues from the second."""
    three: Days = {30: 4, 29: 4, 28: 2, 27: 2, **TWICE}
    first, rest = (30, 29, "4", "f1", False, 27), (20, 11, "6", "f2", False, None)
    assert rows(record(three, approved=ago(25))) == [first, rest]


@pytest.mark.parametrize(
    ("days", "more", "ticked"),
    [
        (BEGUN, (), False), (BEGUN, (tick(7),), True), (BEGUN, (tick(9),), True), ({8: 4, 7: 4}, (tick(9),), True),
        ({9: 4, 7: 2}, (tick(8),), True),
    ],
)  # fmt: skip
def test_a_flare_is_ticked_when_it_ever_was(days: Days, more: tuple[SafetyAnswer, ...], ticked: bool) -> None:
    """Before, between or after the ratings."""
    assert [row[4] for row in rows(record(days, *more))] == [ticked]


@pytest.mark.parametrize(
    ("approved", "expected"),
    [(20, [BOTH]), (19, [FIRST, SECOND]), (15, [FIRST, SECOND]), (12, [FIRST, SECOND]), (11, [BOTH]), (None, [BOTH])],
)
def test_a_flare_that_no_plan_has_answered_goes_on(approved: int | None, expected: list[Row]) -> None:
    """Only a plan approved between its last day and the next flare answers it; grade and worst morning stay."""
    assert rows(record(TWICE, approved=None if approved is None else ago(approved))) == expected


def in_flare(days: Days, *more: Measurement | SafetyAnswer, first: int | None = 12, **plan: object) -> list[Row]:
    """Flares with a plan in phase `flare` whose flare began a number of days ago."""
    began = None if first is None else ago(first)
    return rows(record(days, *more, phase=Phase.FLARE, **({"flare_first_day": began} | plan)))


OF_THE_PLAN: dict[str, tuple[Days, dict[str, object], list[Row]]] = {
    "its own beside an earlier one": (TWICE, {}, [FIRST, SECOND]),
    "begun before what is seen": (TWICE, {"first": 15}, [FIRST, (15, 11, "4", "f1", False, None)]),
    "seen before it was said to begin": (TWICE, {"first": 11}, [FIRST, SECOND]),
    "the day after the earlier one": (TWICE, {"first": 18}, [FIRST, (18, 11, "4", "f1", False, None)]),
    "begun on the last day of the earlier one": (TWICE, {"first": 19}, [BOTH]),
    "the plan says grade 2": (TWICE, {"flare_grade": "f2"}, [FIRST, (12, 11, "4", "f2", False, None)]),
    "the plan says grade 1": ({9: 4, 8: 4, 7: 6}, {"flare_grade": "f1"}, [(12, 7, "6", "f2", False, None)]),
    "nothing is seen": ({}, {}, [(12, 12, None, "f1", False, None)]),
    "nothing is seen, grade 2": ({}, {"flare_grade": "f2"}, [(12, 12, None, "f2", False, None)]),
    "called a flare since": ({}, {"state_date": ago(8)}, [(12, 8, None, "f1", False, None)]),
    "called a flare before": ({}, {"state_date": ago(15)}, [(12, 12, None, "f1", False, None)]),
    "only before it": ({13: 4}, {"state_date": ago(8)}, [(12, 8, None, "f1", False, None)]),
    "one high morning": ({10: 4}, {"state_date": ago(8)}, [(12, 10, "4", "f1", False, None)]),
    "one high morning, settled": ({10: 4, 9: 3, 8: 3}, {}, [(12, 10, "4", "f1", False, 8)]),
    "settled, and high once more": ({10: 4, 9: 3, 8: 3, 6: 5}, {}, [(12, 10, "4", "f1", False, 8)]),
    "its first day is high": ({12: 4, 10: 3, 9: 3}, {"state_date": ago(8)}, [(12, 12, "4", "f1", False, 9)]),
    "calm on the day on which it was called one": (
        {8: 3, 7: 3}, {"state_date": ago(8)}, [(12, 8, "3", "f1", False, None)],
    ),
    "calm until the day on which it was called one": (
        {9: 3, 8: 3}, {"state_date": ago(8)}, [(12, 8, "3", "f1", False, None)],
    ),
    "calm after it": ({8: 3, 7: 3, 6: 3}, {"state_date": ago(8)}, [(12, 8, "3", "f1", False, 6)]),
    "calm since": ({11: 3, 10: 3}, {}, [(12, 12, "3", "f1", False, 10)]),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_PLAN)
def test_the_flare_of_the_plan_in_force(name: str) -> None:
    """It continues from the day in the plan, with its grade, whatever readings remain."""
    days, plan, expected = OF_THE_PLAN[name]
    assert in_flare(days, **plan) == expected  # type: ignore[arg-type]


def test_a_tick_stays_with_the_flare_that_goes_on() -> None:
    """The plan's flare began on the last day of one that the patient reported."""
    assert in_flare(TWICE, tick(20), first=19) == [(20, 11, "6", "f2", True, None)]


def test_the_day_it_began_comes_from_the_plan() -> None:
    """Its own day, else the day of the phase, else that of the approval, else today."""
    dates = {"flare_first_day": ago(12), "phase_since": ago(10), "approved": ago(9)}
    expected = [12, 10, 9, 0]
    for n in range(4):
        known = {name: (day if place >= n else None) for place, (name, day) in enumerate(dates.items())}
        assert [row[0] for row in in_flare({}, **known)] == [expected[n]]  # type: ignore[arg-type]
