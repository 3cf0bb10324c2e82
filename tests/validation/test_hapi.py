"""The two HAPI FHIR servers are what the rest of the tests takes them for: one strict, one as it comes."""

from __future__ import annotations

from typing import Any

import pytest
import requests

pytestmark = pytest.mark.hapi

PATIENT: dict[str, Any] = {"resourceType": "Patient", "active": True}
WRONG = {**PATIENT, "gender": "nope"}
SECONDS = 60  # the first write to a fresh server takes several


def _created(base: str, resource: dict[str, Any]) -> requests.Response:
    headers = {"Content-Type": "application/fhir+json"}
    return requests.post(f"{base}/Patient", json=resource, headers=headers, timeout=SECONDS)


@pytest.fixture(params=["hapi_url", "hapi_lenient_url"])
def base(request: pytest.FixtureRequest) -> str:
    """Each of the two servers in turn."""
    return str(request.getfixturevalue(request.param))


def test_it_speaks_r4(base: str) -> None:
    """The CapabilityStatement declares FHIR 4.0.1."""
    statement = requests.get(f"{base}/metadata", timeout=SECONDS).json()
    assert statement["fhirVersion"] == "4.0.1"


def test_it_takes_what_is_right(base: str) -> None:
    """A valid resource is created."""
    assert _created(base, PATIENT).status_code == 201


def test_the_strict_one_refuses_what_is_wrong(hapi_url: str) -> None:
    """A code outside a required value set is refused with an OperationOutcome."""
    answer = _created(hapi_url, WRONG)
    assert answer.status_code in {400, 422}
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_the_lenient_one_takes_an_unknown_element(hapi_lenient_url: str) -> None:
    """By default HAPI silently drops unknown elements."""
    answer = _created(hapi_lenient_url, {**PATIENT, "mood": "good"})
    assert answer.status_code == 201
    assert "mood" not in answer.json()


def test_the_strict_one_refuses_an_unknown_element(hapi_url: str) -> None:
    """The same resource is refused where the server is strict."""
    assert _created(hapi_url, {**PATIENT, "mood": "good"}).status_code in {400, 422}
