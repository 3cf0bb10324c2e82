"""Reading a CapabilityStatement."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, client
from tests.ehr.odd_server import in_turn, resource, serving
from titrate.ehr.capabilities import probe, server_profile
from titrate.ehr.errors import BadAnswer

STATEMENT: dict[str, Any] = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "software": {"name": "Some EHR", "version": "7"},
    "rest": [
        {"mode": "client"},
        {
            "mode": "server",
            "interaction": [{"code": "transaction"}],
            "resource": [
                {"type": "Goal", "interaction": [{"code": "search-type"}], "searchParam": [{"name": "patient"}]},
                {"type": "CarePlan", "interaction": [{"code": "create"}, {"code": "read"}], "conditionalCreate": True},
            ],
        },
    ],
}


def test_a_statement_becomes_a_profile() -> None:
    """Only the server mode counts."""
    with serving(in_turn(resource(STATEMENT))) as server:
        profile = probe(client(server.base_url))
        assert server.requests[0].path == "/fhir/metadata"
    assert profile.transaction
    assert profile.searchable == {"Goal": frozenset({"patient"})}


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("4.0.1", True),
        ("4.3.0", True),
        ("3.0.2", False),
        ("5.0.0", False),
        ("", False),
    ],
)
def test_only_r4_is_supported(version: str, fits: bool) -> None:
    """4.0 and 4.3."""
    assert server_profile({"fhirVersion": version}).supports_r4 is fits


@pytest.mark.parametrize("rest", [None, "odd", [], ["odd"], [{"mode": "server", "resource": "odd"}]])
def test_what_a_statement_omits_is_not_supported(rest: object) -> None:
    """A thin or malformed statement declares nothing."""
    profile = server_profile({"rest": rest})
    assert (profile.transaction, profile.searchable) == (False, {})


@responses.activate
def test_another_resource_is_not_a_statement() -> None:
    """Something else responds at this address."""
    responses.get(f"{BASE_URL}/metadata", json={"resourceType": "Patient"})
    with pytest.raises(BadAnswer):
        probe(client(BASE_URL))
