"""What was before: when plans began and were approved, and what was decided on which day."""

from __future__ import annotations

from datetime import date

from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, instant, local_date, name, part, parts, targets
from titrate.fhir.plan_state.decisions import outcome_code
from titrate.fhir.plan_state.plan_resources import PlanResources, decided_at, is_ours

# Statuses that a plan of ours has only after a person approved it.
APPROVED = ("active", "on-hold", "completed")


def begin_date(plans: PlanResources, plan: Resource) -> date | None:
    """The first day of a plan."""
    zone = plans.person.zone
    return local_date(part(plan, "period").get("start"), zone) or local_date(plan.get("created"), zone)


def approved_on(plans: PlanResources, plan: Resource) -> date | None:
    """The local date of the newest approval, else of the plan's start."""
    zone = plans.person.zone
    recorded = [
        when
        for item in plans.of_type("Provenance")
        if name(plan) in targets(item, "target")
        and _approves(item)
        and (when := instant(item.get("recorded"), zone)) is not None
        and when <= plans.at
    ]
    return max(recorded).date() if recorded else begin_date(plans, plan)


def _approves(provenance: Resource) -> bool:
    roles = (codes(part(agent, "type"), code_systems.PARTICIPANT) for agent in parts(provenance, "agent"))
    return any(code_systems.APPROVERS.intersection(role) for role in roles)


def started_on(plans: PlanResources, plan: Resource) -> date | None:
    """The earliest start of a plan of ours that was ever approved, or the first baseline decision."""
    ours = [item for item in plans.care_plans if is_ours(item, plans.site) and item.get("status") in APPROVED]
    starts = [first for item in (plan, *ours) if (first := begin_date(plans, item)) is not None]
    baselines = [
        plans.local_day(decided_at(item, plans.person.zone))
        for item in plans.decisions
        if outcome_code(plans, item) == "baseline"
    ]
    return min((*starts, *baselines), default=None)
