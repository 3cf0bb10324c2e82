"""Closes what is open in the EHR and no longer true: drafts of ours, and alerts whose red flag a clinician cleared.

Every resource gets its end status only if the server's version is the known one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource, part, parts
from titrate.fhir.plan_state import OpenDraft
from titrate.fhir.transitions.status_tables import Actor, next_status
from titrate.fhir.write import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds

# What a resource of a draft becomes. A cancelled Task tells our own withdrawal from a clinician's rejection.
END_STATUSES = {
    "CarePlan": ("status", "revoked"),
    "ServiceRequest": ("status", "revoked"),
    "Goal": ("lifecycleStatus", "cancelled"),
    "Task": ("status", "cancelled"),
}


def revocations(drafts: tuple[OpenDraft, ...], at: datetime) -> list[Json]:
    """One conditional PUT a resource, in the order of the drafts."""
    return [_revoke(member, at) for draft in drafts for member in draft.members]


def _revoke(resource: Resource, at: datetime) -> Json:
    key, status = END_STATUSES[str(resource["resourceType"])]
    if resource["resourceType"] == "CarePlan":
        status = next_status(str(resource.get("status")), status, Actor.RUN)
    changes = {key: status}
    if resource["resourceType"] == "Task":
        changes["lastModified"] = at.isoformat(timespec="seconds")
    return update(resource, **changes)


def open_values(proposal: PlanProposal, names: ResourceIds) -> frozenset[str]:
    """The identifier values of the Flags that are still true."""
    return frozenset(names.flag_value(flag) for flag in proposal.flags)


def cleared_alerts(alarms: tuple[Resource, ...], true: Collection[str], at: datetime) -> list[Json]:
    """Our open Flags whose red flag is cleared; and our open messages, once no red flag is left."""
    return [
        _settle(alarm, at)
        for alarm in alarms
        if not (true if alarm["resourceType"] == "Communication" else _own(alarm) & set(true))
    ]


def _own(alarm: Resource) -> set[str]:
    return {str(item.get("value")) for item in parts(alarm, "identifier")}


def _settle(alarm: Resource, at: datetime) -> Json:
    if alarm["resourceType"] == "Flag":
        period = {**part(alarm, "period"), "end": at.isoformat(timespec="seconds")}
        return update(alarm, status="inactive", period=period)
    return update(alarm, status="completed")
