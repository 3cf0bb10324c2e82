"""A phase that a clinician sets for the plan in force: maintenance, loading again, a new baseline, discharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from titrate.app.decisions.approval import known_person
from titrate.app.decisions.decide_on_plan import Case, Ending, Proposal, Settled, settle
from titrate.app.pipeline import Rules
from titrate.clinical.values.plan import Phase
from titrate.ehr.client import EHR
from titrate.fhir.narrative.phrases import PHASES
from titrate.fhir.transitions.approve_and_reject import Words, plan_names
from titrate.fhir.transitions.provenance import Act
from titrate.fhir.transitions.set_phase import CHOICES, phased


@dataclass(frozen=True, slots=True)
class PhaseChoice:
    """`who` moves the active plan `plan` into `phase`, for a reason."""

    plan: str
    who: str
    phase: Phase
    reason: str


def choose_phase(ehr: EHR, choice: PhaseChoice, rules: Rules, at: datetime) -> Settled:
    """Set the phase in one transaction. Raises EHRError and NotAPerson."""
    known_person(ehr, choice.who)
    return settle(ehr, choice.plan, rules, at, lambda case: phase_of(case, choice))


def phase_of(case: Case, choice: PhaseChoice) -> Proposal:
    """What would be written, or why it may not be. Pure."""
    standing = case.walked.plan
    if standing.reference != f"CarePlan/{case.plan['id']}" or case.plan.get("status") != "active":
        return Proposal(Ending.REFUSED, ("only the plan in force has a phase to set",))
    if standing.phase is choice.phase:
        return Proposal(Ending.ALREADY, (f"the phase is {PHASES[choice.phase]} already",))
    if standing.phase not in CHOICES.get(choice.phase, frozenset()):
        return Proposal(Ending.REFUSED, (f"{PHASES[choice.phase]} cannot follow {PHASES[standing.phase]}",))
    change = f"Phase: {PHASES[standing.phase]} becomes {PHASES[choice.phase]}"
    today = plan_names(case.holdings, case.plan).today
    words = Words("COMPLETED", f"{change}. Set by {choice.who} on {today}.", (f"Reason: {choice.reason}",))
    entries = phased(case.holdings, case.plan, choice.phase, Act(choice.who, choice.reason), words)
    return Proposal(Ending.DONE, (), (change,), tuple(entries))
