"""Delivering one transaction, with replies that get lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.ehr.ehr_client import Patience, client
from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource, serving
from titrate.ehr.deliver import deliver
from titrate.ehr.errors import (
    Conflict,
    EHRError,
    Forbidden,
    PreconditionFailed,
    ServerFault,
    Unauthorised,
    Unreachable,
)
from titrate.ehr.receipt import Outcome, WrittenEntry

SYSTEM = "https://titrate.example/fhir/identifier/plan-version"
PLAN = {
    "fullUrl": "urn:uuid:1",
    "resource": {"resourceType": "CarePlan", "dose": Decimal("7.50")},
    "request": {"method": "POST", "url": "CarePlan", "ifNoneExist": f"identifier={SYSTEM}|v1"},
}
PROVENANCE = {"resource": {"resourceType": "Provenance"}, "request": {"method": "POST", "url": "Provenance"}}
REVOKED = {
    "resource": {"resourceType": "CarePlan", "id": "old"},
    "request": {"method": "PUT", "url": "CarePlan/old", "ifMatch": 'W/"3"'},
}
FOUND = page({"resourceType": "CarePlan", "id": "c1", "meta": {"versionId": "1"}})


def bundle(*entries: dict[str, Any]) -> dict[str, Any]:
    """A transaction of `entries`."""
    return {"resourceType": "Bundle", "type": "transaction", "entry": [*entries]}


def answered(*responses: dict[str, str]) -> Reply:
    """A transaction-response."""
    entries = [{"response": one} for one in responses]
    return resource({"resourceType": "Bundle", "type": "transaction-response", "entry": entries})


def made(kind: str, name: str, status: str = "201 Created", version: str = "1") -> dict[str, str]:
    """The response for one entry."""
    return {"status": status, "location": f"{kind}/{name}/_history/{version}", "etag": f'W/"{version}"'}


DONE = answered(made("CarePlan", "c1"), made("Provenance", "p1"))


def ehr(posts: Sequence[Reply], looks: Sequence[Reply] = (), reads: Sequence[Reply] = ()) -> Script:
    """A server that answers transactions, searches and reads in their own turns, the last one for ever."""
    left = {"post": list(posts), "look": list(looks), "read": list(reads)}

    def script(asked: ReceivedRequest) -> Reply:
        kind = "read" if asked.method == "GET" else "look" if asked.path.endswith("_search") else "post"
        return left[kind].pop(0) if len(left[kind]) > 1 else left[kind][0]

    return script


def sent(asked: list[ReceivedRequest]) -> int:
    """How many transactions arrived."""
    return sum(one.path == "/fhir" for one in asked)


def test_what_is_written_is_told_entry_by_entry() -> None:
    """With ids and versions, and with the bytes of our own dict sent."""
    with serving(ehr([DONE])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert b'"dose":7.50' in server.requests[0].body
        assert server.requests[0].headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert (receipt.outcome, receipt.created) == (Outcome.WRITTEN, 2)
    assert receipt.entries == (WrittenEntry("CarePlan", "c1", "1", 201), WrittenEntry("Provenance", "p1", "1", 201))
    assert receipt.entries[0].reference == "CarePlan/c1"


def test_what_is_there_already_is_unchanged() -> None:
    """Every conditional create found its match."""
    with serving(ehr([answered(made("CarePlan", "c1", "200 OK", "4"))])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
    assert (receipt.outcome, receipt.created, receipt.entries[0].version) == (Outcome.UNCHANGED, 0, "4")


def test_nothing_to_send_sends_nothing() -> None:
    """An empty Bundle is no request."""
    with serving(ehr([DONE])) as server:
        assert deliver(client(server.base_url), bundle()).outcome is Outcome.UNCHANGED
        assert server.requests == []


@pytest.mark.parametrize(
    "response",
    [
        {"status": "201"},
        {"status": "201", "location": "https://ehr.example/fhir/CarePlan/c1"},
        {"status": "201", "location": "CarePlan/c1/_history/0a1b-uuid"},
        {"status": "201", "etag": 'W/"abc"'},
    ],
)
def test_servers_say_more_or_less(response: dict[str, str]) -> None:
    """A bare status, absolute addresses and versions that are no numbers are all answers."""
    with serving(ehr([answered(response)])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
    assert receipt.outcome is Outcome.WRITTEN
    assert receipt.entries[0].id == ("c1" if "location" in response else None)


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_is_a_receipt_with_the_elements_named(status: int) -> None:
    """Sending it again would not help, so nobody tries."""
    with serving(ehr([outcome(status, "structure")])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
        assert sent(server.requests) == 1
    assert receipt.outcome is Outcome.REFUSED
    assert [str(issue) for issue in receipt.issues] == ["error structure at CarePlan.status"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Unauthorised),
        (403, Forbidden),
        (409, Conflict),
        (412, PreconditionFailed),
    ],
)
def test_what_the_caller_must_settle_is_an_error(status: int, kind: type[EHRError]) -> None:
    """Above all a conflict: read again, and stop if a person was there."""
    with serving(ehr([outcome(status, "conflict")])) as server:
        with pytest.raises(kind):
            deliver(client(server.base_url), bundle(PLAN))
        assert sent(server.requests) == 1


LOST = [
    Reply(hang_up=True),
    outcome(500, "exception"),
    outcome(502, "transient"),
    outcome(503, "transient"),
    outcome(504, "timeout"),
    Reply(body=b'{"resourceType":"Bundle"', cut=True),
    Reply(body=b"<html>"),
    answered({"status": "201"}, {"status": "201"}, {"status": "201"}),
    answered({"status": "500"}, {}),
]


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_reply_after_the_commit_is_recovered_without_sending_again(lost: Reply) -> None:
    """The plan is found by its version identifier."""
    with serving(ehr([lost], [FOUND])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert sent(server.requests) == 1
        assert b"plan-version%7Cv1" in server.requests[1].body
    assert receipt.outcome is Outcome.RECOVERED
    assert receipt.entries == (WrittenEntry("CarePlan", "c1", "1", 200),)


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_request_is_sent_again_after_looking(lost: Reply) -> None:
    """Two looks find nothing; then it is sent, once."""
    with serving(ehr([lost, DONE], [page()])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert [one.path.rpartition("/")[2] for one in server.requests] == ["fhir", "_search", "_search", "fhir"]
    assert (receipt.outcome, receipt.created) == (Outcome.WRITTEN, 2)


def test_a_slow_commit_is_seen_at_the_second_look() -> None:
    """The server was still at it when we looked first."""
    with serving(ehr([Reply(hang_up=True)], [page(), FOUND])) as server:
        assert deliver(client(server.base_url), bundle(PLAN)).outcome is Outcome.RECOVERED
        assert sent(server.requests) == 1


def test_silence_stays_unknown() -> None:
    """After three sends and six looks a person has to look."""
    with serving(ehr([Reply(hang_up=True)], [page()])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
        assert (sent(server.requests), len(server.requests)) == (3, 9)
    assert receipt.outcome is Outcome.UNKNOWN


def test_a_server_that_says_it_failed_and_has_nothing_has_failed() -> None:
    """We looked; so this is known."""
    with serving(ehr([outcome(500, "exception")], [page()])) as server, pytest.raises(ServerFault) as caught:
        deliver(client(server.base_url), bundle(PLAN))
    assert caught.value.status == 500


def test_what_cannot_be_looked_for_is_not_sent_twice() -> None:
    """A Provenance alone has no identifier."""
    with serving(ehr([Reply(hang_up=True)])) as server:
        assert deliver(client(server.base_url), bundle(PROVENANCE)).outcome is Outcome.UNKNOWN
        assert sent(server.requests) == 1


def test_when_looking_fails_too_nothing_is_sent_again() -> None:
    """Not knowing is no reason to write."""
    with serving(ehr([Reply(hang_up=True)], [outcome(500, "exception")])) as server:
        assert deliver(client(server.base_url), bundle(PLAN)).outcome is Outcome.UNKNOWN
        assert sent(server.requests) == 1


@pytest.mark.parametrize(("version", "recovered"), [("3", False), ("4", True), ("33", True)])
def test_an_update_counts_as_done_when_the_old_version_is_gone(version: str, recovered: bool) -> None:
    """The plan was there before; only the version of the other tells whether the transaction went through."""
    old = resource({"resourceType": "CarePlan", "id": "old", "meta": {"versionId": version}})
    again = answered(made("CarePlan", "c1", "200"), made("CarePlan", "old", "200", "4"))
    with serving(ehr([Reply(hang_up=True), again], [FOUND], [old])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, REVOKED))
        assert sent(server.requests) == (1 if recovered else 2)
    assert receipt.outcome is (Outcome.RECOVERED if recovered else Outcome.WRITTEN)


def test_an_update_is_a_change() -> None:
    """Also when nothing is new."""
    with serving(ehr([answered({"status": "200"})])) as server:
        receipt = deliver(client(server.base_url), bundle(REVOKED))
    assert (receipt.outcome, receipt.created, receipt.entries[0].reference) == (Outcome.WRITTEN, 0, "CarePlan/old")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_that_names_a_time_is_asked_again(status: int) -> None:
    """With Retry-After it has not begun, so sending again is safe."""
    patience = Patience()
    with serving(ehr([outcome(status, "throttled", retry_after="7"), DONE])) as server:
        receipt = deliver(client(server.base_url, patience), bundle(PLAN, PROVENANCE))
        assert sent(server.requests) == 2
    assert (receipt.outcome, patience.waits) == (Outcome.WRITTEN, [7.0])


def test_what_never_left_is_unreachable() -> None:
    """No connection: nothing was written and nobody has to look."""
    with serving(ehr([DONE])) as server:
        gone = server.base_url
    with pytest.raises(Unreachable):
        deliver(client(gone), bundle(PLAN))


def test_an_answer_too_long_to_read_is_a_lost_reply() -> None:
    """The server did it; only its words are too many."""
    with serving(ehr([DONE], [FOUND])) as server:
        receipt = deliver(client(server.base_url, max_bytes=len(DONE.body) - 1), bundle(PLAN, PROVENANCE))
        assert sent(server.requests) == 1
    assert receipt.outcome is Outcome.RECOVERED
