"""Searches: the first page by POST where the server supports it, later pages by the server's next links, within limits.

A search that may not have returned every match says so: its gaps have a reason each. A search without any page raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from titrate.bundle_structure import (
    NOT_A_MATCH,
    different_matches,
    has_earlier_page,
    has_unreadable_total,
    is_one_of_several,
    links,
    repetition,
    total_of,
)
from titrate.ehr.client import EHR, ResourceAnswer
from titrate.ehr.errors import (
    BadAnswer,
    EHRError,
    PageFailed,
    Refused,
    ResponseTooLarge,
    WrongOrigin,
    incomplete_issues,
    outcome_issues,
)
from titrate.ehr.first_page import Query, first_page
from titrate.event_log import Event
from titrate.messages import Message, ehr_errors
from titrate.settings import Handling


@dataclass(frozen=True, slots=True)
class SearchGap:
    """Why a search may not have returned every match: a code, and what happened."""

    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches of a search with their full URLs, and in `gaps` why some may be missing, or how it had to be asked.

    `lenient`: the server rejected strict handling and may have ignored search parameters, so that there can be more
    resources than matches, never fewer. `servers` are the base addresses by which the server names its own answers.
    """

    entries: tuple[dict[str, Any], ...]
    lenient: bool = False
    gaps: tuple[SearchGap, ...] = ()
    servers: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[dict[str, Any], ...]:
        """The resources of the matches."""
        return tuple(entry["resource"] for entry in self.entries)


@dataclass(slots=True)
class _Pages:
    """The pages that arrived, and why the search may be incomplete."""

    resource_type: str
    pages: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[SearchGap] = field(default_factory=list)

    @property
    def exchange(self) -> str:
        """The name of the search in errors."""
        return f"search {self.resource_type}"

    def add(self, answer: ResourceAnswer) -> None:
        """Take the matches, the total and the outcomes of a page. Raises BadAnswer and Refused."""
        page = _bundle(answer.content, self.exchange)
        if answer.is_partial:
            self.gaps.append(SearchGap("partial-content", ehr_errors.EhrPartialContent()))
        self.pages.append(page)
        for entry in page.get("entry") or ():
            self._add_entry(entry if isinstance(entry, dict) else {})

    def _add_entry(self, entry: dict[str, Any]) -> None:
        resource, mode = entry.get("resource"), entry.get("search")
        if isinstance(resource, dict) and resource.get("resourceType") == "OperationOutcome":
            if issues := incomplete_issues(outcome_issues(resource)):
                named = ehr_errors.EhrOutcomeIncomplete(issues="; ".join(map(str, issues)))
                self.gaps.append(SearchGap("incomplete", named))
        elif not (isinstance(mode, dict) and mode.get("mode") in NOT_A_MATCH):
            self.entries.append(entry)

    def result(self, lenient: bool) -> SearchResult:
        """The resources of all pages, after the last page that the EHR returned."""
        matches = tuple(_match(entry) for entry in self.entries if _has_resource(entry))
        gaps, empty = self.gaps, len(self.entries) - len(matches)
        if empty:
            gaps = [*gaps, SearchGap("odd-entry", ehr_errors.EhrEntriesWithoutResource(count=empty))]
        servers = dict.fromkeys(base for page in self.pages for base in _own_servers(page, self.resource_type))
        return SearchResult(matches, lenient, tuple(dict.fromkeys((*gaps, *self._missing()))), tuple(servers))

    def _missing(self) -> Iterator[SearchGap]:
        """What the totals say about missing matches, and the links of the first page about missing pages."""
        totals = [total for page in self.pages if (total := total_of(page)) is not None]
        times = min((repetition(page["entry"]) for page in self.pages if page.get("entry")), default=1)
        total, found = max(totals, default=None), different_matches(self.entries) * times
        if any(map(has_unreadable_total, self.pages)):
            yield SearchGap("total-unreadable", ehr_errors.EhrTotalUnreadable())
        if total is not None and total > found:
            yield SearchGap("total", ehr_errors.EhrFewerThanTotal(found=found, total=total))
        # Many servers name a single page in several ways; where everything came there is no other.
        alone = len(self.pages) == 1 and (total is None or total > found)
        if has_earlier_page(self.pages[0]) or (alone and is_one_of_several(self.pages[0])):
            yield SearchGap("pages-left-out", ehr_errors.EhrPagesLeftOut())


def search(ehr: EHR, resource_type: str, query: Query) -> SearchResult:
    """The resources of the type that match `query`, over all pages. Raises EHRError where no page arrived."""
    try:
        first, lenient = first_page(ehr, resource_type, query, Handling.STRICT), False
    except Refused as refused:
        if ehr.policy.handling is not Handling.LENIENT or refused.status != 400:
            raise
        ehr.event_log.note(Event.LENIENT, type=resource_type)
        first, lenient = first_page(ehr, resource_type, query, Handling.LENIENT), True
    pages = _Pages(resource_type)
    pages.add(first)
    _follow(ehr, first.content, pages)
    return pages.result(lenient)


def search_all(ehr: EHR, resource_type: str, query: Query) -> SearchResult:
    """The same, where a part of the matches is of no use. Raises EHRError also for a search with gaps."""
    found = search(ehr, resource_type, query)
    for gap in found.gaps:
        raise PageFailed(f"search {resource_type}", gap.message)
    return found


def _follow(ehr: EHR, first: dict[str, Any], pages: _Pages) -> None:
    """Add the pages after the first, by next links used as they are, and the reason for each that is missing."""
    page, visited = first, set[str]()
    try:
        while (link := _next_link(page, pages.exchange)) is not None:
            url = _unvisited(ehr, link, visited, pages.exchange)
            visited.add(url)
            page = _later_page(ehr, url, pages, len(visited) + 1)
    except (PageFailed, ResponseTooLarge, WrongOrigin) as error:
        detail = error.detail if isinstance(error.detail, Message) else error.explanation
        pages.gaps.append(SearchGap(error.code, ehr_errors.EhrPageNotRead(reason=detail)))


def _unvisited(ehr: EHR, link: str, visited: set[str], exchange: str) -> str:
    """The URL of the next page. Raises WrongOrigin, PageFailed for a circle, ResponseTooLarge for too many pages."""
    url = ehr.absolute_url(link, exchange)
    if url in visited:
        raise PageFailed(exchange, ehr_errors.EhrPagesInACircle())
    if len(visited) + 1 >= ehr.policy.max_pages:
        raise ResponseTooLarge(exchange)
    return url


def _later_page(ehr: EHR, url: str, pages: _Pages, number: int) -> dict[str, Any]:
    try:
        pages.add(ehr.answer(url, pages.exchange))
    except EHRError as error:
        detail = ehr_errors.EhrPageFailed(page=number, code=error.code)
        raise PageFailed(pages.exchange, detail, status=error.status, issues=error.issues) from None
    return pages.pages[-1]


def _bundle(content: dict[str, Any], exchange: str) -> dict[str, Any]:
    """The Bundle of a response. An OperationOutcome in its place says that the search failed."""
    if content.get("resourceType") == "OperationOutcome":
        raise Refused(exchange, issues=outcome_issues(content))
    entries = content.get("entry")
    if content.get("resourceType") != "Bundle" or not (entries is None or isinstance(entries, list)):
        raise BadAnswer(exchange, ehr_errors.EhrNotABundle())
    return content


def _next_link(page: dict[str, Any], exchange: str) -> str | None:
    """The address of the next page; an empty address leads nowhere. Raises PageFailed for one that cannot be used."""
    for url in links(page, "next"):
        if not isinstance(url, str):
            raise PageFailed(exchange, ehr_errors.EhrNextLinkUnreadable())
        return url
    return None


def _has_resource(entry: dict[str, Any]) -> bool:
    resource = entry.get("resource")
    return isinstance(resource, dict) and isinstance(resource.get("resourceType"), str)


def _match(entry: dict[str, Any]) -> dict[str, Any]:
    """The resource of an entry with its full URL, and what modifies it."""
    return {key: entry[key] for key in ("fullUrl", "resource", "modifierExtension") if key in entry}


def _own_servers(page: dict[str, Any], resource_type: str) -> Iterator[str]:
    """The base of the address that a page states as its own: behind a gateway it is not the one that was asked."""
    for url in links(page, "self"):
        base, found, _ = str(url).partition("?")[0].removesuffix("/_search").rpartition(f"/{resource_type}")
        if found:
            yield base
