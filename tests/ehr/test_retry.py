"""Retries: when, how often, and after how long."""

from __future__ import annotations

import socket
import threading

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, RecordedSleep, client
from tests.ehr.odd_server import Reply, in_turn, outcome, resource, serving
from titrate.ehr.errors import BadAnswer, EHRError, ServerFault, Unreachable

PATIENT = resource({"resourceType": "Patient", "id": "p"})
PATIENT_URL = f"{BASE_URL}/Patient/p"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_temporary_failure_is_retried(status: int) -> None:
    """Three failures, then the response."""
    fault, sleep = outcome(status, "transient"), RecordedSleep()
    with serving(in_turn(fault, fault, fault, PATIENT)) as server:
        assert client(server.base_url, sleep).get("Patient/p", "read Patient")["id"] == "p"
    assert sleep.waits == [1.0, 2.0, 4.0]


def test_a_persistent_failure_ends_after_four_tries() -> None:
    """The error keeps the status and the codes."""
    with serving(in_turn(outcome(500, "exception"))) as server:
        with pytest.raises(ServerFault) as caught:
            client(server.base_url).get("Patient/p", "read Patient")
        assert len(server.requests) == 4
    assert caught.value.status == 500
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("Wed, 25 Nov 2026 12:00:07 GMT", 7.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("1795608000", 1.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("", 1.0),
        ("9" * 5000, 1.0),
        ("Wed, 25 Nov 99999999999999999999 12:00:07 GMT", 1.0),
        ("Wed, 25 Nov 2026 12:00:07 +9999999999999999", 1.0),
    ],
)
@responses.activate
def test_a_plausible_retry_after_is_honoured(header: str, waited: float) -> None:
    """Seconds, or a date relative to the server's clock; anything else falls back to the policy's wait."""
    sleep = RecordedSleep()
    headers = {"Retry-After": header, "Date": "Wed, 25 Nov 2026 12:00:00 GMT"}
    responses.get(PATIENT_URL, status=429, headers=headers)
    responses.get(PATIENT_URL, body=PATIENT.body)
    assert client(BASE_URL, sleep).get("Patient/p", "read Patient")["id"] == "p"
    assert sleep.waits == [waited]


@pytest.mark.parametrize(("longest", "tries"), [(29.0, 1), (30.0, 2), (31.0, 2)])
@responses.activate
def test_a_wait_over_the_limit_is_an_error(longest: float, tries: int) -> None:
    """The error has the seconds that the server asked for."""
    answer = responses.get(PATIENT_URL, status=503, headers={"Retry-After": "30"})
    with pytest.raises(ServerFault) as caught:
        client(BASE_URL, longest_wait=longest, tries=2).get("Patient/p", "read Patient")
    assert answer.call_count == tries
    assert caught.value.retry_after == 30


@pytest.mark.parametrize("odd", [Reply(hang_up=True), Reply(body=b'{"resourceType"', cut=True)])
def test_a_broken_connection_is_retried(odd: Reply) -> None:
    """A repeated read does no harm."""
    with serving(in_turn(odd, PATIENT)) as server:
        assert client(server.base_url).get("Patient/p", "read Patient")["id"] == "p"
        assert len(server.requests) == 2


def test_a_connection_that_keeps_breaking_is_unreachable() -> None:
    """The error does not contain the address, which has the patient's id."""
    with serving(in_turn(Reply(hang_up=True))) as server, pytest.raises(Unreachable) as caught:
        client(server.base_url).get("Patient/secret-id", "read Patient")
    assert "closed unexpectedly" in str(caught.value)
    assert "secret-id" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_silent_server_is_unreachable() -> None:
    """After the read timeout of each try."""
    release = threading.Event()
    with serving(in_turn(Reply(wait=release))) as server:
        with pytest.raises(Unreachable, match="did not respond in time"):
            client(server.base_url, read_timeout=0.05, tries=2).get("Patient/p", "read Patient")
        release.set()
        assert len(server.requests) == 2


def test_a_closed_port_is_unreachable() -> None:
    """After every try."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    sleep = RecordedSleep()
    with pytest.raises(Unreachable, match="No connection to the EHR"):
        client(f"http://127.0.0.1:{port}/fhir", sleep).get("Patient/p", "read Patient")
    assert len(sleep.waits) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412, 422, 501])
@responses.activate
def test_a_permanent_failure_is_not_retried(status: int) -> None:
    """One request, one response."""
    answer = responses.get(PATIENT_URL, status=status, body=outcome(status, "processing").body)
    with pytest.raises(EHRError):
        client(BASE_URL).get("Patient/p", "read Patient")
    assert answer.call_count == 1


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<html>Sign in</html>", "text/html"),
        (PATIENT.body, "text/html; charset=utf-8"),
        ("", "application/fhir+json"),
        ('{"resourceType":"Patient","id":"Ms Secret', "application/fhir+json"),
        ('{"error":"x"}', "application/json"),
        ('[{"resourceType":"Patient"}]', "application/fhir+json"),
        ('{"resourceType":[]}', "application/fhir+json"),
        (b'{"resourceType":"Patient","id":"\xff"}', "application/fhir+json"),
    ],
)
@responses.activate
def test_a_response_that_is_not_a_resource_is_rejected(body: str | bytes, media_type: str) -> None:
    """HTML, truncated or empty JSON, an OAuth error, invalid UTF-8: none is repeated."""
    answer = responses.get(PATIENT_URL, body=body, content_type=media_type)
    with pytest.raises(BadAnswer) as caught:
        client(BASE_URL).get("Patient/p", "read Patient")
    assert answer.call_count == 1
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/octet-stream", ""])
@responses.activate
def test_a_resource_under_another_media_type_is_read(media_type: str) -> None:
    """Proxies and static files lose the FHIR media type."""
    responses.get(PATIENT_URL, body=PATIENT.body, content_type=media_type)
    assert client(BASE_URL).get("Patient/p", "read Patient")["id"] == "p"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@responses.activate
def test_a_redirect_is_not_followed(status: int) -> None:
    """Not even on the same server."""
    target = responses.get(f"{BASE_URL}/login", body=PATIENT.body)
    answer = responses.get(PATIENT_URL, status=status, headers={"Location": f"{BASE_URL}/login"})
    with pytest.raises(BadAnswer):
        client(BASE_URL, token="abc").get("Patient/p", "read Patient")
    assert (answer.call_count, target.call_count) == (1, 0)


@responses.activate
def test_a_forbidden_response_can_be_empty() -> None:
    """Some EHRs send 403 without a body."""
    responses.get(f"{BASE_URL}/Observation", status=403)
    with pytest.raises(EHRError, match="grant the scope"):
        client(BASE_URL).get("Observation", "search Observation")
