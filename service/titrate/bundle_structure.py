"""What a Bundle says about itself, whatever its source: its total, its pages, its matches, and the Bundles in it.

The EHR client and the reader of files share it, so that an answer and a saved answer are judged alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard
from urllib.parse import parse_qsl, urlsplit

# Bundles in Bundles are opened down to this level.
MAX_DEPTH = 5
NOT_A_MATCH = frozenset({"outcome", "include"})
# Parameters that change how an answer is written and not what is in it.
_FORM = frozenset({"_count", "_format", "_pretty"})


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page in one spelling: host and path, and its parameters without those of form."""

    place: str
    parameters: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, url: str) -> PageAddress:
        """The address in a link. A text that is no URL is an address of its own."""
        try:
            parts = urlsplit(url.strip())
            pairs = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return cls(url.strip())
        given = frozenset((key, value) for key, value in pairs if key not in _FORM)
        return cls(f"{parts.netloc.lower()}{parts.path.rstrip('/')}", given)


Pages = Collection[PageAddress]


def inner_resources(entry: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What an entry holds in place of, or within, its resource, with the paths.

    These are a Bundle, everything in Parameters, and Bundles and Parameters in `contained` or as an outcome.
    """
    if not isinstance(entry, Mapping):
        return
    place, resource, response = f"{path}.resource", entry.get("resource"), entry.get("response")
    if _is_a(resource, "Bundle"):
        yield place, resource
    elif _is_a(resource, "Parameters"):
        yield from _in_parameters(resource, "parameter", place)
    elif isinstance(resource, Mapping):
        yield from _containers(resource.get("contained"), f"{place}.contained")
    if isinstance(response, Mapping):
        yield from _containers([response.get("outcome")], f"{path}.response.outcome")


def _in_parameters(holder: Mapping[str, Any], key: str, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The resources of parameters and of their parts."""
    given = holder.get(key)
    for index, one in enumerate(given if isinstance(given, list) else ()):
        if isinstance(one, Mapping):
            place = f"{path}.{key}[{index}]"
            if isinstance(one.get("resource"), Mapping):
                yield f"{place}.resource", one["resource"]
            yield from _in_parameters(one, "part", place)


def _containers(given: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, one in enumerate(given if isinstance(given, list) else ()):
        if is_container(one):
            yield f"{path}[{index}]", one


def is_container(resource: Any) -> bool:
    """Whether a resource only carries others."""
    return _is_a(resource, "Bundle") or _is_a(resource, "Parameters")


def resources_within(entries: Iterable[Any], depth: int = MAX_DEPTH) -> Iterator[Mapping[str, Any]]:
    """The resources of the entries of a Bundle and of those in them, down to `depth` Bundles."""
    for entry in entries:
        if isinstance(entry, Mapping) and isinstance(entry.get("resource"), Mapping):
            yield entry["resource"]
        for _, inner in inner_resources(entry, ""):
            if not _is_a(inner, "Bundle"):
                yield from resources_within([{"resource": inner}], depth)
            elif depth > 1 and isinstance(inner.get("entry"), list):
                yield from resources_within(inner["entry"], depth - 1)


def _is_a(resource: Any, kind: str) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(resource, Mapping) and resource.get("resourceType") == kind


def total_of(bundle: Mapping[str, Any]) -> int | None:
    """`Bundle.total`; None where there is none, or none that can be read."""
    total = bundle.get("total")
    if isinstance(total, bool) or not isinstance(total, int | float | Decimal):
        return None
    exact = Decimal(str(total))
    return int(exact) if exact.is_finite() and exact >= 0 and exact == int(exact) else None


def has_unreadable_total(bundle: Mapping[str, Any]) -> bool:
    """Whether there is a total that is not a whole number from 0."""
    return bundle.get("total") is not None and total_of(bundle) is None


def different_matches(entries: Iterable[Any], *, versions: bool = False) -> int:
    """How many different resources the matches among `entries` are; with `versions` each version is one.

    A later page can repeat what an earlier one has. An entry without a resource, or a resource without an id, is one.
    """
    with_place, without, unnamed = set[tuple[str, ...]](), set[tuple[str, ...]](), 0
    for entry in entries:
        if is_aside(entry):
            continue
        name, place = _name(entry, versions), _place(entry)
        if name is None:
            unnamed += 1
        elif place is None:
            without.add(name)
        else:
            with_place.add((*name, place))
    return len(with_place) + len(without - {key[:-1] for key in with_place}) + unnamed


def repetition(entries: Iterable[Any]) -> int:
    """How often each match is repeated on a page, where all are repeated equally often; otherwise 1.

    Servers that repeat matches include the repeats in the total.
    """
    counted = Counter(_name(entry, versions=False) for entry in entries if not is_aside(entry))
    often = set(counted.values())
    return often.pop() if len(often) == 1 and None not in counted else 1


def is_aside(entry: Any) -> bool:
    """Whether an entry of a search is no match: an outcome, or a resource that was only included."""
    if not isinstance(entry, Mapping):
        return False
    search, resource = entry.get("search"), entry.get("resource")
    if isinstance(search, Mapping) and search.get("mode") in NOT_A_MATCH:
        return True
    return _is_a(resource, "OperationOutcome")


def _name(entry: Any, versions: bool) -> tuple[str, ...] | None:
    """Type and id of the resource, and its version; None where they are not known."""
    resource = entry.get("resource") if isinstance(entry, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(resource.get("id"), str):
        return None
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, Mapping) else None
    if versions and not isinstance(version, str):
        return None
    return (str(resource.get("resourceType")), resource["id"], *((str(version),) if versions else ()))


def _place(entry: Mapping[str, Any]) -> str | None:
    url = entry.get("fullUrl")
    return url.strip() if isinstance(url, str) and url.strip() else None


def links(bundle: Mapping[str, Any], *relations: str) -> Iterator[object]:
    """The addresses under these relations: texts, and what should be one. An empty address leads nowhere.

    A single link in place of a list counts as one, and a relation in any case.
    """
    given = bundle.get("link")
    for link in given if isinstance(given, list) else (given,):
        if isinstance(link, Mapping) and str(link.get("relation")).strip().lower() in relations:
            url = link.get("url")
            if url is not None and not (isinstance(url, str) and not url.strip()):
                yield url


def addresses(bundle: Mapping[str, Any], relation: str) -> frozenset[PageAddress]:
    """The addresses under a relation that are texts."""
    return frozenset(PageAddress.of(url) for url in links(bundle, relation) if isinstance(url, str))


def has_later_page(page: Mapping[str, Any], known: Pages) -> bool:
    """Whether the next link leads to a page that is not among the `known`, or in a circle to this one."""
    own = addresses(page, "self")
    return any(not _is_among(url, known) or _is_among(url, own) for url in links(page, "next"))


def has_earlier_page(page: Mapping[str, Any], known: Pages = ()) -> bool:
    """Whether a link to the page before leads to one that is neither among the `known` nor this one."""
    own = addresses(page, "self")
    return any(not _is_among(url, known) and not _is_among(url, own) for url in links(page, "previous", "prev"))


def is_one_of_several(page: Mapping[str, Any], known: Pages = ()) -> bool:
    """Whether the last page, as a link names it, is neither the first, nor this one, nor among the `known`."""
    others = addresses(page, "last") - addresses(page, "first") - addresses(page, "self")
    return any(one not in known for one in others)


def is_after_first(page: Mapping[str, Any], known: Pages = ()) -> bool:
    """Whether the first page, as a link names it, is neither this one nor among the `known`.

    Servers name the first page with parameters of paging beside those of the search; a page without them is the first.
    """
    first, own = (one for one in addresses(page, "first") if one not in known), addresses(page, "self")
    return any(not mine.parameters <= other.parameters for other in first for mine in own)


def _is_among(url: object, pages: Pages) -> bool:
    return isinstance(url, str) and PageAddress.of(url) in pages
