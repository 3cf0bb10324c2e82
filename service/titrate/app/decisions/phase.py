"""A phase that a clinician sets for the plan in force: maintenance, loading again, a new baseline, discharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from titrate.app.decisions.approval import require_practitioner
from titrate.app.decisions.decide_on_plan import (
    DecisionOutcome,
    DecisionResult,
    DecisionStatus,
    PlanCase,
    decide_on_plan,
)
from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Phase
from titrate.ehr.client import EHR
from titrate.fhir.narrative.labels import PHASES
from titrate.fhir.transitions.clinician_decision import CHOICES, Banner, PlanDecision, phase_entries, plan_names
from titrate.messages import plan_decisions as say


@dataclass(frozen=True, slots=True)
class PhaseChoice:
    """`who` moves the active plan `plan` into `phase`, for a reason."""

    plan: str
    who: str
    phase: Phase
    reason: str


def set_phase(ehr: EHR, choice: PhaseChoice, rules: PlanningRules, at: datetime) -> DecisionResult:
    """Set the phase in one transaction. Raises EHRError and NotAPractitioner."""
    require_practitioner(ehr, choice.who)
    return decide_on_plan(ehr, choice.plan, rules, at, lambda case: phase_outcome(case, choice))


def phase_outcome(case: PlanCase, choice: PhaseChoice) -> DecisionOutcome:
    """What setting the phase writes, or why it is refused. Pure."""
    current = case.result.plan
    if current.reference != f"CarePlan/{case.plan['id']}" or case.plan.get("status") != "active":
        return DecisionOutcome(DecisionStatus.REFUSED, (say.OnlyPlanInForceHasPhase(),))
    if current.phase is choice.phase:
        return DecisionOutcome(DecisionStatus.ALREADY, (say.PhaseIsAlready(phase=PHASES[choice.phase]),))
    if current.phase not in CHOICES.get(choice.phase, frozenset()):
        reason = say.PhaseCannotFollow(phase=PHASES[choice.phase], current=PHASES[current.phase])
        return DecisionOutcome(DecisionStatus.REFUSED, (reason,))
    before, after, today = PHASES[current.phase], PHASES[choice.phase], plan_names(case.plans, case.plan).at.date()
    words = Banner(
        say.PlanCompletedTitle(),
        say.PlanPhaseSetBy(before=before, after=after, practitioner=choice.who, today=today),
        (say.PlanDecisionReason(reason=choice.reason),),
    )
    entries = phase_entries(case.plans, case.plan, choice.phase, PlanDecision(choice.who, choice.reason), words)
    return DecisionOutcome(DecisionStatus.DONE, (), (say.PlanPhaseChanged(before=before, after=after),), tuple(entries))
