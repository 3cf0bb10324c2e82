"""Today's phase and its start, and the day on which a return starts: small cases worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture, record_of
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import answered, measured, minutes, on, session, sets, state
from titrate.clinical.picture.clinical_picture import (
    ClinicalPicture,
    clinical_picture,
    mean_of,
    return_complete,
    return_over,
)
from titrate.clinical.values.plan import ExerciseState, Phase
from titrate.clinical.values.readings import Reading, SessionReported, Source
from titrate.messages.record import ScoreBelow

LOW, PRESS, LESS = minutes(16), sets(3, 10, 40), sets(2, 8, 40)
WALKING, WAITING = state("walking", WALK, 3, ago(30)), state("leg-press", None, 2, ago(2))


def seen(case: Case, **plan: object) -> ClinicalPicture:
    """The clinical picture of a case with these fields of the plan."""
    record = record_of(case)
    return clinical_picture(replace(record, plan=replace(record.plan, **plan)))  # type: ignore[arg-type]


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.BASELINE])
def test_with_a_dose_a_baseline_is_over(phase: Phase) -> None:
    """Loading since the day in the plan, else since the approval; without a dose the phase stays."""
    found = seen(Case(phase=phase, since=9), approved=ago(8))
    assert (found.phase, found.since, found.loading_since) == (Phase.LOADING, ago(9), ago(8))
    assert seen(Case(phase=phase, since=9), approved=ago(8), loading_since=ago(5)).loading_since == ago(5)
    assert seen(Case(phase=phase, since=9), approved=None, loading_since=ago(5)).loading_since == ago(5)
    waits = seen(Case(states=(WAITING,), phase=phase, since=9))
    assert (waits.phase, waits.since, waits.loading_since) == (phase, ago(9), None)


def test_since_when_it_is_loading() -> None:
    """The plan's own day, else that of the phase, else that of the start; a flare is not loading."""
    case = Case(since=20)
    assert seen(case, loading_since=ago(5)).loading_since == ago(5)
    assert seen(case, loading_since=None, started=ago(30)).loading_since == ago(20)
    assert seen(case, loading_since=None, phase_since=None, started=ago(30)).loading_since == ago(30)
    returning = seen(Case(phase=Phase.RETURN, since=20), loading_since=ago(30))
    assert (returning.phase, returning.since, returning.loading_since) == (Phase.RETURN, ago(20), None)
    flaring = seen(Case(phase=Phase.FLARE, since=2))
    assert (flaring.phase, flaring.since, flaring.loading_since) == (Phase.FLARE, ago(2), None)


def test_an_exercise_outside_the_library_is_ignored() -> None:
    """The others have their form."""
    found = picture(Case(states=(WALKING, state("juggling", minutes(5), 2, ago(30)))))
    assert set(found.forms) == {"walking"}
    assert found.form(WALKING).exercise.code == "walking"


# --- The end of a deload

SLOW, LIGHT = state("walking", LOW, 3, ago(10)), state("leg-press", LESS, 2, ago(10))


def pressed(*days: int) -> tuple[SessionReported, ...]:
    """Leg presses at the dose of the deload."""
    return tuple(session("leg-press", ago(d), LESS, (2, 3), 3, last_set=8) for d in days)


def ended(
    *sessions: SessionReported, states: tuple[ExerciseState, ...] = (SLOW,), days: tuple[Reading, ...] | None = None
) -> date | None:
    """The day on which a deload that began ten days ago ended; None while it continues."""
    found = picture(Case(states=states, sessions=sessions, days=days, phase=Phase.DELOAD, since=10))
    assert found.phase is (Phase.LOADING if found.loading_since else Phase.DELOAD)
    assert not found.loading_since or found.since == found.loading_since
    return found.loading_since


def test_a_deload_ends_with_the_third_session_of_every_exercise() -> None:
    """On the day of the last of these; later sessions change nothing, and an exercise without a dose is ignored."""
    assert ended(*walks((9, 7), LOW)) is None
    assert ended(*walks((9, 7, 5), LOW)) == ended(*walks((9, 7, 5, 3), LOW)) == ago(5)
    both = (SLOW, LIGHT)
    assert ended(*walks((9, 7, 5), LOW), *pressed(8, 6, 4), states=both) == ago(4)
    assert ended(*walks((9, 7, 3), LOW), *pressed(8, 6, 4), states=both) == ago(3)
    assert ended(*walks((9, 7, 5), LOW), *pressed(8, 6), states=both) is None
    assert ended(*walks((9, 7, 5, 3), LOW), states=both) is None
    assert ended(*walks((9, 7, 5), LOW), states=(WAITING, SLOW)) == ago(5)
    assert ended(*walks((9, 7), LOW), states=(WAITING, SLOW)) is None


def test_a_session_counts_when_all_its_answers_are_known() -> None:
    """Peak, and the next morning's pain and fatigue, all final."""
    third = walks((5,), LOW)[0]
    first = walks((9, 7), LOW)
    assert ended(*first, replace(third, pain_peak=None)) is None
    assert ended(*first, replace(third, stamp=replace(third.stamp, preliminary=True))) is None
    assert ended(*first, third, days=tuple(without(calm(), (4,)))) is None
    tired = [r for r in calm() if getattr(r, "what", "") != "fatigue-morning" or r.stamp.day != ago(4)]
    assert ended(*first, third, days=tuple(tired)) is None
    assert ended(*first, third, days=(*without(calm(), (4,)), measured("pain-morning", 2, on(ago(4))))) == ago(5)
    assert ended(*first, replace(third, prescribed=minutes(10).amount, done=minutes(10).amount)) is None


# --- The end of the ladder


def back(exercise: str = "walking", since: int | None = 7, **other: object) -> ExerciseState:
    """An exercise that returned to its dose before the flare a number of days ago."""
    dose = WALK if exercise == "walking" else PRESS
    return state(exercise, dose, 3, None if since is None else ago(since), **({"before_flare": dose} | other))


@pytest.mark.parametrize(
    ("states", "since", "over"),
    [
        ((back(),), 20, True), ((back(since=6),), 20, False), ((back(since=9), back("leg-press", 7)), 20, True),
        ((back(since=9), back("leg-press", 6)), 20, False), ((back(since=6), back("leg-press", 9)), 20, False),
        ((back(since=9), WAITING), 20, True), ((back(since=None),), 7, True), ((back(since=None),), 6, False),
        ((back(since=9), back("leg-press", None)), 6, True),
        ((back(since=9, before_flare=minutes(21)),), 20, False), ((back(since=9, before_flare=None),), 20, True),
    ],
    ids=["a week", "six days", "both", "the second", "the first", "one waits", "by its phase", "phase too young",
         "one without a day", "not yet back", "never lowered"],
)  # fmt: skip
def test_the_ladder_is_over_after_a_week_at_the_top(states: tuple[ExerciseState, ...], since: int, over: bool) -> None:
    """The last exercise to return counts; without any day the day of the phase does."""
    assert return_over(record_of(Case(states=states, phase=Phase.RETURN, since=since))) is over


def test_a_ladder_of_unknown_days_is_not_over() -> None:
    """It continues."""
    record = record_of(Case(states=(back(since=None),), phase=Phase.RETURN))
    assert not return_over(replace(record, plan=replace(record.plan, phase_since=None)))


@pytest.mark.parametrize(
    ("states", "complete"),
    [
        ((back(),), True), ((back(), back("leg-press", before_flare=sets(3, 11, 40))), False),
        ((back(before_flare=minutes(21)), back("leg-press")), False), ((back(before_flare=minutes(19)),), True),
        ((back(), replace(WAITING, before_flare=PRESS)), True), ((back(), back("leg-press", before_flare=None)), True),
    ],
)  # fmt: skip
def test_every_dosed_exercise_has_to_be_back(states: tuple[ExerciseState, ...], complete: bool) -> None:
    """An exercise without a dose is ignored."""
    assert return_complete(record_of(Case(states=states, phase=Phase.RETURN))) is complete


# --- The day on which a return starts


def ticked(*days: int) -> tuple[Reading, ...]:
    """Uneventful mornings, and days that the patient reported as a flare."""
    return (*calm(), *(answered("flare-self-report", True, on(ago(d))) for d in days))


# Flares of five and three days ago; both mornings afterwards were at usual.
SETTLED = ticked(5, 3)


@pytest.mark.parametrize(
    ("phase", "days", "plan", "returning"),
    [
        (Phase.LOADING, SETTLED, {"approved": ago(4)}, True), (Phase.LOADING, SETTLED, {"approved": ago(3)}, False),
        (Phase.LOADING, SETTLED, {"approved": ago(2)}, False), (Phase.LOADING, SETTLED, {"approved": None}, False),
        (Phase.LOADING, ticked(2), {"approved": ago(9)}, False), (Phase.LOADING, calm(), {"approved": ago(9)}, False),
        (Phase.STOPPED, SETTLED, {"approved": ago(9)}, False), (Phase.DISCHARGED, SETTLED, {"approved": ago(9)}, False),
        (Phase.FLARE, SETTLED, {"flare_first_day": ago(5)}, True),
        (Phase.RETURN, SETTLED, {"approved": ago(4), "phase_since": ago(2)}, False),
        (Phase.RETURN, SETTLED, {"approved": ago(4), "phase_since": ago(3)}, True),
        (Phase.RETURN, SETTLED, {"approved": ago(4), "phase_since": ago(4)}, True),
        (Phase.RETURN, SETTLED, {"approved": ago(4), "phase_since": None}, True),
        (Phase.RETURN, SETTLED, {"approved": ago(2), "phase_since": ago(4)}, False),
        (Phase.LOADING, ticked(20, 3), {"approved": ago(10)}, True),
        (Phase.LOADING, ticked(20, 1), {"approved": ago(10)}, False),
        (Phase.RETURN, ticked(20, 3), {"approved": ago(10), "phase_since": ago(10)}, True),
    ],
)  # fmt: skip
def test_a_return_starts_when_a_flare_has_settled_that_no_plan_answered(
    phase: Phase, days: tuple[Reading, ...], plan: Mapping[str, object], returning: bool
) -> None:
    """A plan approved before its last day did not answer it; the newest flare counts; a later return continues."""
    assert seen(Case(days=tuple(days), phase=phase, since=30), **plan).returning is returning


@pytest.mark.parametrize(
    ("phase", "days", "now"),
    [
        (Phase.FLARE, SETTLED, Phase.BASELINE), (Phase.FLARE, ticked(5, 1), Phase.FLARE),
        (Phase.FLARE, ticked(20, 1), Phase.FLARE), (Phase.INTAKE, SETTLED, Phase.INTAKE),
        (Phase.LOADING, SETTLED, Phase.BASELINE),
    ],
)  # fmt: skip
def test_without_a_dose_nothing_returns(phase: Phase, days: tuple[Reading, ...], now: Phase) -> None:
    """Without a dose a settled flare is followed by a baseline."""
    case = Case(states=(WAITING,), sessions=(), days=days, phase=phase, since=30)
    found = seen(case, flare_first_day=ago(5), approved=ago(9))
    assert (found.phase, found.returning) == (now, False)


@pytest.mark.parametrize(
    ("days", "phase", "because"),
    [
        (ticked(14), Phase.LOADING, [f"flare until {ago(14)}"]), (ticked(15), Phase.LOADING, []),
        (ticked(15), Phase.RETURN, []), (ticked(38, 10), Phase.LOADING, [f"flare until {ago(10)}"]),
        (calm(), Phase.RETURN, ["the flare before this return; its last day is no longer among the readings"]),
        (calm(), Phase.LOADING, []),
    ],
)  # fmt: skip
def test_fourteen_days_after_a_flare_are_cautious(days: tuple[Reading, ...], phase: Phase, because: list[str]) -> None:
    """Counted from the newest flare; also in a return whose flare is no longer in the record."""
    found = seen(Case(days=tuple(days), phase=phase, since=30), approved=ago(20))
    assert [*map(str, found.cautious)] == because


def test_confidence_that_may_have_fallen_is_cautious() -> None:
    """A lower preliminary score counts, a higher one does not."""
    (firm, lower, higher) = (measured("pseq", value, on(ago(day))) for value, day in ((30, 9), (10, 5), (40, 3)))
    soft = [replace(m, stamp=replace(m.stamp, preliminary=True)) for m in (lower, higher)]
    assert picture(Case(more=(firm, *soft))).cautious == (
        ScoreBelow(questionnaire="PSEQ", score=Decimal(10), limit=Decimal(20)),
    )
    assert picture(Case(more=(firm, soft[1]))).cautious == ()


def test_a_mean_of_nothing_is_none() -> None:
    """The mean of two numbers lies between them."""
    assert mean_of([Decimal(2), Decimal(3)]) == Decimal("2.5")
    assert mean_of([]) is None


def test_a_high_morning_of_today_is_an_open_flare() -> None:
    """Together with yesterday's."""
    found = picture(Case(days=(*without(calm(), (1, 0)), pain(1, 5), pain(0, 5))))
    assert found.flare is not None
    assert found.flare.first == ago(1)


def test_an_exercise_that_waits_does_not_end_a_flares_plan() -> None:
    """A settled flare is followed by a return while one exercise has a dose, also where another has none."""
    case = Case(states=(WALKING, WAITING), days=SETTLED, phase=Phase.FLARE, since=30)
    found = seen(case, flare_first_day=ago(5), approved=ago(9))
    assert (found.phase, found.returning) == (Phase.FLARE, True)


def test_the_last_sessions_lie_on_two_dates() -> None:
    """If the last ones are of one date, the newest of an earlier date is judged with them (B12.2)."""
    on_one_day = tuple(replace(w, stamp=replace(w.stamp, when=w.stamp.when + timedelta(hours=h), until=None,
                       source=Source(f"Observation/{h}"))) for h in (0, 3) for w in walks((3,)))  # fmt: skip
    found = picture(Case(sessions=(*walks((9, 7)), *on_one_day)))
    state_ = found.dosed[0]
    assert [s.day for s in found.last_of_dose(state_, 2)] == [ago(7), ago(3), ago(3)]
    assert picture(Case(sessions=())).last_of_dose(state_, 2) == ()
