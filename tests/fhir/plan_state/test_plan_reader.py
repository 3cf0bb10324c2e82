"""The plan in force, read from any content of the EHR."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.fhir.example import AT, PERSON, PRESS, RULEBOOK, SITE, WALK, minutes, repetitions
from tests.fhir.plan_state.resources import coded, decision, measured, order, plan, service_plan, verified
from titrate.clinical.values.plan import NO_PLAN, Phase, PlanInForce
from titrate.fhir import code_systems
from titrate.fhir.plan_state import PlanResources, current_plan, prior_runs

STATE = {
    "phase": coded("deload"),
    "phase-since": {"valueDateTime": "2025-01-05"},
    "usual-pain": measured("2", "{score}"),
    "walking.duration": measured("15", "min"),
    "walking.weekly-frequency": measured("3", "/wk"),
    "walking.duration.start": measured("10", "min"),
    "walking.dose-since": {"valueDateTime": "2025-01-05"},
    "pain-ceiling": measured("5", "{score}"),
    "pain-ceiling.owner": {"valueString": "Practitioner/p"},
}
BASED = {"basedOn": [{"reference": "CarePlan/1"}]}
WALK_ORDER = order("w", WALK, "15", "min", "15 min")


def in_force(*resources: dict[str, Any], at: datetime = AT) -> PlanInForce:
    """The plan in force among these resources."""
    return current_plan(PlanResources.sort(resources, PERSON, RULEBOOK, SITE, at))


def test_no_plan_without_a_known_exercise() -> None:
    """An EHR without plans, and one with a plan for something else."""
    other = plan("1", category=[{"coding": [{"code": "diet"}]}])
    assert in_force().exercises == NO_PLAN.exercises
    assert in_force(other).reference is None
    assert in_force(other).other_plans == ()


def test_a_clinicians_plan_in_the_services_format_is_adopted() -> None:
    """Its dose is the dose in force, since its first day; the phase is assumed to be loading."""
    found = in_force(plan("1", "w", "p"), WALK_ORDER, order("p", PRESS, "30", "{repetitions}", "3 x 10 @ 40 kg"))
    assert (found.reference, found.version, found.written_by_clinician) == ("CarePlan/1", None, True)
    assert (found.phase, found.loading_since, found.approved) == (Phase.LOADING, date(2025, 1, 1), date(2025, 1, 1))
    assert [item.dose for item in found.exercises] == [minutes("15"), repetitions(3, 10, "40")]
    assert {item.dose_since for item in found.exercises} == {date(2025, 1, 1)}


def test_the_services_plan_takes_precedence_and_another_bounds_it() -> None:
    """The other author's plan is named, and its dose is an upper bound."""
    other = plan("2", "x")
    found = in_force(service_plan("1", "w"), WALK_ORDER, other, order("x", WALK, "12", "min"))
    assert (found.reference, found.written_by_clinician) == ("CarePlan/1", False)
    assert found.other_plans == ("CarePlan/2",)
    assert [(item.exercise, item.dose, item.plan) for item in found.bounds] == [(WALK, minutes("12"), "CarePlan/2")]


def test_a_plan_in_the_activity_category_is_named_even_without_a_dose() -> None:
    """A plan whose doses cannot be read is still named."""
    coding = {"system": code_systems.PHYSICAL_ACTIVITY_SYSTEM, "code": "PhysicalActivity"}
    other = plan("2", category=[{"coding": [coding]}])
    assert in_force(service_plan("1", "w"), WALK_ORDER, other).other_plans == ("CarePlan/2",)


def test_a_plan_replaced_by_the_services_bounds_nothing() -> None:
    """It may remain active for a while; the approved plan has replaced it."""
    newer = service_plan("1", "w", replaces=[{"reference": "CarePlan/2"}])
    found = in_force(newer, WALK_ORDER, plan("2", "x"), order("x", WALK, "12", "min"))
    assert (found.reference, found.other_plans, found.bounds) == ("CarePlan/1", (), ())


def test_the_services_newest_active_plan_is_in_force() -> None:
    """A replaced plan is not, even if it was left active."""
    newer = service_plan("2", "w", period={"start": "2025-01-01"}, replaces=[{"reference": "CarePlan/1"}])
    assert in_force(newer, service_plan("1", "w"), WALK_ORDER).reference == "CarePlan/2"


def test_the_state_comes_from_the_newest_decision_based_on_the_plan() -> None:
    """A later decision overrides the one written with the plan; one after `at` is ignored."""
    first = decision("d1", "2025-01-05T08:00:00Z", "reactive-deload", STATE)
    second = decision("d2", "2025-01-10T08:00:00Z", "hold", {**STATE, "phase": coded("loading")}, **BASED)
    future = decision("d3", "2025-02-01T08:00:00Z", "flare-protocol", {"phase": coded("flare")}, **BASED)
    mine = service_plan("1", "w", supportingInfo=[{"reference": "Observation/d1"}])
    assert in_force(mine, WALK_ORDER, first).phase is Phase.DELOAD
    found = in_force(mine, WALK_ORDER, first, second, future)
    assert (found.phase, found.state_reference) == (Phase.LOADING, "Observation/d2")
    assert found.state_date == date(2025, 1, 10)
    assert [past.outcome for past in found.history] == ["reactive-deload", "hold"]


def test_a_decision_that_is_not_final_or_of_another_author_is_ignored() -> None:
    """Neither an erroneous record nor a similar record of another author changes the state."""
    wrong = decision("d1", "2025-01-05", "hold", {"phase": coded("flare")}, **{**BASED, "status": "entered-in-error"})
    alien = decision("d2", "2025-01-05", "hold", {"phase": coded("flare")}, **{**BASED, "identifier": []})
    found = in_force(service_plan("1", "w"), WALK_ORDER, wrong, alien)
    assert (found.phase, found.history) == (Phase.LOADING, ())


def test_a_changed_dose_is_an_override_and_a_bound() -> None:
    """The active order determines the dose; the change is reported and is an upper bound."""
    state = decision("d1", "2025-01-05", "hold", STATE, **BASED)
    found = in_force(service_plan("1", "w"), order("w", WALK, "12", "min"), state)
    assert found.exercises[0].dose == minutes("12")
    assert [(item.element, item.written, item.edited) for item in found.overrides] == [("dose", "15 min", "12 min")]
    assert [(item.dose, item.plan) for item in found.bounds] == [(minutes("12"), "CarePlan/1")]


def test_an_override_survives_the_next_decision() -> None:
    """Once the service's record repeats the edited dose, the bound in it keeps the override."""
    later = {**STATE, "walking.duration": measured("12", "min"), "walking.duration.override": measured("12", "min")}
    state = decision("d1", "2025-01-05", "hold", later, **BASED)
    found = in_force(service_plan("1", "w"), order("w", WALK, "12", "min"), state)
    assert [(item.element, item.edited) for item in found.overrides] == [("dose", "12 min")]
    assert [item.dose for item in found.bounds] == [minutes("12")]


def test_a_changed_frequency_is_an_override() -> None:
    """The order determines the timing too."""
    state = decision("d1", "2025-01-05", "hold", {**STATE, "walking.weekly-frequency": measured("5", "/wk")}, **BASED)
    found = in_force(service_plan("1", "w"), WALK_ORDER, state)
    assert found.exercises[0].weekly_frequency == 3
    assert [(item.element, item.written, item.edited) for item in found.overrides] == [("timing", "5/wk", "3/wk")]


def test_a_revoked_or_missing_order_gives_no_dose() -> None:
    """A revoked order, and one that no longer exists."""
    state = decision("d1", "2025-01-05", "hold", STATE, **BASED)
    for rest, edited in (([{**WALK_ORDER, "status": "revoked"}], "revoked"), ([], "absent")):
        found = in_force(service_plan("1", "w"), state, *rest)
        assert found.exercises[0].dose is None
        assert [(item.element, item.edited) for item in found.overrides] == [("status", edited)]


def test_a_plan_on_hold_is_in_force_without_a_dose() -> None:
    """A clinician suspended it: no exercise is to be done, and it is reported."""
    found = in_force(
        service_plan("1", "w", status="on-hold"), WALK_ORDER, decision("d1", "2025-01-05", "hold", STATE, **BASED)
    )
    assert (found.reference, found.exercises[0].dose) == ("CarePlan/1", None)
    assert ("status", "on-hold") in [(item.element, item.edited) for item in found.overrides]


def test_approval_is_the_verifiers_date_and_moves_the_dates_of_the_draft() -> None:
    """A dose begins with its approval, not with the draft; older dates stay."""
    state = decision(
        "d1",
        "2025-01-05",
        "progress",
        {
            **STATE,
            "walking.last-raised": {"valueDateTime": "2025-01-05"},
            "loading-since": {"valueDateTime": "2025-01-01"},
        },
        **BASED,
    )
    found = in_force(service_plan("1", "w"), WALK_ORDER, state, verified("CarePlan/1", "2025-01-07T23:30:00-05:00"))
    walking = found.exercises[0]
    assert found.approved == date(2025, 1, 8)
    assert (found.phase_since, walking.dose_since, walking.last_raised) == (date(2025, 1, 8),) * 3
    assert found.loading_since == date(2025, 1, 1)


def test_missing_links_are_found_by_search() -> None:
    """A plan without activities uses the active orders; without supporting information the decision based on it."""
    state = decision("d1", "2025-01-05", "hold", STATE, **BASED)
    found = in_force(service_plan("1"), WALK_ORDER, state)
    assert found.exercises[0].dose == minutes("15")
    assert found.exercises[0].start == minutes("10")


def test_another_patients_resources_are_left_out() -> None:
    """Even if a server returned them."""
    alien = {**plan("1", "w"), "subject": {"reference": "Patient/else"}}
    assert in_force(alien, WALK_ORDER).reference is None


def test_invalid_resources_are_ignored() -> None:
    """The plan is read although other resources are invalid."""
    odd: list[dict[str, Any]] = [
        {"resourceType": "CarePlan", "id": "x", "status": "active", "activity": "none", "period": [], "category": {}},
        {"resourceType": "Observation", "id": "y", "code": None, "component": [None, 3]},
        {"resourceType": "Provenance", "id": "z", "target": {}, "agent": ["?"], "recorded": "yesterday"},
        {"id": "q"},
        {},
    ]
    assert in_force(service_plan("1", "w"), WALK_ORDER, *odd).exercises[0].dose == minutes("15")


def test_the_limits_that_were_shown_can_be_read_back() -> None:
    """They are read with their author."""
    state = decision("d1", "2025-01-05", "hold", STATE, **BASED)
    found = prior_runs(PlanResources.sort([service_plan("1", "w"), WALK_ORDER, state], PERSON, RULEBOOK, SITE, AT))
    assert found.limits is not None
    assert [(item.name, item.value, item.owner) for item in found.limits] == [
        ("pain-ceiling", Decimal(5), "Practitioner/p"),
    ]
