"""A phase that a clinician sets: maintenance, loading again, discharge. Doses stay; a decision records the phase."""

from __future__ import annotations

from titrate.clinical.values.plan import Phase
from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.transitions.approve_and_reject import Banner, addresses, completed_by, plan_names, supporting
from titrate.fhir.transitions.changed_decision import decision_with_phase
from titrate.fhir.transitions.provenance import PlanDecision, decision_provenance

# The phases that a clinician may choose, and from which.
CHOICES: dict[Phase, frozenset[Phase]] = {
    Phase.MAINTENANCE: frozenset({Phase.LOADING, Phase.LIGHTER_WEEK, Phase.RETURN, Phase.DELOAD}),
    Phase.LOADING: frozenset({Phase.MAINTENANCE}),
    Phase.BASELINE: frozenset({Phase.STOPPED}),
    Phase.DISCHARGED: frozenset(Phase) - {Phase.DISCHARGED},
}


def phase_entries(
    plans: PlanResources, plan: Resource, phase: Phase, decision: PlanDecision, words: Banner
) -> list[Json]:
    """The plan, a decision with the new phase, and Provenance. A discharge ends the plan as well."""
    names = plan_names(plans, plan)
    state = decision_with_phase(plans, plan, names, phase, " ".join(map(str, (words.sentence, *words.more))))
    linked = supporting(plan, state)
    if phase is Phase.DISCHARGED:
        return completed_by(plans, plan, decision, words, state)
    entries = [update(plan, supportingInfo=linked), state]
    return [*entries, decision_provenance(names, "UPDATE", addresses(entries), decision)]
