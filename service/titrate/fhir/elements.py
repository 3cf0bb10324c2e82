"""A tolerant reader of single FHIR elements: what is absent or of the wrong shape is None or empty, never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

# Read, a resource is a mapping that nobody changes; written, it is a dict that is sent as it is.
Resource = Mapping[str, Any]
Json = dict[str, Any]


def part(resource: Resource, *path: str) -> Resource:
    """The object at the end of a path of object keys, or an empty one."""
    here: Any = resource
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else {}


def parts(resource: Resource, key: str) -> tuple[Resource, ...]:
    """The objects in a repeating element; a lone object counts as one."""
    found = resource.get(key)
    listed = found if isinstance(found, list | tuple) else [found]
    return tuple(item for item in listed if isinstance(item, Mapping))


def text(resource: Resource, key: str) -> str | None:
    """A string that is not blank."""
    found = resource.get(key)
    return found if isinstance(found, str) and found.strip() else None


def codes(concept: Resource, system: str) -> tuple[str, ...]:
    """The codes of a CodeableConcept in one system."""
    return tuple(
        coding["code"]
        for coding in parts(concept, "coding")
        if coding.get("system") == system and isinstance(coding.get("code"), str)
    )


def identifier(resource: Resource, system: str) -> str | None:
    """The value of the first identifier in a system."""
    for item in parts(resource, "identifier"):
        if item.get("system") == system:
            return text(item, "value")
    return None


def name(resource: Resource) -> str:
    """`Type/id` of a resource."""
    return f"{resource.get('resourceType', '')}/{resource.get('id', '')}"


def target(reference: Resource) -> str | None:
    """What a Reference points at, as `Type/id`; `urn:uuid:` stays as it is. A history part and a base are left out."""
    literal = text(reference, "reference")
    if literal is None or literal.startswith(("urn:", "#")):
        return literal
    pieces = literal.split("/_history/")[0].split("/")
    return "/".join(pieces[-2:])


def targets(resource: Resource, key: str) -> tuple[str, ...]:
    """What the References of an element point at, in their order."""
    return tuple(found for item in parts(resource, key) if (found := target(item)) is not None)


def extension_targets(resource: Resource, url: str) -> tuple[str, ...]:
    """What the `valueReference` of every extension with this URL points at."""
    return tuple(
        found
        for item in parts(resource, "extension")
        if item.get("url") == url and (found := target(part(item, "valueReference"))) is not None
    )


def number(value: object) -> Decimal | None:
    """A JSON number as a Decimal; a truth value or a text is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def unit(quantity: Resource) -> str | None:
    """The unit's code, else its words."""
    return text(quantity, "code") or text(quantity, "unit")


def on_the_clock(when: datetime, zone: ZoneInfo) -> datetime:
    """A moment on the clocks of a zone, with the offset that holds there and then; without an offset it is read there.

    Python takes the difference of two times of one ZoneInfo by the clock on the wall. With offsets of their own it is
    the time that has passed, also over a change of the clocks (clinical rule B11.8).
    """
    local = when.astimezone(zone) if when.tzinfo else when.replace(tzinfo=zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)


def instant(value: object, zone: str) -> datetime | None:
    """A FHIR date or dateTime as an aware time in the zone.

    A partial date begins at its first day; a time without an offset is local.
    """
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value + "-01" * max(0, 2 - value.count("-")) if len(value) < 10 else value)
    except ValueError:
        return None
    return on_the_clock(when, ZoneInfo(zone))


def local_date(value: object, zone: str) -> date | None:
    """The local date of a FHIR date or dateTime."""
    when = instant(value, zone)
    return when.date() if when else None


def updated(resource: Resource, zone: str) -> datetime | None:
    """When the server last wrote it. Never decides what a resource says."""
    return instant(part(resource, "meta").get("lastUpdated"), zone)


def statements(resources: Iterator[Resource] | tuple[Resource, ...], *statuses: str) -> tuple[Resource, ...]:
    """Those that are in one of the statuses."""
    return tuple(resource for resource in resources if resource.get("status") in statuses)
