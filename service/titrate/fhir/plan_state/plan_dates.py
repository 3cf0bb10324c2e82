"""What was before: when plans began and were approved, and what was decided on which day."""

from __future__ import annotations

from datetime import date

from titrate.clinical.values.plan import PastDecision, Phase
from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, codes, day, instant, name, part, parts, targets, text
from titrate.fhir.plan_state.plan_resources import PlanResources, decided_at, is_ours

# Statuses that a plan of ours has only after a person approved it.
APPROVED = ("active", "on-hold", "completed")


def begin_date(holdings: PlanResources, plan: Resource) -> date | None:
    """The first day of a plan."""
    zone = holdings.person.zone
    return day(part(plan, "period").get("start"), zone) or day(plan.get("created"), zone)


def approved_on(holdings: PlanResources, plan: Resource) -> date | None:
    """The local date of the newest approval, else of the plan's start."""
    zone = holdings.person.zone
    recorded = [
        when
        for item in holdings.of_type("Provenance")
        if name(plan) in targets(item, "target")
        and _approves(item)
        and (when := instant(item.get("recorded"), zone)) is not None
        and when <= holdings.at
    ]
    return max(recorded).date() if recorded else begin_date(holdings, plan)


def _approves(provenance: Resource) -> bool:
    roles = (codes(part(agent, "type"), code_systems.PARTICIPANT) for agent in parts(provenance, "agent"))
    return any(code_systems.APPROVERS.intersection(role) for role in roles)


def started_on(holdings: PlanResources, plan: Resource) -> date | None:
    """The earliest start of a plan of ours that was ever approved, or the first baseline decision."""
    ours = [item for item in holdings.plans if is_ours(item, holdings.site) and item.get("status") in APPROVED]
    starts = [first for item in (plan, *ours) if (first := begin_date(holdings, item)) is not None]
    baselines = [
        holdings.local_day(decided_at(item, holdings.person.zone))
        for item in holdings.decisions
        if _outcome(holdings, item) == "baseline"
    ]
    return min((*starts, *baselines), default=None)


def past_decision(holdings: PlanResources, observation: Resource) -> PastDecision:
    """One decision of ours: its local date, its outcome and the phase it left."""
    when = decided_at(observation, holdings.person.zone)
    before = _phase_before(holdings, observation)
    return PastDecision(holdings.local_day(when), _outcome(holdings, observation), before, when)


def _outcome(holdings: PlanResources, observation: Resource) -> str:
    value = part(observation, "valueCodeableConcept")
    return next(iter(codes(value, holdings.site.codes)), None) or text(value, "text") or "unknown"


def _phase_before(holdings: PlanResources, observation: Resource) -> Phase | None:
    """Looks for one component only: a long history is read at every run."""
    for component in parts(observation, "component"):
        if "phase-before" in codes(part(component, "code"), holdings.site.codes):
            found = codes(part(component, "valueCodeableConcept"), holdings.site.codes)
            return Phase(found[0]) if found and found[0] in set(Phase) else None
    return None
