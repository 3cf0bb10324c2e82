"""Delivery of one transaction, with lost responses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.ehr.ehr_client import RecordedSleep, client
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
from titrate.ehr.receipt import DeliveryOutcome, WrittenEntry

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


def transaction_response(*responses: dict[str, str]) -> Reply:
    """A transaction-response."""
    entries = [{"response": one} for one in responses]
    return resource({"resourceType": "Bundle", "type": "transaction-response", "entry": entries})


def entry_response(kind: str, name: str, status: str = "201 Created", version: str = "1") -> dict[str, str]:
    """The response for one entry."""
    return {"status": status, "location": f"{kind}/{name}/_history/{version}", "etag": f'W/"{version}"'}


DONE = transaction_response(entry_response("CarePlan", "c1"), entry_response("Provenance", "p1"))


def scripted_ehr(posts: Sequence[Reply], searches: Sequence[Reply] = (), reads: Sequence[Reply] = ()) -> Script:
    """A server with separate replies for transactions, searches and reads, each repeating its last one."""
    left = {"post": list(posts), "search": list(searches), "read": list(reads)}

    def script(request: ReceivedRequest) -> Reply:
        kind = "read" if request.method == "GET" else "search" if request.path.endswith("_search") else "post"
        return left[kind].pop(0) if len(left[kind]) > 1 else left[kind][0]

    return script


def transactions(requests: list[ReceivedRequest]) -> int:
    """The number of transactions that arrived."""
    return sum(one.path == "/fhir" for one in requests)


def test_the_receipt_lists_every_entry() -> None:
    """With ids and versions; the transaction keeps the digits of decimals."""
    with serving(scripted_ehr([DONE])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert b'"dose":7.50' in server.requests[0].body
        assert server.requests[0].headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert (receipt.outcome, receipt.created) == (DeliveryOutcome.WRITTEN, 2)
    assert receipt.entries == (WrittenEntry("CarePlan", "c1", "1", 201), WrittenEntry("Provenance", "p1", "1", 201))
    assert receipt.entries[0].reference == "CarePlan/c1"


def test_existing_resources_are_unchanged() -> None:
    """Every conditional create found its match."""
    with serving(scripted_ehr([transaction_response(entry_response("CarePlan", "c1", "200 OK", "4"))])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
    assert (receipt.outcome, receipt.created, receipt.entries[0].version) == (DeliveryOutcome.UNCHANGED, 0, "4")


def test_an_empty_bundle_is_not_sent() -> None:
    """It is unchanged."""
    with serving(scripted_ehr([DONE])) as server:
        assert deliver(client(server.base_url), bundle()).outcome is DeliveryOutcome.UNCHANGED
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
def test_entry_responses_can_be_sparse(response: dict[str, str]) -> None:
    """A bare status, absolute addresses and versions that are not numbers are accepted."""
    with serving(scripted_ehr([transaction_response(response)])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
    assert receipt.outcome is DeliveryOutcome.WRITTEN
    assert receipt.entries[0].id == ("c1" if "location" in response else None)


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_is_a_receipt_with_its_elements(status: int) -> None:
    """It is not sent again."""
    with serving(scripted_ehr([outcome(status, "structure")])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
        assert transactions(server.requests) == 1
    assert receipt.outcome is DeliveryOutcome.REFUSED
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
def test_a_conflict_or_missing_permission_is_an_error(status: int, kind: type[EHRError]) -> None:
    """After a conflict the caller reads again and stops if a clinician made a change."""
    with serving(scripted_ehr([outcome(status, "conflict")])) as server:
        with pytest.raises(kind):
            deliver(client(server.base_url), bundle(PLAN))
        assert transactions(server.requests) == 1


LOST = [
    Reply(hang_up=True),
    outcome(500, "exception"),
    outcome(502, "transient"),
    outcome(503, "transient"),
    outcome(504, "timeout"),
    Reply(body=b'{"resourceType":"Bundle"', cut=True),
    Reply(body=b"<html>"),
    transaction_response({"status": "201"}, {"status": "201"}, {"status": "201"}),
    transaction_response({"status": "500"}, {}),
]


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_reply_after_the_commit_is_recovered_without_sending_again(lost: Reply) -> None:
    """The plan is found by its version identifier."""
    with serving(scripted_ehr([lost], [FOUND])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert transactions(server.requests) == 1
        assert b"plan-version%7Cv1" in server.requests[1].body
    assert receipt.outcome is DeliveryOutcome.RECOVERED
    assert receipt.entries == (WrittenEntry("CarePlan", "c1", "1", 200),)


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_request_is_sent_again_after_two_checks(lost: Reply) -> None:
    """The checks find nothing; then it is sent once more."""
    with serving(scripted_ehr([lost, DONE], [page()])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, PROVENANCE))
        assert [one.path.rpartition("/")[2] for one in server.requests] == ["fhir", "_search", "_search", "fhir"]
    assert (receipt.outcome, receipt.created) == (DeliveryOutcome.WRITTEN, 2)


def test_a_slow_commit_is_found_by_the_second_check() -> None:
    """The server was still committing at the first."""
    with serving(scripted_ehr([Reply(hang_up=True)], [page(), FOUND])) as server:
        assert deliver(client(server.base_url), bundle(PLAN)).outcome is DeliveryOutcome.RECOVERED
        assert transactions(server.requests) == 1


def test_silence_stays_unknown() -> None:
    """After three sends and six checks a clinician has to look in the EHR."""
    with serving(scripted_ehr([Reply(hang_up=True)], [page()])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN))
        assert (transactions(server.requests), len(server.requests)) == (3, 9)
    assert receipt.outcome is DeliveryOutcome.UNKNOWN


def test_a_reported_error_without_the_plan_is_a_failure() -> None:
    """The checks prove that nothing was written."""
    with serving(scripted_ehr([outcome(500, "exception")], [page()])) as server, pytest.raises(ServerFault) as caught:
        deliver(client(server.base_url), bundle(PLAN))
    assert caught.value.status == 500


def test_a_transaction_without_identifiers_is_not_sent_twice() -> None:
    """A Provenance alone cannot be found again."""
    with serving(scripted_ehr([Reply(hang_up=True)])) as server:
        assert deliver(client(server.base_url), bundle(PROVENANCE)).outcome is DeliveryOutcome.UNKNOWN
        assert transactions(server.requests) == 1


def test_after_a_failed_check_nothing_is_sent_again() -> None:
    """The outcome is unknown."""
    with serving(scripted_ehr([Reply(hang_up=True)], [outcome(500, "exception")])) as server:
        assert deliver(client(server.base_url), bundle(PLAN)).outcome is DeliveryOutcome.UNKNOWN
        assert transactions(server.requests) == 1


@pytest.mark.parametrize(("version", "recovered"), [("3", False), ("4", True), ("33", True)])
def test_an_update_counts_as_done_when_the_old_version_is_gone(version: str, recovered: bool) -> None:
    """The plan existed before; only the version of the other resource shows whether the transaction succeeded."""
    old = resource({"resourceType": "CarePlan", "id": "old", "meta": {"versionId": version}})
    again = transaction_response(entry_response("CarePlan", "c1", "200"), entry_response("CarePlan", "old", "200", "4"))
    with serving(scripted_ehr([Reply(hang_up=True), again], [FOUND], [old])) as server:
        receipt = deliver(client(server.base_url), bundle(PLAN, REVOKED))
        assert transactions(server.requests) == (1 if recovered else 2)
    assert receipt.outcome is (DeliveryOutcome.RECOVERED if recovered else DeliveryOutcome.WRITTEN)


def test_an_update_is_a_change() -> None:
    """Even when no resource is new."""
    with serving(scripted_ehr([transaction_response({"status": "200"})])) as server:
        receipt = deliver(client(server.base_url), bundle(REVOKED))
    assert (receipt.outcome, receipt.created, receipt.entries[0].reference) == (
        DeliveryOutcome.WRITTEN,
        0,
        "CarePlan/old",
    )


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_is_retried_after_retry_after(status: int) -> None:
    """The server has not begun it, so a repetition is safe."""
    sleep = RecordedSleep()
    with serving(scripted_ehr([outcome(status, "throttled", retry_after="7"), DONE])) as server:
        receipt = deliver(client(server.base_url, sleep), bundle(PLAN, PROVENANCE))
        assert transactions(server.requests) == 2
    assert (receipt.outcome, sleep.waits) == (DeliveryOutcome.WRITTEN, [7.0])


def test_without_a_connection_the_ehr_is_unreachable() -> None:
    """Nothing was written, and nothing has to be checked."""
    with serving(scripted_ehr([DONE])) as server:
        gone = server.base_url
    with pytest.raises(Unreachable):
        deliver(client(gone), bundle(PLAN))


def test_a_response_over_the_limit_is_a_lost_response() -> None:
    """The write was carried out."""
    with serving(scripted_ehr([DONE], [FOUND])) as server:
        receipt = deliver(client(server.base_url, max_bytes=len(DONE.body) - 1), bundle(PLAN, PROVENANCE))
        assert transactions(server.requests) == 1
    assert receipt.outcome is DeliveryOutcome.RECOVERED
