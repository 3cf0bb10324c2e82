"""Profiles that a Bundle claims. A strict server refuses a claim to a profile that it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from titrate.fhir.elements import Json, Resource, part
from titrate.fhir.entries import Entry, entries_of, is_create


def with_known_profiles(bundle: Mapping[str, Any], known: Collection[str]) -> Json:
    """The Bundle with no other claims in `meta.profile` than those the server knows; a `|version` is ignored.

    A resource conforms whether it claims a profile or not. Resources that are updated keep the claims they have.
    """
    profiles = frozenset(profile.split("|")[0] for profile in known)
    return {**bundle, "entry": [_entry(entry, profiles) for entry in entries_of(bundle)]}


def _entry(entry: Entry, known: frozenset[str]) -> Entry:
    resource = part(entry, "resource")
    claimed = part(resource, "meta").get("profile", ())
    kept = [profile for profile in claimed if profile.split("|")[0] in known]
    if not is_create(entry) or len(kept) == len(claimed):
        return entry
    return {**entry, "resource": _claiming(resource, kept)}


def _claiming(resource: Resource, profiles: list[str]) -> Json:
    """A copy with these claims; other metadata stays, and an empty `meta` goes."""
    meta = {key: item for key, item in {**part(resource, "meta"), "profile": profiles}.items() if item}
    return {key: meta if key == "meta" else item for key, item in resource.items() if key != "meta" or meta}
