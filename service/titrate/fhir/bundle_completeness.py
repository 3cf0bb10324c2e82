"""What a Bundle says about its own completeness: total, next link, outcomes, and requests of a batch that failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from titrate.bundle_structure import (
    Pages,
    addresses,
    different_matches,
    has_earlier_page,
    has_later_page,
    has_unreadable_total,
    is_after_first,
    is_aside,
    is_one_of_several,
    total_of,
)
from titrate.clinical.values.completeness import ALL_TYPES, Incomplete, Retrieval, graver
from titrate.fhir.elements import LIST, OBJECT, Element, part, parts, text
from titrate.messages import Message
from titrate.messages.completeness import (
    AccessRefused,
    EntryUnreadable,
    FewerThanTotal,
    PageMissing,
    RequestOfBatchFailed,
    StatedIncomplete,
    TotalUnreadable,
)

# A Bundle of these types is everything that the EHR holds; any other type is an answer, which can be a part.
WHOLE = frozenset({"collection", "batch", "transaction"})
# Any other severity is an error, or cannot be read.
_NOT_GRAVE = frozenset({"warning", "information"})
_INCOMPLETE_CODES = frozenset({"incomplete", "suppressed", "timeout", "too-costly", "forbidden", "throttled"})
_TYPE = re.compile(r"[A-Z][A-Za-z]+")


@dataclass(frozen=True, slots=True)
class FileGap:
    """Resources of some types may be missing from a Bundle. `types` is None where they can be of any type."""

    incomplete: Incomplete
    types: tuple[str, ...] | None = None


def partial(reason: Message, types: tuple[str, ...] | None = None) -> FileGap:
    """A part of the types is missing."""
    return FileGap(Incomplete(Retrieval.PARTIAL, reason), types)


def incomplete_types(gaps: Iterable[FileGap]) -> Mapping[str, Incomplete]:
    """The types that are not complete, each with the gravest reason."""
    return graver((kind, gap.incomplete) for gap in gaps for kind in gap.types or ALL_TYPES)


@dataclass(frozen=True, slots=True)
class ReceivedBundle:
    """A Bundle that was opened, with its entries and the types of the resources in it."""

    bundle: Element
    entries: Sequence[Any]
    matches: Sequence[str]


def answer_gaps(bundles: Sequence[ReceivedBundle]) -> Iterator[FileGap]:
    """What the answers among the Bundles of a file lack by their totals and by links to pages outside the file."""
    answers = [one for one in bundles if text(one.bundle, "type") not in WHOLE]
    pages = frozenset(page for one in answers for page in addresses(one.bundle, "self"))
    return (gap for one in answers for gap in _gaps_of(one, pages))


def _gaps_of(answer: ReceivedBundle, pages: Pages) -> Iterator[FileGap]:
    bundle, types = answer.bundle, _types_searched(answer.bundle, answer.matches)
    total = total_of(bundle)
    found = different_matches(answer.entries, versions=text(bundle, "type") == "history")
    if has_unreadable_total(bundle):
        yield partial(TotalUnreadable(), types)
    if total is not None and total > found:
        yield partial(FewerThanTotal(), types)
    # A server may name this page otherwise as the first or the last; where everything came there is no other.
    whole = total is not None and total <= found
    is_part = not whole and (is_one_of_several(bundle, pages) or is_after_first(bundle, pages))
    if has_later_page(bundle, pages) or has_earlier_page(bundle, pages) or is_part:
        yield partial(PageMissing(), types)


def entry_gap(entry: Element, kind: str | None) -> FileGap | None:
    """What one entry of a Bundle of type `kind` says about what is missing; None where it says nothing."""
    resource, response = part(entry, "resource"), part(entry, "response")
    types = _types_of_request(entry)
    status = str(response.get("status") or "").strip()[:3]
    if status.isdigit() and status >= "400":
        refused = Incomplete(Retrieval.WITHHELD, AccessRefused())
        failed = Incomplete(Retrieval.PARTIAL, RequestOfBatchFailed(status=status))
        return FileGap(refused if status in ("401", "403") else failed, types)
    if any(_says_incomplete(outcome) for outcome in (resource, part(response, "outcome"))):
        return partial(StatedIncomplete(), types)
    request = text(part(entry, "request"), "method")
    if kind not in WHOLE and not resource and not is_aside(entry) and request is None and not response:
        return partial(EntryUnreadable(), types)
    return None


def is_outcome(resource: Element) -> bool:
    """Whether a resource is an OperationOutcome."""
    return resource.get("resourceType") == "OperationOutcome"


def _says_incomplete(outcome: Element) -> bool:
    """Whether an OperationOutcome has an issue of weight; one that is no object counts as an error."""
    given = outcome.get("issue")
    listed = given if isinstance(given, LIST) else [] if given is None else [given]
    return is_outcome(outcome) and any(
        not isinstance(issue, OBJECT)
        or text(issue, "severity") not in _NOT_GRAVE
        or text(issue, "code") in _INCOMPLETE_CODES
        for issue in listed
    )


def _types_searched(bundle: Element, matches: Sequence[str]) -> tuple[str, ...] | None:
    """The one type that a search was for, by its own link, else by its matches; None where that is not certain."""
    for link in parts(bundle, "link"):
        found = _type_in(text(link, "url") or "") if text(link, "relation") == "self" else None
        if found is not None:
            return (found,)
    kinds = set(matches)
    return (kinds.pop(),) if len(kinds) == 1 and "Patient" not in kinds else None


def _types_of_request(entry: Element) -> tuple[str, ...] | None:
    """The type that an entry is about, by its request or its place; None where that is not certain."""
    for address in (text(part(entry, "request"), "url"), text(part(entry, "response"), "location")):
        found = _type_in(address or "")
        if found is not None:
            return (found,)
    return None


def _type_in(address: str) -> str | None:
    """The one type of resources behind an address; None for Patient, which can be asked for with everything else."""
    try:
        parts_of_url = urlsplit(address)
    except ValueError:
        return None
    steps = parts_of_url.path.removesuffix("/_search").split("/_history")[0].split("/")
    if "include" in parts_of_url.query or steps[-1].startswith("$"):
        return None
    found = next((step for step in reversed(steps[-2:]) if _TYPE.fullmatch(step)), None)
    return found if found != "Patient" else None
