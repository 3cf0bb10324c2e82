"""What one run writes, the next run reads: doses, dates, phase and every recorded dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.example import (
    AT,
    IN_FORCE,
    LIMITS,
    PERSON,
    PRESCRIPTION,
    PRESS,
    RULEBOOK,
    SITE,
    WALK,
    minutes,
    prescribed,
    proposal,
    repetitions,
)
from tests.fhir.transaction_store import TransactionStore
from titrate.clinical.values.decision import ExercisePrescription, Prescription
from titrate.clinical.values.plan import Dose, ExerciseState, FlareGrade, Phase, PlanInForce
from titrate.clinical.values.readings import PatientGoal, ReadingSource, Source
from titrate.fhir.plan_state import PlanResources, current_plan, prior_runs
from titrate.fhir.write import PlanProposal, compose, record


def approved(run: PlanProposal) -> tuple[TransactionStore, PlanInForce]:
    """Write the draft, activate it as a clinician does, and read it back."""
    store = TransactionStore()
    store.take(compose(run, SITE, AT))
    store.approve(next(f"CarePlan/{item['id']}" for item in store.of("CarePlan")))
    return store, current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT))


def read_values(state: ExerciseState) -> tuple[object, ...]:
    """The values of one exercise that must be read back."""
    return (
        state.exercise,
        state.dose,
        state.weekly_frequency,
        state.start,
        state.reference,
        state.before_flare,
        state.before_deload,
        state.rung,
        state.dose_since,
        state.last_raised,
        state.goal_linked,
        state.increment,
        state.range_low,
        state.range_high,
        state.target,
    )


def written_values(exercise: ExercisePrescription) -> tuple[object, ...]:
    """The same values of the prescription."""
    return (
        exercise.exercise,
        exercise.dose,
        exercise.weekly_frequency,
        exercise.start,
        exercise.reference,
        exercise.before_flare,
        exercise.before_deload,
        exercise.rung,
        exercise.dose_since,
        exercise.last_raised,
        exercise.goal_linked,
        exercise.increment,
        exercise.range_low,
        exercise.range_high,
        exercise.target,
    )


EVERYTHING = replace(
    PRESCRIPTION,
    phase=Phase.RETURN,
    phase_since=date(2025, 1, 13),
    loading_since=None,
    flare_first_day=date(2025, 1, 2),
    flare_grade=FlareGrade.F2,
    exercises=(
        prescribed(
            WALK,
            minutes("9.5"),
            5,
            start=minutes("7.0"),
            before_flare=minutes("12"),
            rung=minutes("9.5"),
            reference=minutes("12"),
            before_deload=minutes("20"),
            last_raised=date(2024, 12, 1),
            goal_linked=True,
        ),
        prescribed(
            PRESS,
            repetitions(2, 5, "37.50"),
            2,
            start=Dose(Decimal(25), "{repetitions}", 2, Decimal(40)),
            before_flare=repetitions(3, 10, "40"),
            increment=Decimal("2.5"),
            range_low=6,
            range_high=15,
            target=12,
        ),
        prescribed("sit-to-stand", Dose(Decimal(7), "{repetitions}", 2), 2),
        prescribed("balance-stance", Dose(Decimal(45), "s"), 3),
        prescribed("lift-and-carry", Dose(Decimal(60), "m"), 1),
    ),
)


@pytest.mark.parametrize("prescription", [PRESCRIPTION, EVERYTHING])
def test_the_state_is_read_back(prescription: Prescription) -> None:
    """Everything that the next run starts from, to the digit."""
    store, plan = approved(proposal(prescription=prescription))
    assert [read_values(item) for item in plan.exercises] == [written_values(item) for item in prescription.exercises]
    assert (plan.phase, plan.phase_since, plan.loading_since) == (
        prescription.phase,
        prescription.phase_since,
        prescription.loading_since,
    )
    assert (plan.flare_first_day, plan.flare_grade) == (prescription.flare_first_day, prescription.flare_grade)
    assert (plan.usual_pain, plan.usual_fatigue) == (prescription.usual_pain, prescription.usual_fatigue)
    assert (plan.overrides, plan.bounds, plan.drafts, plan.written_by_clinician) == ((), (), (), False)
    assert prior_runs(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT)).limits == LIMITS


def test_an_exercise_that_waits_for_its_baseline_comes_back_without_a_dose() -> None:
    """It has no order, and no order is reported as removed."""
    waiting = replace(PRESCRIPTION, exercises=(PRESCRIPTION.exercises[0], prescribed("sit-to-stand", None, 2)))
    store, plan = approved(proposal(prescription=waiting))
    assert len(store.of("ServiceRequest")) == 1
    assert [(item.exercise, item.dose, item.weekly_frequency) for item in plan.exercises] == [
        (WALK, minutes("16"), 3),
        ("sit-to-stand", None, 2),
    ]
    assert plan.overrides == ()


def test_a_record_of_the_day_moves_the_state_and_nothing_else() -> None:
    """A phase that changes without a dose is read from the day's decision, from the next day on."""
    store, plan = approved(proposal())
    tomorrow = AT + timedelta(days=1)
    held = replace(PRESCRIPTION, phase=Phase.DELOAD, phase_since=tomorrow.date())
    store.take(record(proposal(plan=plan, prescription=held), SITE, tomorrow))
    assert current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, tomorrow)).phase is plan.phase
    found = current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, tomorrow + timedelta(days=1)))
    assert (found.reference, found.phase, found.phase_since) == (plan.reference, Phase.DELOAD, tomorrow.date())
    assert (found.exercises, found.overrides) == (plan.exercises, ())
    assert found.history[-1].phase is Phase.LOADING


def test_an_edited_dose_is_kept_as_a_bound() -> None:
    """An override that the service's record repeats is still an override on the next day."""
    store, plan = approved(proposal())
    request = next(str(item.request) for item in plan.exercises if item.exercise == WALK)
    store.change(request, lambda item: item["quantityQuantity"].update(value=Decimal(12)))
    changed = current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT))
    lower = replace(
        PRESCRIPTION,
        exercises=(
            replace(PRESCRIPTION.exercises[0], dose=minutes("12")),
            PRESCRIPTION.exercises[1],
        ),
    )
    store.take(record(proposal(plan=changed, prescription=lower), SITE, AT + timedelta(days=1)))
    later = current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT + timedelta(days=1)))
    for found in (changed, later):
        assert [(item.element, item.edited) for item in found.overrides] == [("dose", "12 min")]
        assert [(item.exercise, item.dose) for item in found.bounds] == [(WALK, minutes("12"))]


@pytest.mark.parametrize(
    ("element", "kind", "change"),
    [
        ("instruction", "ServiceRequest", {"patientInstruction": "Only in the pool."}),
        ("detail", "ServiceRequest", {"orderDetail": [{"text": "16 min"}]}),
        ("period", "CarePlan", {"period": {"start": "2025-01-13", "end": "2025-01-20"}}),
        ("goals", "CarePlan", {"goal": []}),
        ("note", "CarePlan", {"note": [{"text": "Call first."}]}),
        ("target", "Goal", {"target": [{"dueDate": "2025-12-31"}]}),
    ],
)
def test_a_manual_change_is_reported(element: str, kind: str, change: dict[str, Any]) -> None:
    """Period, goals, instruction and more: by element, on the resource that was changed."""
    store, _ = approved(proposal())
    key = f"{kind}/{store.of(kind)[0]['id']}"
    store.set(key, **change)
    found = current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT)).overrides
    assert [(item.reference, item.element) for item in found] == [(key, element)]


def test_a_change_by_the_server_is_not_reported() -> None:
    """Meta, narrative, trailing zeros and a time in a period are formatting."""
    store, _ = approved(proposal())
    for item in store.of("ServiceRequest"):
        amount = {**item["quantityQuantity"], "value": item["quantityQuantity"]["value"] + Decimal("0.00")}
        meta = {"versionId": "8", "tag": [{"code": "x"}]}
        store.set(f"ServiceRequest/{item['id']}", quantityQuantity=amount, meta=meta)
    plan = store.of("CarePlan")[0]
    period = {**plan["period"], "start": plan["period"]["start"] + "T00:00:00Z"}
    store.set(f"CarePlan/{plan['id']}", text={"status": "generated", "div": "<div/>"}, period=period)
    assert current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT)).overrides == ()


def test_a_goal_that_was_there_before_is_no_change() -> None:
    """The service's goal from an earlier plan is linked by its id, before and after."""
    store = TransactionStore()
    goal = {
        "resourceType": "Goal",
        "id": "g",
        "lifecycleStatus": "active",
        "description": {"text": "Walk to the shop"},
        "subject": {"reference": "Patient/b"},
        "identifier": [{"system": SITE.resource_system, "value": "early"}],
    }
    store.stored["Goal/g"] = {**goal, "meta": {"versionId": "1"}}
    wish = PatientGoal(
        "Goal/g", "Walk to the shop", "active", WALK, None, None, None, True, ReadingSource(Source("Goal/g"), AT)
    )
    store.take(compose(proposal(goals=(wish,)), SITE, AT))
    plan = current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT))
    walking = next(item for item in store.of("ServiceRequest") if "Walking" in item["code"]["text"])
    assert walking["extension"][0]["valueReference"] == {"reference": "Goal/g"}
    assert [draft.touched for draft in plan.drafts] == [False]


def test_a_new_version_replaces_plan_and_orders() -> None:
    """The draft names the plan and orders that it would replace, and does not change them."""
    entries = compose(proposal(plan=IN_FORCE), SITE, AT)["entry"]
    by_type = {entry["resource"]["resourceType"]: entry["resource"] for entry in entries}
    assert by_type["CarePlan"]["replaces"] == [{"reference": "CarePlan/old"}]
    assert by_type["ServiceRequest"]["replaces"] == [{"reference": "ServiceRequest/p"}]
    assert {entry["request"]["method"] for entry in entries} == {"POST"}
