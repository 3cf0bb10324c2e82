"""The patient gets nothing unapproved, and nothing that newer records contradict (invariant viii, hazard H32)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.clinical.overviews import BOOK, SINCE, TODAY, WALK
from tests.clinical.sentences import texts
from tests.courses.build import answered, minutes, mornings, on, patient_readings, plan, screen, session, sets, state
from tests.courses.examples import Course, e1, e2, e3, e4, e5
from titrate.clinical.evaluate import evaluate
from titrate.clinical.prescription.approval_checks import withholding_reasons
from titrate.clinical.values.plan import NO_PLAN, EditedElement, Override, Phase, PlanInForce
from titrate.clinical.values.readings import Reading

IN_FORCE = plan(Phase.LOADING, SINCE, [state("walking", WALK, 3, SINCE)])


def reasons(in_force: PlanInForce, *more: Reading) -> tuple[str, ...]:
    """The reasons for withholding the sheet after two uneventful weeks with this plan and `more`."""
    reported: list[Reading] = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11)), *more]
    reported += [session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (6, 8, 10)]
    result = evaluate(patient_readings(reported), in_force, BOOK, on(TODAY, time(13)))
    return texts(withholding_reasons(result.picture, result.decision))


def of(course: Course) -> tuple[str, ...]:
    """The same of a worked example."""
    reported, in_force, at = course
    result = evaluate(reported, in_force, BOOK, at)
    return texts(withholding_reasons(result.picture, result.decision))


def test_an_approved_plan_without_objections_is_released() -> None:
    """Also while a step waits for approval (E2), and in a hold (E3): the sheet shows the plan in force."""
    assert reasons(IN_FORCE) == of(e2()) == of(e3()) == ()


def test_a_draft_alone_releases_nothing() -> None:
    """E1 will have a draft and has no plan in force."""
    assert of(e1()) == ("no approved plan is in force: approve the draft first",)
    assert reasons(NO_PLAN) == of(e1())


def test_a_plan_without_an_approval_is_not_released() -> None:
    """It is unknown who is responsible for it."""
    assert reasons(replace(IN_FORCE, approved=None)) == of(e1())


@pytest.mark.parametrize("course", [e4(), e5()], ids=["E4", "E5"])
def test_a_lower_dose_to_come_withholds_the_higher_one(course: Course) -> None:
    """A deload or a flare is decided on before a sheet is printed."""
    (stated,) = of(course)
    assert "lower dose" in stated


def test_an_open_red_flag_withholds_all() -> None:
    """The sheet would advise the patient to continue."""
    assert any("red flag" in one for one in reasons(IN_FORCE, answered("rf01", True, on(date(2025, 1, 12)))))


def test_a_plan_on_hold_is_not_released() -> None:
    """A clinician has paused it."""
    held = replace(IN_FORCE, overrides=(Override("CarePlan/1", EditedElement.STATUS, "active", "on-hold"),))
    assert reasons(held) == ("a clinician has put the plan on hold",)


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.DISCHARGED])
def test_a_plan_that_has_ended_is_not_released(phase: Phase) -> None:
    """None of its exercises are to be done."""
    assert "the plan has ended" in reasons(replace(IN_FORCE, phase=phase))


def test_a_plan_without_any_dose_is_not_released() -> None:
    """An exercise that waits for its trials is not yet a plan for a patient."""
    waiting = (state("walking", None, 3, None),)
    assert "no exercise of the plan has a dose" in reasons(replace(IN_FORCE, exercises=waiting))


def test_an_expired_plan_is_not_released() -> None:
    """Fifteen days without a report: the rules give no dose, so the plan in force is too high."""
    reported = [*mornings(date(2024, 12, 20), [2] * 9, fatigue=3), *screen(date(2024, 12, 28))]
    result = evaluate(patient_readings(reported), IN_FORCE, BOOK, on(TODAY, time(13)))
    assert withholding_reasons(result.picture, result.decision) != ()


def test_a_plan_without_a_reference_is_not_released() -> None:
    """An approval without a plan cannot be looked up."""
    assert reasons(replace(IN_FORCE, reference=None)) == of(e1())


def test_a_patient_who_is_not_eligible_gets_no_sheet() -> None:
    """A child; no other reason is given."""
    reported = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    result = evaluate(patient_readings(reported, born=date(2015, 1, 1)), IN_FORCE, BOOK, on(TODAY, time(13)))
    assert texts(withholding_reasons(result.picture, result.decision)) == (
        "this service cannot make a plan for this patient",
    )


@pytest.mark.parametrize(("minutes_next", "held"), [(14, True), (15, False), (16, False)])
def test_one_lower_dose_of_several_withholds_the_sheet(minutes_next: int, held: bool) -> None:
    """Walking goes down while sit to stand stays; unchanged doses and rises withhold nothing."""
    states = [state("walking", WALK, 3, SINCE), state("sit-to-stand", sets(2, 8), 2, SINCE)]
    reported = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11))]
    result = evaluate(patient_readings(reported), plan(Phase.LOADING, SINCE, states), BOOK, on(TODAY, time(13)))
    given = {"walking": minutes(minutes_next), "sit-to-stand": sets(2, 8)}
    doses = tuple(replace(d, next=given[d.exercise]) for d in result.decision.doses)
    assert len(doses) == 2
    assert bool(withholding_reasons(result.picture, replace(result.decision, doses=doses))) is held
