"""The dose history as series: sessions of each exercise, pain by day, decisions, and work where there is a load."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.clinical.overviews import BOOK, walk_goal
from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import WALK, Case, ago, pain, walks
from tests.courses.build import dec, minutes, mornings, session, sets
from tests.courses.examples import e2, e4
from titrate.clinical.evaluate import evaluate
from titrate.clinical.insights.dose_history import CompletedSession, DoseHistory, dose_history
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.readings import Measurement, Reading, SessionReported


def way(*more: Reading) -> DoseHistory:
    """The dose history of E2 with `more` readings."""
    patient, in_force, at = e2()
    with_more = replace(patient, readings=(*patient.readings, *more))
    return dose_history(evaluate(with_more, in_force, BOOK, at).picture)


def test_e2_walks_15_minutes_three_times() -> None:
    """Each session has its prescribed amount; the goal appears only where it can be measured."""
    walk = next(t for t in way().tracks if t.exercise == "walking")
    assert [s.day.day for s in walk.sessions] == [6, 8, 10]
    assert {(s.done, s.prescribed) for s in walk.sessions} == {(Decimal(15), Decimal(15))}
    assert (walk.unit, walk.goal) == ("min", None)
    with_goal = next(t for t in way(walk_goal(25, None)).tracks if t.exercise == "walking")
    assert with_goal.goal == 25


def test_a_new_load_with_fewer_repetitions_is_no_fall() -> None:
    """30 repetitions with 40 kg are 1200; 24 with 52 kg are 1248."""
    heavier = session("leg-press", date(2025, 1, 11), sets(3, 8, 52), (2, 3), 3)
    press = next(t for t in way(heavier).tracks if t.exercise == "leg-press")
    assert press.unit == "repetitions x kg"
    assert [s.prescribed for s in press.sessions][-2:] == [1200, 1248]


def test_pain_is_by_day_and_sets_the_first_day() -> None:
    """The highest final rating of a day; the earliest day of any series is the first day of the chart."""
    found = way(*mornings(date(2024, 12, 20), [7, None, 4]))
    assert found.first == date(2024, 12, 20)
    assert dict(found.pain)[date(2024, 12, 20)] == Decimal(7)
    assert date(2024, 12, 21) not in dict(found.pain)


def test_a_preliminary_session_is_left_out() -> None:
    """A session that is not final is not shown."""
    patient, in_force, at = e4()
    not_final = [
        replace(r, stamp=replace(r.stamp, preliminary=True)) if type(r).__name__ == "SessionReported" else r
        for r in patient.readings
    ]
    found = dose_history(evaluate(replace(patient, readings=tuple(not_final)), in_force, BOOK, at).picture)
    assert found.tracks == ()


def of(*reported: SessionReported | Measurement) -> DoseHistory:
    """The dose history of these sessions and mornings alone."""
    sessions = tuple(s for s in reported if isinstance(s, SessionReported))
    return dose_history(picture(Case(sessions=sessions, days=tuple(m for m in reported if isinstance(m, Measurement)))))


def test_each_exercise_of_the_library_has_its_own_sessions() -> None:
    """In the order in which they started; an exercise outside the library is left out."""
    ride, other = session("cycling", ago(7), minutes(8), (2, 3), 3), session("juggling", ago(6), WALK, (2, 3), 3)
    found = of(*walks((9, 5)), ride, other)
    assert [(t.exercise, [s.day for s in t.sessions]) for t in found.tracks] == [
        ("walking", [ago(9), ago(5)]),
        ("cycling", [ago(7)]),
    ]


@pytest.mark.parametrize(
    ("other", "shown"),
    [({"done": None}, False), ({"unit": None}, True), ({"unit": "m"}, False), ({"prescribed": None}, True), ({}, True)],
    ids=["amount unknown", "unit unknown", "in metres", "nothing asked for", "as asked"],
)  # fmt: skip
def test_a_session_is_shown_where_its_amount_is_known(other: dict[str, object], shown: bool) -> None:
    """In the unit of the exercise, or without a unit."""
    assert bool(of(*walks((5,), **other)).tracks) is shown  # type: ignore[arg-type]


@pytest.mark.parametrize(("done", "load", "shown"), [(24, 40, 960), (0, 40, 0), (24, None, None)])
def test_work_is_repetitions_times_load(done: int, load: int | None, shown: int | None) -> None:
    """24 x 40; a session of nothing is no work, and without a load the work is unknown."""
    lifted = session("leg-press", ago(5), sets(3, 10, load), (2, 3), 3, done=Decimal(done))
    found = of(lifted).tracks
    assert [s.done for t in found for s in t.sessions] == ([] if shown is None else [Decimal(shown)])


def test_a_session_of_nothing_is_shown_as_zero() -> None:
    """0 of the prescribed amount on its day; stopped early for pain, it was not tolerated."""
    (track,) = of(*walks((5,), done=Decimal(0), stop_reason="pain")).tracks
    assert track.sessions == (CompletedSession(ago(5), Decimal(0), dec(20), SessionClass.X),)


def test_a_rating_that_is_not_final_is_no_point() -> None:
    """It does not set the first day either."""
    not_final = pain(9, 4)
    not_final = replace(not_final, stamp=replace(not_final.stamp, preliminary=True))
    found = of(not_final, pain(5, 3))
    assert found.pain == ((ago(5), Decimal(3)),)
    assert found.first == ago(5)
