"""Patient data is in the result that was asked for and nowhere else: no problem, log line, count, ledger or address."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.ehr.odd_server import serving as ehr_serving
from tests.leaks.canaries import WORD, canary, seen
from tests.leaks.proxy import failing, passing
from tests.leaks.test_leaks import FAILURES, addresses, logged, loud
from tests.web.service import SECONDS, Service, serving, settings
from titrate.sandbox.server import Sandbox

__all__ = ["loud"]
# Of each kind one: a rise, a flare, a red flag, a plan of somebody else, records that cannot be read, nobody eligible.
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


def beside(service: Service) -> str:
    """What the service tells of its work: log and counts."""
    return service.log.getvalue() + service.get("/metrics").text


@pytest.mark.parametrize("name", WRONG)
def test_a_problem_repeats_nothing(name: str, tmp_path: Path, loud: pytest.LogCaptureFixture) -> None:
    """Whatever is wrong with a body or a parameter, in both forms of a problem."""
    body, query = WRONG[name]
    with serving(settings(tmp_path)) as service:
        for media in ("application/json", "application/fhir+json"):
            head = {"Content-Type": "application/json", "Accept": media}
            answered = service.post("/v1/plans/preview", data=body, params=query, headers=head)
            assert (answered.status_code >= 400, WORD in answered.text) == (True, False)
        told = service.log.getvalue()
    assert WORD not in told + logged_by_us(loud)


def test_an_address_that_is_a_patient_s_is_not_repeated(tmp_path: Path) -> None:
    """Also under methods and headers that nobody knows."""
    with serving(settings(tmp_path)) as service:
        for method in ("GET", "DELETE", WORD.upper()):
            answered = requests.request(
                method, f"{service.url}/v1/{WORD}?{WORD}={WORD}", headers={"Referer": WORD, WORD: WORD}, timeout=SECONDS
            )
            assert WORD.lower() not in answered.text.lower()
        assert WORD.lower() not in beside(service).lower()


def test_work_that_goes_well_leaves_no_trace_of_a_person(
    sandbox_url: str, tmp_path: Path, loud: pytest.LogCaptureFixture
) -> None:
    """A look, a draft that is written, a preview and the worklist, for everyone in the EHR."""
    with (
        ehr_serving(passing(sandbox_url)) as ehr,
        serving(settings(tmp_path, fhir_url=ehr.base_url, enrolled="all")) as service,
    ):
        for guest, bundle in GUESTS.values():
            asked = {"patient": guest.id, "at": guest.at.isoformat()}
            codes = [service.post("/v1/plans", json={**asked, "write": write}).status_code for write in (False, True)]
            body = json.dumps(bundle, default=float).encode()
            assert [*codes, service.preview(body, asked["at"]).status_code] == [200, 200, 200]
        assert service.get("/v1/worklist").status_code == 200
        for path in ("/v1/runs", "/v1/receipts"):
            assert f"{WORD}-Family" not in service.get(path).text
        assert WORD not in beside(service) + logged_by_us(loud)
        assert addresses(ehr.requests) == []
    assert seen(tmp_path) == []


@pytest.mark.parametrize("name", FAILURES)
def test_work_that_fails_leaves_none_either(
    name: str, sandbox_url: str, tmp_path: Path, loud: pytest.LogCaptureFixture
) -> None:
    """Whatever the EHR does, and however much it says about it."""
    where, how = FAILURES[name]
    guest, _ = GUESTS["e2-progress"]
    with (
        ehr_serving(failing(sandbox_url, where, how)) as ehr,
        serving(settings(tmp_path, fhir_url=ehr.base_url, api_seconds=5)) as service,
    ):
        asked = {"patient": guest.id, "at": guest.at.isoformat(), "write": True}
        answered = service.post("/v1/plans", json=asked)
        if answered.status_code >= 400:
            assert WORD.lower() not in answered.text.lower()
        assert WORD.lower() not in (beside(service) + logged_by_us(loud)).lower()
    assert seen(tmp_path) == []


def logged_by_us(loud: pytest.LogCaptureFixture) -> str:
    """What libraries log at DEBUG, but for the client side of the test itself: it is the one that sends the data."""
    assert logging.getLogger().isEnabledFor(logging.DEBUG)
    return "\n".join(line for line in logged(loud).splitlines() if "/v1/" not in line)
