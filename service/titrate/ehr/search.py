"""Searching: the first page by POST where the server can, the next ones by its own links, up to the caps.

A search gives all of its matches or an error, never a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from titrate.ehr.client import EHR
from titrate.ehr.errors import BadAnswer, EHRError, PageFailed, Refused, ResponseTooLarge, WrongOrigin
from titrate.event_log import Event
from titrate.settings import Handling

Query = Sequence[tuple[str, str]]
NO_POST = frozenset({404, 405, 415, 501})
ASIDE = frozenset({"outcome", "include"})


@dataclass(frozen=True, slots=True)
class Found:
    """The matches of a search. `lenient` says that the server refused strict handling and may have ignored parameters.

    `odd` counts entries that held no resource.
    """

    resources: tuple[dict[str, Any], ...]
    lenient: bool = False
    odd: int = 0


def search(ehr: EHR, kind: str, query: Query) -> Found:
    """Every `kind` that matches `query`, over all pages."""
    what = f"search {kind}"
    query = [*query, ("_count", str(ehr.policy.page_size))]
    try:
        first, lenient = _first(ehr, kind, query, "strict"), False
    except Refused as refused:
        if ehr.policy.handling is not Handling.LENIENT or refused.status != 400:
            raise
        ehr.event_log.note(Event.LENIENT, type=kind)
        first, lenient = _first(ehr, kind, query, "lenient"), True
    pages = [*_pages(ehr, first, what)]
    entries = [entry for page in pages for entry in _entries(page, what)]
    found = [entry["resource"] for entry in entries if _holds_resource(entry)]
    return Found(tuple(found), lenient, len(entries) - len(found))


def _first(ehr: EHR, kind: str, query: Query, handling: str) -> dict[str, Any]:
    what, prefer = f"search {kind}", f"handling={handling}"
    if ehr.searches_by_post:
        try:
            return ehr.find(kind, urlencode(query).encode(), what, prefer)
        except EHRError as error:
            if error.status not in NO_POST:
                raise
            # a 404 may be about the type alone, so only the others settle it for the whole server
            ehr.searches_by_post = error.status == 404
    return ehr.get(f"{kind}?{urlencode(query)}", what, prefer)


def _pages(ehr: EHR, first: dict[str, Any], what: str) -> Iterator[dict[str, Any]]:
    """The first page and those after it, by next links taken as they are."""
    page, seen = first, set[str]()
    yield _bundle(page, what)
    while link := _next(page):
        url = ehr.address(link, what)
        if url in seen:
            raise PageFailed(what, "The server's next link goes in a circle.")
        if len(seen) + 1 >= ehr.policy.max_pages:
            raise ResponseTooLarge(what)
        seen.add(url)
        page = _later(ehr, url, what, len(seen) + 1)
        yield page


def _later(ehr: EHR, url: str, what: str, number: int) -> dict[str, Any]:
    try:
        return _bundle(ehr.get(url, what), what)
    except WrongOrigin:
        raise
    except EHRError as error:
        detail = f"Page {number} failed: {error.code}."
        raise PageFailed(what, detail, status=error.status, issues=error.issues) from None


def _bundle(content: dict[str, Any], what: str) -> dict[str, Any]:
    if content.get("resourceType") != "Bundle" or not isinstance(content.get("entry", []), list):
        raise BadAnswer(what, "It is no Bundle.")
    return content


def _next(page: dict[str, Any]) -> str | None:
    links = page.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None


def _entries(page: dict[str, Any], what: str) -> Iterator[dict[str, Any]]:
    """The matches of a page; what a server adds on the side is left out."""
    for entry in page.get("entry", ()):
        if not isinstance(entry, dict):
            raise BadAnswer(what, "An entry of the Bundle is no object.")
        mode = entry.get("search")
        if not (isinstance(mode, dict) and mode.get("mode") in ASIDE):
            yield entry


def _holds_resource(entry: dict[str, Any]) -> bool:
    resource = entry.get("resource")
    return isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)
