"""Patient data is in the requested result only: no problem, log line, metric, ledger or address contains it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.ehr.odd_server import serving as ehr_serving
from tests.leaks.canaries import WORD, canary, files_with_word
from tests.leaks.proxy import failing, passing
from tests.leaks.test_leaks import FAILURES, addresses, logged, loud
from tests.web.service import SECONDS, Service, serving, serving_ward, settings
from titrate.sandbox.server import Sandbox

__all__ = ["loud"]
# One of each kind: a rise, a flare, a red flag, another author's plan, unreadable records, no eligible patient.
KINDS = ("bad-neighbours", "e2-progress", "e5-flare", "plan-set-by-a-person", "red-flag", "under-18")
GUESTS = {fixture: canary(fixture) for fixture in KINDS}
WRONG = {
    "broken": (b'{"resourceType": "Bundle", "Canary": [', {}),
    "twice": (b'{"Canary": 1, "Canary": 2}', {}),
    "no bundle": (b'{"resourceType": "Canary", "id": "Canary"}', {}),
    "no patient": (b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Canary"}}]}', {}),
    "moment": (b"{}", {"at": "Canary"}),
    "parameter": (b"{}", {"Canary": "Canary"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    """An EHR with every canary in it."""
    with Sandbox() as sandbox:
        sandbox.fill(bundle for _, bundle in GUESTS.values())
        yield sandbox.base_url


def logs_and_metrics(service: Service) -> str:
    """The service's log and its metrics."""
    return service.log.getvalue() + service.get("/metrics").text


@pytest.mark.parametrize("name", WRONG)
def test_a_problem_does_not_repeat_the_request(name: str, tmp_path: Path, loud: pytest.LogCaptureFixture) -> None:
    """As Problem Details and as an OperationOutcome."""
    body, query = WRONG[name]
    with serving(settings(tmp_path)) as service:
        for media in ("application/json", "application/fhir+json"):
            head = {"Content-Type": "application/json", "Accept": media}
            response = service.post("/v1/plans/preview", data=body, params=query, headers=head)
            assert (response.status_code >= 400, WORD in response.text) == (True, False)
        log = service.log.getvalue()
    assert WORD not in log + library_log(loud)


def test_addresses_methods_and_headers_are_not_repeated(tmp_path: Path) -> None:
    """Unknown ones among them."""
    with serving(settings(tmp_path)) as service:
        for method in ("GET", "DELETE", WORD.upper()):
            response = requests.request(
                method, f"{service.url}/v1/{WORD}?{WORD}={WORD}", headers={"Referer": WORD, WORD: WORD}, timeout=SECONDS
            )
            assert WORD.lower() not in response.text.lower()
        assert WORD.lower() not in logs_and_metrics(service).lower()


def test_successful_requests_leak_nothing(sandbox_url: str, tmp_path: Path, loud: pytest.LogCaptureFixture) -> None:
    """A preview, a written draft and the worklist, for every patient of the EHR."""
    with (
        ehr_serving(passing(sandbox_url)) as ehr,
        serving_ward(tmp_path, fhir_url=ehr.base_url, enrolled="all") as service,
    ):
        for guest, bundle in GUESTS.values():
            payload = {"patient": guest.id, "at": guest.at.isoformat()}
            codes = [service.post("/v1/plans", json={**payload, "write": write}).status_code for write in (False, True)]
            body = json.dumps(bundle, default=float).encode()
            assert [*codes, service.preview(body, payload["at"]).status_code] == [200, 200, 200]
        assert service.get("/v1/worklist").status_code == 200
        for path in ("/v1/runs", "/v1/receipts"):
            assert f"{WORD}-Family" not in service.get(path).text
        assert WORD not in logs_and_metrics(service) + library_log(loud)
        assert addresses(ehr.requests) == []
    assert files_with_word(tmp_path) == []


@pytest.mark.parametrize("name", FAILURES)
def test_failing_requests_leak_nothing(
    name: str, sandbox_url: str, tmp_path: Path, loud: pytest.LogCaptureFixture
) -> None:
    """However the EHR fails, and whatever its text says."""
    where, how = FAILURES[name]
    guest, _ = GUESTS["e2-progress"]
    with (
        ehr_serving(failing(sandbox_url, where, how)) as ehr,
        serving_ward(tmp_path, fhir_url=ehr.base_url, api_seconds=5) as service,
    ):
        payload = {"patient": guest.id, "at": guest.at.isoformat(), "write": True}
        response = service.post("/v1/plans", json=payload)
        if response.status_code >= 400:
            assert WORD.lower() not in response.text.lower()
        assert WORD.lower() not in (logs_and_metrics(service) + library_log(loud)).lower()
    assert files_with_word(tmp_path) == []


def library_log(loud: pytest.LogCaptureFixture) -> str:
    """What libraries log at DEBUG, without the client of the test itself, which sends the data."""
    assert logging.getLogger().isEnabledFor(logging.DEBUG)
    return "\n".join(line for line in logged(loud).splitlines() if "/v1/" not in line)
