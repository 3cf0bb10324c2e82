"""Searches over pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
import responses

from tests.ehr.ehr_client import BASE_URL, client
from tests.ehr.odd_server import ReceivedRequest, Reply, in_turn, outcome, page, resource, serving
from titrate.ehr.errors import BadAnswer, Forbidden, PageFailed, Refused, ServerFault, Unauthorised
from titrate.ehr.search import SearchResult, search, search_all
from titrate.json_codec import loads
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


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 415, 422, 501])
def test_without_post_a_search_uses_get(status: int) -> None:
    """POST is not tried again; a 404 can concern one type only."""

    def script(request: ReceivedRequest) -> Reply:
        return outcome(status, "not-supported") if request.method == "POST" else page(ONE)

    with serving(script) as server:
        ehr = client(server.base_url)
        assert search(ehr, "Goal", QUERY).resources == search(ehr, "Goal", QUERY).resources == (ONE,)
        posts = sum(request.method == "POST" for request in server.requests)
    assert posts == (2 if status == 404 else 1)


def test_a_refusal_after_a_search_by_post_worked_concerns_the_type() -> None:
    """Ids are not sent in an address in that case."""
    with serving(lambda request: page(ONE) if "/Goal" in request.path else outcome(403, "forbidden")) as server:
        ehr = client(server.base_url)
        search(ehr, "Goal", QUERY)
        with pytest.raises(Forbidden):
            search(ehr, "Flag", QUERY)
        assert [request.method for request in server.requests] == ["POST", "POST"]


@pytest.mark.parametrize("status", [400, 406, 422])
def test_one_type_that_refuses_post_is_searched_by_get(status: int) -> None:
    """The others stay with POST."""

    def script(request: ReceivedRequest) -> Reply:
        refuses = request.method == "POST" and "/Flag" in request.path
        return outcome(status, "structure") if refuses else page(ONE)

    with serving(script) as server:
        ehr = client(server.base_url)
        for kind in ("Goal", "Flag", "Flag", "Goal"):
            assert search(ehr, kind, QUERY).resources == (ONE,)
        methods = [request.method for request in server.requests]
    assert methods == ["POST", "POST", "GET", "GET", "POST"]


def test_a_page_size_that_is_refused_is_left_out() -> None:
    """Some servers refuse more than their own limit; later searches have no size either."""

    def script(request: ReceivedRequest) -> Reply:
        return outcome(400, "value") if b"_count" in request.body or "_count" in request.path else page(ONE)

    with serving(script) as server:
        ehr = client(server.base_url)
        assert search(ehr, "Goal", QUERY).resources == search(ehr, "Goal", QUERY).resources == (ONE,)
        assert b"_count" not in server.requests[-1].body


@responses.activate
def test_strict_handling_is_the_default() -> None:
    """A refused search parameter is an error, also by GET and without a page size."""
    refused = outcome(400, "not-supported")
    answers = [
        method(url, status=400, body=refused.body)
        for method, url in ((responses.post, SEARCH_URL), (responses.get, f"{BASE_URL}/Goal"))
    ]
    with pytest.raises(Refused):
        search(client(BASE_URL), "Goal", QUERY)
    assert [answer.call_count for answer in answers] == [2, 2]


def test_lenient_handling_repeats_the_search() -> None:
    """The result says that parameters may have been ignored."""

    def script(request: ReceivedRequest) -> Reply:
        return page(ONE) if "lenient" in request.headers["Prefer"] else outcome(400, "not-supported")

    with serving(script) as server:
        found = search(client(server.base_url, handling=Handling.LENIENT), "Goal", QUERY)
    assert found.lenient
    assert found.resources == (ONE,)


def codes(found: SearchResult) -> list[str]:
    """Why a search may be incomplete."""
    return [gap.code for gap in found.gaps]


def test_pages_in_a_circle_end_the_search() -> None:
    """The same next link appears twice: what came is kept, and the search is not complete."""
    with serving(in_turn(page(ONE, following="?a"), page(TWO, following="?a"))) as server:
        found = search(client(server.base_url), "Goal", QUERY)
    assert found.resources == (ONE, TWO)
    assert codes(found) == ["page-failed"]
    assert "loop" in str(found.gaps[0].message)


@pytest.mark.parametrize(("most", "fits"), [(2, False), (3, True), (4, True)])
def test_the_number_of_pages_is_limited(most: int, fits: bool) -> None:
    """Three pages at, below and above the limit."""
    with serving(in_turn(page(ONE, following="?a"), page(TWO, following="?b"), page())) as server:
        found = search(client(server.base_url, max_pages=most), "Goal", QUERY)
    assert len(found.resources) == 2
    assert codes(found) == ([] if fits else ["too-much"])


def test_a_next_link_to_another_server_is_not_followed() -> None:
    """That server does not receive the token."""
    with serving(in_turn(page(TWO))) as other:
        away = page(ONE, following=f"{other.base_url}/Goal?page=2")
        with serving(in_turn(away)) as server:
            found = search(client(server.base_url, token="abc"), "Goal", QUERY)
        assert other.requests == []
    assert codes(found) == ["wrong-origin"]


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
def test_a_later_page_that_fails_leaves_a_gap(odd: Reply) -> None:
    """What came is kept; where a part is of no use, the search fails."""
    with serving(in_turn(page(ONE, following="?a"), odd)) as server:
        found = search(client(server.base_url), "Goal", QUERY)
    assert found.resources == (ONE,)
    assert codes(found) == ["page-failed"]
    with serving(in_turn(page(ONE, following="?a"), odd)) as server, pytest.raises(PageFailed, match="Page 2 failed"):
        search_all(client(server.base_url), "Goal", QUERY)


@pytest.mark.parametrize(("url", "gaps"), [("", []), (" ", []), (None, []), (7, ["page-failed"])])
def test_a_next_link_without_an_address_is_none(url: object, gaps: list[str]) -> None:
    """One that is not a text cannot be judged."""
    content = {"resourceType": "Bundle", "link": [{"relation": "next", "url": url}], "entry": [{"resource": ONE}]}
    with serving(in_turn(resource(content))) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == gaps


@pytest.mark.parametrize(
    ("total", "gaps"),
    [
        (1, []), (2, ["total"]), (0, []), (None, []), (2.0, ["total"]), ("1", ["total-unreadable"]),
        ("", ["total-unreadable"]), (True, ["total-unreadable"]), (-1, ["total-unreadable"]),
        (0.5, ["total-unreadable"]), ([1], ["total-unreadable"]),
    ],
)  # fmt: skip
def test_a_total_above_what_came_leaves_a_gap(total: object, gaps: list[str]) -> None:
    """A smaller total is that of an estimate or of another time; one that cannot be read may be above."""
    content = {"resourceType": "Bundle", "total": total, "entry": [{"resource": ONE}]}
    with serving(in_turn(resource(content))) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == gaps


@pytest.mark.parametrize(
    ("first", "second", "gaps"),
    [
        ([ONE], [ONE], ["total"]),
        ([ONE], [TWO], []),
        ([ONE, ONE], [], []),
        ([ONE, ONE], [TWO, TWO], []),
        ([ONE, ONE], [TWO], []),
        ([ONE], [{"resourceType": "Flag", "id": "1"}], []),
    ],
    ids=[
        "repeated on the next page",
        "two",
        "all twice",
        "all twice, two pages",
        "one of two twice",
        "one id of two types",
    ],
)
def test_a_match_that_comes_twice_counts_once(first: list[Any], second: list[Any], gaps: list[str]) -> None:
    """Paging by offset repeats one match, and so leaves another out, when a record is added meanwhile.

    A server that sends every match twice counts each.
    """
    pages = [resource({**loads(one.body), "total": 2}) for one in (page(*first, following="?a"), page(*second))]
    with serving(in_turn(*pages)) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == gaps


def test_one_match_of_a_page_that_comes_twice_counts_once() -> None:
    """The total is of three, and one of them did not come."""
    content = {"resourceType": "Bundle", "total": 3, "entry": [{"resource": one} for one in (ONE, TWO, TWO)]}
    with serving(in_turn(resource(content))) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == ["total"]


def test_what_is_no_match_does_not_reach_the_total() -> None:
    """Resources that were only included, and outcomes."""
    aside = [{"resource": TWO, "search": {"mode": "include"}}, {"resource": {"resourceType": "OperationOutcome"}}]
    content = {"resourceType": "Bundle", "total": 2, "entry": [{"resource": ONE}, *aside]}
    with serving(in_turn(resource(content))) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == ["total"]


@pytest.mark.parametrize(
    ("links", "total", "gaps"),
    [
        ({"previous": "?page=1"}, None, ["pages-left-out"]),
        ({"prev": "?page=1"}, 1, ["pages-left-out"]),
        ({"self": "?page=1", "previous": "?page=1"}, None, []),
        ({"first": "?page=1", "last": "?page=3"}, None, ["pages-left-out"]),
        ({"first": "?page=1", "last": "?page=3"}, 1, []),
        ({"first": "?page=1", "last": "?page=1"}, None, []),
        ({"self": "?patient=p", "first": "?page=1"}, None, []),
        ({"self": "?patient=p"}, None, []),
    ],
)
def test_links_to_pages_that_do_not_come_leave_a_gap(links: dict[str, str], total: object, gaps: list[str]) -> None:
    """The first answer is a later page, or the last page is another one and no next link leads there."""
    link = [{"relation": relation, "url": url} for relation, url in links.items()]
    content = {"resourceType": "Bundle", "total": total, "link": link, "entry": [{"resource": ONE}]}
    with serving(in_turn(resource(content))) as server:
        assert codes(search(client(server.base_url), "Goal", QUERY)) == gaps


INCOMPLETE = ("incomplete", "suppressed", "timeout", "too-costly", "forbidden", "throttled")


@pytest.mark.parametrize("mode", [{}, {"search": {"mode": "outcome"}}])
@pytest.mark.parametrize(
    ("severity", "code", "gaps"),
    [
        ("error", "processing", 1), ("fatal", "exception", 1),
        *(("warning", code, 1) for code in INCOMPLETE), ("information", "incomplete", 1),
        ("warning", "processing", 0), ("information", "informational", 0),
    ],
)  # fmt: skip
def test_an_outcome_among_the_matches_can_leave_a_gap(
    severity: str, code: str, gaps: int, mode: dict[str, object]
) -> None:
    """It is never a match; an error, or a code that says so, makes the search incomplete."""
    remark = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code, "diagnostics": "Ann"}]}
    content = {"resourceType": "Bundle", "entry": [{"resource": ONE}, {"resource": remark, **mode}]}
    with serving(in_turn(resource(content))) as server:
        found = search(client(server.base_url), "Goal", QUERY)
    assert found.resources == (ONE,)
    assert codes(found) == ["incomplete"] * gaps
    assert "Ann" not in "".join(str(gap.message) for gap in found.gaps)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (401, {}, Unauthorised),
        (500, {}, ServerFault),
        (200, {"resourceType": "Patient"}, BadAnswer),
        (200, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}, Refused),
        (200, {"resourceType": "Bundle", "entry": {}}, BadAnswer),
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
    assert codes(found) == ["odd-entry"]
    assert "2 entries" in str(found.gaps[0].message)


@pytest.mark.parametrize("odd", [None, "odd", 3, [], {}])
def test_an_entry_that_is_no_object_leaves_a_gap(odd: object) -> None:
    """The matches beside it are kept."""
    with serving(in_turn(resource({"resourceType": "Bundle", "entry": [odd, {"resource": ONE}]}))) as server:
        found = search(client(server.base_url), "Goal", QUERY)
    assert found.resources == (ONE,)
    assert codes(found) == ["odd-entry"]


@pytest.mark.parametrize("relation", ["next", "Next", " NEXT "])
@pytest.mark.parametrize("is_list", [True, False])
def test_a_next_link_is_followed_however_it_is_written(relation: str, *, is_list: bool) -> None:
    """In any case, and as a single object."""
    link = {"relation": relation, "url": "?a"}
    first = {"resourceType": "Bundle", "entry": [{"resource": ONE}], "link": [link] if is_list else link}
    with serving(in_turn(resource(first), page(TWO))) as server:
        assert search(client(server.base_url), "Goal", QUERY).resources == (ONE, TWO)


@responses.activate
def test_an_empty_bundle_is_a_result() -> None:
    """No match, and no entry element, or null in its place."""
    for content in ({"resourceType": "Bundle"}, {"resourceType": "Bundle", "entry": None}):
        responses.post(SEARCH_URL, json=content)
        assert search(client(BASE_URL), "Goal", QUERY) == SearchResult(())
