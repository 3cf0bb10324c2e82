"""The lifecycle of a plan as tables: which status may follow which, by whom, and what its members take.

The members are its orders, the goal written with it and the clinician's Task. Every write of a plan's status goes
through these tables, docs/lifecycle.md is drawn from them, and random lifecycles are checked against them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from titrate.fhir.elements import Json, Resource, identifier, name, part, parts, target, targets
from titrate.fhir.errors import IllegalMove
from titrate.fhir.identifiers import resource_value
from titrate.fhir.plan_state.plan_resources import OPEN_TASK, PlanResources, from_titrate, version_value
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.site import Site
from titrate.fhir.transaction_entries import update
from titrate.messages.plan_decisions import PlanMoveNotAllowed

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
# The members of a plan entered in error end like those of a withdrawn plan.
ALIAS = {"entered-in-error": "revoked"}


@dataclass(frozen=True, slots=True)
class PlanMembers:
    """The plan and its members in any status. Another author's plan has only orders for exercises of the library."""

    plan: Resource
    orders: tuple[Resource, ...]
    goals: tuple[Resource, ...]
    tasks: tuple[Resource, ...]

    @property
    def members(self) -> tuple[Resource, ...]:
        """All but the plan."""
        return (*self.orders, *self.goals, *self.tasks)


def plan_members(plans: PlanResources, plan: Resource) -> PlanMembers:
    """The members of one plan. A goal of the patient or of an earlier plan is not a member."""
    listed = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    orders = [item for item in plans.named(listed) if item.get("resourceType") == "ServiceRequest"]
    site = plans.site
    if from_titrate(plan, site):
        orders = [item for item in orders if from_titrate(item, site)]
    else:
        orders = [item for item in orders if read_order(plans, item) is not None]
    written = goal_value(plan, site)
    goals = tuple(
        goal
        for goal in plans.named(targets(plan, "goal"))
        if written is not None and identifier(goal, site.resource_system) == written
    )
    return PlanMembers(plan, tuple(orders), goals, tasks_of(plans, plan))


def goal_value(plan: Resource, site: Site) -> str | None:
    """The identifier value of the goal that was written with this version of the plan."""
    series, version = identifier(plan, site.series_system), version_value(plan, site)
    return resource_value(site, series, version, "goal") if series and version else None


def tasks_of(plans: PlanResources, plan: Resource) -> tuple[Resource, ...]:
    """The service's Tasks about a plan, open or closed."""
    return tuple(
        task
        for task in plans.of_type("Task")
        if target(part(task, "focus")) == name(plan) and from_titrate(task, plans.site)
    )


class Actor(StrEnum):
    """Who changes the status: a run of the service, or a clinician, through the service or in the EHR."""

    RUN = "a run"
    CLINICIAN = "a clinician"


@dataclass(frozen=True, slots=True)
class PlanMove:
    """From one status to another. `before` is empty where the plan is created."""

    before: str
    after: str
    actor: Actor
    when: str


PLAN_MOVES: tuple[PlanMove, ...] = (
    PlanMove("", "draft", Actor.RUN, "the prescription is another than the one in force"),
    PlanMove("draft", "active", Actor.CLINICIAN, "approves it"),
    PlanMove("draft", "revoked", Actor.CLINICIAN, "rejects it"),
    PlanMove(
        "draft",
        "revoked",
        Actor.RUN,
        "out of date: another prescription, a red flag, no decision within DRAFT_VALID_DAYS",
    ),
    PlanMove("active", "completed", Actor.CLINICIAN, "approves the version that replaces it, or ends the programme"),
    PlanMove("active", "on-hold", Actor.CLINICIAN, "puts it on hold"),
    PlanMove("active", "revoked", Actor.CLINICIAN, "withdraws it"),
    PlanMove("on-hold", "active", Actor.CLINICIAN, "resumes it"),
    PlanMove("on-hold", "completed", Actor.CLINICIAN, "approves another version, or ends the programme"),
    PlanMove("on-hold", "revoked", Actor.CLINICIAN, "withdraws it"),
)


def next_status(before: str, after: str, actor: Actor) -> str:
    """`after`, if the table has the move. Raises IllegalMove."""
    if not any((move.before, move.after, move.actor) == (before, after, actor) for move in PLAN_MOVES):
        raise IllegalMove(str(PlanMoveNotAllowed(before=before, after=after, actor=actor.value)))
    return after


def member_statuses(kind: str, plan_status: str) -> MemberStatuses:
    """From a member's status to its next; a status that is not listed stays."""
    table = {"ServiceRequest": _TO_ORDER, "Goal": _TO_GOAL, "Task": _TO_TASK}[kind]
    return table.get(ALIAS.get(plan_status, plan_status), {})


def followed(members: PlanMembers, plan_status: str, at: datetime) -> Iterator[Json]:
    """One conditional update for each member that does not follow the plan's status yet."""
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
