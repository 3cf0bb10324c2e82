"""Creating one resource outside a transaction."""

from __future__ import annotations

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, client
from tests.ehr.odd_server import Reply, in_turn, serving
from titrate.ehr.deliver import create_once
from titrate.ehr.errors import OutcomeUnknown
from titrate.ehr.receipt import WrittenEntry


def test_what_patients_share_is_made_once() -> None:
    """A conditional create, which may be repeated."""
    device = {"resourceType": "Device", "status": "active"}
    done = Reply(201, b"", {"Location": "Device/d1/_history/1"})
    with serving(in_turn(Reply(hang_up=True), done)) as server:
        written = create_once(client(server.base_url), device, "identifier=s|d")
        assert {one.headers["If-None-Exist"] for one in server.requests} == {"identifier=s|d"}
    assert written == WrittenEntry("Device", "d1", "1", 201)


@responses.activate
def test_a_match_without_a_location_is_read_from_the_body() -> None:
    """Some servers answer a conditional create that matched with the resource alone."""
    responses.post(f"{BASE_URL}/Device", json={"resourceType": "Device", "id": "d1"})
    assert create_once(client(BASE_URL), {"resourceType": "Device"}, "identifier=s|d").id == "d1"


@responses.activate
def test_a_create_without_a_condition_is_not_repeated() -> None:
    """Its outcome is unknown, and the caller has to look."""
    answer = responses.post(f"{BASE_URL}/Provenance", status=504)
    with pytest.raises(OutcomeUnknown):
        client(BASE_URL).write("Provenance", {"resourceType": "Provenance"}, "create Provenance")
    assert answer.call_count == 1
