"""The worklist over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import moment, titrate
from tests.web.conftest import GUESTS
from tests.web.service import Service, serving, settings
from titrate.sandbox.server import Sandbox


def test_it_equals_the_worklist_of_a_dry_run(service: Service, sandbox_url: str) -> None:
    """The rows of `titrate sync --dry-run --json`, and nothing is written."""
    at = moment("red-flag")
    listed = service.get("/v1/worklist", params={"at": at}).json()
    printed = titrate("sync", "--all", "--dry-run", "--json", "--at", at, fhir_url=sandbox_url).json
    assert [listed[name] for name in ("worklist", "patients")] == [printed[name] for name in ("worklist", "patients")]
    assert {one["patient"] for one in listed["worklist"] if one["work"] == "flagged"} == {"Patient/red-flag"}
    assert listed["patients"]["done"] == len(GUESTS)


@pytest.mark.parametrize("query", [{}, {"group": "a", "everyone": "true"}])
def test_an_enrolment_is_required(query: dict[str, str], sandbox_url: str, tmp_path: Path) -> None:
    """Neither a setting nor a parameter, or two parameters: a problem."""
    with serving(settings(tmp_path, fhir_url=sandbox_url)) as service:
        assert service.get("/v1/worklist", params=query).json()["code"] == "nobody-enrolled"


def test_too_many_patients_are_a_problem(tmp_path: Path) -> None:
    """A scheduled run produces such a list."""
    people = [{"resource": {"resourceType": "Patient", "id": f"p{number}"}} for number in range(501)]
    with Sandbox() as sandbox:
        sandbox.fill([{"resourceType": "Bundle", "entry": people}])
        with serving(settings(tmp_path, fhir_url=sandbox.base_url)) as service:
            response = service.get("/v1/worklist", params={"everyone": "true"})
    assert (response.status_code, response.json()["code"]) == (422, "too-many")


def test_an_unknown_group_is_not_found(sandbox_url: str, tmp_path: Path) -> None:
    """Without a partial worklist."""
    with serving(settings(tmp_path, fhir_url=sandbox_url, api_seconds=1, enrolled="all")) as service:
        response = service.get("/v1/worklist", params={"group": "unknown-group"})
    assert response.json()["code"] == "no-such-patient"
