"""Every failure of the EHR becomes a documented problem before the deadline of the request."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.ehr.odd_server import Reply, in_turn, outcome
from tests.ehr.odd_server import serving as ehr_serving
from tests.web.service import Service, serving, serving_ward, settings

ANSWERS = {
    "not found": (outcome(404, "not-found"), 404, "no-such-patient"),
    "token refused": (outcome(401, "login"), 502, "ehr-unauthorised"),
    "scope refused": (outcome(403, "forbidden"), 502, "ehr-unauthorised"),
    "wrong request": (outcome(400, "invalid"), 502, "ehr-failed"),
    "sign-in page": (Reply(body=b"<p>Ms Secret", headers={"Content-Type": "text/html"}), 502, "ehr-failed"),
    "no resource": (Reply(body=b"{}"), 502, "ehr-failed"),
}


def plan_problem(service: Service) -> tuple[int, str, str]:
    """Status, code and text of the response for one patient."""
    response = service.post("/v1/plans", json={"patient": "Secret-1"})
    return response.status_code, response.json()["code"], response.text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_response_of_the_ehr_becomes_a_problem(name: str, tmp_path: Path) -> None:
    """The text repeats neither the EHR's own text nor an id."""
    reply, status, code = ANSWERS[name]
    with ehr_serving(in_turn(reply)) as ehr, serving(settings(tmp_path, fhir_url=ehr.base_url)) as service:
        found = plan_problem(service)
        log = service.log.getvalue()
    assert found[:2] == (status, code)
    assert "Secret" not in found[2] + log


def test_an_unreachable_ehr_is_a_problem(tmp_path: Path) -> None:
    """No server listens on port 1."""
    with serving_ward(tmp_path, fhir_url="http://127.0.0.1:1/fhir", api_seconds=1) as service:
        response = service.post("/v1/plans", json={"patient": "p"})
    assert response.json()["code"] in {"ehr-unreachable", "out-of-time"}
    assert response.status_code in {503, 504}


def test_a_silent_ehr_ends_the_request_at_the_deadline(tmp_path: Path) -> None:
    """Even when the read timeout is longer."""
    never = threading.Event()
    with ehr_serving(lambda _: Reply(wait=never)) as ehr:
        with serving_ward(tmp_path, fhir_url=ehr.base_url, api_seconds=1) as service:
            response = service.post("/v1/plans", json={"patient": "p"})
        never.set()
    assert (response.status_code, response.json()["code"]) == (504, "out-of-time")


def test_retry_after_beyond_the_deadline_ends_the_request(tmp_path: Path) -> None:
    """It ends at once, without another try."""
    busy = outcome(503, "transient", retry_after="20")
    with (
        ehr_serving(in_turn(busy)) as ehr,
        serving_ward(tmp_path, fhir_url=ehr.base_url, api_seconds=5) as service,
    ):
        assert plan_problem(service)[:2] == (504, "out-of-time")
        assert len(ehr.requests) == 1
