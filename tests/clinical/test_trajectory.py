"""The way so far as series: what was done of each exercise, pain by day, decisions; with a load the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from service.clinical.engine import run
from service.clinical.readings import Reading
from service.clinical.trajectory import Trajectory, trajectory
from tests.clinical.overviews import BOOK, walk_goal
from tests.courses.build import mornings, session, sets
from tests.courses.examples import e2, e4


def way(*more: Reading) -> Trajectory:
    """E2's way, and `more`."""
    told, in_force, at = e2()
    heard = replace(told, readings=(*told.readings, *more))
    return trajectory(run(heard, in_force, BOOK, at).situation)


def test_e2_walks_15_minutes_three_times() -> None:
    """Each session with what was asked for; the goal only where it can be measured."""
    walk = next(t for t in way().tracks if t.exercise == "walking")
    assert [s.day.day for s in walk.sessions] == [6, 8, 10]
    assert {(s.done, s.asked) for s in walk.sessions} == {(Decimal(15), Decimal(15))}
    assert (walk.unit, walk.goal) == ("min", None)
    wished = next(t for t in way(walk_goal(25, None)).tracks if t.exercise == "walking")
    assert wished.goal == 25


def test_a_new_load_with_fewer_repetitions_is_no_fall() -> None:
    """30 repetitions with 40 kg are 1200, 24 with 52 kg are 1248."""
    heavier = session("leg-press", date(2025, 1, 11), sets(3, 8, 52), (2, 3), 3)
    press = next(t for t in way(heavier).tracks if t.exercise == "leg-press")
    assert press.unit == "repetitions x kg"
    assert [s.asked for s in press.sessions][-2:] == [1200, 1248]


def test_pain_is_by_day_and_begins_the_way() -> None:
    """The highest final rating of a day; the first day of any series is the left edge."""
    found = way(*mornings(date(2024, 12, 20), [7, None, 4]))
    assert found.first == date(2024, 12, 20)
    assert dict(found.pain)[date(2024, 12, 20)] == Decimal(7)
    assert date(2024, 12, 21) not in dict(found.pain)


def test_what_is_preliminary_is_left_out() -> None:
    """A session that is not final is no dot."""
    told, in_force, at = e4()
    soft = [
        replace(r, stamp=replace(r.stamp, preliminary=True)) if type(r).__name__ == "SessionReported" else r
        for r in told.readings
    ]
    found = trajectory(run(replace(told, readings=tuple(soft)), in_force, BOOK, at).situation)
    assert found.tracks == ()
