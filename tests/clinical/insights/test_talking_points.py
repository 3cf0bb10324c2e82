"""Talking points: ladders, chunks, talks, stages, contacts, a way back. Each number below, at and above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.clinical.overviews import SINCE, TODAY, WALK, calm, listed, seen
from tests.courses.build import (
    answered,
    heard,
    measured,
    mornings,
    on,
    plan,
    screen,
    session,
    sets,
    state,
)
from tests.courses.examples import Course, e1, e2, e4, e5
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.talking_points import TalkingPoints
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import Diagnosis, Measurement, Reading, Reporter

STEPPED = date(2025, 1, 5)
TIMES = [time(hour) for hour in (10, 11, 12, 13, 14, 15)]


def guide(more: Sequence[Reading] = (), exercises: Sequence[ExerciseState] = ()) -> TalkingPoints:
    """The guide of two calm weeks and `more`."""
    return calm(more, exercises).talking_points


def of(course: Course, *more: Reading, programme: str = "general") -> TalkingPoints:
    """The guide of a worked example with `more` readings."""
    patient, in_force, at = course
    return seen(replace(patient, readings=(*patient.readings, *more)), in_force, at, programme).talking_points


def fear(value: int, day: date = SINCE, ladder: str = "stairs", at: time = TIMES[0]) -> Measurement:
    """A patient's fear of a task."""
    return measured(f"fear-{ladder}", value, on(day, at))


def step(value: int, ladder: str = "stairs", day: date = STEPPED) -> Measurement:
    """The step that a clinician set."""
    return measured(f"ladder-step-{ladder}", value, on(day), Reporter.PRACTITIONER)


def climb(more: Sequence[Reading], ladder: str = "stairs", exercises: Sequence[ExerciseState] = ()) -> LadderProgress:
    """One ladder of two calm weeks."""
    return next(c for c in guide(more, exercises).ladders if c.ladder.name == ladder)


# --- Ladders of tasks


@pytest.mark.parametrize(("value", "chosen"), [(50, False), (51, True), (100, True)])
def test_a_task_is_chosen_when_its_fear_is_above_50(value: int, chosen: bool) -> None:
    """50 is not above 50; the first step is then what comes next."""
    found = climb([fear(value)])
    assert (found.feared, found.chosen) == (chosen, chosen)
    assert (found.now, found.next) == (None, "step up on a 10 cm step with a rail")


def test_started_tasks_come_first_and_then_the_least_feared() -> None:
    """60 before 80, 20 last; a started ladder continues whatever its fear."""
    reported = [fear(80, ladder="bend"), fear(60, ladder="lift"), fear(20, ladder="walk")]
    assert [c.ladder.name for c in guide(reported).ladders] == ["lift", "bend", "walk"]
    assert [c.ladder.name for c in guide(reported).ladders if c.chosen] == ["lift"]
    begun = guide([*reported, step(1, "walk")]).ladders
    assert [(c.ladder.name, c.chosen) for c in begun] == [("walk", True), ("lift", False), ("bend", False)]


@pytest.mark.parametrize(
    ("start", "tries", "ready"),
    [
        (70, (35, 35), True), (70, (36, 35), False), (70, (35, 36), False), (80, (40, 40), True), (55, (30, 30), True),
        (55, (31, 30), False), (70, (35,), False), (70, (90, 35, 30), True), (70, (35, 30, 90), False),
    ],
)  # fmt: skip
def test_a_step_is_done_when_fear_has_halved_or_is_30_in_two_tries(
    start: int, tries: tuple[int, ...], ready: bool
) -> None:
    """Half of what it was as the step began, or 30 and less; in the last two consecutive tries."""
    reported = [fear(value, date(2025, 1, 7), at=at) for value, at in zip(tries, TIMES, strict=False)]
    assert climb([fear(start), step(2), *reported]).ready is ready


def test_tries_of_an_earlier_step_do_not_count() -> None:
    """A new step restarts the tries; recording the same step again does not."""
    reported = [fear(70), step(1), fear(30, date(2025, 1, 7)), fear(30, date(2025, 1, 8))]
    assert climb(reported).ready
    assert climb([*reported, step(1, day=date(2025, 1, 9))]).ready
    assert not climb([*reported, step(2, day=date(2025, 1, 9))]).ready


def test_of_two_steps_on_one_day_the_lower_counts() -> None:
    """Doubt lowers."""
    other = measured("ladder-step-stairs", 4, on(STEPPED, time(12)), Reporter.PRACTITIONER)
    assert climb([fear(70), step(2), other]).step == 2


def test_a_goal_brings_its_ladder_without_any_fear() -> None:
    """Standing up is a goal: its ladder is there and chosen, unless a feared task comes first."""
    with_goal = [state("walking", WALK, 3, SINCE), state("sit-to-stand", sets(2, 8), 2, SINCE, goal_linked=True)]
    found = climb([], "rise-and-kneel", with_goal)
    assert (found.for_goal, found.chosen, found.fear, found.step) == (True, True, None, 0)
    feared = [fear(60, ladder="bend")]
    assert not climb(feared, "rise-and-kneel", with_goal).chosen
    assert climb(feared, "bend", with_goal).chosen


def test_at_the_top_there_is_no_next_step() -> None:
    """The ladder has six steps; with little fear there it is done with and the next task is chosen."""
    done = [fear(70), step(6), fear(20, date(2025, 1, 7)), fear(20, date(2025, 1, 8)), fear(60, ladder="bend")]
    found = climb(done)
    assert (found.next, found.ready, found.chosen) == (None, True, False)
    assert climb(done, "bend").chosen


@pytest.mark.parametrize("course", [e4(), e5()], ids=["deload follows", "flare"])
def test_in_a_flare_no_step_is_proposed(course: Course) -> None:
    """A step that is ready in calm weeks waits during a flare; in E4 nothing is lowered before the decision."""
    day = course[2].date()
    reported = [fear(70, day - timedelta(days=5)), step(2, day=day - timedelta(days=4))]
    reported += [fear(20, day - timedelta(days=n)) for n in (2, 1)]
    found = next(c for c in of(course, *reported).ladders if c.ladder.name == "stairs")
    assert found.ready is (course[0] != e5()[0])
    assert bool(found.blocked_by) is not found.ready


def test_a_red_flag_makes_every_ladder_wait() -> None:
    """No step before it is cleared."""
    reported = [fear(70), step(2), fear(20, date(2025, 1, 7)), fear(20, date(2025, 1, 8))]
    found = climb([*reported, answered("rf01", True, on(date(2025, 1, 12)))])
    assert not found.ready
    assert "red flag" in str(found.blocked_by[0])


def test_a_preliminary_rating_does_not_make_a_step_ready() -> None:
    """What is not final never helps."""
    rating = fear(20, date(2025, 1, 8))
    not_final = replace(rating, stamp=replace(rating.stamp, preliminary=True))
    assert not climb([fear(70), step(2), fear(20, date(2025, 1, 7)), not_final]).ready


@pytest.mark.parametrize(("number", "watched"), [(0, True), (1, True), (2, True), (3, False)])
def test_the_first_steps_need_a_companion(number: int, watched: bool) -> None:
    """Two steps of the stairs."""
    reported = [fear(70), *([step(number)] if number else [])]
    assert climb(reported).supported is watched


# --- Balance

STAND = Dose(Decimal(60), "s")
BALANCE = [state("walking", WALK, 3, SINCE), state("balance-stance", STAND, 2, SINCE)]


def stances(*days: int, form: str = "good", peak: int = 3) -> list[Reading]:
    """Balance sessions on days of January."""
    return [session("balance-stance", date(2025, 1, d), STAND, (2, peak), 3, form=form) for d in days]


@pytest.mark.parametrize(
    ("sessions", "ready"),
    [
        (stances(6, 8, 10), True), (stances(8, 10), False), (stances(6, 8, 10, form="compensating"), False),
        ([*stances(6, 8), *stances(10, peak=6)], False), ([*stances(5, peak=6), *stances(6, 8, 10)], True),
    ],
    ids=["three", "two", "form", "last not tolerated", "first not tolerated"],
)  # fmt: skip
def test_a_position_is_done_after_three_tolerated_sessions_in_good_form(sessions: list[Reading], ready: bool) -> None:
    """The clinician then sets the next position."""
    assert climb([step(3, "balance"), *sessions], "balance", BALANCE).ready is ready


@pytest.mark.parametrize(("seconds", "watched"), [("11.9", False), ("12", True), ("12.4", True)])
def test_a_slow_timed_up_and_go_needs_a_companion(seconds: str, watched: bool) -> None:
    """Whatever the step."""
    found = climb([measured("timed-up-and-go", seconds, on(SINCE)), step(5, "balance")], "balance", BALANCE)
    assert found.supported is watched


def test_falls_block_the_balance_ladder() -> None:
    """RF23: a clinician looks first, also where no balance is trained yet."""
    found = climb([answered("rf23", True, on(date(2025, 1, 12)))], "balance")
    assert "RF23" in str(found.blocked_by[0])
    assert not found.ready


def test_who_needs_no_balance_ladder_has_none() -> None:
    """No balance in the plan, no slow test, no falls."""
    assert guide().ladders == ()


# --- Tasks in chunks


@pytest.mark.parametrize(
    ("tolerated", "desired", "chunk", "rest", "parts"),
    [
        (15, 60, "12", "6", 5), (20, 60, "16", "8", 4), (12, None, "9.5", "5", None), (4, 10, "3.0", "2", 4),
        (2, None, "1.5", "2", None), (30, 20, "24", "12", 1), (30, 24, "24", "12", 1), (30, 25, "24", "12", 2),
    ],
)  # fmt: skip
def test_chunks_are_80_percent_of_what_is_tolerated(
    tolerated: int, desired: int | None, chunk: str, rest: str, parts: int | None
) -> None:
    """Rounded down as doses are; a rest of half the chunk, at least 2 minutes; as many chunks as are wanted."""
    reported: list[Reading] = [measured("tolerated-standing", tolerated, on(SINCE))]
    if desired is not None:
        reported.append(measured("wanted-standing", desired, on(SINCE)))
    (found,) = guide(reported).task_pacing
    assert (found.chunk, found.rest, found.parts) == (Decimal(chunk), Decimal(rest), parts)


def test_the_cautious_profile_takes_70_percent() -> None:
    """0.70 x 15 = 10.5, down to 10."""
    reported = [measured("tolerated-standing", 15, on(SINCE)), measured("tsk-11", 31, on(SINCE))]
    assert guide(reported).task_pacing[0].chunk == 10


@pytest.mark.parametrize(("tolerated", "chunks"), [("0.6", []), ("0.7", ["0.5"]), ("1.3", ["1.0"])])
def test_the_smallest_chunk_is_half_a_minute(tolerated: str, chunks: list[str]) -> None:
    """80 % of 0.6 are less, and nothing is left; of 1.3 they are 1.04."""
    found = guide([measured("tolerated-standing", tolerated, on(SINCE))]).task_pacing
    assert [one.chunk for one in found] == [Decimal(chunk) for chunk in chunks]


def test_without_tolerated_minutes_there_is_no_plan_of_chunks() -> None:
    """Nothing is made up."""
    assert guide([measured("wanted-standing", 60, on(SINCE))]).task_pacing == ()
    assert guide([measured("tolerated-standing", 0, on(SINCE))]).task_pacing == ()


# --- Talks


def understood(name: str, value: bool, day: date = SINCE) -> Reading:
    """The result of a teach-back."""
    return answered(f"understood-{name}", value, on(day), Reporter.PRACTITIONER)


def test_talks_are_due_in_the_programmes_order_until_they_are_understood() -> None:
    """The next-morning check is first; understood, it goes last; not understood, it is due again."""
    names = [one.module.name for one in guide().topics]
    assert names == ["next-morning", "steady-days", "pain-and-movement", "flare-plan", "when-to-call"]
    after = guide([understood("next-morning", True)]).topics
    assert [one.module.name for one in after] == [*names[1:], names[0]]
    again = guide([understood("next-morning", True), understood("next-morning", False, date(2025, 1, 9))]).topics
    assert (again[0].module.name, again[0].understood, again[0].teach_back) == ("next-morning", False, date(2025, 1, 9))


def test_a_preliminary_answer_is_no_teach_back() -> None:
    """The talk is due, and the day is that of the final answer."""
    not_final = understood("next-morning", True, date(2025, 1, 9))
    not_final = replace(not_final, stamp=replace(not_final.stamp, preliminary=True))
    found = guide([understood("next-morning", False), not_final]).topics[0]
    assert (found.module.name, found.understood, found.teach_back) == ("next-morning", False, SINCE)


def test_the_talk_of_the_phase_comes_first() -> None:
    """In a return, the next-morning check; in a deload, steady days."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    for phase, first in ((Phase.DELOAD, "steady-days"), (Phase.RETURN, "next-morning")):
        in_force = plan(phase, SINCE, [state("walking", WALK, 3, SINCE)])
        assert seen(heard(readings), in_force, on(TODAY)).talking_points.topics[0].module.name == first


# --- Stages


def test_a_stage_is_left_when_its_gates_are_met() -> None:
    """The record answers the gate of sessions; the clinician's gate stays open, so the stage stays."""
    found = guide().stage
    assert found is not None
    assert (found.stage.name, found.number, found.stages) == ("Begin", 1, 3)
    assert [gate.met for gate in found.gates] == [True, None]


@pytest.mark.parametrize(("number", "met"), [(1, False), (2, True), (3, True), (None, None)])
def test_a_gate_by_a_ladder(number: int | None, met: bool | None) -> None:
    """Step 2 of the stairs in the first stage of the knee programme."""
    found = of(e2(), *([step(number)] if number else []), programme="knee-pain").stage
    assert found is not None
    assert found.gates[1].met is met


def test_a_stage_is_left_once_its_talk_was_understood() -> None:
    """Both gates of the first stage are met: the second one, with an unknown score."""
    found = guide([understood("next-morning", True)]).stage
    assert found is not None
    assert (found.stage.name, [gate.met for gate in found.gates]) == ("Build", [None, None])
    again = guide([understood("next-morning", False)]).stage
    assert again is not None
    assert [gate.met for gate in again.gates] == [True, False]


@pytest.mark.parametrize(("score", "met"), [("6.9", False), ("7", True), ("7.5", True)])
def test_a_gate_by_a_score(score: str, met: bool) -> None:
    """PSFS of 7 or more in the second stage."""
    found = guide([understood("next-morning", True), measured("psfs", score, on(SINCE))]).stage
    assert found is not None
    assert found.gates[1].met is met


def test_maintenance_is_the_last_stage() -> None:
    """Whatever the gates say."""
    in_force = plan(Phase.MAINTENANCE, SINCE, [state("walking", WALK, 3, SINCE)])
    found = seen(heard([*mornings(date(2024, 12, 30), [2] * 14)]), in_force, on(TODAY)).talking_points.stage
    assert found is not None
    assert found.stage.name == "Keep"


def test_a_programme_names_its_diagnosis() -> None:
    """The knee programme for osteoarthritis of the knee; a procedure or another diagnosis does not count."""
    assert guide([listed("knee-osteoarthritis")]).other_programmes == ("knee-pain",)
    fits = of(e2(), listed("knee-osteoarthritis"), programme="knee-pain")
    assert fits.stage is not None
    assert (fits.stage.fits, fits.other_programmes) == (("knee-osteoarthritis",), ())
    operated = replace(listed("knee-osteoarthritis"), kind="procedure")
    assert isinstance(operated, Diagnosis)
    assert guide([operated, listed("neck-pain")]).other_programmes == ()


# --- Contacts


def contact(more: Sequence[Reading] = (), **other: object) -> FollowUp:
    """The next contact with a plan in force since `since` in `phase`, at the end of two calm weeks."""
    since = other.get("since", SINCE)
    phase = other.get("phase", Phase.LOADING)
    approved = other.get("approved", since)
    assert isinstance(since, date)
    assert isinstance(phase, Phase)
    dose = other.get("dose", WALK)
    in_force = plan(phase, since, [state("walking", dose, 3, SINCE)], approved=approved)  # type: ignore[arg-type]
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11)), *more]
    readings += [session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (6, 8, 10)]
    found = seen(heard(readings), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    return found


def talk(day: date, how: str = "telehealth") -> Reading:
    """A contact that a clinician recorded."""
    return answered("contact", how, on(day), Reporter.PRACTITIONER)


@pytest.mark.parametrize(("days", "due"), [(27, 7), (28, 14), (40, 14)])
def test_contacts_are_weekly_for_28_days_and_then_every_14(days: int, due: int) -> None:
    """From the last contact on."""
    since, last = TODAY - timedelta(days=days), date(2025, 1, 10)
    found = contact([talk(last)], since=since, approved=SINCE)
    assert (found.mode, found.due, found.overdue) == ("telehealth", last + timedelta(days=due), False)


@pytest.mark.parametrize(("day", "overdue"), [(date(2025, 1, 6), False), (date(2025, 1, 5), True)])
def test_a_contact_is_overdue_the_day_after_it_was_due(day: date, overdue: bool) -> None:
    """13 January is the seventh day after the 6th."""
    assert contact([talk(day)]).overdue is overdue


def test_without_a_contact_the_approval_counts() -> None:
    """Seven days after 4 January."""
    found = contact()
    assert (found.due, found.last) == (date(2025, 1, 11), None)


def test_before_any_dose_the_patient_is_seen_in_person() -> None:
    """E1 has no plan yet: now."""
    found = of(e1()).follow_up
    assert found is not None
    assert (found.mode, found.due, found.overdue) == ("in person", e1()[2].date(), False)


@pytest.mark.parametrize(("days", "how"), [(27, "telehealth"), (28, "in person"), (29, "in person")])
def test_limits_that_run_out_bring_a_visit_forward(days: int, how: str) -> None:
    """Approved `days` ago and valid for 42: before the next call in 14 days, from 28 days on the limits end."""
    approved = TODAY - timedelta(days=days)
    found = contact([talk(TODAY)], since=date(2024, 11, 1), approved=approved)
    assert found.mode == how
    assert found.due == min(TODAY + timedelta(days=14), approved + timedelta(days=42))


def test_in_maintenance_every_42_days_in_person() -> None:
    """After the last contact."""
    found = contact([talk(date(2025, 1, 10))], phase=Phase.MAINTENANCE, approved=date(2025, 1, 12))
    assert (found.mode, found.due) == ("in person", date(2025, 1, 10) + timedelta(days=42))


@pytest.mark.parametrize(
    ("last", "how", "due"),
    [
        (None, "telehealth", date(2025, 3, 14)), (date(2025, 3, 10), "telehealth", date(2025, 3, 14)),
        (date(2025, 3, 12), "telehealth", date(2025, 3, 18)),
    ],
)  # fmt: skip
def test_e5_is_called_after_48_hours_and_on_day_7(last: date | None, how: str, due: date) -> None:
    """The flare began on 11 March and the decision is on the 12th; a call before it began does not count."""
    found = of(e5(), *([talk(last)] if last else [])).follow_up
    assert found is not None
    assert (found.mode, found.due) == (how, due)


@pytest.mark.parametrize(
    ("last", "how", "due"),
    [
        (date(2025, 1, 7), "telehealth", date(2025, 1, 8)), (date(2025, 1, 8), "in person", date(2025, 1, 15)),
        (date(2025, 1, 12), "in person", date(2025, 1, 15)),
    ],
)  # fmt: skip
def test_a_flare_that_goes_on_is_seen_in_person_on_day_14(last: date, how: str, due: date) -> None:
    """It began on 1 January: a call by the 8th, a visit by the 15th."""
    readings = [
        *mornings(date(2024, 12, 30), [2, 2, *[6] * 12], fatigue=3),
        *screen(date(2025, 1, 11)),
        talk(last),
    ]
    in_force = plan(Phase.FLARE, date(2025, 1, 2), [state("walking", WALK, 3, date(2025, 1, 2))])
    found = seen(heard(readings), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    assert (found.mode, found.due) == (how, due)


def test_a_flare_that_does_not_settle_is_seen_every_week() -> None:
    """It began on 22 December, day 14 was 5 January; seen on the 6th, next on the 13th."""
    readings = [*mornings(date(2024, 12, 20), [2, 2, *[6] * 22], fatigue=3), *screen(date(2025, 1, 11))]
    in_force = plan(Phase.FLARE, date(2024, 12, 23), [state("walking", WALK, 3, date(2024, 12, 23))])
    reported = [*readings, talk(date(2025, 1, 6), "in-person")]
    found = seen(heard(reported), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    assert (found.mode, found.due) == ("in person", date(2025, 1, 13))


def test_a_red_flag_is_due_today() -> None:
    """In person."""
    found = contact([answered("rf01", True, on(date(2025, 1, 12)))])
    assert (found.mode, found.due) == ("in person", TODAY)


# --- A way back


@pytest.mark.parametrize(("done", "offered"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_week_below_half_brings_the_offer(done: int, offered: bool) -> None:
    """Of four planned sessions: two are half and enough."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    readings += [session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (7, 9, 11)[:done]]
    if not done:
        readings.append(session("walking", date(2025, 1, 5), WALK, (2, 3), 3))
    in_force = plan(Phase.LOADING, date(2025, 1, 1), [state("walking", WALK, 4, date(2025, 1, 1))])
    assert (seen(heard(readings), in_force, on(TODAY, time(13))).talking_points.restart is not None) is offered


def test_the_offer_is_the_least_dose_twice_and_three_entries() -> None:
    """Half of the dose after the gap, 10 of 15 minutes (10.5); no more often than the plan says."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    readings.append(session("walking", date(2025, 1, 5), WALK, (2, 3), 3))
    for weekly, times in ((3, 2), (1, 1)):
        in_force = plan(Phase.LOADING, date(2025, 1, 1), [state("walking", WALK, weekly, date(2025, 1, 1))])
        offer = seen(heard(readings), in_force, on(TODAY, time(13))).talking_points.restart
        assert offer is not None
        assert (offer.dose.amount, offer.times, offer.entries) == (Decimal(5), times, 3)


def test_symptoms_come_before_the_offer() -> None:
    """None in a flare, none with a red flag, none in a calm week."""
    assert of(e5()).restart is None
    assert guide([answered("rf01", True, on(date(2025, 1, 12)))]).restart is None
    assert guide().restart is None
