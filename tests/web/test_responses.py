"""Every response: security headers, request ids, limits, and metrics."""

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
def test_every_response_has_the_security_headers(path: str, alone: Service) -> None:
    """Nothing is cached, framed or sniffed, and no script runs."""
    headers = alone.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_request_has_an_id_in_response_and_log(alone: Service) -> None:
    """A UUID of the client is kept; any other text could be a name."""
    chosen = "0f8fad5b-d9cb-469f-a165-70867728950e"
    kept = alone.get("/v1/nothing", headers={"X-Request-Id": chosen})
    other = alone.get("/v1/nothing", headers={"X-Request-Id": "Canary"})
    assert (kept.headers["X-Request-Id"], kept.json()["request"]) == (chosen, chosen)
    assert re.fullmatch(r"r[0-9a-f]{16}", other.json()["request"])
    assert chosen in alone.log.getvalue()
    assert other.json()["request"] in alone.log.getvalue()
    assert "Canary" not in alone.log.getvalue()


def test_a_body_over_the_limit_is_rejected(tmp_path: Path) -> None:
    """With Content-Length, and in chunks."""
    with serving(settings(tmp_path, api_bytes=1024)) as service:
        whole = service.preview(b" " * 1025)
        pieces = service.post(
            "/v1/plans/preview", data=iter([b" " * 600, b" " * 600]), headers={"Content-Type": "application/json"}
        )
    assert [one.json()["code"] for one in (whole, pieces)] == ["too-large", "too-large"]
    assert whole.status_code == 413


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_other_media_types_are_rejected(media: str, alone: Service) -> None:
    """Those that an HTML form can send among them."""
    response = alone.post("/v1/plans", data=b'{"patient": "p"}', headers={"Content-Type": media})
    assert (response.status_code, response.json()["code"]) == (415, "wrong-media-type")


def test_an_unsupported_method_gets_the_allowed_ones(alone: Service) -> None:
    """405 with Allow."""
    response = requests.delete(f"{alone.url}/v1/runs", timeout=SECONDS)
    assert (response.status_code, response.json()["code"]) == (405, "no-such-method")
    assert "GET" in response.headers["Allow"]


def test_metrics_are_labelled_by_codes(alone: Service) -> None:
    """Prometheus reads operations and statuses."""
    alone.get("/v1/nothing")
    alone.get("/health")
    text = alone.get("/metrics").text
    assert 'titrate_requests_total{method="GET",operation="health.alive",status="200"}' in text
    assert 'titrate_problems_total{code="not-found"}' in text


def test_the_service_is_not_ready_without_its_ledger(tmp_path: Path) -> None:
    """503, while /health stays 200."""
    (tmp_path / "ledger.sqlite").mkdir()
    with serving(settings(tmp_path)) as service:
        ready, alive = service.get("/ready"), service.get("/health")
        runs = service.get("/v1/runs")
    assert (ready.status_code, ready.json()["ledger"], alive.status_code) == (503, "unusable", 200)
    assert (runs.status_code, runs.json()["code"]) == (503, "ledger-unusable")


def test_an_internal_error_is_logged_by_class_and_location(tmp_path: Path) -> None:
    """Neither response nor log contains the text of the exception."""

    def broken() -> datetime:
        raise ValueError("Canary")

    with serving(settings(tmp_path), broken) as service:
        response = service.post("/v1/plans", json={"patient": "p"})
        lines = [json.loads(line) for line in service.log.getvalue().splitlines()]
    fault = next((line for line in lines if line["code"] == "WEB02"), None)
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert fault is not None
    assert fault["reason"] == "ValueError"
    assert fault["request"] == response.json()["request"]
    assert "Canary" not in response.text + service.log.getvalue()
