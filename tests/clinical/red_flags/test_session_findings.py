"""Worsening after exertion (RF16): disproportionate fatigue opens the flag, whatever else was reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.engine_runs import decide
from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import measured, minutes, mornings, on, patient_readings, plan, screen, session, stamp, state
from titrate.clinical.red_flags.alarming_texts import alarming_texts, self_harm_findings
from titrate.clinical.red_flags.findings import post_exertional_malaise
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Comment, Measurement, Reading, SessionReported

WALK = minutes(15)
BEGAN, TODAY = date(2025, 1, 4), date(2025, 1, 15)


def after(fatigue: int, pain: int = 2, peak: int = 3, rpe: int | None = 3, done: int = 15) -> tuple[str, set[str]]:
    """Rule and flags after three walks; the last two and the mornings after them have these values (usual 2 and 3)."""
    readings: list[Reading] = [*screen(date(2025, 1, 12))]
    for day in (date(2025, 1, number) for number in range(1, 16)):
        tired = day.day in (12, 14)
        readings += mornings(day, [pain if tired else 2], fatigue=fatigue if tired else 3)
    for number in (9, 11, 13):
        pains, effort, did = ((2, peak), rpe, done) if number > 9 else ((2, 3), 3, 15)
        readings.append(session("walking", date(2025, 1, number), WALK, pains, effort, done=Decimal(did)))
    in_force = plan(Phase.LOADING, BEGAN, (state("walking", WALK, 3, BEGAN),))
    result = decide((patient_readings(readings), in_force, on(TODAY)))
    return result.decision.rule, {flag.flag for flag in result.flags}


@pytest.mark.parametrize(("fatigue", "rule", "flags"), [(5, "D11", set()), (6, "D3", set()), (7, "D1", {"rf16"})])
def test_tired_too_tired_and_out_of_proportion(fatigue: int, rule: str, flags: set[str]) -> None:
    """2 above usual is marginal, 3 is not tolerated and lowers the dose, 4 stops exercise."""
    assert after(fatigue) == (rule, flags)


@pytest.mark.parametrize(("pain", "peak", "rpe", "done"), [
    (2, 6, 3, 15),     # pain above its ceiling
    (4, 3, 3, 15),     # mornings as in a flare
    (2, 3, 8, 15),     # exertion far above its cap
    (2, 3, None, 15),  # exertion unknown
    (2, 3, 3, 19),     # more than was planned
    (2, 3, 3, 9),      # less
])  # fmt: skip
def test_nothing_explains_it_away(pain: int, peak: int, rpe: int | None, done: int) -> None:
    """Another worse symptom never earns a dose (F i)."""
    assert after(7, pain, peak, rpe, done) == ("D1", {"rf16"})


def planned(day: int, clock: time = time(20)) -> SessionReported:
    """A walk a number of days ago that ended at this time."""
    end = on(ago(day), clock)
    done = session("walking", ago(day), WALK, (2, 3), 3)
    return replace(done, stamp=stamp("walking", end - timedelta(minutes=20), until=end))


def tired(day: int, clock: time, value: int = 7) -> Measurement:
    """Fatigue of 4 above usual, or another, a number of days ago."""
    return measured("fatigue-morning", value, on(ago(day), clock))


def found(*reported: SessionReported | Measurement, **of_plan: object) -> list[datetime]:
    """When worsening after exertion occurred, with usual mornings and these walks and ratings."""
    sessions = tuple(r for r in reported if isinstance(r, SessionReported))
    ratings = tuple(r for r in reported if isinstance(r, Measurement))
    record = record_of(Case(sessions=sessions, more=ratings, plan=of_plan))
    return [sign.since for sign in post_exertional_malaise(record) if sign.since]


@pytest.mark.parametrize(
    ("day", "clock", "seen"),
    [
        (8, time(7, 59), False), (8, time(8), True), (7, time(20), True), (6, time(20), True), (6, time(20, 1), False),
        (9, time(20, 30), False),
    ],
)  # fmt: skip
def test_fatigue_12_to_72_hours_after_a_session_counts(day: int, clock: time, seen: bool) -> None:
    """The first walk ended 9 days ago at 20:00; the second, 5 days ago, was followed by such a morning."""
    second = tired(4, time(9))
    assert found(planned(9), planned(5), tired(day, clock), second) == ([second.stamp.when] if seen else [])


@pytest.mark.parametrize(("value", "seen"), [(6, False), (7, True), (9, True)])
def test_four_above_usual_is_out_of_proportion(value: int, seen: bool) -> None:
    """Usual is 3."""
    assert bool(found(planned(9), planned(5), tired(8, time(9), value), tired(4, time(9)))) is seen


@pytest.mark.parametrize(
    ("days", "signs"),
    [
        ((13,), []), ((13, 11), [11]), ((13, 9), [9]), ((13, 7), []), ((11, 9), [9]), ((13, 11, 9), [11, 9]),
        ((13, 11, 7), [11, 7]), ((13, 11, 5), [11]), ((7, 5), [5]), ((13, 7, 5), [5]),
    ],
)  # fmt: skip
def test_two_of_three_session_days_in_a_row(days: tuple[int, ...], signs: list[int]) -> None:
    """Walks 14, 12, 10, 8 and 6 days ago, some followed by such a morning. Later better days close nothing."""
    walks_ = [planned(d) for d in (14, 12, 10, 8, 6)]
    reported = [tired(d, time(9)) for d in days]
    assert found(*walks_, *reported) == [on(ago(d), time(9)) for d in signs]


def test_a_morning_belongs_to_the_last_session_before_it() -> None:
    """Walks on two consecutive days, each followed by such a morning: two of two."""
    first, second = tired(8, time(9)), tired(7, time(9))
    assert found(planned(9), planned(8), first, second) == [second.stamp.when]
    assert found(planned(10), planned(9), planned(8), first, second) == [second.stamp.when]
    assert found(planned(9), planned(8), second, tired(6, time(9))) == []


def test_hours_count_from_the_last_session_of_a_day() -> None:
    """72 hours after the evening walk is later than after the morning walk; the first such rating counts."""
    reported = [planned(9, time(10)), planned(9), planned(5, time(10)), planned(5)]
    first, later = tired(2, time(19)), tired(2, time(20))
    assert found(*reported, tired(6, time(20)), first, later) == [first.stamp.when]
    assert found(*reported, tired(6, time(20)), later) == [later.stamp.when]


def test_without_usual_fatigue_nothing_is_out_of_proportion() -> None:
    """Two ratings alone do not show what is usual."""
    ratings = (tired(8, time(9)), tired(4, time(9)))
    days = tuple(mornings(ago(40), [2] * 40))
    case = Case(days=days, sessions=(planned(9), planned(5)), more=ratings, plan={"usual_fatigue": None})
    assert [*post_exertional_malaise(record_of(case))] == []


@pytest.mark.parametrize(("text", "signs"), [("I want to DIE", 1), ("a good walk", 0), ("", 0)])
def test_words_of_despair_in_any_letters(text: str, signs: int) -> None:
    """Listed words open the flag, other words do not."""
    stated = Comment(text, stamp("comment", on(ago(1))))
    assert len([*self_harm_findings(alarming_texts(record_of(Case(more=(stated,)))))]) == signs
