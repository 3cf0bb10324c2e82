"""A plan with the members that follow its status: orders, the goal written with it, the clinician's Task."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.fhir.elements import Resource, identifier, name, part, parts, target, targets
from titrate.fhir.identifiers import resource_value
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate, version_value
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.site import Site


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
