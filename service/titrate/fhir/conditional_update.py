"""Conditional updates: a changed resource is written only if the server still has the version that was read."""

from __future__ import annotations

from typing import Any

from titrate.fhir import identifiers
from titrate.fhir.elements import Json, Resource, name, part, text

SET_BY_SERVER = frozenset({"versionId", "lastUpdated"})


def update(resource: Resource, **changes: Any) -> Json:
    """A PUT entry with `If-Match` and the elements of `changes`; an element of None is removed."""
    changed = {**resource, **changes, "meta": _meta(resource) or None}
    version = text(part(resource, "meta"), "versionId")
    request = {"method": "PUT", "url": name(resource), **({"ifMatch": f'W/"{version}"'} if version else {})}
    kept = {key: item for key, item in changed.items() if item is not None}
    return {"fullUrl": identifiers.full_url("", name(resource)), "resource": kept, "request": request}


def _meta(resource: Resource) -> Json:
    return {key: item for key, item in part(resource, "meta").items() if key not in SET_BY_SERVER}
