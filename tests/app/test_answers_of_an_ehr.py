"""What an EHR answers and which server it belongs to: Bundles among the matches, full URLs, repeated matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.app.test_completeness import FLAGGED, RISES, SEARCHED, ehr_of, from_ehr, held_for, rises, rules, stored
from tests.ehr.ehr_client import client
from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource, serving
from titrate.app.fetch_and_deliver import fetch, preview
from titrate.app.pipeline import PipelineResult
from titrate.clinical.values.completeness import Retrieval
from titrate.ehr.errors import ServerFault
from titrate.fhir.site import Site
from titrate.json_codec import loads

PORTAL = "https://portal.example/fhir"
PALSY = {"system": "http://hl7.org/fhir/sid/icd-10", "code": "G83.4"}
Changed = Callable[[Reply], Reply]


def red_flag(**more: Any) -> dict[str, Any]:
    """A yes to a question of the safety screen, on the day of the decision."""
    return {
        "resourceType": "Observation",
        "id": "yes",
        "status": "final",
        "code": {"coding": [{"system": Site().codes, "code": "rf09"}]},
        "subject": {"reference": f"Patient/{RISES}"},
        "effectiveDateTime": "2025-01-13T07:00:00Z",
        "valueBoolean": True,
        **more,
    }


def also(*entries: dict[str, Any] | None, **more: Any) -> Changed:
    """The usual answer with more entries, and other elements of the Bundle."""

    def changed(usual: Reply) -> Reply:
        bundle = loads(usual.body)
        return resource({**bundle, "entry": [*bundle["entry"], *entries], **more})

    return changed


def searchset(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Bundle among the matches."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one, "search": {"mode": "match"}} for one in resources],
        **more,
    }


def decided_by(result: PipelineResult) -> str:
    """The rule that decides."""
    return result.evaluation.decision.rule


WRAPPED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a match": lambda inner: inner,
    "in a Bundle": searchset,
    "in a part of Parameters": lambda inner: {
        "resourceType": "Parameters",
        "parameter": [{"name": "a", "part": [{"name": "b", "resource": inner}]}],
    },
}


@pytest.mark.parametrize("where", WRAPPED)
@pytest.mark.parametrize("kind", ["Observation", "Condition"])
def test_a_bundle_among_the_matches_is_opened(kind: str, where: str) -> None:
    """As in a file; it comes with every search of Observations and is refused for none."""
    result = from_ehr(RISES, {kind: also({"resource": WRAPPED[where](searchset(red_flag()))})})
    assert decided_by(result) == "D1"
    assert result.readings.refusals == ()
    assert result.evaluation.completeness.deciding == ()


def test_a_bundle_among_the_matches_says_what_it_lacks() -> None:
    """Its own total counts, and the reason names the type that it holds."""
    inner = searchset(red_flag(valueBoolean=False), total=2)
    result = from_ehr(RISES, {"Condition": also({"resource": inner})})
    assert "Observation" in held_for(result)
    assert [*result.evaluation.completeness.incomplete] == ["Observation"]


def test_a_bundle_that_cannot_be_opened_is_refused_once() -> None:
    """Though every search of Observations returns it."""
    inner = {"resourceType": "Bundle", "type": "collection", "entry": {}}
    result = from_ehr(RISES, {"Observation": also({"resource": inner})})
    held_for(result)
    assert len(result.readings.refusals) == 1


def test_the_medicine_of_an_order_in_a_bundle_is_fetched() -> None:
    """An order in a Bundle names it by reference as any other does."""
    order = {
        "resourceType": "MedicationRequest",
        "id": "order",
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{RISES}"},
        "medicationReference": {"reference": "Medication/m"},
    }
    medicine = resource(searchset({"resourceType": "Medication", "id": "m", "code": {"text": "a medicine"}}))
    odd: dict[str, Reply | Changed] = {
        "MedicationRequest": also({"resource": searchset(order)}),
        "Medication": medicine,
    }
    result = from_ehr(RISES, odd)
    assert result.readings.resources["Medication"] == 1


def diagnosis(subject: str, code: dict[str, Any] | None = None, name: str = "same") -> dict[str, Any]:
    """An active Condition; without a code of its own it is harmless."""
    return {
        "resourceType": "Condition",
        "id": name,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [code or {"system": "http://hl7.org/fhir/sid/icd-10", "code": "J30.1"}]},
        "subject": {"reference": subject},
        "recordedDate": "2025-01-12",
    }


def test_two_servers_can_use_one_id() -> None:
    """The diagnosis of another server counts where its subject is the patient of this EHR by the whole address."""

    def with_both(usual: Reply) -> Reply:
        own = {"resource": diagnosis(f"Patient/{RISES}"), "fullUrl": "{BASE}/Condition/same"}
        other = {"resource": diagnosis("{BASE}/Patient/" + RISES, PALSY), "fullUrl": f"{PORTAL}/Condition/same"}
        return also(own, other)(usual)

    script = ehr_of(RISES, {"Condition": with_both})

    def named(request: ReceivedRequest) -> Reply:
        reply = script(request)
        return replace(reply, body=reply.body.replace(b"{BASE}", f"http://{request.headers['Host']}/fhir".encode()))

    with serving(named) as server:
        result = preview(client(server.base_url), RISES, rules(), stored(RISES)[1])[0]
    assert decided_by(result) == "D1"
    assert result.readings.refusals == ()


def test_a_relative_subject_on_another_server_is_another_patient() -> None:
    """It is refused, and its sessions are not this patient's."""
    other = {"resource": diagnosis(f"Patient/{RISES}", PALSY), "fullUrl": f"{PORTAL}/Condition/same"}
    result = from_ehr(RISES, {"Condition": also(other)})
    assert rises(result) == ["walking"]
    assert [one.reason for one in result.readings.refusals] == ["wrong-patient"]


def full_urls(base: str, own: str | None) -> Changed:
    """Every match with a full URL on `base`, and the answer's own address on `own`."""

    def changed(usual: Reply) -> Reply:
        bundle = loads(usual.body)
        entries = [
            {**one, "fullUrl": f"{base}/{one['resource']['resourceType']}/{one['resource']['id']}"}
            for one in bundle["entry"]
        ]
        kind = entries[0]["resource"]["resourceType"] if entries else "Condition"
        link = [{"relation": "self", "url": f"{own}/{kind}?patient={RISES}"}] if own else []
        return resource({**bundle, "entry": entries, "link": link})

    return changed


@pytest.mark.parametrize("own", ["http://inside.example:8080/fhir", "HTTP://Inside.example:8080/fhir/"])
def test_an_ehr_behind_a_gateway_can_call_itself_otherwise(own: str) -> None:
    """Full URLs under the address that its answers state as their own are the EHR's."""
    odd = dict.fromkeys(SEARCHED, full_urls("http://inside.example:8080/fhir", own))
    result = from_ehr(RISES, odd)
    assert rises(result) == ["walking"]
    assert result.readings.refusals == ()


def test_a_match_that_comes_twice_does_not_reach_the_total() -> None:
    """The one that did not come can be the red flag."""

    def repeated(usual: Reply) -> Reply:
        entries = loads(usual.body)["entry"]
        return also(entries[0], total=len(entries) + 1)(usual)

    result = from_ehr(RISES, {"Observation": repeated})
    assert "Observation" in held_for(result)
    assert result.evaluation.completeness.of("Observation") is Retrieval.PARTIAL


def test_a_match_without_an_id_is_read() -> None:
    """A yes that can be read is a yes."""
    unnamed = {key: value for key, value in red_flag().items() if key != "id"}
    assert decided_by(from_ehr(RISES, {"Observation": also({"resource": unnamed})})) == "D1"


def test_a_newer_version_in_a_second_search_counts() -> None:
    """The record changed between two searches."""
    old = red_flag(valueBoolean=False, meta={"lastUpdated": "2025-01-13T07:00:00Z"})
    new = red_flag(meta={"lastUpdated": "2025-01-13T07:30:00Z"})
    assert decided_by(from_ehr(RISES, {"Observation": also({"resource": old}, {"resource": new})})) == "D1"


FAILING = {"Goal": outcome(500, "exception"), "Condition": outcome(504, "timeout")}


def test_a_red_flag_is_reported_where_the_ehr_fails_for_other_types() -> None:
    """The alert alone is written: which plan is in force is not known."""
    result = from_ehr(FLAGGED, FAILING)
    assert decided_by(result) == "D1"
    assert {entry["resource"]["resourceType"] for entry in result.bundle["entry"]} >= {"Flag"}
    assert not {"CarePlan", "ServiceRequest"} & {entry["resource"]["resourceType"] for entry in result.bundle["entry"]}


def test_nothing_else_is_decided_where_the_ehr_fails_for_two_types() -> None:
    """Another run does better, and decisions on plans need the whole record as well."""
    with pytest.raises(ServerFault, match="search Goal"):
        from_ehr(RISES, FAILING)
    with serving(ehr_of(FLAGGED, FAILING)) as server, pytest.raises(ServerFault):
        fetch(client(server.base_url, tries=1), FLAGGED, rules(), stored(FLAGGED)[1])


@pytest.mark.parametrize("kind", ["Condition", "Procedure", "CarePlan", "QuestionnaireResponse"])
@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"resourceType": "Bundle", "entry": {}}', b'{"resourceTy'])
def test_an_answer_that_cannot_be_read_withholds_its_type(kind: str, body: bytes) -> None:
    """A red flag beside it stops, and nothing rises."""
    odd = {kind: Reply(body=body)}
    assert decided_by(from_ehr(FLAGGED, odd)) == "D1"
    assert kind in held_for(from_ehr(RISES, odd))


def test_a_null_among_the_matches_is_a_gap() -> None:
    """As in a file."""
    assert "Condition" in held_for(from_ehr(RISES, {"Condition": also(None)}))


def without_categories(name: str) -> Script:
    """An EHR that requires a category or a code in a search for Observations, none of which has a category."""
    usual = ehr_of(name, {})
    held = [
        entry["resource"] for entry in stored(name)[0]["entry"] if entry["resource"]["resourceType"] == "Observation"
    ]

    def script(request: ReceivedRequest) -> Reply:
        given = dict(parse_qsl(request.body.decode()))
        if "/Observation" not in request.path:
            return usual(request)
        if not {"code", "category"} & given.keys():
            return outcome(400, "required")
        codes_sought = given.get("code", "").split(",")
        codings = [(one, one["code"].get("coding", ())) for one in held]
        return page(*(one for one, each in codings if any(f"{c['system']}|{c['code']}" in codes_sought for c in each)))

    return script


@pytest.mark.parametrize(("name", "rule"), [("e5-flare", "D2"), (FLAGGED, "D1"), (RISES, "D10")])
def test_records_without_a_category_are_found_by_code(name: str, rule: str) -> None:
    """Where the EHR requires a category or a code; nothing is missing, and nothing is held."""
    with serving(without_categories(name)) as server:
        result, faults = preview(client(server.base_url), name, rules(), stored(name)[1])
    assert decided_by(result) == rule
    assert result.evaluation.decision.doses == from_ehr(name, {}).evaluation.decision.doses
    assert [one.code for one in faults] == ["by-category"]
    assert result.evaluation.completeness.deciding == ()
