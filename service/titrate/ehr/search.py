"""Searches: the first page by POST where the server supports it, later pages by the server's next links, within limits.

A search returns every match or raises an error, never a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, EHRError, PageFailed, Refused, ResponseTooLarge, WrongOrigin
from titrate.event_log import Event
from titrate.messages import ehr_errors
from titrate.settings import Handling

Query = Sequence[tuple[str, str]]
POST_NOT_SUPPORTED = frozenset({404, 405, 415, 501})
NOT_A_MATCH = frozenset({"outcome", "include"})


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches of a search. `empty_entries` counts entries without a resource.

    `lenient`: the server rejected strict handling and may have ignored search parameters.
    """

    resources: tuple[dict[str, Any], ...]
    lenient: bool = False
    empty_entries: int = 0


def search(ehr: EHR, resource_type: str, query: Query) -> SearchResult:
    """Every resource of the type that matches `query`, over all pages. Raises EHRError."""
    exchange = f"search {resource_type}"
    query = [*query, ("_count", str(ehr.policy.page_size))]
    try:
        first, lenient = _first_page(ehr, resource_type, query, Handling.STRICT), False
    except Refused as refused:
        if ehr.policy.handling is not Handling.LENIENT or refused.status != 400:
            raise
        ehr.event_log.note(Event.LENIENT, type=resource_type)
        first, lenient = _first_page(ehr, resource_type, query, Handling.LENIENT), True
    entries = [entry for page in _pages(ehr, first, exchange) for entry in _matches(page, exchange)]
    resources = [entry["resource"] for entry in entries if _has_resource(entry)]
    return SearchResult(tuple(resources), lenient, len(entries) - len(resources))


def _first_page(ehr: EHR, resource_type: str, query: Query, handling: Handling) -> dict[str, Any]:
    exchange, prefer = f"search {resource_type}", f"handling={handling}"
    if ehr.searches_by_post:
        try:
            return ehr.post_search(resource_type, urlencode(query).encode(), exchange, prefer)
        except EHRError as error:
            if error.status not in POST_NOT_SUPPORTED:
                raise
            # A 404 can concern the type alone; the other statuses concern the whole server.
            ehr.searches_by_post = error.status == 404
    return ehr.get(f"{resource_type}?{urlencode(query)}", exchange, prefer)


def _pages(ehr: EHR, first: dict[str, Any], exchange: str) -> Iterator[dict[str, Any]]:
    """The first page and those after it, by next links used as they are."""
    page, visited = first, set[str]()
    yield _bundle(page, exchange)
    while link := _next_link(page):
        url = ehr.absolute_url(link, exchange)
        if url in visited:
            raise PageFailed(exchange, ehr_errors.EhrPagesInACircle())
        if len(visited) + 1 >= ehr.policy.max_pages:
            raise ResponseTooLarge(exchange)
        visited.add(url)
        page = _later_page(ehr, url, exchange, len(visited) + 1)
        yield page


def _later_page(ehr: EHR, url: str, exchange: str, number: int) -> dict[str, Any]:
    try:
        return _bundle(ehr.get(url, exchange), exchange)
    except WrongOrigin:
        raise
    except EHRError as error:
        detail = ehr_errors.EhrPageFailed(page=number, code=error.code)
        raise PageFailed(exchange, detail, status=error.status, issues=error.issues) from None


def _bundle(content: dict[str, Any], exchange: str) -> dict[str, Any]:
    if content.get("resourceType") != "Bundle" or not isinstance(content.get("entry", []), list):
        raise BadAnswer(exchange, ehr_errors.EhrNotABundle())
    return content


def _next_link(page: dict[str, Any]) -> str | None:
    links = page.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None


def _matches(page: dict[str, Any], exchange: str) -> Iterator[dict[str, Any]]:
    """The matches of a page, without included resources and outcomes."""
    for entry in page.get("entry", ()):
        if not isinstance(entry, dict):
            raise BadAnswer(exchange, ehr_errors.EhrEntryNotAnObject())
        mode = entry.get("search")
        if not (isinstance(mode, dict) and mode.get("mode") in NOT_A_MATCH):
            yield entry


def _has_resource(entry: dict[str, Any]) -> bool:
    resource = entry.get("resource")
    return isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)
