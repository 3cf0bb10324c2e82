"""Parts of the plan in force that are there and cannot be read, or are dated in the future (B13.4, B13.6, B13.15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.fhir.example import AT, PERSON, SITE, WALK
from tests.fhir.plan_state.resources import coded, decision, measured, order, plan, service_plan, verified
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir import code_systems
from titrate.fhir.plan_state import PlanResources, current_plan, open_flags
from titrate.rulebook import load

Json = dict[str, Any]
BOOK = load()
UNKNOWN = {"url": "https://example.org/unknown", "valueBoolean": True}
OWN = {"identifier": [{"system": SITE.resource_system, "value": "one"}]}


def day(written: object) -> Json:
    """A date as component value."""
    return {"valueDateTime": written}


STATE: Json = {
    "phase": coded("loading"),
    "phase-before": coded("return"),
    "flare-grade": coded("f1"),
    "phase-since": day("2025-01-01"),
    "loading-since": day("2025-01-01"),
    "flare-first-day": day("2024-12-01"),
    "usual-pain": measured("2", "{score}"),
    "usual-fatigue": measured("3", "{score}"),
    "pain-ceiling": measured("5", "{score}"),
    "pain-ceiling.since": day("2025-01-01"),
    "walking.duration": measured("15", "min"),
    "walking.duration.before-flare": measured("20", "min"),
    "walking.weekly-frequency": measured("3", "/wk"),
    "walking.dose-since": day("2025-01-01"),
    "walking.last-raised": day("2025-01-01"),
    "walking.instruction": {"valueString": "Slowly."},
    "rulebook": {"valueString": "1"},
    "trace.G5.1": {"valueString": "met"},
    "of-a-later-version": {"valueCodeableConcept": {"text": "anything"}},
}
DATES = [code for code, value in STATE.items() if "valueDateTime" in value]
READ = [code for code in STATE if code not in ("rulebook", "trace.G5.1", "of-a-later-version", "walking.instruction")]


def plans(*resources: Json, at: datetime = AT) -> PlanResources:
    """These resources, sorted."""
    return PlanResources.sort(resources, PERSON, BOOK, SITE, at)


def in_force(*resources: Json, at: datetime = AT) -> PlanInForce:
    """The plan in force among these resources."""
    return current_plan(plans(*resources, at=at))


def state(values: Json, at: str = "2025-01-05T09:00:00Z", **more: Any) -> Json:
    """The decision that holds the state of plan 1."""
    return decision("d", at, "hold", values, **{"basedOn": [{"reference": "CarePlan/1"}], **more})


def faults(values: Json | None = None, **more: Any) -> tuple[str, ...]:
    """The faults of a plan with this state."""
    return in_force(service_plan("1", "w"), order("w", WALK, "15", "min"), state(values or STATE, **more)).unreadable


def test_a_whole_state_has_no_fault() -> None:
    """Nor has one without optional parts, and components of other versions are left alone."""
    assert faults() == ()
    assert faults({"phase": coded("loading")}) == ()
    assert in_force(service_plan("1", "w"), order("w", WALK, "15", "min")).unreadable == ()


@pytest.mark.parametrize("code", DATES)
@pytest.mark.parametrize(
    ("written", "usable"),
    [
        ("2025-01-05", True), ("2025-01-06", True), ("2025-01-07", False), ("2025-07-30", False),
        ("2025-01-04T23:00:00+01:00", True), ("yesterday", False), ("2025-02-30", False), ("", False),
        (20250101, False), (["2025-01-01"], False), (None, False),
    ],
)  # fmt: skip
def test_dates_of_the_state(code: str, written: object, usable: bool) -> None:
    """None lies after its decision, by more than zones can lie apart, and each can be read."""
    assert faults({**STATE, code: day(written)}) == (() if usable else (f"Observation/d {code}",))


@pytest.mark.parametrize("code", DATES)
def test_a_date_after_today(code: str) -> None:
    """On the day of the decision itself, tomorrow has not begun."""
    listed = service_plan("1", "w", supportingInfo=[{"reference": "Observation/d"}])
    for written, faults_found in (("2025-01-14", (f"Observation/d {code}",)), ("2025-01-13", ())):
        today = state({**STATE, code: day(written)}, at="2025-01-13T08:00:00Z")
        assert in_force(listed, order("w", WALK, "15", "min"), today).unreadable == faults_found


def test_a_date_after_its_decision_does_not_become_usable_by_waiting() -> None:
    """The state was never right."""
    resources = (
        service_plan("1", "w"),
        order("w", WALK, "15", "min"),
        state({**STATE, "loading-since": day("2025-01-30")}),
    )
    for written in ("2025-01-13", "2025-01-30", "2025-03-01"):
        at = datetime.fromisoformat(f"{written}T09:00:00+00:00")
        assert in_force(*resources, at=at).unreadable == ("Observation/d loading-since",)


@pytest.mark.parametrize("code", READ)
@pytest.mark.parametrize(
    "value", [{}, {"valueBoolean": True}, {"valueCodeableConcept": {"coding": []}}, {"valueRange": {}}]
)
def test_a_component_of_another_type(code: str, value: Json) -> None:
    """It is there and says nothing that the service can use."""
    assert faults({**STATE, code: value}) == (f"Observation/d {code}",)


@pytest.mark.parametrize("phase", ["Loading", "resting", "12"])
def test_a_phase_that_is_not_known(phase: str) -> None:
    """It is no loading."""
    assert faults({**STATE, "phase": coded(phase)}) == ("Observation/d phase",)


@pytest.mark.parametrize(
    "component", ["x", [None], [{"code": {"coding": [{"code": "phase"}]}}], [{"valueInteger": 3}], 7]
)
def test_components_of_no_use_at_all(component: object) -> None:
    """Which part is lost is not known."""
    assert faults(component=component) == ("Observation/d component",)


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "ok"}, {"status": None}, {"status": 3}, {"status": "preliminary"},
        {"code": {}}, {"code": "decision"}, {"code": {"coding": [{"system": SITE.codes, "code": "unknown"}]}},
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_read_as_one(broken: Json) -> None:
    """The newest one holds; behind a newer one that can be read it does not matter."""
    assert faults(**broken) == ("Observation/d",)
    resources = (service_plan("1", "w"), order("w", WALK, "15", "min"), state(STATE, **broken))
    newer = {**state(STATE, "2025-01-08T09:00:00Z"), "id": "newer"}
    older = {**state(STATE, "2025-01-03T09:00:00Z"), "id": "older"}
    assert in_force(*resources, newer).unreadable == ()
    assert in_force(*resources, older).unreadable == ("Observation/d",)


@pytest.mark.parametrize(
    ("listed", "is_fault"),
    [
        ("x", True), (["Observation/d"], True), ([{"reference": 12}], True), ([{}], True), ([], False), (None, False),
        ([{"reference": "Observation/d"}], False), ([{"identifier": {"value": "d"}}], False),
        ([{"display": "the assessment"}], False), ({"reference": "Observation/d"}, False),
    ],
)  # fmt: skip
def test_a_link_to_the_state_that_leads_nowhere(listed: object, is_fault: bool) -> None:
    """Without it the plan would be one that is loading."""
    named = service_plan("1", "w", supportingInfo=listed)
    found = in_force(named, order("w", WALK, "15", "min"), state(STATE, basedOn=None)).unreadable
    assert found == (("CarePlan/1 supportingInfo",) if is_fault else ())


def test_a_decision_from_the_future() -> None:
    """The plan names it as its state, and it was not made yet."""
    future = state(STATE, "2025-03-01T09:00:00Z", basedOn=None)
    named = service_plan("1", "w", supportingInfo=[{"reference": "Observation/d"}])
    assert in_force(named, order("w", WALK, "15", "min"), future).unreadable == ("Observation/d",)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_withdrawn_decision_holds_nothing(status: str) -> None:
    """So a clinician can take back one that cannot be corrected."""
    assert faults({**STATE, "loading-since": day("soon")}, status=status) == ()


@pytest.mark.parametrize("more", [{"modifierExtension": [UNKNOWN]}, {"implicitRules": "https://example.org/x"}])
def test_a_state_whose_meaning_is_modified(more: Json) -> None:
    """What the modifier says is not known. The fault names the element that is there."""
    assert faults(**more) == (f"Observation/d {next(iter(more))}",)


PLANS: list[tuple[Json, str | None]] = [
    ({}, None),
    ({"period": {"start": "2025-01-13"}}, None),
    ({"period": {"start": "2025-01-14"}}, "CarePlan/1 period"),
    ({"period": {"start": "soon"}}, "CarePlan/1 period"),
    ({"period": {"start": 7}}, "CarePlan/1 period"),
    ({"period": "2025"}, "CarePlan/1 period"),
    ({"period": {"end": "2025-03-01"}}, None),
    ({"period": None}, None),
    ({"activity": "w"}, "CarePlan/1 activity"),
    ({"activity": [{"reference": {"reference": 3}}]}, "CarePlan/1 activity"),
    ({"activity": [{"reference": "ServiceRequest/w"}]}, "CarePlan/1 activity"),
    ({"activity": [{}, {"reference": {"reference": "ServiceRequest/w"}}]}, "CarePlan/1 activity"),
    ({"activity": [{"detail": {"status": "scheduled"}}]}, None),
    ({"activity": [{"reference": {"display": "Walking group"}}]}, None),
    ({"modifierExtension": [UNKNOWN]}, "CarePlan/1 modifierExtension"),
    ({"activity": [{"reference": {"reference": "ServiceRequest/w"}, "modifierExtension": [UNKNOWN]}]},
     "CarePlan/1 modifierExtension"),
    ({"status": None}, "CarePlan/1"),
    ({"status": "unknown"}, "CarePlan/1"),
    ({"status": "Active"}, "CarePlan/1"),
    ({"status": ["active"]}, "CarePlan/1"),
    ({"status": "completed"}, None),
    ({"status": "draft"}, None),
]  # fmt: skip


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(("more", "fault"), PLANS)
def test_plans(more: Json, fault: str | None, own: bool) -> None:
    """A plan of the service, or of a clinician in the category of physical activity."""
    category = [{"coding": [{"code": code_systems.PHYSICAL_ACTIVITY}]}]
    made = service_plan("1", "w", **more) if own else plan("1", "w", category=category, **more)
    assert in_force(made, order("w", WALK, "15", "min")).unreadable == (() if fault is None else (fault,))


def test_plans_about_something_else_hold_nothing() -> None:
    """Wound care without a status is not the service's business."""
    assert in_force(plan("1", status=None), plan("2", activity="x", status=None)).unreadable == ()


ORDERS: list[tuple[Json, bool, bool]] = [
    ({}, False, False),
    ({"status": None}, True, True),
    ({"status": "unknown"}, True, True),
    ({"status": "ok"}, True, True),
    ({"status": 7}, True, True),
    ({"status": "revoked"}, False, False),
    ({"status": "draft", "quantityQuantity": "x"}, False, False),
    ({"quantityQuantity": None}, False, False),
    ({"quantityQuantity": "15 min"}, True, True),
    ({"quantityQuantity": {"value": "15", "code": "min"}}, True, True),
    ({"quantityQuantity": {"value": 1, "code": "km"}}, True, True),
    ({"quantityQuantity": {"value": 15, "code": "min", "comparator": "<"}}, True, True),
    ({"quantityQuantity": None, "quantityRange": {"high": {"value": 15, "code": "min"}}}, True, True),
    ({"quantityQuantity": None, "quantityRatio": {}}, True, True),
    ({"doNotPerform": True}, False, False),
    ({"doNotPerform": True, "quantityQuantity": "x"}, False, False),
    ({"doNotPerform": "true"}, True, True),
    ({"code": {"coding": [{"system": SITE.codes, "code": "juggling"}]}}, True, False),
    ({"modifierExtension": [UNKNOWN]}, True, False),
]


@pytest.mark.parametrize(("more", "own", "others"), ORDERS)
def test_orders(more: Json, own: bool, others: bool) -> None:
    """Of the service each must be understood; of others those for an exercise of the library, for they are bounds."""
    whole = order("w", WALK, "15", "min", **more)
    assert in_force(service_plan("1", "w"), {**whole, **OWN}).unreadable == (("ServiceRequest/w",) if own else ())
    assert in_force(service_plan("1"), whole).unreadable == (("ServiceRequest/w",) if others else ())


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"code": None}, True), ({"code": "walking"}, True), ({"code": ["x"]}, True), ({"code": {"coding": 7}}, True),
        ({"code": {"text": "juggling"}}, False), ({"code": {"coding": [{"display": "Walking"}]}}, True),
        ({"code": {"text": "walking"}, "quantityQuantity": None}, False),
        ({"code": {"text": "walking"}, "quantityQuantity": None, "doNotPerform": True}, True),
        ({"code": None, "quantityQuantity": None, "category": [{"text": "referral"}]}, False),
        ({"code": None, "quantityQuantity": None, "category": [{"text": "referral"}], "doNotPerform": True}, True),
        ({"code": None, "quantityQuantity": None}, True),
        ({"code": None, "quantityQuantity": None, "authoredOn": "2020-01-01"}, False),
        ({"code": None, "quantityQuantity": None, "meta": {"lastUpdated": "2020-01-01T00:00:00Z"}}, False),
        ({"code": None, "status": "completed"}, False), ({"code": None, "intent": "proposal"}, False),
    ],
)  # fmt: skip
def test_orders_that_lost_their_code(more: Json, expected: bool) -> None:
    """One of others holds if it may order or forbid an exercise."""
    lost = order("w", WALK, "15", "min", **more)
    found = in_force(service_plan("1"), lost).unreadable
    assert found == (("ServiceRequest/w code",) if expected else ())


def test_another_specialtys_orders_hold_nothing() -> None:
    """Whatever their shape."""
    swab = {"resourceType": "ServiceRequest", "id": "s", "quantityQuantity": "x", "subject": {"reference": "Patient/b"}}
    assert in_force(service_plan("1"), swab).unreadable == ()


@pytest.mark.parametrize("more", [
    {"modifierExtension": [UNKNOWN]}, {"implicitRules": "https://example.org/x"},
])  # fmt: skip
def test_a_modified_provenance_approves_nothing(more: Json) -> None:
    """The approval counts from a Provenance that is understood."""
    signed = verified("CarePlan/1", "2025-01-08T09:00:00Z")
    whole = in_force(service_plan("1", "w"), order("w", WALK, "15", "min"), signed)
    modified = in_force(service_plan("1", "w"), order("w", WALK, "15", "min"), {**signed, **more})
    agents = [{**agent, "modifierExtension": [UNKNOWN]} for agent in signed["agent"]]
    by_agent = in_force(service_plan("1", "w"), order("w", WALK, "15", "min"), {**signed, "agent": agents})
    assert [str(one.approved) for one in (whole, modified, by_agent)] == ["2025-01-08", "2025-01-01", "2025-01-01"]


# --- Red flags --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "opened"),
    [
        ("2025-01-02T08:00:00+00:00", "2025-01-02T08:00:00+00:00"),
        ("2025-03-02T08:00:00+00:00", "2025-01-05T09:00:00+00:00"),
        ("soon", "2025-01-05T09:00:00+00:00"),
        (7, "2025-01-05T09:00:00+00:00"),
    ],
)
def test_a_flag_of_a_decision_is_open_whatever_its_moment(since: object, opened: str) -> None:
    """A moment that cannot be read, or that lies ahead, is the moment of the decision."""
    (found,) = open_flags(plans(state({"rf09-open-since": day(since)})))
    assert (found.flag, found.since.isoformat(), found.urgency) == ("rf09", opened, Urgency.E0)


@pytest.mark.parametrize(
    ("more", "opened"),
    [
        ({}, "2025-01-02T08:00:00+00:00"),
        ({"period": {"start": "2025-03-02T08:00:00Z"}}, AT.isoformat()),
        ({"period": {"start": "soon"}}, "2025-01-06T08:00:00+00:00"),
        ({"period": 3}, "2025-01-06T08:00:00+00:00"),
        ({"period": None, "meta": {}}, AT.isoformat()),
        ({"status": None}, "2025-01-02T08:00:00+00:00"),
        ({"status": "ok"}, "2025-01-02T08:00:00+00:00"),
        ({"status": "inactive"}, None),
        ({"status": "entered-in-error"}, None),
    ],
)
def test_a_flag_of_the_service_is_open_unless_it_is_closed(more: Json, opened: str | None) -> None:
    """Whatever its moment, and whatever its status if that cannot be read."""
    flag = {
        "resourceType": "Flag", "id": "f", "status": "active", "subject": {"reference": "Patient/b"},
        "code": {"coding": [{"system": SITE.codes, "code": "rf09"}]}, "period": {"start": "2025-01-02T08:00:00Z"},
        "meta": {"lastUpdated": "2025-01-06T08:00:00Z"}, **OWN, **more,
    }  # fmt: skip
    found = open_flags(plans(flag))
    assert [one.since.isoformat() for one in found] == ([] if opened is None else [opened])


def test_a_decision_on_an_uncertain_state_is_no_state() -> None:
    """The next run starts from the state that has to be corrected, and not from a copy without it."""
    broken = state({**STATE, "loading-since": day("soon")})
    mark = {"valueString": "Observation/d loading-since"}
    copy = {**state({**STATE, "state-uncertain": mark}, "2025-01-08T09:00:00Z"), "id": "copy"}
    whole = (service_plan("1", "w"), order("w", WALK, "15", "min"))
    assert in_force(*whole, broken, copy).unreadable == ("Observation/d loading-since",)
    assert in_force(*whole, state(STATE), copy).unreadable == ()
    assert in_force(*whole, state(STATE), copy).state_reference == "Observation/d"
    listed = service_plan("1", "w", supportingInfo=[{"reference": "Observation/copy"}])
    assert in_force(listed, whole[1], broken, copy).state_reference == "Observation/copy"
