"""The resources of the EHR after a transaction, without sending it. New resources take their uuid as id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from titrate.fhir.elements import Json, Resource, name, part

_UUID = "urn:uuid:"


def simulate(resources: Sequence[Resource], entries: Sequence[Resource]) -> tuple[Resource, ...]:
    """`resources` with those of `entries` updated or added. An updated resource keeps the server's version."""
    stored = {name(item): item for item in resources}
    places = {str(entry["fullUrl"]): place(entry) for entry in entries}
    for entry in entries:
        key = places[str(entry["fullUrl"])]
        resource = {**_linked(entry["resource"], places), "id": key.split("/")[1]}
        stored[key] = {**resource, **_meta(stored.get(key, {}), resource)}
    return tuple(stored.values())


def place(entry: Resource) -> str:
    """Where the resource of an entry lives after the transaction, as `Type/id`."""
    request = part(entry, "request")
    if request.get("method") == "PUT":
        return str(request["url"])
    return f"{request['url']}/{str(entry['fullUrl']).removeprefix(_UUID)}"


def _meta(before: Resource, after: Resource) -> Json:
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
