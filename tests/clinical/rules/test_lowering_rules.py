"""Deload, gap, flare and return, by small cases worked out by hand (B6, B7, B11.9-12, B11.16-18, B11.30-31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import bad_on, two_weeks
from tests.clinical.pictures import BOOK, picture, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import minutes, session, sets, state
from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.rules.deload import deload_lowering
from titrate.clinical.rules.flare_protocol import (
    before_flare,
    flare_factor,
    flare_lowering,
    length_factor,
    return_doses,
)
from titrate.clinical.rules.gap import gap_days, gap_lowering
from titrate.clinical.rules.rule_result import LoweringResult
from titrate.clinical.sessions.flares import Flare
from titrate.clinical.values.plan import Dose, ExerciseState, FlareGrade, Phase
from titrate.clinical.values.readings import Reading, SessionReported

PRESS = sets(3, 10, 40)
PRESSING = state("leg-press", PRESS, 2, ago(14), start=sets(2, 10, 40))


def presses(*days: int, dose: Dose = PRESS, **other: object) -> tuple[SessionReported, ...]:
    """Leg-press sessions the given number of days ago."""
    found = [replace(session("leg-press", ago(d), dose, (2, 3), 3, last_set=10), **other) for d in days]  # type: ignore[arg-type]
    return tuple(found)


def doses(found: LoweringResult | None) -> dict[str, Dose | None]:
    """The doses given by a lowering rule."""
    return {} if found is None else dict(found.doses)


def test_deload_lowers_every_exercise() -> None:
    """E4: two of the last three walks were not tolerated: 0.80 of both exercises, the load kept."""
    case = Case(states=(walking(start=minutes(14)), PRESSING), sessions=(*bad_on(5, 3), *presses(12, 9, 4)))
    found = deload_lowering(picture(case))
    assert found is not None
    assert doses(found) == {"walking": minutes(16), "leg-press": sets(3, 8, 40)}
    assert texts(found.asks) == ()
    assert texts(found.reasons) == (f"sessions not tolerated on {ago(5)}, {ago(3)}: 0.80 times the dose",)
    assert [(e.held, e.value, e.operator, e.limit) for e in found.trace] == [
        (True, "2", ">=", "2"),
        (True, "0.80", None, None),
    ]


@pytest.mark.parametrize(
    ("start", "left", "asks"),
    [(minutes(14), minutes(16), 0), (minutes(36), minutes(18), 0), (minutes(40), WALK, 1), (minutes(60), WALK, 1),
     (None, minutes(16), 0)],
)  # fmt: skip
def test_floor_of_a_deload(start: Dose | None, left: Dose, asks: int) -> None:
    """Half the start dose, never above the dose in force; at the floor a new baseline is requested."""
    found = deload_lowering(picture(Case(states=(walking(start=start),), sessions=bad_on(5, 3))))
    assert found is not None
    assert doses(found) == {"walking": left}
    assert texts(found.reviews) == ("walking is at its floor: set a new baseline",) * asks
    floor = "0" if start is None else f"{start.amount / 2:f}"
    words = "the floor, 0.50 times the start dose, is above 0.80 times the dose"
    assert [(str(e.text), e.held, e.value, e.operator, e.limit, e.unit, e.exercise) for e in found.trace[2:]] == [
        (words, True, "16.00", "<", f"{Decimal(floor):.2f}", "min", "walking")
    ] * (Decimal(floor) > 16)
    assert texts(found.reasons)[1:] == (f"walking: {words}",) * (Decimal(floor) > 16)


def test_no_floor_without_a_start() -> None:
    """0.80 of one minute is half a minute."""
    one = minutes(1)
    planned = (*walks((14, 12, 10, 7), one), *(replace(w, pain_peak=Decimal(6)) for w in walks((5, 3), one)))
    case = Case(states=(state("walking", one, 3, ago(14), start=None),), sessions=planned)
    assert doses(deload_lowering(picture(case))) == {"walking": minutes("0.5")}


def test_which_sessions_are_named() -> None:
    """If both exercises match, those of the first by code."""
    pressed = (*presses(12), *presses(10, 4, pain_peak=SIX))
    found = deload_lowering(picture(Case(states=(walking(), PRESSING), sessions=(*bad_on(5, 3), *pressed))))
    assert found is not None
    assert texts(found.reasons) == (f"sessions not tolerated on {ago(10)}, {ago(4)}: 0.80 times the dose",)


def test_floor_to_the_minute() -> None:
    """0.80 of 60 is 48, half of a start of 100 is 50."""
    hour = minutes(60)
    planned = (*walks((14, 12, 10, 7), hour), *(replace(w, pain_peak=Decimal(6)) for w in walks((5, 3), hour)))
    case = Case(states=(state("walking", hour, 3, ago(14), start=minutes(100)),), sessions=planned)
    assert doses(deload_lowering(picture(case))) == {"walking": minutes(50)}


def test_an_exercise_without_a_dose_is_not_deloaded() -> None:
    """It waits for its baseline, and its sessions do not count."""
    waiting = state("cycling", None, 2, None)
    rides = tuple(replace(session("cycling", ago(d), minutes(9), (2, 8), 3)) for d in (4, 2))
    assert deload_lowering(picture(Case(states=(walking(), waiting), sessions=(*two_weeks(), *rides)))) is None
    found = deload_lowering(picture(Case(states=(walking(), waiting), sessions=bad_on(5, 3))))
    assert doses(found) == {"walking": minutes(16)}


SIX = Decimal(6)
MATCHES: dict[str, tuple[tuple[SessionReported, ...], bool]] = {
    "none": (two_weeks(), False),
    "one of three": (bad_on(3), False),
    "two of three": (bad_on(7, 3), True),
    "two of the last four": (bad_on(10, 3), False),
    "one, and its peak was 8": (two_weeks(pain_peak=Decimal(8)), True),
    "one, and its peak was 7.5": (two_weeks(pain_peak=Decimal("7.5")), False),
    "8, four sessions ago": (tuple(replace(w,
    pain_peak=Decimal(8)) if w.stamp.day == ago(10) else w for w in two_weeks()), False),
    "at another dose": (tuple(replace(w, prescribed=Decimal(18), done=Decimal(18)) for w in bad_on(5, 3)), False),
    # by day: 7, 5 and 3 days ago; each exercise has one
    "each exercise once": ((*bad_on(3), *presses(12, 9), *presses(5, pain_peak=SIX)), True),
    "each exercise once, on one day": ((*bad_on(3), *presses(12, 9), *presses(3, pain_peak=SIX)), False),
    "two of the last three, of four": (
        tuple(replace(w, pain_peak=SIX) if w.stamp.day in (ago(7), ago(3)) else w for w in walks((10, 7, 5, 3))), True),
    "one, and its peak is not known": (two_weeks(pain_peak=None, rpe=SIX), False),
    "one exercise by itself": (
        (*two_weeks(), *presses(12), *presses(10, pain_peak=SIX), *presses(4, pain_peak=SIX)), True),
    "one exercise, long ago": (
        (*two_weeks(), *presses(13, pain_peak=SIX), *presses(12, pain_peak=SIX), *presses(9, 6, 4)), False),
    "an older press, newer walks": ((*bad_on(3), *presses(12, 9), *presses(10, pain_peak=SIX)), False),
}  # fmt: skip


@pytest.mark.parametrize("name", MATCHES)
def test_when_sessions_deload(name: str) -> None:
    """Two of the last three of an exercise or of the last three days (worst of each day), or a single peak of 8."""
    sessions, matches = MATCHES[name]
    found = deload_lowering(picture(Case(states=(walking(), PRESSING), sessions=sessions)))
    assert (found is not None) is matches


def test_a_session_with_gaps_takes_no_place() -> None:
    """A marginal one with a missing answer is skipped, so the three before it count; a bad one is not."""
    hard_unknown = replace(walks((2,))[0], pain_peak=None, rpe=Decimal(5))
    sessions = (*bad_on(7, 5), hard_unknown)
    assert deload_lowering(picture(Case(sessions=sessions))) is not None
    no_morning = replace(walks((2,))[0], rpe=Decimal(5))
    case = Case(sessions=(*bad_on(7, 5), no_morning), days=tuple(without(calm(), (1,))))
    assert deload_lowering(picture(case)) is not None
    assert deload_lowering(picture(replace(case, days=None))) is None
    early = replace(walks((2,))[0], stamp=replace(walks((2,))[0].stamp, preliminary=True))
    assert deload_lowering(picture(Case(sessions=(*bad_on(7, 5), early)))) is not None
    assert deload_lowering(picture(Case(sessions=(*bad_on(5), replace(early, pain_peak=SIX))))) is not None


def gap(days: int, **other: object) -> tuple[ClinicalPicture, LoweringResult | None]:
    """A patient whose last walk was this number of days ago."""
    whole = picture(Case(sessions=tuple(walks((days + 5, days + 2, days))), states=(walking(**other),)))
    return whole, gap_lowering(whole)


@pytest.mark.parametrize(
    ("days", "left"), [(6, WALK), (7, minutes(14)), (13, minutes(14)), (14, minutes(10)), (16, minutes(10)), (27,
    minutes(10)), (28, None)]
)  # fmt: skip
def test_gap(days: int, left: Dose | None) -> None:
    """E9: 7 to 13 days 0.70, 14 to 27 days 0.50, from 28 days a new baseline."""
    whole, found = gap(days)
    assert gap_days(whole, whole.dosed[0]) == days
    assert doses(found) == ({} if days < 7 else {"walking": left})
    if found is not None:
        factor = "0.70" if days < 14 else "0.50" if days < 28 else "0"
        assert texts(found.asks) == (() if left else ("walking: 3 new tolerance trials",))
        words = f"so {factor} times its dose" if left else "so no session target until new trials"
        assert texts(found.reasons) == (f"walking: {days} days since the last session, {words}",)
        assert [(e.held, e.value, e.operator, e.limit) for e in found.trace] == [
            (True, str(days), ">=", "7"), (True, factor, None, None),
        ]  # fmt: skip


def test_gap_is_of_a_domain() -> None:
    """Cycling counts for the domain of walking, the leg press does not; each exercise has its own last session."""
    other = state("cycling", minutes(10), 2, ago(14))
    old = tuple(walks((13, 10)))
    ride = replace(session("cycling", ago(3), minutes(10), (2, 3), 3))
    both = picture(Case(states=(walking(), other), sessions=(*old, ride)))
    assert gap_lowering(both) is None
    pressed = picture(Case(states=(walking(), PRESSING), sessions=(*old, *presses(3))))
    assert doses(gap_lowering(pressed)) == {"walking": minutes(14), "leg-press": PRESS}


def test_gap_multiplies_the_last_session() -> None:
    """B11.9: the lower of prescribed and done in the last completed session, never above the dose in force."""

    def left(**last: object) -> Dose | None:
        sessions = (*walks((13,)), replace(walks((10,))[0], **last))  # type: ignore[arg-type]
        return doses(gap_lowering(picture(Case(sessions=sessions))))["walking"]

    assert left(prescribed=Decimal(30), done=Decimal(30)) == WALK  # 21, but 20 in force
    assert left(prescribed=Decimal(16), done=Decimal(16)) == minutes(11)
    assert left(prescribed=Decimal(20), done=Decimal(12)) == minutes(8)
    assert left(prescribed=Decimal(16), done=Decimal(20)) == minutes(11)
    assert left(prescribed=None, done=Decimal(12)) == minutes(8)


def test_gap_keeps_the_lower_load() -> None:
    """The lower of the load in force and the last session's, if both are known; with its sets."""

    def left(**last: object) -> Dose | None:
        sessions = (*walks((3, 2)), *presses(8, **last))  # type: ignore[arg-type]
        return doses(gap_lowering(picture(Case(states=(walking(), PRESSING), sessions=sessions))))["leg-press"]

    assert left() == sets(2, 10, 40)  # 21 of 3 sets: 7 each is below 8
    assert left(load=Decimal(30)) == sets(2, 10, 30)
    assert left(load=Decimal(50)) == sets(2, 10, 40)
    assert left(load=None) == sets(2, 10, 40)
    assert left(sets=2) == sets(2, 10, 40)
    assert left(sets=None, prescribed=Decimal(24), done=Decimal(24)) == sets(2, 8, 40)
    assert left(sets=1, prescribed=Decimal(20), done=Decimal(20)) == sets(1, 14, 40)


COMPLETED: dict[str, tuple[dict[str, object], bool]] = {
    "all": ({}, True), "half": ({"done": Decimal(10)}, True), "less than half": ({"done": Decimal("9.9")}, False),
    "not known": ({"done": None}, False), "half of the dose in force": ({"prescribed": None, "done": Decimal(10)},
    True),
    "less than half of it": ({"prescribed": None, "done": Decimal("9.9")}, False), "metres": ({"unit": "m"}, False),
    "unit unknown": ({"unit": None}, True), "unknown exercise": ({"exercise": "juggling"}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPLETED)
def test_completed(name: str) -> None:
    """At least half the full dose, reported as done, of an exercise of the library."""
    changes, counts = COMPLETED[name]
    last = replace(walks((3,))[0], **changes)  # type: ignore[arg-type]
    assert len(picture(Case(sessions=(last,))).completed) == int(counts)


def test_an_incomplete_session_is_skipped() -> None:
    """It does not hide an earlier completed one; a preliminary one does not count."""
    (walk,) = walks((2,))
    early = replace(walk, stamp=replace(walk.stamp, preliminary=True))
    found = picture(Case(sessions=(replace(walks((5,))[0], done=None), early, *walks((1,))))).completed
    assert [s.day for s in found] == [ago(1)]
    unknown = replace(session("cycling", ago(4), minutes(10), (2, 3), 3), prescribed=None)
    assert picture(Case(sessions=(unknown,))).completed == ()


def test_no_session_at_all() -> None:
    """The gap counts from the day of the dose, else from the approval; without either there is no gap."""

    def days(since: date | None, **plan: object) -> int | None:
        whole = picture(Case(states=(replace(walking(), dose_since=since),), sessions=(), plan=plan))
        return gap_days(whole, whole.dosed[0])

    assert days(ago(9)) == 9
    assert days(None, approved=ago(8)) == 8
    assert days(None, approved=None) is None


def test_gap_in_a_return_counts_from_its_first_day() -> None:
    """B11.31: from the later of the last session and that day."""
    state_ = walking(before_flare=WALK)
    for since, days in ((12, 10), (5, 5)):
        whole = picture(Case(states=(state_,), sessions=tuple(walks((14, 10))), phase=Phase.RETURN, since=since))
        assert gap_days(whole, whole.dosed[0]) == days


def test_no_gap_on_the_day_a_flare_is_over() -> None:
    """B11.31: the return starts from phase `flare`; rest in the flare does not lower the dose again."""
    days = (*without(calm(), range(1, 9)), *(pain(d, 4) for d in (8, 7, 6, 5, 4, 3)), pain(2, 2), pain(1, 2))
    resting = Case(states=(walking(before_flare=WALK),), sessions=tuple(walks((13, 11))), days=days)
    flaring = replace(resting, phase=Phase.FLARE, since=8, plan={"flare_first_day": ago(8)})
    assert picture(flaring).returning
    assert gap_lowering(picture(flaring)) is None
    assert gap_lowering(picture(resting)) is not None


@pytest.mark.parametrize(
    ("days", "factor"), [(1, "0.80"), (3, "0.80"), (4, "0.70"), (7, "0.70"), (8, "0.50"), (14, "0.50"), (15, "0")]
)
def test_length_of_a_flare(days: int, factor: str) -> None:
    """B7: up to 3 days 0.80, up to 7 days 0.70, up to 14 days 0.50, then a new baseline."""
    assert length_factor(picture(Case()), days) == Decimal(factor)


@pytest.mark.parametrize(
    ("first", "grade", "factor"),
    [(0, "f1", "0.70"), (6, "f1", "0.70"), (7, "f1", "0.50"), (0, "f2", "0.50"), (13, "f2", "0.50"), (14, "f1", "0"),
     (14, "f2", "0")],
)  # fmt: skip
def test_what_a_flare_leaves(first: int, grade: str, factor: str) -> None:
    """B11.30: the lower of the factors for grade and length so far: half from day 8, no dose from day 15."""
    flare = Flare(ago(first), ago(0), Decimal(4), FlareGrade(grade), False, None)
    assert flare_factor(picture(Case()), flare) == Decimal(factor)


FULL, KEPT = minutes(20), minutes(30)
BEFORE: list[tuple[Phase, dict[str, object], Dose]] = [
    (Phase.LOADING, {}, FULL), (Phase.LOADING, {"before_flare": KEPT, "reference": KEPT}, FULL),
    (Phase.LIGHTER_WEEK, {"reference": KEPT}, KEPT), (Phase.LIGHTER_WEEK, {"before_flare": KEPT}, FULL),
    (Phase.FLARE, {"before_flare": KEPT}, KEPT), (Phase.FLARE, {"reference": KEPT}, FULL),
    (Phase.RETURN, {"before_flare": KEPT}, FULL), (Phase.DELOAD, {"before_deload": KEPT}, FULL),
]  # fmt: skip


@pytest.mark.parametrize(("phase", "roles", "dose"), BEFORE)
def test_the_dose_before_a_flare(phase: Phase, roles: dict[str, object], dose: Dose) -> None:
    """B11.9: in a flare the dose before it, in a lighter week the loading dose, otherwise the dose in force."""
    one: ExerciseState = walking(**roles)
    assert before_flare(picture(Case(phase=phase, states=(one,))), one) == dose


def high(*days: int, value: int = 4) -> tuple[Reading, ...]:
    """Mornings at usual, except on these days."""
    return (*without(calm(40, 0), days), *(pain(d, value) for d in days))


def test_a_flare_lowers_every_exercise() -> None:
    """E5's arithmetic on a walk of 12 and 2 x 8 stands: 8.0 minutes and 2 x 5."""
    states = (state("walking", minutes(12), 5, ago(14)), state("sit-to-stand", sets(2, 8), 2, ago(14)))
    found = flare_lowering(picture(Case(states=states, sessions=(), days=high(1, 0))))
    assert found is not None
    assert doses(found) == {"walking": minutes("8.0"), "sit-to-stand": sets(2, 5)}
    cause = "morning pain at least 2 above usual on two mornings"
    reason = f"flare since {ago(1)} ({cause}), grade F1: 0.70 times the dose before it"
    assert texts(found.reasons) == (reason,)
    assert [(e.held, e.value, e.operator, e.limit) for e in found.trace] == [
        (True, None, None, None), (True, "2", "rise above usual", None), (True, "0.70", "day", "2"),
    ]  # fmt: skip
    assert len(found.trace[0].sources) == 2
    assert texts(found.asks) == ()


@pytest.mark.parametrize("rise", ["1", "2", "1.5"])
def test_the_reason_of_a_flare_names_the_rise_of_the_rulebook(rise: str) -> None:
    """A site may choose another rise: the sentence has the number that decided."""
    changed = replace(BOOK.constants["FLARE_RISE"], value=Decimal(rise))
    book = replace(BOOK, constants={**BOOK.constants, "FLARE_RISE": changed})
    case = Case(days=high(1, 0), sessions=())
    patient_readings, in_force, at = case.course()
    found = flare_lowering(clinical_picture(patient_record(patient_readings, in_force, book, at)))
    assert found is not None
    assert f"morning pain at least {rise} above usual on two mornings" in texts(found.reasons)[0]
    assert str(found.trace[0].text).endswith(f"at least {rise} above usual on two mornings")


def test_a_flare_of_more_than_two_weeks_is_no_zero_times_a_dose() -> None:
    """B11.30: from day 15 there is no dose, and the reason says so instead of giving a factor of 0."""
    found = flare_lowering(picture(Case(days=high(*range(15)))))
    assert found is not None
    assert texts(found.reasons)[0].endswith("grade F1: no session target until new trials")


@pytest.mark.parametrize(
    ("days", "asks"), [(7, ""), (8, "contact the patient"), (14, "contact the patient"), (15, "reassess")]
)
def test_a_long_flare_asks_for_contact_and_reassessment(days: int, asks: str) -> None:
    """B7: contact after day 7, reassessment after day 14."""
    found = flare_lowering(picture(Case(days=high(*range(days)))))
    assert found is not None
    assert [a.split(":")[0] for a in texts(found.reviews)] == ([asks] if asks else [])
    assert (doses(found)["walking"] is None) is (days == 15)


def test_a_flare_never_raises() -> None:
    """0.70 of the dose before it is no more than the dose in force."""
    flaring = Case(
        states=(state("walking", minutes(10), 3, ago(5), before_flare=minutes(20)),),
        sessions=(),
        days=high(1, 0),
        phase=Phase.FLARE,
        since=1,
        plan={"flare_first_day": ago(1)},
    )
    assert doses(flare_lowering(picture(flaring))) == {"walking": minutes(10)}


def starts(length: int, dose: Dose, good: tuple[int, ...] = (), before: Dose = WALK) -> Dose | None:
    """The start of the return after a flare of this length that ended six days ago."""
    days = high(*range(6, length + 6))
    one = state("walking", dose, 3, ago(length + 5), before_flare=before)
    case = Case(states=(one,), sessions=tuple(walks(good, dose)), days=days,
                phase=Phase.FLARE, since=length + 5, plan={"flare_first_day": ago(length + 5)})  # fmt: skip
    found = picture(case)
    assert found.returning
    return return_doses(found)["walking"]


RETURNS: list[tuple[int, Dose, tuple[int, ...], Dose | None]] = [
    (3, minutes(14), (), minutes(16)),  # 0.80 of 20
    (7, minutes(14), (), minutes(14)),
    (8, minutes(14), (), minutes(10)),
    (14, minutes(10), (), minutes(10)),
    (15, minutes(10), (), None),
    (3, minutes(10), (), minutes(12)),  # 16 is more than a fifth above 10
    (8, minutes(14), (3, 1), minutes(14)),  # two tolerated at 14 in four days: not below it
    (8, minutes(14), (4, 1), minutes(14)),
    (8, minutes(14), (5, 1), minutes(10)),  # one of the two is too old
    (8, minutes(14), (1,), minutes(10)),
    (8, minutes(18), (3, 1), minutes(16)),  # at most 0.80 of the dose before
    (3, minutes(14), (3, 1), minutes(16)),  # the length gives more than the flare's dose
]


@pytest.mark.parametrize(("length", "dose", "good", "expected"), RETURNS)
def test_where_the_return_starts(length: int, dose: Dose, good: tuple[int, ...], expected: Dose | None) -> None:
    """B7: by the flare's length, or at the flare's dose if two sessions in the last four days were tolerated."""
    assert starts(length, dose, good) == expected


def test_a_deload_for_one_severe_session_gives_its_peak() -> None:
    """It depends on the peak, not on a count below its limit."""
    found = deload_lowering(picture(Case(sessions=two_weeks(pain_peak=Decimal(8)))))
    assert found is not None
    first = found.trace[0]
    assert (first.held, first.value, first.operator, first.limit, first.unit) == (True, "8", ">=", "8", "{score}")
    assert first.sources
