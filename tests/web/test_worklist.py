"""What needs a person, over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import moment, titrate
from tests.web.conftest import GUESTS
from tests.web.service import Service, serving, settings
from titrate.sandbox.server import Sandbox


def test_it_lists_what_a_dry_run_lists(service: Service, sandbox_url: str) -> None:
    """The same rows as `titrate sync --dry-run --json`, and nothing is written."""
    at = moment("red-flag")
    listed = service.get("/v1/worklist", params={"at": at}).json()
    printed = titrate("sync", "--all", "--dry-run", "--json", "--at", at, fhir_url=sandbox_url).json
    assert [listed[name] for name in ("worklist", "patients")] == [printed[name] for name in ("worklist", "patients")]
    assert {one["patient"] for one in listed["worklist"] if one["work"] == "flagged"} == {"Patient/red-flag"}
    assert listed["patients"]["done"] == len(GUESTS)


@pytest.mark.parametrize("query", [{}, {"group": "a", "everyone": "true"}])
def test_somebody_has_to_be_named(query: dict[str, str], sandbox_url: str, tmp_path: Path) -> None:
    """Neither a setting nor a parameter, or both parameters: it is not guessed."""
    with serving(settings(tmp_path, fhir_url=sandbox_url)) as service:
        assert service.get("/v1/worklist", params=query).json()["code"] == "nobody-enrolled"


def test_more_than_one_request_can_do_is_refused(tmp_path: Path) -> None:
    """Nobody waits for minutes for an answer that a scheduled run gives better."""
    people = [{"resource": {"resourceType": "Patient", "id": f"p{number}"}} for number in range(501)]
    with Sandbox() as sandbox:
        sandbox.fill([{"resourceType": "Bundle", "entry": people}])
        with serving(settings(tmp_path, fhir_url=sandbox.base_url)) as service:
            answered = service.get("/v1/worklist", params={"everyone": "true"})
    assert (answered.status_code, answered.json()["code"]) == (422, "too-many")


def test_a_list_that_is_not_finished_is_none(sandbox_url: str, tmp_path: Path) -> None:
    """Half a worklist would look like a whole one."""
    with serving(settings(tmp_path, fhir_url=sandbox_url, api_seconds=1, enrolled="all")) as service:
        answered = service.get("/v1/worklist", params={"group": "nobody-knows-it"})
    assert answered.json()["code"] == "no-such-patient"
