"""Start doses from tolerance trials, worked out by hand (B4, B11.25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK, goal, picture
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, Case, ago, calm
from tests.courses.build import Number, minutes, on, patient_readings, screen, sets, state, trial
from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.rules.baseline import baseline_exercises, baseline_of
from titrate.clinical.values.plan import NO_PLAN
from titrate.clinical.values.readings import PatientGoal, Reading, TrialReported
from titrate.clinical.values.rulebook import ProgrammeExercise


def tried(*trials: TrialReported, more: tuple[Reading, ...] = ()) -> ClinicalPicture:
    """A patient without a plan, with these trials."""
    return clinical_picture(
        patient_record(patient_readings((*calm(), *screen(AT), *trials, *more)), NO_PLAN, BOOK, on(AT))
    )


def trained(**by_day: Number) -> list[TrialReported]:
    """Walking trials: `d3=12` is 12 minutes three days ago."""
    return [trial("walking", ago(int(day[1:])), done, "min") for day, done in by_day.items()]


STARTS: dict[str, tuple[dict[str, Number], Number | None]] = {
    "E1 without its fear": ({"d5": 12, "d3": 9, "d1": 10}, 8), "two": ({"d5": 12, "d3": 9}, None),
    "stable at exactly twice": ({"d5": 10, "d3": 5, "d1": 6}, "5.5"), "unstable": ({"d5": "10.5", "d3": 5, "d1": 6}, 4),
    "newest 14 days ago": ({"d18": 12, "d16": 9, "d14": 10}, 8), "newest 15 days ago": ({"d18": 12, "d16": 9,
    "d15": 10}, None),
    "span of 14 days": ({"d15": 12, "d3": 9, "d1": 10}, 8), "span of 15 days": ({"d16": 12, "d3": 9, "d1": 10}, None),
    "four": ({"d7": 11, "d5": 12, "d3": 9, "d1": 10}, 8), "today": ({"d5": 12, "d3": 9, "d0": 10}, 8),
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_start_dose(name: str) -> None:
    """0.80 of the mean of three trials on three days, or of the worst if the best is more than twice that."""
    by_day, start = STARTS[name]
    found = baseline_of(tried(*trained(**by_day)), state("walking", None, 5, None), 1)
    assert found.start == (None if start is None else minutes(start))
    proposal = 0 if start is not None else 1
    assert len([a for a in texts(found.asks) if "on another day" in a]) == proposal


def test_what_a_baseline_reports() -> None:
    """Trials, best over worst, mean and factor as calculated; what is requested if the trials are unstable."""
    steady = baseline_of(tried(*trained(d5=12, d3=9, d1=10)), state("walking", None, 5, None), 1)
    assert texts(steady.asks) == ()
    assert [(e.held, e.value, e.operator, e.limit) for e in steady.trace] == [
        (True, "3", ">=", "3"), (True, "1.33", "<=", "2.0"), (True, "10.33", "x", "0.80"),
    ]  # fmt: skip
    shaky = baseline_of(tried(*trained(d5="10.5", d3=5, d1=6)), state("walking", None, 5, None), 1)
    assert texts(shaky.asks) == ("walking: 2 more tolerance trials, because the baseline is unstable",)
    assert [(e.held, e.value, e.limit) for e in shaky.trace] == [
        (True, "3", "3"),
        (False, "2.10", "2.0"),
        (True, "5", "0.80"),
    ]
    assert steady.trace[0].sources == tuple(t.stamp.source for t in trained(d5=12, d3=9, d1=10))
    few = baseline_of(tried(*trained(d5=12)), state("walking", None, 5, None), 1)
    assert texts(few.asks) == ("walking: 2 more tolerance trials, each on another day",)
    assert [(e.held, e.value, e.limit) for e in few.trace] == [(False, "1", "3")]


def test_which_trials_count() -> None:
    """The lowest of each day, final, of this exercise and in its unit."""
    base = trained(d5=12, d3=9, d1=10)
    stamp = replace(base[0].stamp, preliminary=True)
    odd = [
        trial("walking", ago(2), 800, "m"), trial("cycling", ago(2), 1, "min"), replace(base[0], done=Decimal(1),
        stamp=stamp),
    ]  # fmt: skip
    assert baseline_of(tried(*base, *odd), state("walking", None, 5, None), 1).start == minutes(8)
    later = replace(
        base[0], done=Decimal(9), stamp=replace(base[0].stamp, when=base[0].stamp.when + timedelta(hours=2))
    )
    assert baseline_of(tried(*base, later), state("walking", None, 5, None), 1).start == minutes(
        "7"
    )  # 28/3 x 0.8 = 7.46
    higher = replace(later, done=Decimal(20))
    assert baseline_of(tried(*base, higher), state("walking", None, 5, None), 1).start == minutes(8)


def test_baseline_of_repetitions_and_of_a_load() -> None:
    """Repetitions use the programme's sets; a load is set by the clinician."""
    stood = [trial("sit-to-stand", ago(d), n, "{repetitions}") for d, n in ((5, 20), (3, 20), (1, 20))]
    assert baseline_of(tried(*stood), state("sit-to-stand", None, 2, None), 2).start == sets(2, 8)
    pressed = [trial("leg-press", ago(d), 20, "{repetitions}") for d in (5, 3, 1)]
    found = baseline_of(tried(*pressed), state("leg-press", None, 2, None), 2)
    assert (found.start, texts(found.asks)) == (None, ("leg-press: a clinician must set the load",))


def test_exercises_of_a_baseline() -> None:
    """The plan's exercises, else those with a trial by code, else the programme's, with a default frequency of two."""
    programme = BOOK.programmes["general"]
    no_one = baseline_exercises(tried(), programme)
    assert [(e.exercise, e.weekly_frequency) for e in no_one] == [("walking", 5), ("sit-to-stand", 2)]
    some = [
        trial(code, ago(3), 10, "min") for code in ("walking", "mobility-routine", "cycling", "juggling", "leg-press")
    ]
    found = baseline_exercises(tried(*some), programme)
    assert [(e.exercise, e.weekly_frequency) for e in found] == [
        ("cycling", 5), ("leg-press", 2), ("mobility-routine", 2), ("walking", 5),
    ]  # fmt: skip
    own = replace(programme, exercises=(*programme.exercises, ProgrammeExercise("cycling", 2, 1)))
    assert [(e.exercise, e.weekly_frequency) for e in baseline_exercises(tried(*some), own)][3] == ("walking", 5)
    planned = picture(Case())
    assert baseline_exercises(planned, programme) == planned.record.plan.exercises


@pytest.mark.parametrize(
    ("wish", "linked"),
    [(goal(25), True), (goal(None), True), (goal(25, status="cancelled"), False), (goal(25, status="rejected"), False),
     (goal(25, status="completed"), False), (goal(25, status="entered-in-error"), False),
     (goal(25, exercise="cycling"), False)],
)  # fmt: skip
def test_goal_linked_from_the_start(wish: PatientGoal, linked: bool) -> None:
    """An exercise of an open goal comes first; other patients' goals do not matter."""
    found = baseline_exercises(
        tried(more=(goal(9, exercise="cycling", reference="Goal/x"), wish)), BOOK.programmes["general"]
    )
    assert found[0].goal_linked is linked
