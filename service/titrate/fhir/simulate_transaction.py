"""What the EHR would hold after a transaction, worked out without sending it. New resources take the uuid as id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from titrate.fhir.elements import Json, Resource, name, part

_UUID = "urn:uuid:"


def simulate(resources: Sequence[Resource], entries: Sequence[Resource]) -> tuple[Resource, ...]:
    """`resources` with those of `entries` updated or added. The server's version of an updated one is kept."""
    held = {name(item): item for item in resources}
    places = {str(entry["fullUrl"]): place(entry) for entry in entries}
    for entry in entries:
        key = places[str(entry["fullUrl"])]
        resource = {**_linked(entry["resource"], places), "id": key.split("/")[1]}
        held[key] = {**resource, **_meta(held.get(key, {}), resource)}
    return tuple(held.values())


def place(entry: Resource) -> str:
    """Where the resource of an entry lives after the transaction, as `Type/id`."""
    request = part(entry, "request")
    if request.get("method") == "PUT":
        return str(request["url"])
    return f"{request['url']}/{str(entry['fullUrl']).removeprefix(_UUID)}"


def _meta(before: Resource, after: Resource) -> Json:
    """The version stays, so that whatever is decided next still refers to what the server has."""
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
