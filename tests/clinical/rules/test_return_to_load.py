"""The return after a flare or a gap, by cases worked out by hand (B7, D4, D8, D9; B11.9, B11.13, B11.18, B11.31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from tests.clinical.engine_runs import decide
from tests.clinical.phase_cases import in_phase
from tests.clinical.pictures import picture, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import measured, minutes, on, session, sets, state
from tests.courses.examples import Course
from titrate.clinical.picture.clinical_picture import ClinicalPicture, clinical_picture
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.rules.candidates import return_start, rung_doses
from titrate.clinical.rules.flare_protocol import return_doses
from titrate.clinical.rules.gap import gap_days, gap_lowering
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import Dose, ExerciseState, Phase, UpperBound
from titrate.clinical.values.readings import Reading, SessionReported
from titrate.rulebook import load

BOOK = load()
LOW, PRESS, LESS = minutes(16), sets(3, 10, 40), sets(2, 8, 40)


def high(*days: int) -> tuple[Reading, ...]:
    """Mornings at usual, except for 4 of 10 on these days."""
    return (*without(calm(40, 0), days), *(pain(d, 4) for d in days))


def presses(*days: int, dose: Dose = PRESS) -> tuple[SessionReported, ...]:
    """Tolerated leg presses the given number of days ago."""
    return tuple(session("leg-press", ago(d), dose, (2, 3), 3, last_set=10) for d in days)


def decided(case: Case) -> Decision:
    """The decision of a case."""
    return case.run(BOOK).decision


def undated(case: Case) -> Course:
    """The case with a plan that does not state the start of its phase."""
    known, in_force, at = case.course()
    return known, replace(in_force, phase_since=None), at


def nexts(decision: Decision) -> dict[str, Dose | None]:
    """The dose decided for each exercise."""
    return {d.exercise: d.next for d in decision.doses}


def after_flare(length: int, *states: ExerciseState, good: tuple[int, ...] = (), phase: Phase = Phase.FLARE) -> Case:
    """A flare of this length that ended six days ago, and walks the given number of days ago."""
    first = length + 5
    sessions = tuple(walks(good, states[0].dose or WALK))
    since = first if phase is Phase.FLARE else first + 1
    kept = {"flare_first_day": ago(first)} if phase is Phase.FLARE else {}
    return Case(states=states, sessions=sessions, days=high(*range(6, first + 1)), phase=phase, since=since, plan=kept)


def low(exercise: str, dose: Dose, before: Dose | None, since: int = 9) -> ExerciseState:
    """An exercise that returns to the dose before the flare."""
    return state(exercise, dose, 3, ago(since), before_flare=before)


def test_after_two_weeks_of_flare_a_new_baseline_comes_first() -> None:
    """B7: no dose from day 15, however well the flare's dose was tolerated recently."""
    case = after_flare(15, low("walking", minutes(10), WALK), good=(3, 1))
    assert return_doses(picture(case)) == {"walking": None}


def test_what_was_tolerated_counts_in_an_answered_flare_only() -> None:
    """No plan lowered the dose in this flare of eight days: half is left, not the continued dose."""
    case = after_flare(8, walking(), good=(3, 1), phase=Phase.LOADING)
    assert picture(case).returning
    assert return_doses(picture(case)) == {"walking": minutes(10)}


def test_a_start_a_little_above_the_dose_in_force_stays() -> None:
    """Half of 24 is 12, one above 11; the limit of one fifth above is 13."""
    case = after_flare(8, low("walking", minutes(11), minutes(24)))
    assert return_doses(picture(case)) == {"walking": minutes(12)}


def two_flares() -> ClinicalPicture:
    """A flare of eight days that a plan answered, and one of two days two weeks later."""
    days = high(*range(23, 31), 8, 7)
    found = picture(Case(days=days, since=31, plan={"approved": ago(15)}, sessions=tuple(walks((14, 12, 10)))))
    assert [f.length for f in found.flares] == [8, 2]
    return found


def test_the_newest_flare_decides_the_start() -> None:
    """Two days leave 0.80; the earlier eight days no longer count. The trace names the flare."""
    assert return_doses(two_flares()) == {"walking": minutes(16)}
    trace = return_start(two_flares()).trace
    assert (str(trace[0].text), trace[0].value) == (f"flare from {ago(8)} to {ago(7)}, settled on {ago(5)}", "2")


def test_a_clinics_score_holds_the_return() -> None:
    """Three above usual today: no start above the dose in force (B13.11)."""
    case = after_flare(8, low("walking", minutes(11), minutes(24)))
    held = replace(case, more=(measured("pain-clinic", 5, on(ago(0), time(9))),))
    assert return_start(picture(case)).doses == {"walking": minutes(12)}
    assert return_start(picture(held)).doses == {"walking": minutes(11)}


def test_one_start_alone_lies_above_its_dose() -> None:
    """The walk returns at its dose in force and does not block the press, which rises by at most a fifth."""
    states = (low("walking", LOW, WALK), low("leg-press", LESS, PRESS))
    start = return_start(picture(after_flare(3, *states)))
    assert start.doses == {"walking": LOW, "leg-press": sets(2, 9, 40)}


def test_a_load_taken_off_in_the_flare_stays_off() -> None:
    """The clinician halved the load: the return restores a fifth of the repetitions, and no load."""
    case = after_flare(3, low("leg-press", sets(2, 8, 20), PRESS))
    assert return_doses(picture(case)) == {"leg-press": sets(2, 9, 20)}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (sets(3, 8, 38), PRESS, sets(2, 10, 38)), (sets(3, 8, 40), PRESS, sets(2, 10, 40)),
        (sets(3, 8, 42), PRESS, sets(2, 10, 40)), (sets(3, 8, 38), sets(3, 10), sets(2, 10)),
        (sets(3, 8), sets(3, 10), sets(2, 10)),
    ],
)  # fmt: skip
def test_the_load_of_a_return_is_the_lesser_of_before_and_now(now: Dose, before: Dose, expected: Dose) -> None:
    """0.70 of 30 repetitions are 21: two sets of 10, because 7 is below the range."""
    assert return_doses(picture(after_flare(5, low("leg-press", now, before)))) == {"leg-press": expected}


def test_a_load_taken_off_altogether_stays_off() -> None:
    """0.80 of 3 x 10 without a load, as in the dose in force: 3 x 8."""
    case = after_flare(3, low("leg-press", sets(3, 8), PRESS))
    assert nexts(decided(case)) == {"leg-press": sets(3, 8)}


def ladder(*states: ExerciseState, sessions: tuple[SessionReported, ...], since: int = 9) -> Case:
    """A patient in the return to load."""
    return Case(states=states, phase=Phase.RETURN, since=since, sessions=sessions)


WALK_SESSIONS, PRESS_SESSIONS = tuple(walks((5, 3, 1), LOW)), presses(6, 2, dose=sets(3, 8, 40))


def test_an_unearned_rung_does_not_block_another_exercise() -> None:
    """D8 skips an exercise that is not ready or had no flare, and reports each count."""
    press = low("leg-press", sets(3, 8, 40), PRESS)
    hard = replace(walks((1,), LOW)[0], rpe=Decimal(5))
    case = ladder(low("walking", LOW, WALK), press, sessions=(*walks((5, 3), LOW), hard, *PRESS_SESSIONS))
    found = rung_doses(picture(case))
    assert (found.doses["walking"], found.raised) == (LOW, "leg-press")
    assert [(e.exercise, e.held, e.value) for e in found.trace] == [("walking", False, "1"), ("leg-press", True, "2")]
    new = ladder(low("walking", LOW, None), press, sessions=(*WALK_SESSIONS, *PRESS_SESSIONS))
    found = rung_doses(picture(new))
    assert (found.doses["walking"], found.raised) == (LOW, "leg-press")


@pytest.mark.parametrize("since", [None, ago(4)])
def test_the_first_session_of_a_rung_counts(since: date | None) -> None:
    """Two tolerated walks, the older on the first day of the rung, or with an unknown first day."""
    one = state("walking", LOW, 3, since, before_flare=WALK)
    found = rung_doses(picture(ladder(one, sessions=tuple(walks((4, 2), LOW)))))
    assert (found.doses, found.raised) == ({"walking": minutes(18)}, "walking")


def words(case: Case) -> str:
    """The first reason of a decision by D8."""
    found = decided(case)
    assert found.rule == "D8"
    return texts(found.reasons)[0]


def test_reasons_of_the_ladder() -> None:
    """At the dose before the flare; or earned with no rung small enough, also next to an exercise without one."""
    top = ladder(low("walking", WALK, WALK, 6), sessions=tuple(walks((9, 5, 3, 1))), since=12)
    assert words(top) == "the dose before the flare has been reached and held for 7 days"
    two = minutes(2)
    small = low("walking", two, minutes(4))
    none_fits = "a rung is earned, but none is small enough: a clinician decides how to go on"
    assert words(ladder(small, sessions=tuple(walks((5, 3, 1), two)))) == none_fits
    hard = tuple(replace(p, rpe=Decimal(5)) for p in PRESS_SESSIONS)
    both = ladder(small, low("leg-press", sets(3, 8, 40), PRESS), sessions=(*walks((5, 3, 1), two), *hard))
    assert words(both) == none_fits


def test_a_rung_above_a_bound_names_its_author() -> None:
    """It is earned and not taken because of the bound, not because of its size."""
    bound = UpperBound("walking", minutes(17), "CarePlan/2")
    case = replace(ladder(low("walking", LOW, WALK), sessions=WALK_SESSIONS), plan={"bounds": (bound,)})
    above = "the next rung, 18 min, is above the limit of 17 min set by another author's plan, CarePlan/2"
    assert words(case) == f"walking has earned a rung, but {above}"
    found = decided(case)
    assert (nexts(found), [str(e.text) for e in found.trace if e.rule == "D8" and not e.held]) == (
        {"walking": LOW},
        [above],
    )


def test_a_start_above_a_bound_is_brought_down() -> None:
    """Four fifths of 20 minutes are 16; the bound is 14, and the reason says so."""
    bound = UpperBound("walking", minutes(14), "CarePlan/2")
    found = decided(Case(days=SETTLED, plan={"bounds": (bound,)}))
    down = "because of the limit of 14 min set by another author's plan, CarePlan/2"
    assert (found.rule, nexts(found)) == ("D8", {"walking": minutes(14)})
    assert texts(found.reasons)[1:] == (f"walking: lowered from 16 min to 14 min {down}",)
    assert [(str(e.text), e.value, e.limit) for e in found.trace if e.rule == "B6"] == [(f"lowered {down}", "16", "14")]


SETTLED = (*without(calm(), (1, 2, 3, 4)), pain(4, 4), pain(3, 4), pain(2, 2), pain(1, 2))


def test_a_return_starts_in_the_lighter_dose_that_is_due() -> None:
    """B11.13: 0.60 is lower than the start's 0.80, and is noted."""
    found = decided(Case(days=SETTLED, plan={"loading_since": ago(21)}))
    assert (found.rule, nexts(found)["walking"], found.phase) == ("D8", minutes(12), Phase.RETURN)
    assert "LIGHTER_WEEK_DUE" in found.notes
    assert "LIGHTER_WEEK_DUE" not in decided(Case(days=SETTLED)).notes


def test_a_return_that_starts_in_a_lighter_week() -> None:
    """B11.13: a flare of two days leaves 16 of 20 minutes; the lighter week's 12 are the bound."""
    case = replace(in_phase(Phase.LIGHTER_WEEK, 6), days=SETTLED)
    found = decided(case)
    assert (found.rule, nexts(found)["walking"]) == ("D8", minutes(12))
    higher = replace(case, states=(state("walking", minutes(18), 3, ago(6), reference=WALK),))
    assert nexts(decided(higher))["walking"] == minutes(16)


def test_a_lighter_week_gives_no_dose_where_none_was() -> None:
    """D9: only an exercise with a dose gets its loading dose back; without a first day the week continues."""
    waiting = state("leg-press", None, 2, None, reference=PRESS)
    over = in_phase(Phase.LIGHTER_WEEK, 7)
    found = decided(replace(over, states=(*(over.states or ()), waiting)))
    assert (found.rule, nexts(found)) == ("D9", {"walking": WALK, "leg-press": None})
    unknown = decide(undated(in_phase(Phase.LIGHTER_WEEK, 7))).decision
    assert [(e.held, e.value) for e in unknown.trace if e.rule == "D9"] == [(False, "0")]


def test_unrecorded_fatigue_has_not_risen() -> None:
    """At the end of a lighter week mornings without fatigue propose nothing."""
    days = tuple(r for r in calm() if getattr(r, "what", "") != "fatigue-morning")
    assert "NEEDS_CLINICIAN" not in decided(replace(in_phase(Phase.LIGHTER_WEEK, 7), days=days)).notes


def test_a_flare_that_goes_on_does_not_hide_a_gap() -> None:
    """B11.9: only on the first day of the return does rest not count as a gap."""
    flaring = Case(
        states=(low("walking", LOW, WALK),), sessions=tuple(walks((13, 11), LOW)), days=high(2, 1, 0),
        phase=Phase.FLARE, since=2, plan={"flare_first_day": ago(2)},
    )  # fmt: skip
    assert not picture(flaring).returning
    assert gap_lowering(picture(flaring)) is not None
    assert decided(flaring).matched[:2] == ("D2", "D4")


def test_a_gap_where_days_are_not_known() -> None:
    """A return without a first day counts from the last session; without any day there is no gap."""
    one = walking(before_flare=WALK)
    known, in_force, at = undated(Case(states=(one,), sessions=tuple(walks((10,))), phase=Phase.RETURN))
    whole = clinical_picture(patient_record(known, in_force, BOOK, at))
    assert gap_days(whole, whole.dosed[0]) == 10
    none = {"approved": None}
    unknown = picture(Case(states=(replace(one, dose_since=None),), sessions=(), phase=Phase.RETURN, plan=none))
    assert gap_days(unknown, unknown.dosed[0]) is None
    assert gap_lowering(unknown) is None


def test_a_gap_without_any_session() -> None:
    """Nine days since the dose without a walk: 0.70 of the dose in force."""
    found = gap_lowering(picture(Case(states=(replace(walking(), dose_since=ago(9)),), sessions=())))
    assert found is not None
    assert found.doses == {"walking": minutes(14)}


def test_a_gap_keeps_what_the_dose_is_made_of() -> None:
    """The sets of the last session, and no load if the dose in force has none."""
    one_set = state("leg-press", sets(1, 30, 40), 2, ago(14))
    done = (*walks((3, 2)), *presses(8, dose=sets(2, 15, 40)))
    found = gap_lowering(picture(Case(states=(walking(), one_set), sessions=done)))
    assert found is not None
    assert found.doses["leg-press"] == sets(2, 10, 40)
    free = state("leg-press", sets(3, 10), 2, ago(14))
    found = gap_lowering(picture(Case(states=(walking(), free), sessions=(*walks((3, 2)), *presses(8)))))
    assert found is not None
    assert found.doses["leg-press"] == sets(2, 10)
