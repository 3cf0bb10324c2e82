"""Defects found by random courses and reviews of the rules, each as a small course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

from tests.courses.boundaries import AT, SINCE, ready
from tests.courses.build import (
    answered,
    measured,
    minutes,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    sets,
    stamp,
    state,
)
from tests.courses.examples import Course
from titrate.clinical.evaluate import Evaluation, evaluate
from titrate.clinical.values.decision import ClassedSession, Gate
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import DoseLimit, Measurement, Reading, Reporter, SafetyAnswer, SessionReported
from titrate.rulebook import load

BOOK = load()
WALK, STAND, PRESS = minutes(20), sets(2, 8), sets(3, 10, 40)
CLINICIAN = Reporter.PRACTITIONER


def _decide(course: Course) -> Evaluation:
    patient_readings_, plan_, at = course
    return evaluate(patient_readings_, plan_, BOOK, at)


def _course(states: Iterable[ExerciseState], readings: Iterable[Reading]) -> Course:
    base = (*mornings(SINCE, (2,) * 14, fatigue=3), *screen(AT - timedelta(days=3)))
    return patient_readings((*base, *readings)), plan(Phase.LOADING, SINCE, tuple(states)), on(AT, time(13))


def _gate(result: Evaluation, exercise: str, gate: str) -> Gate:
    return next(c.gates[gate] for c in result.decision.candidates if c.exercise == exercise)


def _next(result: Evaluation, exercise: str = "walking") -> Dose | None:
    return next(d.next for d in result.decision.doses if d.exercise == exercise)


def _last(result: Evaluation) -> ClassedSession:
    return result.assessment.sessions[-1]


def _preliminary(reading: Measurement) -> Measurement:
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def test_gap_meets_what_was_done_where_the_full_dose_is_not_known() -> None:
    """Omitting `prescribed` gives no more after a gap than any value of it would (B11.28)."""
    half = session("walking", AT - timedelta(days=8), WALK, (2, 3), 3, done=Decimal(10))
    for walk in (half, replace(half, prescribed=None)):
        result = _decide(_course([state("walking", WALK, 3, SINCE)], [walk]))
        assert (result.decision.rule, _next(result)) == ("D4", minutes("7.0"))


def test_worse_peak_of_two_reports_counts() -> None:
    """Two reports of one session that was not tolerated: the higher peak decides about D3 (B11.8)."""
    first = session("walking", AT - timedelta(days=3), WALK, (2, 6), 3)
    worse = replace(first, pain_peak=Decimal(8), stamp=replace(first.stamp, source=stamp("z", on(AT)).source))
    for reports in ((first, worse), (worse, first)):
        assert _decide(_course([state("walking", WALK, 3, SINCE)], reports)).decision.rule == "D3"


def test_load_on_an_exercise_without_load_is_more_than_prescribed() -> None:
    """A load where the dose has none makes a session marginal (B11.4)."""
    stand = session("sit-to-stand", AT - timedelta(days=3), STAND, (2, 3), 3)
    states = [state("sit-to-stand", STAND, 2, SINCE)]
    assert _last(_decide(_course(states, [stand]))).session_class.value == "T"
    assert _last(_decide(_course(states, [replace(stand, load=Decimal(2))]))).session_class.value == "M"


def test_amount_in_another_unit_is_no_amount_of_the_dose() -> None:
    """Metres are not minutes: the session is not at dose, ends no gap and counts as no work (H04)."""
    far = Decimal(800)
    walks = [
        session("walking", AT - timedelta(days=ago), WALK, (2, 3), 3, unit="m", prescribed=far, done=far)
        for ago in (2, 4)
    ]
    old = session("walking", AT - timedelta(days=9), WALK, (2, 3), 3)
    result = _decide(_course([state("walking", WALK, 3, SINCE)], [old, *walks]))
    assert not _last(result).at_dose
    assert result.decision.rule == "D4"
    assert _next(result) == minutes(14)
    assert _gate(result, "walking", "G9") is Gate.FAIL


def test_preliminary_session_does_not_take_a_rise() -> None:
    """G5 counts a rise from a final session at the new dose; a preliminary one does not count (B11.36)."""
    first = session("walking", SINCE, WALK, (2, 3), 3)
    early = replace(first, stamp=replace(first.stamp, preliminary=True))
    later = [session("walking", SINCE + timedelta(days=d), WALK, (2, 3), 3) for d in (8, 10)]
    states = [state("walking", WALK, 3, SINCE, last_raised=SINCE)]
    assert _gate(_decide(_course(states, [first, *later])), "walking", "G5") is Gate.PASS
    assert _gate(_decide(_course(states, [early, *later])), "walking", "G5") is Gate.FAIL


def _limited(amount: int, day: date, *, preliminary: bool = False) -> DoseLimit:
    at = replace(stamp("dose-limit", on(day), by=CLINICIAN), preliminary=preliminary)
    return DoseLimit("walking", Decimal(amount), "min", at)


def test_preliminary_dose_limit_loosens_nothing() -> None:
    """The newest final limit counts; a preliminary one can only be stricter."""
    final = _limited(20, SINCE)
    for other, dose in ((_limited(30, AT, preliminary=True), 20), (_limited(15, AT, preliminary=True), 15)):
        assert _next(_decide(ready(more=(final, other)))) == minutes(dose)


def test_only_final_limits_of_clinicians_renew_the_approval() -> None:
    """G14 counts from limits that count: final, and set by a clinician."""
    course = ready(more=(_limited(30, AT, preliminary=True),))
    old = replace(course[1], approved=AT - timedelta(days=43))
    assert _gate(_decide((course[0], old, course[2])), "walking", "G14") is Gate.FAIL


def test_limit_lowers_by_the_rounding_of_every_dose() -> None:
    """A total limit removes a set before a set falls below its range, and minutes keep their unit (B11.15)."""
    press = session("leg-press", AT - timedelta(days=3), PRESS, (2, 3), 3, last_set=10)
    limit = DoseLimit("leg-press", Decimal(20), "{repetitions}", stamp("limit", on(SINCE), by=CLINICIAN))
    result = _decide(_course([state("leg-press", PRESS, 2, SINCE)], [press, limit]))
    assert _next(result, "leg-press") == sets(2, 10, 40)
    part = replace(_limited(20, SINCE), amount=Decimal("18.4"))
    assert _next(_decide(ready(more=(part,)))) == minutes(18)


def test_preliminary_ceiling_only_lowers() -> None:
    """A clinician's preliminary ceiling holds where it is stricter, and allows nothing otherwise."""
    low, high = (_preliminary(measured("pain-ceiling", v, on(SINCE), CLINICIAN)) for v in (3, 7))
    assert _decide(ready(more=(low,))).assessment.ceiling == 3
    assert _decide(ready(more=(high,))).assessment.ceiling == 5


def _reported(what: str) -> tuple[SafetyAnswer, SafetyAnswer]:
    """A clinician's yes, followed by a no on the next day."""
    days = (SINCE + timedelta(days=1), SINCE + timedelta(days=2))
    return answered(what, True, on(days[0]), CLINICIAN), answered(what, False, on(days[1]), CLINICIAN)


def test_ladder_that_was_stopped_is_not_started() -> None:
    """The newest final answer about the exposure ladder counts; a preliminary yes does not (B11.26)."""
    fear = measured("tsk-11", 36, on(SINCE))
    yes, no = _reported("exposure-ladder-started")
    unsure = replace(yes, stamp=replace(yes.stamp, preliminary=True))
    for reported, verdict in (((yes,), Gate.PASS), ((yes, no), Gate.FAIL), ((unsure,), Gate.FAIL)):
        assert _gate(_decide(ready(more=(fear, *reported))), "walking", "G8") is verdict


def test_preliminary_no_ends_no_cautious_profile() -> None:
    """A preliminary answer can make the profile cautious and cannot end it."""
    yes, no = _reported("cautious-profile")
    unsure = replace(no, stamp=replace(no.stamp, preliminary=True))
    for reported, cautious in (((yes,), True), ((yes, no), False), ((yes, unsure), True)):
        assert _decide(ready(more=reported)).assessment.cautious is cautious


def test_preliminary_values_hold_and_never_release() -> None:
    """A preliminary pulse or score may hold a rise (G8); a lower one does not outweigh a final one."""
    for what, high, low in (("heart-rate", 104, 70), ("phq-9", 12, 3), ("tsk-11", 40, 20)):
        first, second = (measured(what, v, on(SINCE + timedelta(days=d))) for v, d in ((high, 1), (low, 2)))
        hold = [(_preliminary(first),), (first, _preliminary(second))]
        for reported, verdict in (*((h, Gate.FAIL) for h in hold), ((first, second), Gate.PASS)):
            assert _gate(_decide(ready(more=reported)), "walking", "G8") is verdict, (what, reported)


def test_form_is_counted_by_session_not_by_report() -> None:
    """A session that was sent twice is one session for G10."""
    applies = [session("sit-to-stand", AT - timedelta(days=d), STAND, (2, 3), 3) for d in (3, 6)]
    again = replace(applies[0], stamp=replace(applies[0].stamp, source=stamp("copy", on(AT)).source))
    result = _decide(_course([state("sit-to-stand", STAND, 2, SINCE)], [*applies, again]))
    assert _gate(result, "sit-to-stand", "G10") is Gate.PASS


def test_extra_repetitions_are_taken_off_in_the_overshoot_test_alone() -> None:
    """28 of 30 repetitions with 12 in the last set are enough; B11.23 is about the overshoot test only."""
    press = session("leg-press", AT - timedelta(days=3), PRESS, (2, 3), 3, last_set=12, done=Decimal(28))
    assert _last(_decide(_course([state("leg-press", PRESS, 2, SINCE)], [press]))).session_class.value == "T"


def _two_reports(**other: object) -> list[SessionReported]:
    first = session("leg-press", AT - timedelta(days=3), PRESS, (2, 3), 3, last_set=12, done=Decimal(32))
    second = replace(first, stamp=replace(first.stamp, source=stamp("other", on(AT)).source), **other)  # type: ignore[arg-type]
    return [first, second]


def test_two_reports_that_differ_in_what_decides_conflict() -> None:
    """Form, last set, talk test and stop reason affect gates and classes: two answers hold the plan (D5)."""
    others: tuple[dict[str, object], ...] = ({"form": "lost"}, {"last_set": 10}, {"stop_reason": "pain"})
    for other in others:
        result = _decide(_course([state("leg-press", PRESS, 2, SINCE)], _two_reports(**other)))
        assert result.assessment.conflicts, other
    assert not _decide(_course([state("leg-press", PRESS, 2, SINCE)], _two_reports())).assessment.conflicts


def test_first_day_of_return_asks_for_no_sessions() -> None:
    """On the day of approval of the return D7 needs no evaluable session (B11.20)."""
    walks = [session("walking", AT - timedelta(days=d), WALK, (2, 3), 3) for d in (6,)]
    states = (state("walking", minutes(16), 3, AT, before_flare=WALK),)
    readings = (*mornings(SINCE, (2,) * 14, fatigue=3), *screen(AT - timedelta(days=3)), *walks)
    result = _decide((patient_readings(readings), plan(Phase.RETURN, AT, states), on(AT, time(13))))
    assert (result.decision.rule, _next(result)) == ("D8", minutes(16))


def test_screen_answered_during_a_session_does_not_cover_its_end() -> None:
    """A new pain quality reopens questions answered before the end of the session (B11.26)."""
    walk = session("walking", AT - timedelta(days=1), WALK, (2, 3), 3, pain_quality="sharp")
    during = [answered(f"rf{n:02d}", False, walk.stamp.when + timedelta(minutes=5)) for n in range(1, 28)]
    assert _decide(ready(more=(walk, *during))).decision.rule == "D7"


def test_flare_long_settled_is_no_part_of_the_one_in_the_plan() -> None:
    """The plan in phase `flare` gives the start of its flare; an earlier one does not lengthen it."""
    pain = (4, 4, *(2,) * 28, 4, 4)
    first = AT - timedelta(days=len(pain) - 1)
    state_ = state("walking", minutes(14), 3, AT, before_flare=WALK)
    in_force = plan(Phase.FLARE, AT, (state_,), flare_first_day=AT - timedelta(days=1), flare_grade="f1")
    result = _decide((patient_readings((*mornings(first, pain, fatigue=3), *screen(AT))), in_force, on(AT, time(13))))
    assert (result.decision.rule, _next(result)) == ("D2", minutes(14))


def test_return_without_its_flare_is_cautious() -> None:
    """If the readings no longer show the flare, the return keeps the cautious profile (B11.18)."""
    in_force = plan(Phase.RETURN, AT - timedelta(days=10), (state("walking", minutes(16), 3, AT, before_flare=WALK),))
    readings = (*mornings(SINCE, (2,) * 14, fatigue=3), *screen(AT - timedelta(days=3)))
    assert _decide((patient_readings(readings), in_force, on(AT, time(13)))).assessment.cautious


def test_of_two_answers_at_one_moment_the_worse_counts() -> None:
    """A major stressor reported together with a minor one holds (G8), whatever their order."""
    when = on(AT - timedelta(days=10))
    for first, second in (("minor", "major"), ("major", "minor")):
        reported = [answered("stressor", first, when), answered("stressor", second, when)]
        reported[1] = replace(reported[1], stamp=replace(reported[1].stamp, source=stamp("z", when).source))
        assert _gate(_decide(ready(more=tuple(reported))), "walking", "G8") is Gate.FAIL
