"""`titrate serve`: gunicorn around the service, in its own process."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import requests

from tests.cli.running import PATIENTS, moment, titrate
from tests.web.serve_process import SECONDS, ServeProcess, served
from tests.web.tokens import READER, bearer


def raw_response(service: ServeProcess, *pieces: bytes) -> bytes:
    """The response to a raw request, read until the service closes the connection."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=SECONDS) as connection:
        for piece in pieces:
            connection.sendall(piece)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
            if b"\r\n\r\n" in b"".join(parts) and b"}" in part:
                break
    return b"".join(parts)


def test_it_responds_logs_no_patient_data_and_ends_on_sigterm(tmp_path: Path) -> None:
    """A preview, then SIGTERM and exit status 0."""
    body = (PATIENTS / "e2-progress" / "bundle.json").read_bytes()
    with served(tmp_path, log_form="json") as service:
        head = {"Content-Type": "application/json"}
        url, at = f"{service.url}/v1/plans/preview", {"at": moment("e2-progress")}
        response = requests.post(url, data=body, params=at, headers=head, timeout=SECONDS)
    assert response.json()["decision"]["rule"] == "D10"
    assert service.process.returncode == 0
    lines = [line for line in service.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert [json.loads(line)["operation"] for line in lines] == ["plans.preview"]
    assert "e2-progress" not in service.log.read_text(encoding="utf-8")


def test_several_processes_share_their_counts(tmp_path: Path) -> None:
    """Whichever process answers the request for metrics."""
    with served(tmp_path, "--workers", "2", log_level="error") as service:
        for _ in range(8):
            with requests.Session() as session:  # a new connection, which either process may take
                session.get(f"{service.url}/health", timeout=SECONDS)
        text = requests.get(f"{service.url}/metrics", timeout=SECONDS).text
    assert 'titrate_requests_total{method="GET",operation="health.alive",status="200"} 8.0' in text


def test_an_unreadable_request_is_not_repeated(tmp_path: Path) -> None:
    """Malformed lines, methods, addresses and headers are a problem, and the log shows nothing of them."""
    raw = [
        b"Canary\r\n\r\n",
        b"GET /Canary\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9 Canary\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"Canary" * 1000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nCan ary: Canary\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"Canary" * 3000 + b"\r\n\r\n",
        b"POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: Canary\r\n\r\n",
    ]
    with served(tmp_path, log_level="debug", log_form="json") as service:
        answers = [raw_response(service, one) for one in raw]
        still = requests.get(f"{service.url}/health", timeout=SECONDS)
    assert all(one.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")) for one in answers), answers
    assert not [one for one in answers if b"anary" in one]
    assert b"anary" not in service.log.read_bytes()
    assert still.status_code == 200


def test_a_missing_body_ends_the_request_at_the_deadline(tmp_path: Path) -> None:
    """The client announces a body and sends only a part."""
    head = (
        b"POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    with served(tmp_path, api_seconds="1") as service:
        response = raw_response(service, head, b'{"patient": ')
    assert response.startswith(b"HTTP/1.1 408")
    assert b"too-slow" in response


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_it_listens_on_the_network_only_with_authentication(host: str, tmp_path: Path) -> None:
    """Exit status 2, and the settings to set."""
    done = titrate("serve", "--host", host, "--port", "0", ledger=str(tmp_path / "ledger.sqlite"))
    assert done.code == 2
    assert "TITRATE_API_TOKENS" in done.err


def test_with_tokens_it_listens_on_the_network(tmp_path: Path) -> None:
    """And rejects requests without a token."""
    tokens = tmp_path / "tokens"
    tokens.write_text(f"reader read {READER}\n", encoding="utf-8")
    with served(tmp_path, "--host", "0.0.0.0", api_tokens=str(tokens)) as service:  # noqa: S104
        url = f"http://127.0.0.1:{service.port}/v1/runs"
        codes = [requests.get(url, headers=head, timeout=SECONDS).status_code for head in ({}, bearer(READER))]
    assert codes == [401, 200]
    assert READER.encode() not in service.log.read_bytes()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"api_tokens": "nowhere"}, "TITRATE_API_TOKENS"),
        ({"api_keys": "nowhere"}, "TITRATE_API_ISSUER"),
        ({"api_keys": "nowhere", "api_issuer": "i", "api_audience": "a"}, "TITRATE_API_KEYS"),
        ({"mappings": "nowhere"}, "problems in the mapping files"),
        ({"api_bytes": "1"}, "TITRATE_API_BYTES"),
    ],
)
def test_invalid_settings_prevent_the_start(settings: dict[str, str], expected: str) -> None:
    """Exit status 2, and the name of the setting."""
    done = titrate("serve", "--port", "0", **settings)
    assert (done.code, expected in done.err) == (2, True), done.err
