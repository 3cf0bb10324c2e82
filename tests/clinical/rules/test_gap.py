"""A gap and the trials after it (D4, B4), and work above the plan (G9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.engine_runs import decide
from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case, ago
from tests.courses.build import minutes, mornings, on, patient_readings, plan, screen, session, sets, state, trial
from tests.courses.examples import Course
from titrate.clinical.rules.gap import gap_lowering
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Reading

LAST_WALK = date(2025, 1, 31)
BEGUN = date(2025, 3, 10)
START, LONG = minutes(10), minutes(20)


def back(days: int, *, start: int = 10, tried: bool = True) -> Course:
    """Walks until the end of January, trials in March, a start dose of 10 minutes on the 10th, and `days` since."""
    today = BEGUN + timedelta(days=days)
    readings: list[Reading] = [*mornings(today - timedelta(days=13), [2] * 14, fatigue=3), *screen(today)]
    readings += [session("walking", LAST_WALK - timedelta(days=ago), LONG, (2, 3), 3) for ago in (4, 2, 0)]
    if tried:
        readings += [trial("walking", date(2025, 3, day), 14, "min") for day in (4, 6, 8)]
    states = (state("walking", START, 3, BEGUN, start=minutes(start)),)
    return patient_readings(readings), plan(Phase.LOADING, BEGUN, states, started=date(2025, 1, 1)), on(today)


@pytest.mark.parametrize(("days", "rule"), [(0, "D7"), (6, "D7"), (7, "D4"), (8, "D4")])
def test_a_new_start_dose_is_not_taken_back_for_the_gap_before_it(days: int, rule: str) -> None:
    """The trials ended the gap; another gap counts from the approval of the dose."""
    assert decide(back(days)).decision.rule == rule


@pytest.mark.parametrize(("start", "tried"), [(8, True), (10, False)])
def test_a_gap_stays_where_no_start_dose_rests_on_trials(start: int, tried: bool) -> None:
    """The dose changed since its start, or there are no trials: the last session counts."""
    assert decide(back(0, start=start, tried=tried)).decision.rule == "D4"


@pytest.mark.parametrize(("day", "rule"), [(date(2025, 1, 31), "D4"), (date(2025, 2, 1), "D7"), (BEGUN, "D7")])
def test_a_trial_after_the_last_session_answers_the_gap(day: date, rule: str) -> None:
    """From the day after it to the day of the new dose; a trial on the day of the session came before the gap."""
    assert decide(_with(trial("walking", day, 14, "min"))).decision.rule == rule


def test_whose_trial_answers_a_gap() -> None:
    """Not a trial of another exercise, nor a preliminary one."""
    own = trial("walking", date(2025, 3, 8), 14, "min")
    assert decide(_with(trial("cycling", date(2025, 3, 8), 14, "min"))).decision.rule == "D4"
    assert decide(_with(replace(own, stamp=replace(own.stamp, preliminary=True)))).decision.rule == "D4"


def _with(one: Reading) -> Course:
    reported, in_force, at = back(0, tried=False)
    return replace(reported, readings=(*reported.readings, one)), in_force, at


@pytest.mark.parametrize(("done", "held"), [("24", True), ("42", True), ("14", False)])
def test_what_goes_beyond_the_plan_earns_nothing(done: str, held: bool) -> None:
    """Of a 20-minute walk at most 24 count: 42, an overshoot or a typing error, allows no more than 24 do."""
    assert _work(done)[0] is held
    assert _work("42")[1] == _work("24")[1]


def _work(done: str) -> tuple[bool, str | None]:
    """Gate G9 with its ratio, after three walks of 20 minutes of which the first had this amount done."""
    today = date(2025, 1, 20)
    readings: list[Reading] = [*mornings(today - timedelta(days=13), [2] * 14, fatigue=3), *screen(today)]
    for past in (6, 4, 2):
        much = Decimal(done) if past == 6 else Decimal(20)
        readings.append(session("walking", today - timedelta(days=past), LONG, (2, 3), 3, done=much))
    since = date(2025, 1, 1)
    in_force = plan(Phase.LOADING, since, (state("walking", LONG, 3, since),))
    (candidate,) = decide((patient_readings(readings), in_force, on(today))).decision.candidates
    (entry,) = (e for e in decide((patient_readings(readings), in_force, on(today))).decision.trace if e.rule == "G9")
    return candidate.gates["G9"].value == "pass", entry.value


@pytest.mark.parametrize(("load", "after"), [("39.9", "40"), ("39.8", "39.8"), ("42", "40"), (None, "40")])
def test_load_of_the_last_session_after_a_gap(load: str | None, after: str) -> None:
    """0.70 of the last session with its load, if that was lower by more than a rounding between kg and lb."""
    press = sets(3, 10, 40)
    last = session("leg-press", ago(8), press, (2, 3), 3, load=None if load is None else Decimal(load))
    lowering = gap_lowering(picture(Case(states=(state("leg-press", press, 2, ago(20)),), sessions=(last,))))
    assert lowering is not None
    assert lowering.doses["leg-press"] == replace(sets(2, 10), load=Decimal(after))
