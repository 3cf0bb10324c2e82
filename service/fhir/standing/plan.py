"""`stand`: from the patient's resources to the plan in force. What a run starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.clinical.plan import NO_PLAN, DraftSeen, Override, PastDecision, Phase, PlanInForce, UpperBound
from service.clinical.readings import Person
from service.clinical.rulebook import Rulebook
from service.fhir import terms
from service.fhir.elements import Resource, codes, day, instant, name, part, parts, targets, text
from service.fhir.site import Site
from service.fhir.standing.changes import BY_VALUE, changes, touched
from service.fhir.standing.exercises import bound_of, exercise_states, from_approval
from service.fhir.standing.holdings import Holdings, decided_at, gather, is_ours, version_value
from service.fhir.standing.others import bounds, other_plans
from service.fhir.standing.remembered import Remembered, remember
from service.fhir.standing.selecting import orders_of, plan_in_force, state_observation, written_with


def stand(
    resources: Sequence[Mapping[str, Any]], person: Person, rulebook: Rulebook, site: Site, at: datetime
) -> PlanInForce:
    """The plan in force. References in the resources are `Type/id`; nothing that is odd in one resource raises."""
    holdings = gather(resources, person, rulebook, site, at)
    plan = plan_in_force(holdings)
    others = other_plans(holdings, plan)
    found = NO_PLAN if plan is None else _standing(holdings, plan)
    return replace(
        found,
        bounds=(*found.bounds, *bounds(holdings, others)),
        other_plans=tuple(name(other) for other in others),
        history=tuple(_past(holdings, item) for item in holdings.decisions),
        drafts=tuple(draft_seen(holdings, item) for item in open_drafts(holdings)),
        versions=_versions(holdings),
    )


def _standing(holdings: Holdings, plan: Resource) -> PlanInForce:
    memory = remember(holdings, state_observation(holdings, plan))
    begun, approved = _begun(holdings, plan), _approved(holdings, plan)
    states, overrides = exercise_states(
        holdings, orders_of(holdings, plan), memory, begun, approved, active=plan.get("status") == "active"
    )
    overrides = (*overrides, *_changes(holdings, plan))
    by_exercise = {state.exercise: state for state in states}
    capped = ((item, bound_of(item, by_exercise, memory)) for item in overrides)
    return PlanInForce(
        reference=name(plan), version=version_value(plan, holdings.site),
        phase=memory.phase() or Phase.LOADING,
        phase_since=from_approval(memory.date("phase-since"), memory, approved) or begun,
        exercises=states, started=_started(holdings, plan), approved=approved,
        loading_since=_loading_since(memory, approved, begun),
        flare_first_day=memory.date("flare-first-day"), flare_grade=memory.word("flare-grade"),
        usual_pain=memory.number("usual-pain"), usual_fatigue=memory.number("usual-fatigue"),
        state_date=memory.day, state_reference=memory.reference,
        by_person=not is_ours(plan, holdings.site), overrides=overrides,
        bounds=tuple(UpperBound(str(item.exercise), dose, name(plan)) for item, dose in capped if dose is not None),
    )


def _begun(holdings: Holdings, plan: Resource) -> date | None:
    zone = holdings.person.zone
    return day(part(plan, "period").get("start"), zone) or day(plan.get("created"), zone)


def _loading_since(memory: Remembered, approved: date | None, begun: date | None) -> date | None:
    """Since when loading has gone on; a plan without any memory of ours counts from its start."""
    remembered = from_approval(memory.date("loading-since"), memory, approved)
    return remembered if memory.phase() is not None else remembered or begun


def _approved(holdings: Holdings, plan: Resource) -> date | None:
    """The local date of the newest approval, else of the plan's start."""
    zone = holdings.person.zone
    recorded = [
        when for item in holdings.of_type("Provenance")
        if name(plan) in targets(item, "target") and _approves(item)
        and (when := instant(item.get("recorded"), zone)) is not None and when <= holdings.at
    ]
    return max(recorded).date() if recorded else _begun(holdings, plan)


def _approves(provenance: Resource) -> bool:
    roles = (codes(part(agent, "type"), terms.PARTICIPANT) for agent in parts(provenance, "agent"))
    return any(terms.APPROVERS.intersection(role) for role in roles)


def _started(holdings: Holdings, plan: Resource) -> date | None:
    """The earliest start of a plan of ours that was ever approved, or the first baseline decision."""
    ours = [
        item for item in holdings.plans
        if is_ours(item, holdings.site) and item.get("status") in ("active", "on-hold", "completed")
    ]
    starts = [begun for item in (plan, *ours) if (begun := _begun(holdings, item)) is not None]
    baselines = [past.day for item in holdings.decisions if (past := _past(holdings, item)).outcome == "baseline"]
    return min((*starts, *baselines), default=None)


def _changes(holdings: Holdings, plan: Resource) -> tuple[Override, ...]:
    """Changes that only the stored digests show; dose and timing were compared by value already."""
    memory = remember(holdings, written_with(holdings, plan))
    status = () if plan.get("status") == "active" else (Override(name(plan), "status", "active", str(plan["status"])),)
    return (*status, *(item for item in changes(holdings, plan, memory) if item.element not in BY_VALUE))


def _past(holdings: Holdings, observation: Resource) -> PastDecision:
    memory = remember(holdings, observation)
    when = decided_at(observation, holdings.person.zone)
    value = part(observation, "valueCodeableConcept")
    outcome = next(iter(codes(value, holdings.site.codes)), None) or text(value, "text") or "unknown"
    return PastDecision(holdings.local_day(when), outcome, memory.phase("phase-before"), when)


def open_drafts(holdings: Holdings) -> tuple[Resource, ...]:
    """Draft plans of ours, by name."""
    ours = [plan for plan in holdings.plans if plan.get("status") == "draft" and is_ours(plan, holdings.site)]
    return tuple(sorted(ours, key=name))


def draft_seen(holdings: Holdings, plan: Resource) -> DraftSeen:
    """An open draft as the clinical rooms see it."""
    memory = remember(holdings, written_with(holdings, plan))
    return DraftSeen(
        reference=name(plan), version=version_value(plan, holdings.site) or "",
        created=instant(plan.get("created"), holdings.person.zone), touched=touched(holdings, plan, memory),
    )


def _versions(holdings: Holdings) -> Mapping[str, str]:
    """The server's version of every resource of ours, for writes that must not overwrite a person."""
    return {
        item: version for item, resource in holdings.by_name.items()
        if is_ours(resource, holdings.site) and (version := text(part(resource, "meta"), "versionId")) is not None
    }
