"""Closes an open draft of ours, resource by resource, only where the server still holds the version that was read."""

from __future__ import annotations

from datetime import datetime

from service.fhir import identity
from service.fhir.elements import Json, Resource, name, part, text
from service.fhir.standing import OpenDraft

# What a resource of a draft becomes. A cancelled Task tells our own withdrawal from a clinician's rejection.
ENDS = {
    "CarePlan": ("status", "revoked"), "ServiceRequest": ("status", "revoked"),
    "Goal": ("lifecycleStatus", "cancelled"), "Task": ("status", "cancelled"),
}
SERVERS_OWN = frozenset({"versionId", "lastUpdated"})


def revocations(drafts: tuple[OpenDraft, ...], at: datetime) -> list[Json]:
    """One conditional PUT a resource, in the order of the drafts."""
    return [_revoke(member, at) for draft in drafts for member in draft.members]


def _revoke(resource: Resource, at: datetime) -> Json:
    key, status = ENDS[str(resource["resourceType"])]
    closed = {**resource, key: status, "meta": _meta(resource)}
    if resource["resourceType"] == "Task":
        closed["lastModified"] = at.isoformat(timespec="seconds")
    if not closed["meta"]:
        del closed["meta"]
    version = text(part(resource, "meta"), "versionId")
    request = {"method": "PUT", "url": name(resource), **({"ifMatch": f'W/"{version}"'} if version else {})}
    return {"fullUrl": identity.full_url("", name(resource)), "resource": closed, "request": request}


def _meta(resource: Resource) -> Json:
    return {key: item for key, item in part(resource, "meta").items() if key not in SERVERS_OWN}
