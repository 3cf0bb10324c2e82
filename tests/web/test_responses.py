"""Limits, headers, numbers of requests, counts: how every answer behaves."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import requests

from tests.web.service import SECONDS, Service, serving, settings

PATHS = ("/health", "/docs", "/v1/runs", "/v1/nothing", "/v1/questionnaires")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(path: str, alone: Service) -> None:
    """Nothing is stored, framed or guessed, and no script runs."""
    headers = alone.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_request_has_a_number_in_answer_and_log(alone: Service) -> None:
    """A UUID that the client chose is kept; anything else is not, for it could be a name."""
    chosen = "0f8fad5b-d9cb-469f-a165-70867728950e"
    kept = alone.get("/v1/nothing", headers={"X-Request-Id": chosen})
    other = alone.get("/v1/nothing", headers={"X-Request-Id": "Canary"})
    assert (kept.headers["X-Request-Id"], kept.json()["request"]) == (chosen, chosen)
    assert re.fullmatch(r"r[0-9a-f]{16}", other.json()["request"])
    assert chosen in alone.log.getvalue()
    assert other.json()["request"] in alone.log.getvalue()
    assert "Canary" not in alone.log.getvalue()


def test_a_body_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Neither when it says how long it is, nor when it comes in pieces."""
    with serving(settings(tmp_path, api_bytes=1024)) as service:
        whole = service.preview(b" " * 1025)
        pieces = service.post(
            "/v1/plans/preview", data=iter([b" " * 600, b" " * 600]), headers={"Content-Type": "application/json"}
        )
    assert [one.json()["code"] for one in (whole, pieces)] == ["too-large", "too-large"]
    assert whole.status_code == 413


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused(media: str, alone: Service) -> None:
    """Also what a form of a web page could send."""
    answered = alone.post("/v1/plans", data=b'{"patient": "p"}', headers={"Content-Type": media})
    assert (answered.status_code, answered.json()["code"]) == (415, "wrong-media-type")


def test_a_method_that_is_not_offered_names_those_that_are(alone: Service) -> None:
    """405 with Allow."""
    answered = requests.delete(f"{alone.url}/v1/runs", timeout=SECONDS)
    assert (answered.status_code, answered.json()["code"]) == (405, "no-such-method")
    assert "GET" in answered.headers["Allow"]


def test_the_counts_are_of_codes(alone: Service) -> None:
    """Prometheus reads them; operations and statuses are their labels."""
    alone.get("/v1/nothing")
    alone.get("/health")
    text = alone.get("/metrics").text
    assert 'titrate_requests_total{method="GET",operation="health.alive",status="200"}' in text
    assert 'titrate_problems_total{code="not-found"}' in text


def test_it_is_not_ready_without_its_ledger(tmp_path: Path) -> None:
    """503, and alive all the same."""
    (tmp_path / "ledger.sqlite").mkdir()
    with serving(settings(tmp_path)) as service:
        ready, alive = service.get("/ready"), service.get("/health")
        runs = service.get("/v1/runs")
    assert (ready.status_code, ready.json()["ledger"], alive.status_code) == (503, "unusable", 200)
    assert (runs.status_code, runs.json()["code"]) == (503, "ledger-unusable")


def test_a_fault_of_ours_is_told_by_its_place_alone(tmp_path: Path) -> None:
    """The client gets a number, the log the kind of fault and where; neither gets what the exception says."""

    def broken() -> datetime:
        raise ValueError("Canary")

    with serving(settings(tmp_path), broken) as service:
        answered = service.post("/v1/plans", json={"patient": "p"})
        lines = [json.loads(line) for line in service.log.getvalue().splitlines()]
    fault = next((line for line in lines if line["code"] == "WEB02"), None)
    assert (answered.status_code, answered.json()["code"]) == (500, "internal")
    assert fault is not None
    assert fault["reason"] == "ValueError"
    assert fault["request"] == answered.json()["request"]
    assert "Canary" not in answered.text + service.log.getvalue()
