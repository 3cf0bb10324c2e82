"""Searches over pages."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, client
from tests.ehr.odd_server import ReceivedRequest, Reply, in_turn, outcome, page, resource, serving
from titrate.ehr.errors import BadAnswer, PageFailed, Refused, ResponseTooLarge, ServerFault, Unauthorised, WrongOrigin
from titrate.ehr.search import search
from titrate.settings import Handling

ONE, TWO = {"resourceType": "Goal", "id": "1"}, {"resourceType": "Goal", "id": "2"}
QUERY = [("patient", "p 1")]
SEARCH_URL = f"{BASE_URL}/Goal/_search"


def test_ids_travel_in_the_body() -> None:
    """The first page is a POST with strict handling, so that ids stay out of access logs."""
    with serving(in_turn(page(ONE))) as server:
        assert search(client(server.base_url), "Goal", QUERY).resources == (ONE,)
        request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/fhir/Goal/_search")
    assert parse_qsl(request.body.decode()) == [("patient", "p 1"), ("_count", "200")]
    assert request.headers["Prefer"] == "handling=strict"


def test_next_links_are_followed_as_they_are() -> None:
    """Relative or absolute, with any parameters."""
    with serving(in_turn(page(ONE, following="?_getpages=a%7Cb&x"), page(TWO))) as server:
        assert search(client(server.base_url), "Goal", QUERY).resources == (ONE, TWO)
        assert server.requests[1].path.endswith("?_getpages=a%7Cb&x")
        assert server.requests[1].method == "GET"


@pytest.mark.parametrize("status", [404, 405, 415, 501])
def test_without_post_a_search_uses_get(status: int) -> None:
    """POST is not tried again; a 404 can concern one type only."""

    def script(request: ReceivedRequest) -> Reply:
        return outcome(status, "not-supported") if request.method == "POST" else page(ONE)

    with serving(script) as server:
        ehr = client(server.base_url)
        assert search(ehr, "Goal", QUERY).resources == search(ehr, "Goal", QUERY).resources == (ONE,)
        posts = sum(request.method == "POST" for request in server.requests)
    assert posts == (2 if status == 404 else 1)


@responses.activate
def test_strict_handling_is_the_default() -> None:
    """A refused search parameter is an error."""
    answer = responses.post(SEARCH_URL, status=400, body=outcome(400, "not-supported").body)
    with pytest.raises(Refused):
        search(client(BASE_URL), "Goal", QUERY)
    assert answer.call_count == 1


def test_lenient_handling_repeats_the_search() -> None:
    """The result says that parameters may have been ignored."""
    with serving(in_turn(outcome(400, "not-supported"), page(ONE))) as server:
        found = search(client(server.base_url, handling=Handling.LENIENT), "Goal", QUERY)
        assert [request.headers["Prefer"] for request in server.requests] == ["handling=strict", "handling=lenient"]
    assert found.lenient
    assert found.resources == (ONE,)


def test_pages_in_a_circle_are_an_error() -> None:
    """The same next link appears twice."""
    circle = in_turn(page(ONE, following="?a"), page(TWO, following="?a"))
    with serving(circle) as server, pytest.raises(PageFailed, match="form a loop"):
        search(client(server.base_url), "Goal", QUERY)


@pytest.mark.parametrize(("most", "fits"), [(2, False), (3, True), (4, True)])
def test_the_number_of_pages_is_limited(most: int, fits: bool) -> None:
    """Three pages at, below and above the limit."""
    with serving(in_turn(page(ONE, following="?a"), page(TWO, following="?b"), page())) as server:
        ehr = client(server.base_url, max_pages=most)
        if fits:
            assert len(search(ehr, "Goal", QUERY).resources) == 2
        else:
            with pytest.raises(ResponseTooLarge):
                search(ehr, "Goal", QUERY)


def test_a_next_link_to_another_server_is_not_followed() -> None:
    """That server does not receive the token."""
    with serving(in_turn(page(TWO))) as other:
        away = page(ONE, following=f"{other.base_url}/Goal?page=2")
        with serving(in_turn(away)) as server, pytest.raises(WrongOrigin):
            search(client(server.base_url, token="abc"), "Goal", QUERY)
        assert other.requests == []


@pytest.mark.parametrize(
    "odd",
    [
        outcome(500, "exception"),
        outcome(404, "not-found"),
        Reply(body=b'{"resourceType":"Bundle"', headers={}),
        resource({"resourceType": "Patient"}),
        Reply(hang_up=True),
    ],
)
def test_a_later_page_that_fails_fails_the_search(odd: Reply) -> None:
    """A part of the matches is not a result."""
    with serving(in_turn(page(ONE, following="?a"), odd)) as server, pytest.raises(PageFailed, match="Page 2 failed"):
        search(client(server.base_url), "Goal", QUERY)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (401, {}, Unauthorised),
        (500, {}, ServerFault),
        (200, {"resourceType": "Patient"}, BadAnswer),
        (200, {"resourceType": "Bundle", "entry": {}}, BadAnswer),
        (200, {"resourceType": "Bundle", "entry": ["odd"]}, BadAnswer),
    ],
)
@responses.activate
def test_a_failing_first_page_raises_its_own_error(
    status: int, content: dict[str, object], kind: type[Exception]
) -> None:
    """So that the caller knows what to do."""
    responses.post(SEARCH_URL, status=status, json=content)
    with pytest.raises(kind):
        search(client(BASE_URL), "Goal", QUERY)


def test_included_resources_and_outcomes_are_skipped() -> None:
    """An entry without a resource is counted."""
    entries = [
        {"resource": ONE, "search": {"mode": "match"}},
        {"resource": TWO},
        {"fullUrl": "urn:x"},
        {"resource": {}},
        {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}},
        {"resource": {"resourceType": "Patient"}, "search": {"mode": "include"}},
    ]
    with serving(in_turn(resource({"resourceType": "Bundle", "entry": entries}))) as server:
        found = search(client(server.base_url), "Goal", QUERY)
    assert found.resources == (ONE, TWO)
    assert found.empty_entries == 2


@responses.activate
def test_an_empty_bundle_is_a_result() -> None:
    """No match, and no entry element."""
    responses.post(SEARCH_URL, json={"resourceType": "Bundle"})
    assert search(client(BASE_URL), "Goal", QUERY).resources == ()
