"""The transaction: complete, linked, conditional, and the same bytes for the same input."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fhir.example import ASSESSMENT, AT, DECISION, IN_FORCE, MORNING, SITE, proposal, stopped
from titrate.clinical.values.decision import Decision, Flag, Outcome
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir import code_systems
from titrate.fhir.site import Site
from titrate.fhir.validate import validate
from titrate.fhir.write import PlanProposal, alert, compose, record, with_known_profiles
from titrate.messages.red_flags import ScreenAnsweredYes

RED = Flag("RF01", Urgency.E0, AT - timedelta(hours=3), (MORNING,), ScreenAnsweredYes())
RUNS = {
    "first": proposal(),
    "next": proposal(plan=IN_FORCE),
    "stop": stopped((RED,), plan=IN_FORCE),
    "no exercise": proposal(prescription=replace(proposal().prescription, exercises=())),
}


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The resources of one type."""
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_everything_that_is_written_is_valid(run: PlanProposal) -> None:
    """The draft, the record of a day and the alert."""
    for made in (compose, record, alert):
        assert validate(made(run, SITE, AT)) == ()


def test_a_draft_is_the_whole_set() -> None:
    """Plan, goal, orders, two observations, task and provenance, in a fixed order with the statuses of a draft."""
    bundle = compose(proposal(), SITE, AT)
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == [
        "CarePlan",
        "Goal",
        "ServiceRequest",
        "ServiceRequest",
        "Observation",
        "Observation",
        "Task",
        "Provenance",
    ]
    assert {(item["status"], item["intent"]) for item in of(bundle, "CarePlan")} == {("draft", "plan")}
    assert {(item["status"], item["intent"]) for item in of(bundle, "ServiceRequest")} == {("draft", "order")}
    assert {item["lifecycleStatus"] for item in of(bundle, "Goal")} == {"proposed"}
    assert {item["status"] for item in of(bundle, "Observation")} == {"final"}
    assert {item["status"] for item in of(bundle, "Task")} == {"requested"}
    assert not any("requester" in item for item in of(bundle, "ServiceRequest"))


def test_same_input_same_bytes() -> None:
    """The Bundle contains no random value and no clock time."""
    assert json.dumps(compose(proposal(), SITE, AT), default=str) == json.dumps(
        compose(proposal(), SITE, AT), default=str
    )


def test_every_create_is_conditional_but_provenance() -> None:
    """R4 gives Provenance no identifier."""
    plain = [
        entry["resource"]["resourceType"]
        for entry in compose(proposal(), SITE, AT)["entry"]
        if "ifNoneExist" not in entry["request"]
    ]
    assert plain == ["Provenance"]


def test_the_device_is_not_made_in_a_patients_transaction() -> None:
    """It is referenced by an identifier, or by the reference that the site configures."""
    bundle = compose(proposal(), SITE, AT)
    assert of(bundle, "Device") == []
    assert "identifier" in of(bundle, "Observation")[0]["device"]
    known = compose(proposal(), Site(device="Device/7", task_owner="Practitioner/p", organisation="Organization/o"), AT)
    assert of(known, "Observation")[0]["device"]["reference"] == "Device/7"
    assert of(known, "Task")[0]["owner"] == {"reference": "Practitioner/p"}
    assert "performerType" not in of(known, "Task")[0]


def test_no_activity_profile_is_claimed() -> None:
    """The Physical Activity profiles are for approved orders; US Core is claimed if a draft conforms."""
    claimed = {
        profile
        for entry in compose(proposal(), SITE, AT)["entry"]
        for profile in entry["resource"].get("meta", {}).get("profile", [])
    }
    assert claimed == {
        f"{code_systems.US_CORE_PROFILE}/us-core-{name}"
        for name in ("careplan", "goal", "servicerequest", "simple-observation")
    }


def test_claims_follow_the_server() -> None:
    """A strict server refuses unsupported profiles; everything else in the Bundle stays."""
    bundle = compose(proposal(), SITE, AT)
    goal = f"{code_systems.US_CORE_PROFILE}/us-core-goal"
    claimed = [entry["resource"].get("meta") for entry in with_known_profiles(bundle, [f"{goal}|6.1.0"])["entry"]]
    assert [meta for meta in claimed if meta] == [{"profile": [goal]}]
    assert validate(with_known_profiles(bundle, [])) == ()
    assert "profile" in of(bundle, "Goal")[0]["meta"]


def test_components_have_distinct_codes_and_the_trace_names_versions() -> None:
    """Each value has its own code; a source's version is kept as text."""
    decision = of(compose(proposal(), SITE, AT), "Observation")[1]
    codes = [item["code"]["coding"][0]["code"] for item in decision["component"]]
    assert len(codes) == len(set(codes))
    assert {"trace.G6.1", "trace.G6.2", "trace.D10.1"} <= set(codes)
    lines = [item.get("valueString", "") for item in decision["component"]]
    assert "Rise of morning pain (0.00 <= 0.5 points): yes; from Observation/m1 version 3" in lines
    assert proposal().rulebook.digest in decision["method"]["text"]


def test_at_most_thirty_sources_and_the_deciding_ones_first() -> None:
    """Longer lists cost time; sources that decided are never left out."""
    many = tuple(Source(f"Observation/n{index}") for index in range(90))
    run = proposal(assessment=replace(ASSESSMENT, sources=(*many, Source("Condition/c"))))
    assessment, decision = of(compose(run, SITE, AT), "Observation")
    assert len(assessment["derivedFrom"]) == 30
    assert len(decision["derivedFrom"]) == 30
    assert decision["derivedFrom"][1] == {"reference": "Observation/s1"}
    assert len(of(compose(run, SITE, AT), "Provenance")[0]["entity"]) == 30


def test_a_red_flag_makes_alerts_and_no_exercise() -> None:
    """Flag, Communication and an urgent Task with the rulebook's text; the plan in force is only referenced."""
    bundle = compose(stopped((RED, replace(RED, flag="RF07", urgency=Urgency.E2)), plan=IN_FORCE), SITE, AT)
    assert of(bundle, "ServiceRequest") == of(bundle, "Goal") == []
    assert [item["code"]["coding"][0]["code"] for item in of(bundle, "Flag")] == ["rf01"]
    assert of(bundle, "Communication")[0]["payload"] == [
        {"contentString": "RF01, cauda equina signs: Needs assessment now: call for help."},
    ]
    assert {item["priority"] for item in (*of(bundle, "Task"), *of(bundle, "Communication"))} == {"stat"}


def test_not_eligible_is_an_empty_bundle() -> None:
    """Nothing is written for a patient who must not have a plan."""
    refused: Decision = replace(DECISION, rule="D0", outcome=Outcome.NOT_ELIGIBLE)
    assert compose(proposal(decision=refused), SITE, AT) == {"resourceType": "Bundle", "type": "transaction"}


def test_a_record_is_one_a_day() -> None:
    """The day identifies a decision without a draft, which is based on the plan in force."""
    run = proposal(plan=IN_FORCE)
    first, again = record(run, SITE, AT), record(run, SITE, AT + timedelta(hours=5))
    next_day = record(run, SITE, AT + timedelta(days=1))
    conditions = [bundle["entry"][0]["request"]["ifNoneExist"] for bundle in (first, again, next_day)]
    assert conditions[0] == conditions[1] != conditions[2]
    assert first["entry"][0]["resource"]["basedOn"] == [{"reference": "CarePlan/old"}]
