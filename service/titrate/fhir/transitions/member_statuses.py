"""Which status the members of a plan take when the plan has taken one: the table behind every decision of a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource
from titrate.fhir.transitions.plan_members import OPEN_TASK, PlanMembers

MemberStatuses = Mapping[str, str]

_TO_ORDER: Mapping[str, MemberStatuses] = {
    "active": {"draft": "active"},
    "on-hold": {"active": "on-hold"},
    "completed": {"draft": "revoked", "active": "completed", "on-hold": "completed"},
    "revoked": {"draft": "revoked", "active": "revoked", "on-hold": "revoked"},
}
_TO_GOAL: Mapping[str, MemberStatuses] = {
    "active": {"proposed": "active"},
    "on-hold": {"active": "on-hold"},
    "completed": {"proposed": "cancelled", "active": "completed", "on-hold": "completed"},
    "revoked": {"proposed": "rejected", "active": "cancelled", "on-hold": "cancelled"},
}
_TO_TASK: Mapping[str, MemberStatuses] = {
    "active": dict.fromkeys(OPEN_TASK, "completed"),
    "on-hold": {},
    "completed": dict.fromkeys(OPEN_TASK, "completed"),
    "revoked": dict.fromkeys(OPEN_TASK, "rejected"),
}
# What was entered in error never was: its members end as those of a withdrawn plan do.
ALIAS = {"entered-in-error": "revoked"}


def member_statuses(kind: str, plan_status: str) -> MemberStatuses:
    """From a member's status to the one it takes; a status that is not listed stays."""
    table = {"ServiceRequest": _TO_ORDER, "Goal": _TO_GOAL, "Task": _TO_TASK}[kind]
    return table.get(ALIAS.get(plan_status, plan_status), {})


def followed(members: PlanMembers, plan_status: str, at: datetime) -> Iterator[Json]:
    """One conditional update for each member whose status does not follow the plan's yet."""
    for member in members.members:
        status = _status_of(member)
        after = member_statuses(str(member["resourceType"]), plan_status).get(status)
        if after is not None:
            yield update(member, **_changes(member, after, at))


def _status_of(member: Resource) -> str:
    return str(member.get("lifecycleStatus" if member["resourceType"] == "Goal" else "status"))


def _changes(member: Resource, after: str, at: datetime) -> Json:
    if member["resourceType"] == "Goal":
        return {"lifecycleStatus": after}
    if member["resourceType"] == "Task":
        return {"status": after, "lastModified": at.isoformat(timespec="seconds")}
    return {"status": after}
