"""Prepares Bundles from files for the sandbox: resources with ids and relative references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from titrate.sandbox.errors import SeedError


def resources_of(bundle: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a collection or transaction, each with an id, with relative references between them.

    A resource without an id takes the uuid of its fullUrl. The sandbox server stores binary fractions, so 7.50 comes
    back as 7.5. Raises SeedError.
    """
    if bundle.get("resourceType") != "Bundle":
        raise SeedError("This is not a FHIR Bundle.")
    entries = list(_identified(bundle.get("entry") or ()))
    relative = {full_url: f"{resource_type}/{id_}" for full_url, resource_type, id_, _ in entries if full_url}
    for _, _, id_, resource in entries:
        yield {**_storable(resource, relative), "id": id_}


def _identified(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """(fullUrl, type, id, resource) of each entry."""
    for entry in entries:
        resource, full_url = entry.get("resource") or {}, str(entry.get("fullUrl") or "")
        uuid = full_url.removeprefix("urn:uuid:") if full_url.startswith("urn:uuid:") else None
        id_ = resource.get("id") or uuid
        if not resource.get("resourceType") or not id_:
            raise SeedError("An entry has no resource, or a resource has neither an id nor a urn:uuid fullUrl.")
        yield full_url, resource["resourceType"], id_, resource


def _storable(node: Any, relative: Mapping[str, str]) -> Any:
    """A copy with relative references for those into the Bundle, and floats for decimals."""
    if isinstance(node, Mapping):
        return {
            key: _reference(value, relative) if key == "reference" else _storable(value, relative)
            for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_storable(value, relative) for value in node]
    return float(node) if isinstance(node, Decimal) else node


def _reference(value: Any, relative: Mapping[str, str]) -> Any:
    return relative.get(value, value) if isinstance(value, str) else _storable(value, relative)
