"""Sufficient data, and holds that are not about the exercise itself (D, B10, B11.14, B11.20, B11.24, B11.26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import AT, WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import Number, answered, measured, on, state
from titrate.clinical.picture.data_sufficiency import (
    assumed_zone,
    expiry_reasons,
    high_clinic_pain,
    last_session,
    missing_data,
    outdated_scores,
    progression_holds,
    screen_gaps,
)
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Reading


def lacking(**case: object) -> tuple[str, ...]:
    """The missing data of a case."""
    return tuple(map(str, missing_data(picture(Case(**case)))))  # type: ignore[arg-type]


def test_complete_data_are_sufficient() -> None:
    """Nothing is missing in a complete diary."""
    assert lacking() == ()


def test_missing_data_are_named() -> None:
    """Four mornings of seven; two sessions of 21 days; no log for four days; no session for a week; an old screen."""
    assert lacking(days=tuple(without(calm(), (1, 2, 3)))) == (
        "morning pain on 4 of the last 7 days, 5 needed",
        f"last daily log on {ago(4)}",
    )
    assert lacking(days=tuple(without(calm(), (2, 3)))) == ()
    assert lacking(sessions=tuple(walks((5, 3)))) == ("2 evaluable sessions in 21 days, 3 needed",)
    assert lacking(sessions=tuple(walks((22, 5, 3)))) == ("2 evaluable sessions in 21 days, 3 needed",)
    assert lacking(sessions=tuple(walks((21, 5, 3)))) == ()
    assert lacking(sessions=tuple(walks((12, 10, 7)))) == (f"last session on {ago(7)}",)
    assert lacking(sessions=tuple(walks((12, 10, 6)))) == ()
    assert lacking(screened=7) == ()
    assert lacking(screened=8) == ("safety screen 8 days old, more than the limit of 7",)
    none = lacking(sessions=(), days=())
    assert none == (
        "morning pain on 0 of the last 7 days, 5 needed", "0 evaluable sessions in 21 days, 3 needed",
        "no session recorded", "no recent daily log",
    )  # fmt: skip


def test_todays_reports_are_not_of_the_last_days() -> None:
    """The window ends yesterday: today's session and morning are outside it, although they are the newest."""
    today = (*walks((5, 3)), *walks((0,)))
    assert lacking(sessions=tuple(today)) == ("2 evaluable sessions in 21 days, 3 needed",)
    assert last_session(picture(Case(sessions=tuple(today)))) == AT
    assert lacking(days=(*without(calm(), (1, 2, 3)), pain(0, 2))) == (
        "morning pain on 4 of the last 7 days, 5 needed",
    )


def test_a_question_left_open() -> None:
    """It is named; the age of the other answers does not matter then."""
    left = answered("rf05", None, on(ago(1)))
    assert tuple(map(str, screen_gaps(picture(Case(more=(left,)))))) == (
        "safety screen not answered: RF05, possible infection",
    )


@pytest.mark.parametrize(
    ("phase", "since", "count", "words"),
    [(Phase.RETURN, 6, 2, ()), (Phase.RETURN, 6, 1, ("1 evaluable session in 21 days, 2 needed",)),
     (Phase.RETURN, 0, 0, ("no session recorded",)), (Phase.LOADING, 6, 2,
     ("2 evaluable sessions in 21 days, 3 needed",))],
)  # fmt: skip
def test_sessions_in_a_return(phase: Phase, since: int, count: int, words: tuple[str, ...]) -> None:
    """Two are enough in the return, and none is needed on its first day."""
    one = state("walking", WALK, 3, ago(since), before_flare=WALK)
    case = Case(states=(one,), phase=phase, since=since, sessions=tuple(walks((5, 3)[:count])))
    assert tuple(map(str, missing_data(picture(case)))) == words


def test_scores_to_ask_for_again() -> None:
    """A score that a rule uses and that is more than 42 days old."""
    old = [measured(name, 20, on(ago(43))) for name in ("tsk-11", "tsk-17", "csi", "pseq", "phq-9", "peg")]
    requested = outdated_scores(picture(Case(more=tuple(old))))
    assert list(map(str, requested)) == [
        f"ask again: the last {n} is older than 42 days" for n in ("TSK-11", "TSK-17", "CSI", "PSEQ", "PHQ-9")
    ]
    assert outdated_scores(picture(Case(more=(measured("csi", 20, on(ago(42))),)))) == ()


EXPIRED: list[tuple[dict[str, object], list[str]]] = [
    ({}, []),
    ({"days": tuple(calm(40, 13))}, []),
    ({"days": tuple(calm(40, 14))}, ["no daily log for 14 days; the limit is 14"]),
    ({"screened": 13}, []),
    ({"screened": 14}, ["no answered safety screen for 14 days; the limit is 14"]),
    ({"days": ()}, ["no daily log for 14 days; the limit is 14"]),
    ({"days": (), "plan": {"started": ago(13)}}, []),
    ({"days": (), "plan": {"started": None, "approved": ago(20)}}, ["no daily log for 20 days; the limit is 14"]),
    ({"days": (), "plan": {"started": None, "approved": None}}, []),
]


@pytest.mark.parametrize(("case", "words"), EXPIRED)
def test_expiry(case: dict[str, object], words: list[str]) -> None:
    """14 days without a daily log or an answered screen, counted from the start of the plan if there never was one."""
    assert [*map(str, expiry_reasons(picture(Case(**case))))] == words  # type: ignore[arg-type]


def strained(*more: Reading) -> tuple[str, ...]:
    """What holds a rise of a patient with these readings."""
    return tuple(map(str, progression_holds(picture(Case(more=more)))))


def nights(what: str, value: Number, days: tuple[int, ...]) -> list[Reading]:
    """Nights with this sleep quality."""
    return [measured(what, value, on(ago(d))) for d in days]


STRAINS: list[tuple[list[Reading], tuple[str, ...]]] = [
    ([], ()),
    (nights("sleep-quality", 3, (1, 2, 7)), ("3 bad nights",)),
    (nights("sleep-quality", 3, (0, 1, 2)), ("3 bad nights",)),
    (nights("sleep-quality", 3, (1, 2, 8)), ()),
    (nights("sleep-quality", "3.5", (1, 2, 3)), ()),
    (nights("sleep-hours", "4.9", (1, 2, 3)), ("3 bad nights",)),
    (nights("sleep-hours", 5, (1, 2, 3)), ()),
    ([*nights("sleep-hours", 4, (1,)), *nights("sleep-quality", 2, (2, 3))], ("3 bad nights",)),
    ([*nights("sleep-hours", 4, (1, 2)), *nights("sleep-quality", 2, (1, 2))], ()),
    ([measured("phq-9", 10, on(ago(5)))], ("PHQ-9 10",)),
    ([measured("phq-9", 9, on(ago(5)))], ()),
    ([measured("phq-9", 15, on(ago(9))), measured("phq-9", 9, on(ago(5)))], ()),
    ([answered("stressor", "major", on(ago(7)))], ("a major stressor",)),
    ([answered("stressor", "major", on(ago(7))), answered("stressor", "none", on(ago(1)))], ("a major stressor",)),
    ([answered("stressor", "major", on(ago(8))), answered("stressor", "none", on(ago(1)))], ()),
    ([answered("stressor", "major", on(ago(8)))], ("a major stressor",)),
    ([answered("stressor", "minor", on(ago(1)))], ()),
    ([answered("stressor", "major", on(ago(0)))], ("a major stressor",)),
    ([measured("heart-rate", 100, on(ago(2)))], ("resting heart rate 100",)),
    ([measured("heart-rate", 99, on(ago(2)))], ()),
    ([measured("tsk-11", 36, on(ago(2)))], ("TSK-11 36 without an exposure ladder",)),
    ([measured("tsk-11", 35, on(ago(2)))], ()),
    ([measured("tsk-11", 36, on(ago(2))), answered("exposure-ladder-started", True, on(ago(1)))], ()),
    ([measured("tsk-11", 36, on(ago(2))), answered("exposure-ladder-started", False, on(ago(1)))],
     ("TSK-11 36 without an exposure ladder",)),
]  # fmt: skip


@pytest.mark.parametrize(("more", "words"), STRAINS)
def test_strain(more: list[Reading], words: tuple[str, ...]) -> None:
    """Three bad nights of the last seven, with or without today's; low mood, a major stressor, pulse, fear."""
    assert strained(*more) == words


def test_a_preliminary_no_ends_a_confirmation() -> None:
    """It counts from its moment on, as a final no does; a preliminary yes confirms nothing."""
    fear, ladder = measured("tsk-11", 36, on(ago(9))), "exposure-ladder-started"

    def early(value: bool, days: int) -> Reading:
        final = answered(ladder, value, on(ago(days)))
        return replace(final, stamp=replace(final.stamp, preliminary=True))

    yes, held = answered(ladder, True, on(ago(4))), ("TSK-11 36 without an exposure ladder",)
    assert strained(fear, early(True, 3)) == held
    assert strained(fear, yes, early(False, 3)) == held
    assert strained(fear, yes, early(False, 5)) == ()
    assert strained(fear, yes, early(True, 3)) == ()


def test_a_stressor_that_is_not_final() -> None:
    """It may hold a dose and never ends a hold."""
    major = answered("stressor", "major", on(ago(9)))
    none = answered("stressor", "none", on(ago(8)))
    early = replace(none, stamp=replace(none.stamp, preliminary=True))
    assert strained(major, early) == ("a major stressor",)
    assert strained(none, replace(major, stamp=replace(early.stamp, when=on(ago(8)) + timedelta(hours=1)))) != ()


ZONE = ("enter the patient's time zone: times without one, or in UTC, were read as times of Europe/London",)
ZONES: list[tuple[bool, list[tuple[bool, bool]], tuple[str, ...]]] = [
    (True, [(True, True)], ZONE),
    (True, [(True, False), (True, True)], ZONE),
    (True, [(True, False)], ()),
    (True, [(False, True)], ()),
    (True, [(False, True), (True, False)], ()),
    (False, [(True, True)], ()),
]


@pytest.mark.parametrize("what", ["session", "measure"])
@pytest.mark.parametrize(("patients", "stamps", "words"), ZONES)
def test_an_assumed_zone(what: str, patients: bool, stamps: list[tuple[bool, bool]], words: tuple[str, ...]) -> None:
    """Named where the patient's zone and that of a time are assumed; a date alone has no time to misread."""
    more: list[Reading] = []
    for day, (timed, assumed) in enumerate(stamps, 3):
        one = walks((day,))[0] if what == "session" else measured("weight", 80, on(ago(day)))
        more.append(replace(one, stamp=replace(one.stamp, timed=timed, zone_assumed=assumed)))
    seen = picture(Case(sessions=(), more=tuple(more)))
    record = replace(seen.record, person=replace(seen.record.person, zone_assumed=patients))
    assert tuple(map(str, assumed_zone(replace(seen, record=record)))) == words


CLINIC: list[tuple[tuple[Number, ...], tuple[str, ...]]] = [
    ((), ()),
    (("4.9",), ()),
    ((5,), ("pain 5 recorded by a clinic today, far above usual",)),
    ((3, 6), ("pain 6 recorded by a clinic today, far above usual",)),
    ((6, 3), ("pain 6 recorded by a clinic today, far above usual",)),
]


@pytest.mark.parametrize(("scores", "words"), CLINIC)
def test_the_highest_score_of_a_clinic_today(scores: tuple[Number, ...], words: tuple[str, ...]) -> None:
    """Three points above usual pain, which is 2 (B13.11); without a usual pain no score is far above it."""
    more = tuple(measured("pain-clinic", score, on(AT) + timedelta(hours=n)) for n, score in enumerate(scores))
    assert tuple(map(str, high_clinic_pain(picture(Case(more=more))))) == words
    unknown = {"usual_pain": None, "usual_fatigue": None}
    assert high_clinic_pain(picture(Case(more=more, phase=Phase.FLARE, plan=unknown))) == ()
