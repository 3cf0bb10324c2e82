"""Facts that decide and are missing, unreadable or cannot be applied: D5 holds, says why, and reaches the worklist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.app.test_completeness import RISES, bundle_of, from_file, page_text, rises, rules, stored
from tests.fhir.read.sample_resources import PRACTITIONER, Resource, component, concept, observation, quantity
from titrate.app.decisions.approval import Approval, approval_outcome
from titrate.app.decisions.carry_out_decision import DecisionStatus, plan_case
from titrate.app.fetch_result import FetchResult, file_result
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.app.report.worklist import WorkKind, work_items
from titrate.fhir.transaction_entries import simulate

LOWERED = [("e5-flare", "D2"), ("e4-reactive-deload", "D3"), ("gap-of-16-days", "D4"), ("red-flag", "D1")]


def with_patient(elements: Mapping[str, Any], name: str = RISES) -> PipelineResult:
    """The decision on a synthetic patient whose Patient has other elements; None takes one away."""
    bundle = bundle_of(name)
    (patient,) = (one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
    patient.update(elements)
    for key in [key for key, value in patient.items() if value is None]:
        del patient[key]
    return from_file(bundle, name)


def with_records(*records: Mapping[str, Any], name: str = RISES) -> PipelineResult:
    """The decision on a synthetic patient with more records of this patient."""
    bundle = bundle_of(name)
    own = {"subject": {"reference": f"Patient/{name}"}}
    return from_file({**bundle, "entry": [*bundle["entry"], *({"resource": {**one, **own}} for one in records)]}, name)


def requires_correction(result: PipelineResult, words: str) -> None:
    """D5 without a rise; reason, ask, trace, draft and worklist say what has to be corrected."""
    decision = result.evaluation.decision
    assert (decision.rule, rises(result)) == ("D5", [])
    assert any(words in str(reason) for reason in decision.reasons)
    assert any(words in str(ask) for ask in decision.asks)
    assert any(words in str(entry.text) and entry.rule == "D5" and entry.held for entry in decision.trace)
    assert words in page_text(result)
    assert WorkKind.INCOMPLETE in [item.work for item in work_items(result, None)]


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"birthDate": "2010/05/04"}, "Patient.birthDate"),
        ({"birthDate": 2010}, "Patient.birthDate"),
        ({"birthDate": None}, "the birth date is missing"),
        ({"birthDate": ""}, "the birth date is missing"),
        ({"deceasedBoolean": "false"}, "Patient.deceasedBoolean"),
        ({"link": [{"other": {"reference": "Patient/q"}}]}, "Patient.link"),
        ({"active": "true"}, "Patient.active"),
    ],
)
def test_nothing_rises_for_a_patient_who_may_not_be_eligible(elements: Mapping[str, Any], words: str) -> None:
    """The whole record earns a step; in doubt about age, death or a merge it does not."""
    assert rises(with_patient({})) == ["walking"]
    requires_correction(with_patient(elements), words)


@pytest.mark.parametrize("written", ["2010-05-04T00:00:00Z", "2010", "2010-05"])
def test_a_child_is_not_eligible_however_the_birth_date_is_written(written: str) -> None:
    """D0, as long as the date can be read."""
    assert with_patient({"birthDate": written}).evaluation.decision.rule == "D0"


@pytest.mark.parametrize("elements", [{"deceasedBoolean": "true"}, {"deceasedDateTime": "yesterday"}])
def test_a_death_in_words_ends_planning(elements: Mapping[str, Any]) -> None:
    """D0."""
    assert with_patient(elements).evaluation.decision.rule == "D0"


@pytest.mark.parametrize(("name", "rule"), LOWERED)
def test_rules_that_stop_or_lower_decide_as_before(name: str, rule: str) -> None:
    """And their draft asks for the correction as well."""
    whole, unsure = with_patient({}, name), with_patient({"birthDate": None}, name)
    assert unsure.evaluation.decision.rule == rule
    assert unsure.evaluation.decision.doses == whole.evaluation.decision.doses
    assert "the birth date is missing" in page_text(unsure)


def test_no_first_dose_for_a_patient_without_a_birth_date() -> None:
    """A start dose is a rise from none."""
    assert rises(with_patient({}, "e1-baseline-set"))
    requires_correction(with_patient({"birthDate": None}, "e1-baseline-set"), "the birth date is missing")


def limit_of_walking(amount: str, unit: str, at: str = "2025-01-10T08:00:00Z", **more: Any) -> Resource:
    """A clinician's limit."""
    parts = [component("exercise", valueCodeableConcept=concept("walking"))]
    parts += [component("amount", valueQuantity=quantity(amount, unit))]
    named = {"id": f"limit-{unit}-{amount}", "effectiveDateTime": at, "performer": [PRACTITIONER]}
    return observation("dose-limit", component=parts, **(named | more))


def test_a_limit_in_another_unit_holds_until_it_is_corrected() -> None:
    """By a limit in minutes, or as entered in error; a limit above the next step holds nothing."""
    kilometre = limit_of_walking("1", "km")
    requires_correction(with_records(kilometre), "Observation/limit-km-1")
    assert rises(with_records(kilometre | {"status": "entered-in-error"})) == ["walking"]
    assert rises(with_records(kilometre, limit_of_walking("30", "min", "2025-01-11T08:00:00Z"))) == ["walking"]
    requires_correction(with_records(kilometre, limit_of_walking("30", "min", "2025-01-09T08:00:00Z")), "limit-km-1")
    assert rises(with_records(limit_of_walking("30", "min"))) == ["walking"]


@pytest.mark.parametrize(
    "broken",
    [
        {"component": []}, {"component": "walking"}, {"effectiveDateTime": "2024"}, {"effectiveDateTime": 7},
        {"status": "ok"}, {"performer": "Practitioner/physio"},
    ],
)  # fmt: skip
def test_an_unreadable_limit_holds_also_after_weeks(broken: Resource) -> None:
    """It may be the one that forbids the step."""
    old = {"effectiveDateTime": "2024-10-01T08:00:00Z", "issued": "2024-10-01T08:00:00Z"}
    requires_correction(with_records({**limit_of_walking("9", "min"), **old, **broken}), "Observation/limit-min-9")


@pytest.mark.parametrize(("at", "held"), [("2025-01-13", True), ("2025-01-06", True), ("2025-01-05", False)])
def test_a_recent_record_that_nothing_identifies_holds_for_a_week(at: str, held: bool) -> None:
    """It may be the flare that was ticked; a laboratory's record and a text that no mapping knows hold nothing."""
    lost = observation("x", id="lost", effectiveDateTime=at, valueBoolean=True) | {"code": {}}
    if held:
        requires_correction(with_records(lost), "Observation/lost does not say what it is about")
    else:
        assert rises(with_records(lost)) == ["walking"]
    assert rises(with_records(lost | {"category": [concept("laboratory")]})) == ["walking"]
    assert rises(with_records(lost | {"code": {"text": "My own app"}})) == ["walking"]


WITHOUT_EXERCISE: list[Resource] = [
    {"component": []},
    {"component": [component("exercise", valueCodeableConcept=[concept("walking")])]},
    {"component": [component("exercise", valueCodeableConcept={"coding": "walking"})]},
    {"component": [component("exercise", valueCodeableConcept=concept("walking"))], "effectiveDateTime": "about noon"},
]


@pytest.mark.parametrize(("at", "held"), [("2025-01-07", True), ("2025-01-06", False), ("2025-01-05", False)])
@pytest.mark.parametrize("broken", WITHOUT_EXERCISE)
def test_an_unreadable_session_holds_until_it_is_seven_days_old(broken: Resource, at: str, held: bool) -> None:
    """It may be one that was not tolerated (B13.15)."""
    lost = observation("exercise-session", id="lost", effectiveDateTime=f"{at}T10:00:00Z", issued=f"{at}T10:00:00Z")
    result = with_records({**lost, **broken})
    assert (result.evaluation.decision.rule, rises(result)) == (("D5", []) if held else ("D10", ["walking"]))


def test_a_yes_in_words_opens_its_flag() -> None:
    """As a coded one does."""
    yes = observation("x", id="worded", valueBoolean=True) | {"code": {"text": "Chest symptoms or fainting"}}
    assert with_records(yes).evaluation.decision.rule == "D1"
    assert rises(with_records(yes | {"valueBoolean": False})) == ["walking"]


def without_order(resource: dict[str, Any]) -> None:
    """An order for walking whose amount cannot be read."""
    if resource["resourceType"] == "ServiceRequest" and "walking" in str(resource["code"]):
        resource["quantityQuantity"] = "20 min"


@pytest.mark.parametrize(
    "broken",
    [
        {"code": None}, {"code": ["cycling"]}, {"status": "unknown"}, {"status": None}, {"quantityQuantity": "20 min"},
        {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
    ],
)  # fmt: skip
def test_sessions_of_an_unreadable_order_still_lower_the_other_exercises(broken: Resource) -> None:
    """Two rides were not tolerated: without the order of the rides the leg press is as low as with it (B13.17)."""
    bundle = bundle_of("e4-reactive-deload")
    (order,) = (one["resource"] for one in bundle["entry"] if one["resource"]["id"].endswith("order-cycling"))
    order.update(broken)
    for key in [key for key, value in order.items() if value is None]:
        del order[key]
    decision = from_file(bundle, "e4-reactive-deload").evaluation.decision
    (press,) = (one.next for one in decision.doses if one.exercise == "leg-press")
    assert press is not None
    assert (decision.rule, str(press.amount)) == ("D3", "24")


def loading_ahead(resource: dict[str, Any]) -> None:
    """A state that has been loading since a day to come."""
    for part in resource.get("component", ()):
        if part["code"]["coding"][0].get("code") == "loading-since":
            part["valueDateTime"] = "2025-07-30"


def plan_to_come(resource: dict[str, Any]) -> None:
    """A plan that starts in summer."""
    if resource["resourceType"] == "CarePlan":
        resource["period"] = {"start": "2025-07-30"}


@pytest.mark.parametrize("damage", [without_order, loading_ahead, plan_to_come])
def test_a_plan_that_cannot_be_read_back_holds_day_after_day(damage: Callable[[dict[str, Any]], None]) -> None:
    """The decision of a run is no state for the next one, so nothing rises until a person corrects the record."""
    damaged = bundle_of(RISES)
    for entry in damaged["entry"]:
        damage(entry["resource"])
    resources = file_result(damaged).resources
    at = stored(RISES)[1]
    for when in (at, at + timedelta(hours=15), at + timedelta(hours=20)):
        result = plan_patient(FetchResult(resources), rules(), when)
        requires_correction(result, "cannot be read or is dated ahead")
        resources = simulate(resources, result.bundle.get("entry", ()))
    whole = {one["id"]: one for one in file_result(stored(RISES)[0]).resources}
    corrected = tuple(whole.get(one["id"], one) for one in resources)
    assert plan_patient(FetchResult(corrected), rules(), at + timedelta(hours=21)).evaluation.decision.rule == "D10"


def test_a_draft_above_the_dose_in_force_is_approved_with_a_reason_only() -> None:
    """As on an incomplete record: a clinician decides, knowing what was not known."""
    drafted = simulate(file_result(stored(RISES)[0]).resources, from_file(bundle_of(RISES)).bundle["entry"])
    (draft,) = (one for one in drafted if one["resourceType"] == "CarePlan" and one["status"] == "draft")
    unsure = tuple({**one, "birthDate": "?"} if one["resourceType"] == "Patient" else one for one in drafted)
    at = stored(RISES)[1] + timedelta(hours=1)
    for resources, reason, ending in (
        (drafted, "", DecisionStatus.DONE),
        (unsure, "", DecisionStatus.REFUSED),
        (unsure, "an adult, by the passport", DecisionStatus.DONE),
    ):
        case = plan_case(FetchResult(resources), f"CarePlan/{draft['id']}", rules(), at)
        decided_on = approval_outcome(case, Approval(str(draft["id"]), "Practitioner/p", {}, reason), rules(), at)
        assert decided_on.ending is ending
