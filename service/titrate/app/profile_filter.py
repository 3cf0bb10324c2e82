"""Which profiles a resource claims depends on who gets it: a strict server refuses what it cannot check. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def with_known_profiles(bundle: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The Bundle with those claims of `meta.profile` that name a profile in `known`; all else stays as it is."""
    return {**bundle, "entry": [_entry(entry, known) for entry in bundle.get("entry", ())]}


def _entry(entry: Mapping[str, Any], known: Collection[str]) -> Mapping[str, Any]:
    if entry.get("request", {}).get("method") == "PUT":
        return entry  # what is there already keeps the claims it was taken with
    resource = entry.get("resource", {})
    claimed = resource.get("meta", {}).get("profile", ())
    kept = [profile for profile in claimed if profile in known]
    return entry if len(kept) == len(claimed) else {**entry, "resource": _with(resource, kept)}


def _with(resource: Mapping[str, Any], profiles: list[str]) -> dict[str, Any]:
    meta = {**resource["meta"], "profile": profiles}
    kept = {key: item for key, item in meta.items() if item}
    return {key: kept if key == "meta" else item for key, item in resource.items() if key != "meta" or kept}
