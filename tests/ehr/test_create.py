"""Creating one resource outside a transaction."""

from __future__ import annotations

import pytest

from tests.ehr.asking import client
from tests.ehr.odd_server import Reply, in_turn, outcome, resource, serving
from titrate.ehr.deliver import create_once
from titrate.ehr.errors import OutcomeUnknown
from titrate.ehr.receipt import Written


def test_what_patients_share_is_made_once() -> None:
    """A conditional create, which may be repeated."""
    device = {"resourceType": "Device", "status": "active"}
    done = Reply(201, b"", {"Location": "Device/d1/_history/1"})
    with serving(in_turn(Reply(hang_up=True), done)) as server:
        written = create_once(client(server.base_url), device, "identifier=s|d")
        assert {one.headers["If-None-Exist"] for one in server.asked} == {"identifier=s|d"}
    assert written == Written("Device", "d1", "1", 201)


def test_a_match_without_a_location_is_read_from_the_body() -> None:
    """Some servers answer a conditional create that matched with the resource alone."""
    with serving(in_turn(resource({"resourceType": "Device", "id": "d1"}))) as server:
        assert create_once(client(server.base_url), {"resourceType": "Device"}, "identifier=s|d").id == "d1"


def test_a_create_without_a_condition_is_not_repeated() -> None:
    """Its outcome is unknown, and the caller has to look."""
    with serving(in_turn(outcome(504, "timeout"))) as server:
        with pytest.raises(OutcomeUnknown):
            client(server.base_url).write("Provenance", {"resourceType": "Provenance"}, "create Provenance")
        assert len(server.asked) == 1
