"""Asking again: when, how often, and how long after."""

from __future__ import annotations

import socket
import threading

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, Patience, client
from tests.ehr.odd_server import Reply, in_turn, outcome, resource, serving
from titrate.ehr.errors import BadAnswer, EHRError, ServerFault, Unreachable

PATIENT = resource({"resourceType": "Patient", "id": "p"})
PATIENT_URL = f"{BASE_URL}/Patient/p"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_fault_is_outlasted(status: int) -> None:
    """Three failures, then the answer."""
    fault, patience = outcome(status, "transient"), Patience()
    with serving(in_turn(fault, fault, fault, PATIENT)) as server:
        assert client(server.base_url, patience).get("Patient/p", "read Patient")["id"] == "p"
    assert patience.waits == [1.0, 2.0, 4.0]


def test_a_lasting_fault_ends_after_four_tries() -> None:
    """The error keeps the status and the codes."""
    with serving(in_turn(outcome(500, "exception"))) as server:
        with pytest.raises(ServerFault) as caught:
            client(server.base_url).get("Patient/p", "read Patient")
        assert len(server.requests) == 4
    assert caught.value.status == 500
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("Wed, 25 Nov 2026 12:00:07 GMT", 7.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("1795608000", 1.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("", 1.0),
    ],
)
@responses.activate
def test_retry_after_is_honoured_when_it_makes_sense(asked: str, waited: float) -> None:
    """Seconds or a date against the server's own clock; a Unix time or nonsense falls back to our own wait."""
    patience = Patience()
    headers = {"Retry-After": asked, "Date": "Wed, 25 Nov 2026 12:00:00 GMT"}
    responses.get(PATIENT_URL, status=429, headers=headers)
    responses.get(PATIENT_URL, body=PATIENT.body)
    assert client(BASE_URL, patience).get("Patient/p", "read Patient")["id"] == "p"
    assert patience.waits == [waited]


@pytest.mark.parametrize(("longest", "tries"), [(29.0, 1), (30.0, 2), (31.0, 2)])
@responses.activate
def test_a_wait_longer_than_the_cap_is_not_begun(longest: float, tries: int) -> None:
    """The caller learns how long the server asked for and can come back then."""
    answer = responses.get(PATIENT_URL, status=503, headers={"Retry-After": "30"})
    with pytest.raises(ServerFault) as caught:
        client(BASE_URL, longest_wait=longest, tries=2).get("Patient/p", "read Patient")
    assert answer.call_count == tries
    assert caught.value.retry_after == 30


@pytest.mark.parametrize("odd", [Reply(hang_up=True), Reply(body=b'{"resourceType"', cut=True)])
def test_a_connection_that_breaks_is_tried_again(odd: Reply) -> None:
    """Reading twice does no harm."""
    with serving(in_turn(odd, PATIENT)) as server:
        assert client(server.base_url).get("Patient/p", "read Patient")["id"] == "p"
        assert len(server.requests) == 2


def test_a_connection_that_keeps_breaking_is_unreachable() -> None:
    """Without the address, which has the patient's id in it."""
    with serving(in_turn(Reply(hang_up=True))) as server, pytest.raises(Unreachable) as caught:
        client(server.base_url).get("Patient/secret-id", "read Patient")
    assert "broke off" in str(caught.value)
    assert "secret-id" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_server_that_never_answers_is_given_up() -> None:
    """The read timeout counts."""
    release = threading.Event()
    with serving(in_turn(Reply(wait=release))) as server:
        with pytest.raises(Unreachable, match="did not respond in time"):
            client(server.base_url, read_timeout=0.05, tries=2).get("Patient/p", "read Patient")
        release.set()
        assert len(server.requests) == 2


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    """Connection refused is told as such, after every try."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    patience = Patience()
    with pytest.raises(Unreachable, match="accepted no connection"):
        client(f"http://127.0.0.1:{port}/fhir", patience).get("Patient/p", "read Patient")
    assert len(patience.waits) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412, 422, 501])
@responses.activate
def test_what_will_not_change_is_not_asked_again(status: int) -> None:
    """One question, one answer."""
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
def test_an_answer_that_is_no_resource_is_named(body: str | bytes, media_type: str) -> None:
    """HTML with status 200, truncated or empty JSON, an OAuth error, bytes that are not UTF-8: none is repeated."""
    answer = responses.get(PATIENT_URL, body=body, content_type=media_type)
    with pytest.raises(BadAnswer) as caught:
        client(BASE_URL).get("Patient/p", "read Patient")
    assert answer.call_count == 1
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/octet-stream", ""])
@responses.activate
def test_a_resource_under_another_media_type_is_read(media_type: str) -> None:
    """Proxies and files behind a web server lose the FHIR media type."""
    responses.get(PATIENT_URL, body=PATIENT.body, content_type=media_type)
    assert client(BASE_URL).get("Patient/p", "read Patient")["id"] == "p"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@responses.activate
def test_a_redirect_is_not_followed(status: int) -> None:
    """The address that it names is never asked, not even on the same server."""
    target = responses.get(f"{BASE_URL}/login", body=PATIENT.body)
    answer = responses.get(PATIENT_URL, status=status, headers={"Location": f"{BASE_URL}/login"})
    with pytest.raises(BadAnswer):
        client(BASE_URL, token="abc").get("Patient/p", "read Patient")
    assert (answer.call_count, target.call_count) == (1, 0)


@responses.activate
def test_a_forbidden_answer_may_be_empty() -> None:
    """Some EHRs answer 403 without a body."""
    responses.get(f"{BASE_URL}/Observation", status=403)
    with pytest.raises(EHRError, match="grant the scope"):
        client(BASE_URL).get("Observation", "search Observation")
