"""The decisions of earlier runs: which of them belongs to a plan, what it carries, and what was decided when."""

from __future__ import annotations

from titrate.clinical.values.plan import PastDecision
from titrate.fhir.decision_record import DecisionRecord, from_components, phase_before_in
from titrate.fhir.elements import Resource, codes, name, part, parts, targets, text
from titrate.fhir.plan_state.plan_resources import PlanResources, decided_at


def state_observation(plans: PlanResources, plan: Resource) -> Resource | None:
    """The newest decision that is based on the plan, else the one among the plan's supporting records.

    The day's own decision is left out: a second run on one day starts from where the first one did and finds the same.
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
    found = based or listed
    return found[-1] if found else None


def written_with(plans: PlanResources, plan: Resource) -> Resource | None:
    """The decision that was written together with the plan: the one it lists, else the first that is based on it."""
    supporting = targets(plan, "supportingInfo")
    listed = [item for item in plans.decisions if name(item) in supporting]
    based = [item for item in plans.decisions if name(plan) in targets(item, "basedOn")]
    found = listed[-1:] or based
    return found[0] if found else None


def read_decision(plans: PlanResources, observation: Resource | None) -> DecisionRecord:
    """What a decision carries; an empty record where there is no decision."""
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
