"""Closes what is open in the EHR and out of date: the service's own drafts, and alerts that a clinician cleared.

Every resource is closed only if the server still has the version that was read.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from titrate.fhir.elements import Json, Resource, part, parts
from titrate.fhir.plan_decisions.plan_status import Actor, next_status
from titrate.fhir.plan_state import OPEN_TASK, OpenDraft
from titrate.fhir.transaction_entries import update

# The end status of each resource of a draft. A cancelled Task marks a withdrawal by the service, not a rejection.
END_STATUSES = {
    "CarePlan": ("status", "revoked"),
    "ServiceRequest": ("status", "revoked"),
    "Goal": ("lifecycleStatus", "cancelled"),
    "Task": ("status", "cancelled"),
}


def revocations(drafts: tuple[OpenDraft, ...], at: datetime) -> list[Json]:
    """One conditional PUT for each resource, in the order of the drafts."""
    return [_revoke(member, at) for draft in drafts for member in draft.members]


def _revoke(resource: Resource, at: datetime) -> Json:
    key, status = END_STATUSES[str(resource["resourceType"])]
    if resource["resourceType"] == "CarePlan":
        status = next_status(str(resource.get("status")), status, Actor.RUN)
    changes = {key: status}
    if resource["resourceType"] == "Task":
        changes["lastModified"] = at.isoformat(timespec="seconds")
    return update(resource, **changes)


def cleared_alerts(alerts: tuple[Resource, ...], still_open: Collection[str], at: datetime) -> list[Json]:
    """Closes Flags whose red flag is cleared, and messages once no red flag is left.

    `still_open` are the identifier values of the Flags that stay open.
    """
    return [
        _closed(alert, at)
        for alert in alerts
        if not (still_open if alert["resourceType"] == "Communication" else _values(alert) & set(still_open))
    ]


def answered_tasks(tasks: tuple[Resource, ...], still_open: Collection[str], at: datetime) -> list[Json]:
    """Completes open Tasks to read a text whose questions are answered, or whose text is too old.

    `still_open` are the identifier values of the Tasks that are needed.
    """
    modified = at.isoformat(timespec="seconds")
    return [
        update(task, status="completed", lastModified=modified)
        for task in tasks
        if task.get("status") in OPEN_TASK and not _values(task) & set(still_open)
    ]


def _values(alert: Resource) -> set[str]:
    return {str(item.get("value")) for item in parts(alert, "identifier")}


def _closed(alert: Resource, at: datetime) -> Json:
    if alert["resourceType"] == "Flag":
        period = {**part(alert, "period"), "end": at.isoformat(timespec="seconds")}
        return update(alert, status="inactive", period=period)
    return update(alert, status="completed")
