"""Entries of a transaction: what they create, what they update, and which hold a resource of the service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.fhir.elements import Json, Resource, part
from titrate.fhir.plan_state.plan_resources import from_titrate, version_value
from titrate.fhir.site import Site

Entry = Mapping[str, Any]


def entries_of(bundle: Mapping[str, Any]) -> list[Json]:
    """The entries of a Bundle; an empty transaction has no `entry` element."""
    return list(bundle.get("entry", ()))


def is_create(entry: Entry) -> bool:
    """Whether the entry creates a resource; every other entry updates one."""
    return bool(part(entry, "request").get("method") == "POST")


def updated_places(entries: Iterable[Entry]) -> list[str]:
    """`Type/id` of every resource that the entries update."""
    return [str(entry["request"]["url"]) for entry in entries if not is_create(entry)]


def written_by_service(entries: Iterable[Entry], site: Site) -> list[Json]:
    """The entries that hold a resource of the service. A resource of another author goes back as it came."""
    return [dict(entry) for entry in entries if is_create(entry) or from_titrate(entry["resource"], site)]


def plan_statuses(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Every plan that the entries write, as `CarePlan/id`, with its status."""
    for entry in entries:
        if entry["resource"]["resourceType"] == "CarePlan":
            yield str(entry["request"]["url"]), str(entry["resource"]["status"])


def created_plan_version(entries: Iterable[Entry], site: Site) -> str | None:
    """The version identifier of the CarePlan that the entries create, if they create one."""
    plans = (_care_plan(entry) for entry in entries if is_create(entry))
    return next((version_value(plan, site) for plan in plans if plan), None)


def _care_plan(entry: Entry) -> Resource:
    resource = part(entry, "resource")
    return resource if resource.get("resourceType") == "CarePlan" else {}
