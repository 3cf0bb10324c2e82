"""The clinical part of the corridor in one call: what was heard and the plan that stands, to a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.clinical.decision import Assessment, Decision, Flag, Prescription
from service.clinical.eligibility import not_eligible
from service.clinical.plan import PlanInForce
from service.clinical.prescription import prescribe
from service.clinical.progression import decide, not_eligible_decision
from service.clinical.readings import Heard
from service.clinical.record import gather
from service.clinical.rulebook import Rulebook
from service.clinical.situation import Situation, situation_of
from service.clinical.sufficiency import missing
from service.clinical.tolerance import assess


@dataclass(frozen=True, slots=True)
class Result:
    """What the clinical rooms found, and from what. `prescription` is None when the patient is not eligible (D0)."""

    flags: tuple[Flag, ...]
    assessment: Assessment
    decision: Decision
    prescription: Prescription | None
    situation: Situation


def run(heard: Heard, plan: PlanInForce, rulebook: Rulebook, at: datetime, programme: str = "general") -> Result:
    """Assess and decide for one patient at `at` (aware). Pure: the same arguments give the same result."""
    record = gather(heard, plan, rulebook, at)
    situation = situation_of(record)
    lacking = missing(situation)
    assessment = assess(situation, lacking)
    refused = not_eligible(heard.person, record.today, rulebook)
    if refused:
        return Result((), assessment, not_eligible_decision(refused, plan.phase), None, situation)
    decision = decide(situation, rulebook.programmes[programme], lacking)
    prescription = prescribe(situation, decision, rulebook.programmes[programme])
    return Result(situation.safety.flags, assessment, decision, prescription, situation)
