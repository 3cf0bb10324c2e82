"""The resources of a Bundle, with all references in the form `Type/id`, so that readers compare plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titrate.clinical.values.readings import Refusal, RefusalReason, Source
from titrate.fhir.elements import name, part, parts
from titrate.messages import Message
from titrate.messages.refused_records import (
    BundleEntriesNotAList,
    BundleEntryDuplicated,
    BundleEntryWithoutId,
    BundleEntryWithoutResource,
    BundleExpected,
    BundleReportsError,
)

_ABSOLUTE = re.compile(r"(https?://.+)/([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})/_history/[A-Za-z0-9\-.]{1,64}")
_UUID = "urn:uuid:"


class NotABundle(Exception):
    """The JSON value is not a FHIR Bundle with a list of entries."""


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    url: str | None
    mode: str | None
    resource: dict[str, Any]


def resources_of(bundle: Mapping[str, Any]) -> tuple[tuple[dict[str, Any], ...], tuple[Refusal, ...]]:
    """The resources of a Bundle in its order, and the refused entries. The Bundle itself stays unchanged.

    A missing id is taken from a `urn:uuid:` fullUrl. Of two versions of one resource the newer counts.
    Raises NotABundle.
    """
    raw = _entries_of(bundle)
    refusals: list[Refusal] = []
    entries: list[_Entry] = []
    for index, item in enumerate(raw):
        entry = _entry(f"Bundle.entry[{index}]", item)
        if isinstance(entry, Refusal):
            refusals.append(entry)
        else:
            entries.append(entry)
    kept, incomplete = _own_entries(entries)
    names = _names(kept)
    bases = _bases(kept)
    unique, duplicates = _newest(kept)
    resolved = tuple(_resolved(entry.resource, names, bases) for entry in unique)
    return resolved, (*refusals, *incomplete, *duplicates)


def relative(resources: Iterable[Mapping[str, Any]], base: str) -> tuple[dict[str, Any], ...]:
    """The resources with references to the server at `base`, and to versions, as `Type/id`."""
    return tuple(_resolved(resource, {}, frozenset({base.rstrip("/")})) for resource in resources)


def _entries_of(bundle: Mapping[str, Any]) -> list[Any]:
    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        raise NotABundle(str(BundleExpected()))
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise NotABundle(str(BundleEntriesNotAList()))
    return entries


def _entry(path: str, item: Any) -> _Entry | Refusal:
    resource = item.get("resource") if isinstance(item, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
        return _refused(path, BundleEntryWithoutResource())
    url = item.get("fullUrl")
    search = item.get("search")
    mode = search.get("mode") if isinstance(search, Mapping) else None
    known = dict(resource)
    if not isinstance(known.get("id"), str) and isinstance(url, str) and url.startswith(_UUID):
        known["id"] = url.removeprefix(_UUID)
    if not isinstance(known.get("id"), str) and known["resourceType"] != "OperationOutcome":
        return _refused(path, BundleEntryWithoutId())
    return _Entry(path, url if isinstance(url, str) else None, mode if isinstance(mode, str) else None, known)


def _own_entries(entries: list[_Entry]) -> tuple[list[_Entry], list[Refusal]]:
    """The entries without OperationOutcomes, and without Patients that a search only included."""
    refusals: list[Refusal] = []
    kept: list[_Entry] = []
    found = any(_is_patient(entry) and entry.mode != "include" for entry in entries)
    for entry in entries:
        if entry.resource["resourceType"] == "OperationOutcome" or entry.mode == "outcome":
            refusals.extend(_incomplete(entry))
        elif not (found and _is_patient(entry) and entry.mode == "include"):
            kept.append(entry)
    return kept, refusals


def _is_patient(entry: _Entry) -> bool:
    return bool(entry.resource["resourceType"] == "Patient")


def _incomplete(entry: _Entry) -> list[Refusal]:
    if not any(issue.get("severity") in {"fatal", "error"} for issue in parts(entry.resource, "issue")):
        return []
    return [_refused(entry.path, BundleReportsError())]


def _names(entries: list[_Entry]) -> dict[str, str]:
    """fullUrl to `Type/id`."""
    return {entry.url: name(entry.resource) for entry in entries if entry.url is not None}


def _bases(entries: list[_Entry]) -> frozenset[str]:
    """The servers of the entries themselves; a reference to any other server stays absolute."""
    ends = ((entry.url, f"/{name(entry.resource)}") for entry in entries if entry.url is not None)
    return frozenset(url.removesuffix(end) for url, end in ends if url.endswith(end) and "://" in url)


def _newest(entries: list[_Entry]) -> tuple[list[_Entry], list[Refusal]]:
    """One entry per resource if the order of its versions is known; otherwise all stay and conflict openly."""
    chosen: dict[str, list[_Entry]] = {}
    refusals: list[Refusal] = []
    for entry in entries:
        versions = chosen.setdefault(name(entry.resource), [])
        older = _older(versions, entry)
        if older is None:
            versions.append(entry)
            continue
        if older is not entry:
            versions[versions.index(older)] = entry
        refusals.append(_duplicate(older))
    return [entry for versions in chosen.values() for entry in versions], refusals


def _older(versions: list[_Entry], entry: _Entry) -> _Entry | None:
    """The entry to drop: an equal or older one; None if the order is unknown."""
    for other in versions:
        if other.resource == entry.resource:
            return entry
        own, others = _updated(entry), _updated(other)
        if own is not None and others is not None and own != others:
            return other if own > others else entry
    return None


def _updated(entry: _Entry) -> datetime | None:
    """`meta.lastUpdated`, if it has an offset: only then two versions can be ordered."""
    value = part(entry.resource, "meta").get("lastUpdated")
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _duplicate(entry: _Entry) -> Refusal:
    return Refusal(Source(name(entry.resource)), entry.path, RefusalReason.DUPLICATE, BundleEntryDuplicated())


def _refused(path: str, message: Message) -> Refusal:
    return Refusal(Source("Bundle"), path, RefusalReason.MALFORMED, message)


def _resolved(value: Any, names: Mapping[str, str], bases: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _resolved_item(key, item, names, bases) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, names, bases) for item in value]
    return value


def _resolved_item(key: str, item: Any, names: Mapping[str, str], bases: frozenset[str]) -> Any:
    if key == "reference" and isinstance(item, str):
        return _reference(item, names, bases)
    return _resolved(item, names, bases)


def _reference(text: str, names: Mapping[str, str], bases: frozenset[str]) -> str:
    if text in names:
        return names[text]
    local = _RELATIVE.fullmatch(text)
    if local is not None:
        return local.group(1)
    absolute = _ABSOLUTE.fullmatch(text)
    return absolute.group(2) if absolute is not None and absolute.group(1) in bases else text
