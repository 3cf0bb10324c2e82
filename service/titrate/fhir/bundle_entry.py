"""One entry of a Bundle: the resource or the deletion in it, its name, and its place on a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titrate.fhir.elements import Element, name, part, text
from titrate.fhir.references import Address, address_of, without_version
from titrate.messages import Message
from titrate.messages.refused_records import BundleEntryWithoutResource, BundlePatientWithoutId

_UUID = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """A resource with its place. `address` is its place on a server, `url` any other fullUrl, `mode` that of a search.

    `resource` is None for the deletion of a resource, which has its name only. `newest_first`: a history orders it.
    """

    path: str
    name: str
    address: Address | None = None
    url: str | None = None
    mode: str | None = None
    resource: dict[str, Any] | None = None
    when: datetime | None = None
    newest_first: bool = False

    def key(self, home: str | None) -> str:
        """What tells two resources apart: the place on another server, a fullUrl of its own, else the type and id."""
        if self.address is not None:
            return self.name if self.address.base == home else str(self.address)
        return self.url or self.name


def read_entry(path: str, item: Element, kind: str | None) -> BundleEntry | Message:
    """An entry of a Bundle of the type `kind`, or why it is left out.

    A missing id is taken from the fullUrl. A resource that has none there either is read as well, unless it is a
    Patient, because what it says may be a red flag; its place in the Bundle tells it from others.
    """
    return _deletion(path, item, kind) or _entry(path, item, kind)


def _deletion(path: str, item: Element, kind: str | None) -> BundleEntry | None:
    """The deletion of a resource in a history; None for any other entry."""
    request = part(item, "request")
    if kind != "history" or text(request, "method") != "DELETE":
        return None
    written = text(item, "fullUrl") or text(request, "url") or ""
    address = address_of(written)
    own = address.name if address is not None else without_version(written)
    when = _instant(part(item, "response").get("lastModified"))
    return BundleEntry(path, own, address, when=when, newest_first=True)


def _entry(path: str, item: Element, kind: str | None) -> BundleEntry | Message:
    resource = part(item, "resource")
    if not isinstance(resource.get("resourceType"), str):
        return BundleEntryWithoutResource()
    url, known = text(item, "fullUrl"), _with_modifiers(dict(resource), item)
    address = address_of(url) if url is not None else None
    mode = text(part(item, "search"), "mode")
    if "/" in (text(known, "id") or "/"):
        known = _named_by_url(known, url, address)
    if "id" not in known and known["resourceType"] == "Patient":
        return BundlePatientWithoutId()
    if "id" not in known:
        return BundleEntry(path, name(known), url=path, mode=mode, resource=known)
    if address is not None and address.name != name(known):
        address = None
    when = _instant(part(known, "meta").get("lastUpdated"))
    other = None if address is not None or url is None else without_version(url)
    return BundleEntry(path, name(known), address, other, mode, known, when, kind == "history")


def _named_by_url(resource: dict[str, Any], url: str | None, address: Address | None) -> dict[str, Any]:
    """A resource without a usable id with the one of its fullUrl, else without any."""
    unnamed = {key: value for key, value in resource.items() if key != "id"}
    if url is not None and url.startswith(_UUID):
        return {**unnamed, "id": url.removeprefix(_UUID)}
    if address is not None and address.name.startswith(f"{resource['resourceType']}/"):
        return {**unnamed, "id": address.name.partition("/")[2]}
    return unnamed


def _with_modifiers(resource: dict[str, Any], item: Element) -> dict[str, Any]:
    """The resource with the modifiers of its entry, which change what it means as its own do (B13.6)."""
    modifiers = item.get("modifierExtension")
    return {**resource, "modifierExtension": modifiers} if modifiers else resource


def _instant(value: object) -> datetime | None:
    """A time that has an offset: only then two versions can be ordered."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
