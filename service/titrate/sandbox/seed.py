"""From Bundles as they lie in files to resources with ids and relative references, ready to be stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any


class SeedError(ValueError):
    """A Bundle that has no place in the sandbox: it is none, or a resource in it has no id."""


def resources_of(bundle: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of a collection or transaction, each with its own id, references between them made relative.

    A resource without an id takes the uuid of its fullUrl. The sandbox server keeps binary fractions, so 7.50 comes
    back from it as 7.5.
    """
    if bundle.get("resourceType") != "Bundle":
        raise SeedError("This is no FHIR Bundle.")
    entries = list(_placed(bundle.get("entry") or ()))
    places = {full: f"{kind}/{name}" for full, kind, name, _ in entries if full}
    for _, _, name, resource in entries:
        yield {**_settled(resource, places), "id": name}


def _placed(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """(fullUrl, type, id, resource) of each entry."""
    for entry in entries:
        resource, full = entry.get("resource") or {}, str(entry.get("fullUrl") or "")
        name = resource.get("id") or (full.removeprefix("urn:uuid:") if full.startswith("urn:uuid:") else None)
        if not resource.get("resourceType") or not name:
            raise SeedError("An entry has no resource, or a resource has neither an id nor a urn:uuid fullUrl.")
        yield full, resource["resourceType"], name, resource


def _settled(node: Any, places: Mapping[str, str]) -> Any:
    """A copy with references that point into the Bundle made relative and decimals as the server can take them."""
    if isinstance(node, Mapping):
        return {
            key: _reference(value, places) if key == "reference" else _settled(value, places)
            for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_settled(value, places) for value in node]
    return float(node) if isinstance(node, Decimal) else node


def _reference(value: Any, places: Mapping[str, str]) -> Any:
    return places.get(value, value) if isinstance(value, str) else _settled(value, places)
