"""Whatever the EHR does, the answer is a documented problem, in the time that a request may take."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.ehr.odd_server import Reply, in_turn, outcome
from tests.ehr.odd_server import serving as ehr_serving
from tests.web.service import Service, serving, settings

ANSWERS = {
    "not found": (outcome(404, "not-found"), 404, "no-such-patient"),
    "token refused": (outcome(401, "login"), 502, "ehr-unauthorised"),
    "scope refused": (outcome(403, "forbidden"), 502, "ehr-unauthorised"),
    "wrong request": (outcome(400, "invalid"), 502, "ehr-failed"),
    "sign-in page": (Reply(body=b"<p>Ms Secret", headers={"Content-Type": "text/html"}), 502, "ehr-failed"),
    "no resource": (Reply(body=b"{}"), 502, "ehr-failed"),
}


def asked(service: Service) -> tuple[int, str, str]:
    """Status, code and text of the answer for one patient."""
    answered = service.post("/v1/plans", json={"patient": "Secret-1"})
    return answered.status_code, answered.json()["code"], answered.text


@pytest.mark.parametrize("name", ANSWERS)
def test_what_the_ehr_answers_becomes_a_problem(name: str, tmp_path: Path) -> None:
    """Its status says whose fault it is; its text repeats nothing that the EHR said, and no id."""
    reply, status, code = ANSWERS[name]
    with ehr_serving(in_turn(reply)) as ehr, serving(settings(tmp_path, fhir_url=ehr.base_url)) as service:
        found = asked(service)
        log = service.log.getvalue()
    assert found[:2] == (status, code)
    assert "Secret" not in found[2] + log


def test_an_ehr_that_is_gone_is_named(tmp_path: Path) -> None:
    """503 and when to ask again; nobody listens at port 1."""
    with serving(settings(tmp_path, fhir_url="http://127.0.0.1:1/fhir", api_seconds=1)) as service:
        answered = service.post("/v1/plans", json={"patient": "p"})
    assert answered.json()["code"] in {"ehr-unreachable", "out-of-time"}
    assert answered.status_code in {503, 504}


def test_an_ehr_that_keeps_silent_costs_no_more_than_the_time(tmp_path: Path) -> None:
    """The request ends when its time is over, although the EHR would be waited for longer."""
    never = threading.Event()
    with ehr_serving(lambda _: Reply(wait=never)) as ehr:
        with serving(settings(tmp_path, fhir_url=ehr.base_url, api_seconds=1)) as service:
            answered = service.post("/v1/plans", json={"patient": "p"})
        never.set()
    assert (answered.status_code, answered.json()["code"]) == (504, "out-of-time")


def test_an_ehr_that_asks_for_patience_does_not_get_ours(tmp_path: Path) -> None:
    """A Retry-After beyond the end of the request ends it at once."""
    busy = outcome(503, "transient", retry_after="20")
    with (
        ehr_serving(in_turn(busy)) as ehr,
        serving(settings(tmp_path, fhir_url=ehr.base_url, api_seconds=5)) as service,
    ):
        assert asked(service)[:2] == (504, "out-of-time")
        assert len(ehr.requests) == 1
