"""Conditional updates as entries of a transaction, and the resources of the EHR after one, without sending it.

A changed resource is written only if the server still has the version that was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from titrate.fhir import identifiers
from titrate.fhir.elements import Json, Resource, name, part, text

SET_BY_SERVER = frozenset({"versionId", "lastUpdated"})
_UUID = "urn:uuid:"


def update(resource: Resource, **changes: Any) -> Json:
    """A PUT entry with `If-Match` and the elements of `changes`; an element of None is removed."""
    changed = {**resource, **changes, "meta": _meta(resource) or None}
    version = text(part(resource, "meta"), "versionId")
    request = {"method": "PUT", "url": name(resource), **({"ifMatch": f'W/"{version}"'} if version else {})}
    kept = {key: item for key, item in changed.items() if item is not None}
    return {"fullUrl": identifiers.full_url("", name(resource)), "resource": kept, "request": request}


def _meta(resource: Resource) -> Json:
    return {key: item for key, item in part(resource, "meta").items() if key not in SET_BY_SERVER}


def simulate(resources: Sequence[Resource], entries: Sequence[Resource]) -> tuple[Resource, ...]:
    """`resources` with those of `entries` updated or added. An updated resource keeps the server's version."""
    stored = {name(item): item for item in resources}
    places = {str(entry["fullUrl"]): place(entry) for entry in entries}
    for entry in entries:
        key = places[str(entry["fullUrl"])]
        resource = {**_linked(entry["resource"], places), "id": key.split("/")[1]}
        stored[key] = {**resource, **_meta_after(stored.get(key, {}), resource)}
    return tuple(stored.values())


def place(entry: Resource) -> str:
    """Where the resource of an entry lives after the transaction, as `Type/id`."""
    request = part(entry, "request")
    if request.get("method") == "PUT":
        return str(request["url"])
    return f"{request['url']}/{str(entry['fullUrl']).removeprefix(_UUID)}"


def _meta_after(before: Resource, after: Resource) -> Json:
    """The `meta` after the update with the version before it, so that later updates refer to the server's version."""
    version = part(before, "meta").get("versionId")
    meta = {**part(after, "meta"), **({"versionId": version} if version else {})}
    return {"meta": meta} if meta else {}


def _linked(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: places.get(item, item) if key == "reference" and isinstance(item, str) else _linked(item, places)
            for key, item in value.items()
        }
    return [_linked(item, places) for item in value] if isinstance(value, list | tuple) else value
