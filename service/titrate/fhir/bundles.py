"""A Bundle to its resources, each with references of the form `Type/id`, so that later rooms compare plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titrate.clinical.values.readings import Refusal, RefusalReason, Source

_ABSOLUTE = re.compile(r"(https?://.+)/([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})/_history/[A-Za-z0-9\-.]{1,64}")
_UUID = "urn:uuid:"


class NotABundle(Exception):
    """What was given is no FHIR Bundle with a list of entries."""


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    url: str | None
    mode: str | None
    resource: dict[str, Any]


def resources_of(bundle: Mapping[str, Any]) -> tuple[tuple[dict[str, Any], ...], tuple[Refusal, ...]]:
    """The resources of a Bundle in its order, and what could not be used. The Bundle itself stays unchanged.

    An id that is missing is taken from a `urn:uuid:` fullUrl. Of two states of one resource the newer counts.
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
    kept, more = _resources_among(entries)
    names = _names(kept)
    bases = _bases(kept)
    unique, doubles = _newest(kept)
    resolved = tuple(_resolved(entry.resource, names, bases) for entry in unique)
    return resolved, (*refusals, *more, *doubles)


def relative(resources: Iterable[Mapping[str, Any]], base: str) -> tuple[dict[str, Any], ...]:
    """The same resources with references to the server at `base`, and to versions, written as `Type/id`."""
    return tuple(_resolved(resource, {}, frozenset({base.rstrip("/")})) for resource in resources)


def _entries_of(bundle: Mapping[str, Any]) -> list[Any]:
    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        raise NotABundle("This is no FHIR Bundle: put the Patient and what belongs to it into one collection Bundle")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise NotABundle("Bundle.entry is not a list")
    return entries


def _entry(path: str, item: Any) -> _Entry | Refusal:
    resource = item.get("resource") if isinstance(item, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
        return _refused(path, "The entry holds no resource: give each entry one, with a resourceType")
    url = item.get("fullUrl")
    search = item.get("search")
    mode = search.get("mode") if isinstance(search, Mapping) else None
    known = dict(resource)
    if not isinstance(known.get("id"), str) and isinstance(url, str) and url.startswith(_UUID):
        known["id"] = url.removeprefix(_UUID)
    if not isinstance(known.get("id"), str) and known["resourceType"] != "OperationOutcome":
        return _refused(path, "The resource has no id and no urn:uuid fullUrl: without a name it cannot be traced")
    return _Entry(path, url if isinstance(url, str) else None, mode if isinstance(mode, str) else None, known)


def _resources_among(entries: list[_Entry]) -> tuple[list[_Entry], list[Refusal]]:
    """Without the server's remarks, and without patients that a search only brought along."""
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
    issues = entry.resource.get("issue")
    severe = [i for i in issues if isinstance(i, Mapping)] if isinstance(issues, list) else []
    if not any(issue.get("severity") in {"fatal", "error"} for issue in severe):
        return []
    return [_refused(entry.path, "The server reports an error inside its answer: it may be incomplete, ask again")]


def _names(entries: list[_Entry]) -> dict[str, str]:
    """fullUrl to `Type/id`."""
    return {entry.url: _name(entry) for entry in entries if entry.url is not None}


def _name(entry: _Entry) -> str:
    return f"{entry.resource['resourceType']}/{entry.resource['id']}"


def _bases(entries: list[_Entry]) -> frozenset[str]:
    """The servers that the entries themselves live on; a reference to any other server stays absolute."""
    ends = ((entry.url, f"/{_name(entry)}") for entry in entries if entry.url is not None)
    return frozenset(url.removesuffix(end) for url, end in ends if url.endswith(end) and "://" in url)


def _newest(entries: list[_Entry]) -> tuple[list[_Entry], list[Refusal]]:
    """One entry a name where the order of the states is known; where it is not, all stay and conflict openly."""
    chosen: dict[str, list[_Entry]] = {}
    refusals: list[Refusal] = []
    for entry in entries:
        held = chosen.setdefault(_name(entry), [])
        loser = _older(held, entry)
        if loser is None:
            held.append(entry)
            continue
        if loser is not entry:
            held[held.index(loser)] = entry
        refusals.append(_double(loser))
    return [entry for held in chosen.values() for entry in held], refusals


def _older(held: list[_Entry], entry: _Entry) -> _Entry | None:
    for other in held:
        if other.resource == entry.resource:
            return entry
        mine, theirs = _updated(entry), _updated(other)
        if mine is not None and theirs is not None and mine != theirs:
            return other if mine > theirs else entry
    return None


def _updated(entry: _Entry) -> datetime | None:
    meta = entry.resource.get("meta")
    value = meta.get("lastUpdated") if isinstance(meta, Mapping) else None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _double(entry: _Entry) -> Refusal:
    message = "The same resource is in the Bundle twice: the newer state is used"
    return Refusal(Source(_name(entry)), entry.path, RefusalReason.DUPLICATE, message)


def _refused(path: str, message: str) -> Refusal:
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
