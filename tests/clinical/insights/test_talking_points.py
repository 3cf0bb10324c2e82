"""Talking points: pacing, education, stages and the restart. Each number below, at and above its limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from tests.clinical.insights.talking_point_cases import guide, of, step
from tests.clinical.overviews import SINCE, TODAY, WALK, listed, seen
from tests.courses.build import (
    answered,
    measured,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    state,
)
from tests.courses.examples import e2, e5
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, Reading, Reporter

# --- Pacing of tasks


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
    """Rounded down as a dose; a rest of half the chunk, at least 2 minutes; the number of chunks for the goal."""
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
    """80 % of 0.6 minutes is less, so there is no chunk; 80 % of 1.3 is 1.04."""
    found = guide([measured("tolerated-standing", tolerated, on(SINCE))]).task_pacing
    assert [one.chunk for one in found] == [Decimal(chunk) for chunk in chunks]


def test_without_tolerated_minutes_there_is_no_plan_of_chunks() -> None:
    """No amount is guessed."""
    assert guide([measured("wanted-standing", 60, on(SINCE))]).task_pacing == ()
    assert guide([measured("tolerated-standing", 0, on(SINCE))]).task_pacing == ()


# --- Talks


def understood(name: str, value: bool, day: date = SINCE) -> Reading:
    """The result of a teach-back."""
    return answered(f"understood-{name}", value, on(day), Reporter.PRACTITIONER)


def test_talks_are_due_in_the_programmes_order_until_they_are_understood() -> None:
    """The next-morning check is first; it moves to the end once understood, and is due again if not."""
    names = [one.module.name for one in guide().topics]
    assert names == ["next-morning", "steady-days", "pain-and-movement", "flare-plan", "when-to-call"]
    after = guide([understood("next-morning", True)]).topics
    assert [one.module.name for one in after] == [*names[1:], names[0]]
    again = guide([understood("next-morning", True), understood("next-morning", False, date(2025, 1, 9))]).topics
    assert (again[0].module.name, again[0].understood, again[0].teach_back) == ("next-morning", False, date(2025, 1, 9))


def test_a_preliminary_answer_is_no_teach_back() -> None:
    """The talk is due, with the day of the final answer."""
    not_final = understood("next-morning", True, date(2025, 1, 9))
    not_final = replace(not_final, stamp=replace(not_final.stamp, preliminary=True))
    found = guide([understood("next-morning", False), not_final]).topics[0]
    assert (found.module.name, found.understood, found.teach_back) == ("next-morning", False, SINCE)


def test_the_talk_of_the_phase_comes_first() -> None:
    """In a return, the next-morning check; in a deload, steady days."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    for phase, first in ((Phase.DELOAD, "steady-days"), (Phase.RETURN, "next-morning")):
        in_force = plan(phase, SINCE, [state("walking", WALK, 3, SINCE)])
        assert seen(patient_readings(readings), in_force, on(TODAY)).talking_points.topics[0].module.name == first


# --- Stages


def test_a_stage_is_left_when_its_gates_are_met() -> None:
    """The record meets the gate of sessions; the clinician's gate is open, so the stage stays."""
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
    """Both gates of the first stage are met; the second stage has a gate with an unknown score."""
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
    """Whatever the gates."""
    in_force = plan(Phase.MAINTENANCE, SINCE, [state("walking", WALK, 3, SINCE)])
    found = seen(patient_readings([*mornings(date(2024, 12, 30), [2] * 14)]), in_force, on(TODAY)).talking_points.stage
    assert found is not None
    assert found.stage.name == "Keep"


def test_a_programme_names_its_diagnosis() -> None:
    """The knee programme for osteoarthritis of the knee; a procedure or another diagnosis does not count."""
    assert guide([listed("knee-osteoarthritis")]).other_programmes == ("knee-pain",)
    fits = of(e2(), listed("knee-osteoarthritis"), programme="knee-pain")
    assert fits.stage is not None
    assert (fits.stage.fits, fits.other_programmes) == (("knee-osteoarthritis",), ())
    operated = replace(listed("knee-osteoarthritis"), kind=DiagnosisKind.PROCEDURE)
    assert isinstance(operated, Diagnosis)
    assert guide([operated, listed("neck-pain")]).other_programmes == ()


# --- A way back


@pytest.mark.parametrize(("done", "offered"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_week_below_half_leads_to_the_offer(done: int, offered: bool) -> None:
    """Two of four planned sessions are half, and enough."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    readings += [session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (7, 9, 11)[:done]]
    if not done:
        readings.append(session("walking", date(2025, 1, 5), WALK, (2, 3), 3))
    in_force = plan(Phase.LOADING, date(2025, 1, 1), [state("walking", WALK, 4, date(2025, 1, 1))])
    assert (
        seen(patient_readings(readings), in_force, on(TODAY, time(13))).talking_points.restart is not None
    ) is offered


def test_the_offer_is_the_least_dose_twice_and_three_entries() -> None:
    """Half of the dose after the gap, 10 of 15 minutes (10.5), and no more often than planned."""
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    readings.append(session("walking", date(2025, 1, 5), WALK, (2, 3), 3))
    for weekly, times in ((3, 2), (1, 1)):
        in_force = plan(Phase.LOADING, date(2025, 1, 1), [state("walking", WALK, weekly, date(2025, 1, 1))])
        offer = seen(patient_readings(readings), in_force, on(TODAY, time(13))).talking_points.restart
        assert offer is not None
        assert (offer.dose.amount, offer.times, offer.entries) == (Decimal(5), times, 3)


def test_symptoms_come_before_the_offer() -> None:
    """No offer in a flare, with a red flag, or in an uneventful week."""
    assert of(e5()).restart is None
    assert guide([answered("rf01", True, on(date(2025, 1, 12)))]).restart is None
    assert guide().restart is None
