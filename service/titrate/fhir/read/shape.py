"""Looking into a resource without trusting its shape: what is not as FHIR says counts as not there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Element = Mapping[str, Any]
NOTHING: Element = MappingProxyType({})


def child(element: Element, key: str) -> Element:
    """The object under `key`, or an empty one."""
    value = element.get(key)
    return value if isinstance(value, Mapping) else NOTHING


def children(element: Element, key: str) -> tuple[Element, ...]:
    """The objects of the list under `key`; a single object counts as a list of one."""
    value = element.get(key)
    if isinstance(value, Mapping):
        return (value,)
    return tuple(item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def text(element: Element, key: str) -> str | None:
    """The text under `key` without blanks around it, or None when there is none."""
    value = element.get(key)
    return value.strip() or None if isinstance(value, str) else None


def name(resource: Element) -> str:
    """`Type/id` of a resource."""
    return f"{text(resource, 'resourceType') or 'Resource'}/{text(resource, 'id') or '?'}"
