"""References between resources: servers compared as URLs, and what is on the patient's own server as `Type/id`.

A resource of another server keeps its whole address as its name, so that two servers can use one id.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_VERSION = re.compile(r"/_history/[A-Za-z0-9\-.]{1,64}$")
_ABSOLUTE = re.compile(r"((?i:https?)://.+)/([A-Z][A-Za-z]+/[A-Za-z0-9\-.]+)")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A resource on a server: the base in one spelling, and `Type/id`."""

    base: str
    name: str

    def __str__(self) -> str:
        return f"{self.base}/{self.name}"


def server_base(url: str) -> str | None:
    """The base address of a server in one spelling; None for anything that is not an HTTP address.

    Scheme and host are in lower case, the default port and a last slash are left out, and the path stays as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host, port, scheme = parts.hostname, parts.port, parts.scheme.lower()
    except ValueError:
        return None
    if scheme not in _PORTS or not host:
        return None
    shown = f"[{host}]" if ":" in host else host
    place = shown if port in (None, _PORTS[scheme]) else f"{shown}:{port}"
    return f"{scheme}://{place}{parts.path.rstrip('/')}"


def address_of(url: str) -> Address | None:
    """The address in an absolute reference or a fullUrl, without its version; None for anything else."""
    found = _ABSOLUTE.fullmatch(without_version(url))
    base = server_base(found.group(1)) if found is not None else None
    return None if found is None or base is None else Address(base, found.group(2))


def without_version(reference: str) -> str:
    """A reference without `/_history/...` and a last slash."""
    return _VERSION.sub("", reference.strip().rstrip("/"))


def most_common_base(addresses: Iterable[Address]) -> str | None:
    """The server of most of the addresses, the first in the alphabet of equals; None without any."""
    counted = Counter(address.base for address in addresses)
    return min(counted, key=lambda base: (-counted[base], base), default=None)


@dataclass(frozen=True, slots=True)
class Resolver:
    """How references are read: `home` is the patient's own server, `names` the name of each fullUrl in a Bundle.

    `aliases` are other base addresses of the patient's own server.
    """

    home: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()

    def resolved(self, resource: Mapping[str, Any], base: str | None) -> dict[str, Any]:
        """A resource of the server at `base`, whose relative references are to that server."""
        return {key: self._item(key, item, base) for key, item in resource.items()}

    def _item(self, key: str, item: Any, base: str | None) -> Any:
        if isinstance(item, str):
            return self._text(key, item, base)
        return self._value(item, base)

    def _text(self, key: str, written: str, base: str | None) -> str:
        """A reference, or the address of a form, which can have a business version; any other text is left as it is."""
        if key == "reference":
            return self.name(written, base)
        if key != "questionnaire" or "://" not in written:
            return written
        address, bar, version = written.partition("|")
        return f"{self.name(address, base)}{bar}{version}"

    def _value(self, value: Any, base: str | None) -> Any:
        if isinstance(value, Mapping):
            return self.resolved(value, base)
        return [self._value(item, base) for item in value] if isinstance(value, list) else value

    def name(self, reference: str, base: str | None) -> str:
        """The name of what a reference in a resource of the server at `base` refers to."""
        plain = without_version(reference)
        address = address_of(plain)
        if address is None and base is not None and base != self.home and _RELATIVE.fullmatch(plain):
            address = Address(base, plain)
        if address is None:
            return self.names.get(plain, plain if _RELATIVE.fullmatch(plain) else reference)
        known = self.names.get(str(address))
        if known is not None:
            return known
        return address.name if address.base in (self.home, *self.aliases) else str(address)


def relative(resources: Iterable[Mapping[str, Any]], base: str) -> tuple[dict[str, Any], ...]:
    """The resources of the server at `base` with references to it, and to versions, as `Type/id`."""
    home = server_base(base)
    resolver = Resolver(home)
    return tuple(resolver.resolved(resource, home) for resource in resources)
