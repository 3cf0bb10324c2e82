"""Which profiles a Bundle claims. A strict server refuses a claim to a profile that it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from titrate.fhir.elements import Json, part


def claiming_only(bundle: Mapping[str, Any], supported: Collection[str]) -> Json:
    """The same Bundle, with no `meta.profile` but those that the server says it supports (a `|version` is ignored).

    A resource conforms whether it says so or not, so nothing is lost where a claim is left out.
    """
    known = frozenset(profile.split("|")[0] for profile in supported)
    entries = [{**entry, "resource": _limited(entry["resource"], known)} for entry in bundle.get("entry", ())]
    return {**bundle, "entry": entries} if entries else dict(bundle)


def _limited(resource: Json, known: frozenset[str]) -> Json:
    """A copy with fewer claims; other metadata stays."""
    meta = dict(part(resource, "meta"))
    claimed = [profile for profile in meta.pop("profile", []) if profile.split("|")[0] in known]
    meta |= {"profile": claimed} if claimed else {}
    rest = {key: value for key, value in resource.items() if key != "meta"}
    return {**rest, "meta": meta} if meta else rest
