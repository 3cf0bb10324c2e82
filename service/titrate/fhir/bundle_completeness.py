"""What a Bundle says about its own completeness: total, next link, outcomes, and requests of a batch that failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from titrate.clinical.values.completeness import ALL_TYPES, Incomplete, Retrieval, graver
from titrate.fhir.elements import Element, number, part, parts, text
from titrate.messages import Message
from titrate.messages.completeness import (
    AccessRefused,
    EntryUnreadable,
    FewerThanTotal,
    PageMissing,
    RequestOfBatchFailed,
    StatedIncomplete,
)

# A Bundle of these types is everything that the EHR holds; any other type is an answer, which can be a part.
WHOLE = frozenset({"collection", "batch", "transaction"})
NOT_A_MATCH = frozenset({"outcome", "include"})
_GRAVE = frozenset({"fatal", "error"})
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


def answer_gaps(bundle: Element, entries: Sequence[Any], matches: Sequence[str]) -> Iterator[FileGap]:
    """What a Bundle lacks by its total, its next link and its entries. `matches` are the types of its resources."""
    if text(bundle, "type") in WHOLE:
        return
    types = _types_searched(bundle, matches)
    total = number(bundle.get("total"))
    counted = [entry for entry in entries if not _is_aside(entry)]
    if total is not None and total > len(counted):
        yield partial(FewerThanTotal(), types)
    if any(text(link, "relation") == "next" and _leads_on(link) for link in parts(bundle, "link")):
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
    if kind not in WHOLE and not resource and not _is_aside(entry) and request is None and not response:
        return partial(EntryUnreadable(), types)
    return None


def is_outcome(resource: Element) -> bool:
    """Whether a resource is an OperationOutcome."""
    return resource.get("resourceType") == "OperationOutcome"


def _says_incomplete(outcome: Element) -> bool:
    return is_outcome(outcome) and any(
        text(issue, "severity") in _GRAVE or text(issue, "code") in _INCOMPLETE_CODES
        for issue in parts(outcome, "issue")
    )


def _is_aside(entry: Any) -> bool:
    if not isinstance(entry, Mapping):
        return False
    return text(part(entry, "search"), "mode") in NOT_A_MATCH or is_outcome(part(entry, "resource"))


def _leads_on(link: Element) -> bool:
    """Whether a link has an address; an empty one leads nowhere, and one that is not a text cannot be judged."""
    url = link.get("url")
    return bool(url.strip()) if isinstance(url, str) else url is not None


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
