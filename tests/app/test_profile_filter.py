"""A profile is claimed only if the server supports it."""

from __future__ import annotations

from typing import Any

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import Reply, outcome, resource, serving
from titrate.ehr.capabilities import known_profiles
from titrate.fhir.write import with_known_profiles

CAREPLAN = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan"
GOAL = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-goal"


def bundle(**meta: Any) -> dict[str, Any]:
    """A transaction with a CarePlan that claims two profiles, and a resource that claims none."""
    plan = {"resourceType": "CarePlan", "meta": {"profile": [CAREPLAN, GOAL], **meta}, "status": "draft"}
    entries = [{"resource": plan, "request": {"method": "POST"}}, {"resource": {"resourceType": "Task"}}]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def statement(*profiles: str) -> Reply:
    """A CapabilityStatement with these profiles for CarePlan."""
    types = [{"type": "CarePlan", "supportedProfile": [*profiles]}]
    return resource({"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": types}]})


def test_a_supported_profile_is_claimed() -> None:
    """The other claim is removed; everything else stays, and the given Bundle is not changed."""
    given = bundle(tag=["x"])
    sent = with_known_profiles(given, {CAREPLAN})
    assert sent["entry"][0]["resource"]["meta"] == {"profile": [CAREPLAN], "tag": ["x"]}
    assert sent["entry"][0]["request"] == {"method": "POST"}
    assert sent["entry"][1] == given["entry"][1]
    assert given == bundle(tag=["x"])
    assert with_known_profiles(given, {CAREPLAN, GOAL}) == given


def test_no_empty_meta_is_left_without_supported_profiles() -> None:
    """FHIR does not allow an empty `meta`."""
    assert with_known_profiles(bundle(), ())["entry"][0]["resource"] == {"resourceType": "CarePlan", "status": "draft"}
    assert with_known_profiles({"resourceType": "Bundle"}, ())["entry"] == []


def test_the_capability_statement_is_read_once() -> None:
    """A version after the canonical makes no difference."""
    with serving(lambda _: statement(f"{CAREPLAN}|6.1.0")) as server:
        ehr = client(server.base_url)
        assert [known_profiles(ehr), known_profiles(ehr)] == [{CAREPLAN}] * 2
        assert len(server.requests) == 1


def test_a_server_without_a_statement_supports_no_profile() -> None:
    """A claim is optional; a refused draft would be worse."""
    with serving(lambda _: outcome(404, "not-found")) as server:
        assert known_profiles(client(server.base_url)) == frozenset()
