"""Unknown, preliminary and limiting values, by cases worked out by hand (B11.2, .6, .9, .14, .21, .36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import TypeVar

import pytest

from tests.clinical.phase_cases import bad_on, in_phase
from tests.clinical.pictures import BOOK, picture, record_of, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, WALK, Case, ago, calm, pain, walks, without
from tests.courses.build import answered, limit, measured, minutes, mornings, on, sets, stamp, state
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.picture.data_sufficiency import evaluable_count, last_log, last_session, missing_data
from titrate.clinical.record.limits import dose_cap, limits_of
from titrate.clinical.record.usual_symptoms import usual_symptoms
from titrate.clinical.rules.flare_protocol import flare_lowering
from titrate.clinical.rules.gates.adherence_and_load import adherence_of
from titrate.clinical.rules.gates.context import GateResult, PatientGateContext, gate_context
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.rules.gates.intervals import last_increase
from titrate.clinical.rules.review_triggers import phase_advice
from titrate.clinical.values.plan import Phase, UpperBound
from titrate.clinical.values.readings import Measurement, Reading, SessionReported
from titrate.messages.record import BadNights, MajorStressor, SessionTooOld

NOTHING_MISSING = PatientGateContext(missing=(), holds=(), last_increase=None)
NOT_SET: dict[str, object] = {"usual_pain": None, "usual_fatigue": None}
BAD = Decimal(6)
Early = TypeVar("Early", Measurement, SessionReported)


def early(reading: Early) -> Early:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def undated(case: Case, **plan: object) -> Evaluation:
    """The case with a plan that does not state the start of its phase, and other changes to the plan."""
    known, in_force, at = case.course()
    return evaluate(known, replace(in_force, phase_since=None, **plan), BOOK, at)  # type: ignore[arg-type]


def requested(name: str, case: Case) -> GateResult:
    """One gate of the first exercise of a case."""
    whole = picture(case)
    return GATES[name](
        gate_context(
            whole,
            whole.record.plan.exercises[0],
            minutes(22),
            NOTHING_MISSING,
        )
    )


def test_preliminary_readings_are_no_log_and_no_session() -> None:
    """A preliminary rating or walk does not count as required data."""
    soft = picture(Case(days=(*calm(40, 4), early(pain(1, 2))), sessions=(*walks((9, 5)), early(walks((2,))[0]))))
    assert (last_log(soft), last_session(soft)) == (ago(4), ago(5))
    bad = early(replace(walks((2,))[0], pain_peak=BAD))
    assert evaluable_count(picture(Case(sessions=(*walks((9, 5)), bad))), "walking") == 2


@pytest.mark.parametrize(("day", "count"), [(0, 2), (1, 3), (21, 3), (22, 2)])
def test_which_sessions_are_of_the_last_three_weeks(day: int, count: int) -> None:
    """From yesterday to 21 days ago; this morning's walk belongs to today."""
    walk = replace(walks((day,))[0], pain_peak=BAD, stamp=stamp("early-walk", on(ago(day), time(6))))
    assert evaluable_count(picture(Case(sessions=(*walks((9, 5)), walk), since=30)), "walking") == count


def test_a_log_of_three_days_ago_is_recent() -> None:
    """LOG_RECENT_DAYS is 3."""
    assert missing_data(picture(Case(days=tuple(calm(40, 3))))) == ()


def test_only_the_first_day_of_a_return_needs_no_sessions() -> None:
    """Any other plan of today needs them, and so does a continuing flare."""
    new = Case(states=(state("walking", WALK, 3, ago(0)),), sessions=(), since=0)
    assert {"0 evaluable sessions in 21 days, 3 needed", "no session recorded"} <= {
        *map(str, missing_data(picture(new)))
    }
    days = (*without(calm(40, 0), (0, 1)), pain(0, 4), pain(1, 4))
    flaring = Case(days=days, phase=Phase.FLARE, since=1, sessions=tuple(walks((14, 12, 10))))
    assert missing_data(picture(flaring)) == (SessionTooOld(day=ago(10)),)


WEEKS: list[tuple[dict[int, int], str]] = [
    ({15: 1, 16: 1, 17: 1, 18: 2, 19: 2, 20: 2, 21: 2}, "2"),
    ({14: 0, 15: 1, 16: 1, 17: 1, 18: 2, 19: 2, 20: 2, 21: 2}, "2"),
    ({15: 1, 16: 1, 17: 1, 18: 2, 19: 2, 20: 2, 21: 2, 22: 0}, "2"),
]


@pytest.mark.parametrize(("ratings", "expected"), WEEKS)
def test_the_week_before_a_plan(ratings: dict[int, int], expected: str) -> None:
    """The seven days before the plan, without its first day and the eighth day before."""
    now = mornings(ago(7), (5,) * 7, fatigue=3)
    days = (*(pain(day, value) for day, value in ratings.items()), *now)
    assert usual_symptoms(record_of(Case(days=days, plan=NOT_SET))).pain == Decimal(expected)


def test_a_clinicians_usual_where_the_plan_has_none() -> None:
    """It counts; there is no lower value."""
    found = usual_symptoms(
        record_of(Case(more=(limit("usual-pain", 3, ago(5)),), plan=NOT_SET | {"state_date": ago(2)}))
    )
    assert (found.pain, found.pain_from) == (Decimal(3), "clinician")


def sources(case: Case) -> list[str]:
    """The sources of a flare."""
    found = flare_lowering(picture(case))
    assert found is not None
    return [s.reference for s in found.trace[0].sources]


@pytest.mark.parametrize("day", [0, 2])
def test_the_ticks_of_a_flare_are_its_sources(day: int) -> None:
    """The reports from its first to its last day, not those of another flare long ago."""
    old, tick = (answered("flare-self-report", True, on(ago(n))) for n in (38, day))
    more = (old, *(answered("flare-self-report", True, on(ago(n))) for n in (2, 1, 0)))
    found = sources(Case(more=more, days=tuple(calm(40, 0))))
    assert old.stamp.source.reference not in found
    assert tick.stamp.source.reference in found


def test_a_flare_where_usual_pain_is_not_known() -> None:
    """The patient's report is enough, and the reason gives no rise."""
    case = Case(days=(pain(1, 6),), more=(answered("flare-self-report", True, on(ago(1))),), plan=NOT_SET)
    found = flare_lowering(picture(case))
    assert found is not None
    assert [e.value for e in found.trace if e.operator == "rise above usual"] == [None]


def test_g8_without_a_hold() -> None:
    """G8 in words: what holds a rise, or that nothing does."""
    assert str(requested("G8", Case()).entry.text) == "holds for sleep, mood or stress"
    whole = picture(Case())
    held = GATES["G8"](
        gate_context(
            whole,
            whole.record.plan.exercises[0],
            WALK,
            replace(NOTHING_MISSING, holds=(MajorStressor(), BadNights(nights=3))),
        )
    )
    assert (str(held.entry.text), held.entry.value) == ("a major stressor; 3 bad nights", "2")


def test_what_has_no_dose_has_not_risen() -> None:
    """The newest start of a dose counts, not that of an exercise without a dose now."""
    gone = state("leg-press", None, 2, ago(3))
    assert last_increase(picture(Case(states=(walking(), gone)))) == ago(14)


def test_a_rise_is_taken_with_the_first_session_at_it() -> None:
    """A walk of the old length on the next day does not count; if the day of the dose is unknown the rise's counts."""
    risen = state("walking", WALK, 3, ago(10), last_raised=ago(10))
    sessions = (*walks((9,), minutes(18)), *walks((5, 3)))
    assert last_increase(picture(Case(states=(risen,), sessions=sessions))) == ago(5)
    unknown = replace(risen, dose_since=None)
    assert last_increase(picture(Case(states=(unknown,), sessions=sessions))) == ago(5)


def test_loading_since_an_unknown_day() -> None:
    """No lighter week is due, and the gate says so."""
    found = undated(Case(), loading_since=None, started=None)
    (entry,) = (e for e in found.decision.trace if e.rule == "G12")
    assert (entry.held, str(entry.text)) == (True, "not in loading: no lighter week is due")


@pytest.mark.parametrize(("weekly", "days", "part"), [(1, (3,), 1), (0, (3,), 0), (5, (6, 5, 3, 1), Decimal("0.8"))])
def test_adherence_by_the_week(weekly: int, days: Iterable[int], part: object) -> None:
    """Done sessions over planned ones; without a plan adherence is 0."""
    one = state("walking", WALK, weekly, ago(14))
    assert adherence_of(picture(Case(states=(one,), sessions=tuple(walks(days)))), one) == part


def test_adherence_at_its_limit_is_enough() -> None:
    """G7: seven of ten is the required 0.70."""
    one = state("walking", WALK, 10, ago(14))
    assert requested("G7", Case(states=(one,), sessions=tuple(walks(range(1, 8))))).entry.held
    assert not requested("G7", Case(states=(one,), sessions=tuple(walks(range(2, 8))))).entry.held


def test_the_lowest_of_all_bounds() -> None:
    """Two plans bound the load of one exercise."""
    bounds = tuple(UpperBound("leg-press", sets(3, 9, kg), f"CarePlan/{kg}") for kg in (35, 30, 38))
    assert dose_cap(record_of(Case(plan={"bounds": bounds})), "leg-press") == (Decimal(27), Decimal(30))


def test_an_older_limit_is_over() -> None:
    """The newest final ceiling counts, even if an older one was lower; a preliminary one can only be lower."""
    raised = (limit("pain-ceiling", 3, ago(9)), limit("pain-ceiling", 4, ago(5)))
    assert limits_of(record_of(Case(more=raised))).ceiling.value == 4
    same = (*raised, early(limit("pain-ceiling", 4, ago(4))))
    assert limits_of(record_of(Case(more=same))).ceiling.source == raised[1].stamp.source


def resting(*scores: Reading, done: tuple[int, ...] = (3, 5, 10, 12, 17, 19), weekly: int = 3) -> Case:
    """A patient in maintenance."""
    one = state("walking", WALK, weekly, ago(30))
    return Case(states=(one,), phase=Phase.MAINTENANCE, since=30, more=scores, sessions=tuple(walks(done)))


def test_a_score_that_is_not_final_has_not_fallen() -> None:
    """PSFS counts once it is final; every score counts if the start of maintenance is unknown."""
    seven, five = measured("psfs", 7, on(ago(20))), measured("psfs", 5, on(ago(5)))
    assert phase_advice(picture(resting(seven, early(five)))) == ()
    assert any("PSFS has fallen by 2" in a for a in texts(undated(resting(seven, five)).decision.asks))


@pytest.mark.parametrize(
    ("done", "little"),
    [((3, 5), False), ((10, 12), False), ((17, 19), False), ((22, 24), True), ((3, 10, 17), True)],
)
def test_each_of_three_weeks_counts(done: tuple[int, ...], little: bool) -> None:
    """Two of four in one of the last three weeks is half, and enough."""
    found = phase_advice(picture(resting(done=done, weekly=4)))
    assert any("fewer sessions than planned" in a for a in texts(found)) is little


def test_a_plan_without_the_day_of_its_phase_gets_todays() -> None:
    """The phase stays; its first day was unknown."""
    found = undated(Case()).prescription
    assert found is not None
    assert (found.phase, found.phase_since) == (Phase.LOADING, AT)


def test_the_current_flare_is_recorded() -> None:
    """Its day and grade, not those of a severe one that a plan has answered."""
    old = (*(pain(day, 8) for day in (28, 27)), pain(1, 4), pain(0, 4))
    days = (*without(calm(40, 0), (28, 27, 1, 0)), *old)
    found = Case(days=days, since=31, plan={"approved": ago(15)}).run(BOOK).prescription
    assert found is not None
    assert (found.phase, found.flare_first_day, found.flare_grade) == (Phase.FLARE, ago(1), "f1")


def test_usual_fatigue_stays_without_new_ratings() -> None:
    """At the end of a lighter week there is no new median."""
    days = tuple(r for r in calm() if getattr(r, "what", "") != "fatigue-morning")
    found = replace(in_phase(Phase.LIGHTER_WEEK, 7), days=days).run(BOOK).prescription
    assert found is not None
    assert found.usual_fatigue == Decimal(3)


SETTLED = (*without(calm(), (1, 2, 3, 4)), pain(4, 4), pain(3, 4), pain(2, 2), pain(1, 2))


def test_a_return_below_the_dose_is_no_rise() -> None:
    """D8 on its first day: 16 of 20 minutes; the day of the last rise stays."""
    found = Case(states=(walking(last_raised=ago(12)),), days=SETTLED).run(BOOK)
    assert found.prescription is not None
    walk = found.prescription.exercises[0]
    assert (found.decision.rule, walk.dose, walk.last_raised) == ("D8", minutes(16), ago(12))


def test_a_deload_on_the_day_a_return_starts_remembers_its_own_dose() -> None:
    """D3 decides: the plan records the dose before the deload, and none before a flare."""
    found = Case(days=SETTLED, sessions=bad_on(10, 7)).run(BOOK)
    assert found.prescription is not None
    walk = found.prescription.exercises[0]
    assert (found.prescription.phase, walk.before_flare, walk.before_deload) == (Phase.DELOAD, None, WALK)
