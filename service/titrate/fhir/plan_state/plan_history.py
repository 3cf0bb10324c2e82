"""What earlier runs and decisions left: the decisions of a plan, its events by Provenance, and open red flags.

A red flag outlives the evidence that opened it: a decision carries it with its moment and urgency, and the service's
active Flag its moment. Only a clinician's clearance closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from titrate.clinical.values.decision import OpenFlag
from titrate.clinical.values.plan import PastDecision
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Urgency
from titrate.fhir import code_systems
from titrate.fhir.component_values import by_code
from titrate.fhir.decision_record import UNCERTAIN, DecisionRecord, from_components, phase_before_in
from titrate.fhir.elements import (
    Resource,
    codes,
    instant,
    is_modified,
    local_date,
    name,
    part,
    parts,
    target,
    targets,
    text,
    updated,
)
from titrate.fhir.flag_record import open_flags_in
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, decided_at, from_titrate
from titrate.fhir.signers import may_sign

_CLOSED_FLAG = frozenset({"inactive", "entered-in-error"})
# Statuses that a plan of the service has only after a clinician approved it.
APPROVED = ("active", "on-hold", "completed")
ACTIVITY = f"{code_systems.TERMINOLOGY}/v3-DataOperation"
ACTIVITIES = {
    "ACTIVATE": "activate",
    "HOLD": "hold",
    "RESUME": "resume",
    "COMPLETE": "complete",
    "ABORT": "abort",
}
# An activity and the Provenance that records it.
ProvenanceEvent = tuple[str, Resource]


def state_observation(plans: PlanResources, plan: Resource) -> Resource | None:
    """The newest decision that is based on the plan, else the one among the plan's supporting records.

    The day's own decision is left out: a second run on one day starts from where the first one did and finds the same.
    A decision that was made while the earlier state could not be read is left out too, unless the plan lists it or
    there is no other. The last readable state then stays in force until the fault is corrected, or until a clinician
    approves another plan.
    """
    supporting = targets(plan, "supportingInfo")
    listed = [item for item in plans.decisions if name(item) in supporting]
    today = plans.local_day(plans.at)
    based = [
        item
        for item in plans.decisions
        if name(plan) in targets(item, "basedOn")
        and (name(item) in supporting or plans.local_day(decided_at(item, plans.person.zone)) < today)
    ]
    certain = [item for item in based if name(item) in supporting or not _is_uncertain(plans, item)]
    found = certain or listed or based
    return found[-1] if found else None


def _is_uncertain(plans: PlanResources, decision: Resource) -> bool:
    return any(code == UNCERTAIN for code, _ in by_code(parts(decision, "component"), plans.site.codes))


def written_with(plans: PlanResources, plan: Resource) -> Resource | None:
    """The decision that was written together with the plan: the one it lists, else the first that is based on it."""
    supporting = targets(plan, "supportingInfo")
    listed = [item for item in plans.decisions if name(item) in supporting]
    based = [item for item in plans.decisions if name(plan) in targets(item, "basedOn")]
    found = listed[-1:] or based
    return found[0] if found else None


def read_decision(plans: PlanResources, observation: Resource | None) -> DecisionRecord:
    """The record in a decision Observation; an empty record if there is no decision."""
    if observation is None:
        return DecisionRecord()
    day = plans.local_day(decided_at(observation, plans.person.zone))
    components = parts(observation, "component")
    return from_components(components, plans.site.codes, plans.person.zone, reference=name(observation), day=day)


def past_decision(plans: PlanResources, observation: Resource) -> PastDecision:
    """The local date of a decision, its outcome and the phase it left."""
    when = decided_at(observation, plans.person.zone)
    before = phase_before_in(parts(observation, "component"), plans.site.codes)
    return PastDecision(plans.local_day(when), outcome_code(plans, observation), before, when)


def outcome_code(plans: PlanResources, observation: Resource) -> str:
    """The code of what was decided, such as `reactive-deload`."""
    value = part(observation, "valueCodeableConcept")
    return next(iter(codes(value, plans.site.codes)), None) or text(value, "text") or "unknown"


def open_flags(plans: PlanResources) -> tuple[OpenFlag, ...]:
    """Every flag that was ever recorded as open, once for each moment at which it opened."""
    found: dict[tuple[str, datetime], OpenFlag] = {}
    for item in _from_flags(plans):  # a Flag has no urgency of its own; a decision records it
        found.setdefault((item.flag, item.since), item)
    for decision in plans.decisions:
        for item in _from_decision(plans, decision):
            found[item.flag, item.since] = item
    return tuple(found[key] for key in sorted(found))


def _from_decision(plans: PlanResources, decision: Resource) -> Iterator[OpenFlag]:
    """The flags that one decision carries."""
    recorded = decided_at(decision, plans.person.zone)
    for item in open_flags_in(parts(decision, "component"), plans.site.codes, plans.person.zone, recorded):
        yield from _opened(plans, item.flag, item.since, decision, item.urgency)


def _from_flags(plans: PlanResources) -> Iterator[OpenFlag]:
    """The service's Flags that are not closed. One without a usable start is open since its last change."""
    for item in plans.of_type("Flag"):
        start = instant(part(item, "period").get("start"), plans.person.zone)
        since = min(start or updated(item, plans.person.zone) or plans.at, plans.at)
        if text(item, "status") not in _CLOSED_FLAG and from_titrate(item, plans.site):
            for flag in codes(part(item, "code"), plans.site.codes):
                yield from _opened(plans, flag, since, item)


def _opened(
    plans: PlanResources, flag: str, since: datetime, source: Resource, urgency: Urgency | None = None
) -> Iterator[OpenFlag]:
    row = plans.rulebook.flags.get(flag)
    if row is not None and since <= plans.at:
        yield OpenFlag(flag, urgency or row.urgency, since, Source(name(source)))


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
        and _approves(plans, item)
        and (when := instant(item.get("recorded"), zone)) is not None
        and when <= plans.at
    ]
    return max(recorded).date() if recorded else begin_date(plans, plan)


def _approves(plans: PlanResources, provenance: Resource) -> bool:
    """Whether a practitioner approved: a patient, a relative or a device cannot, and no one who is no longer active.

    A Provenance whose meaning is modified in a way that is not known approves nothing (B13.6).
    """
    return not is_modified(provenance) and any(
        code_systems.APPROVERS.intersection(codes(part(agent, "type"), code_systems.PARTICIPANT))
        and _may_approve(plans, part(agent, "who"))
        for agent in parts(provenance, "agent")
    )


def _may_approve(plans: PlanResources, who: Resource) -> bool:
    """Whether the agent is a known practitioner who is active, and not one of another server."""
    is_elsewhere = "://" in (target(who) or "")
    return not is_elsewhere and may_sign(who, plans.signers, plans.local_day(plans.at), plans.person.zone)


def started_on(plans: PlanResources, plan: Resource) -> date | None:
    """The earliest start of a plan that was ever approved, or the first baseline decision."""
    approved = [item for item in plans.care_plans if from_titrate(item, plans.site) and item.get("status") in APPROVED]
    starts = [first for item in (plan, *approved) if (first := begin_date(plans, item)) is not None]
    baselines = [
        plans.local_day(decided_at(item, plans.person.zone))
        for item in plans.decisions
        if outcome_code(plans, item) == "baseline"
    ]
    return min((*starts, *baselines), default=None)


def provenance_events(plans: PlanResources, plan: Resource) -> tuple[ProvenanceEvent, ...]:
    """The decisions that are recorded on a plan, oldest first, without its creation."""
    zone = plans.person.zone
    found = [
        (code, item)
        for item in plans.of_type("Provenance")
        if name(plan) in targets(item, "target")
        for code in codes(part(item, "activity"), ACTIVITY)
        if code in ACTIVITIES
    ]
    return tuple(sorted(found, key=lambda event: instant(event[1].get("recorded"), zone) or LONG_AGO))


def is_last(plans: PlanResources, plan: Resource) -> bool:
    """Whether the plan was in force once, and no later plan that was in force has replaced it."""
    later = (item for item in plans.care_plans if name(plan) in targets(item, "replaces"))
    return _activated(plans, plan) and not any(_activated(plans, item) for item in later)


def _activated(plans: PlanResources, plan: Resource) -> bool:
    return any(activity == "ACTIVATE" for activity, _ in provenance_events(plans, plan))
