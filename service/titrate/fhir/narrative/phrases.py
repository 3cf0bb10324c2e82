"""The fixed texts of codes that every page shows: outcomes, phases, notes, limits and weekdays."""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages.narrative import NoteLighterWeekDue, NoteNeedsClinician, NotePlanExpired, NoteScreenUnanswered
from titrate.messages.plan_terms import (
    ExertionLimit,
    Friday,
    HeartRateLimit,
    Monday,
    OutcomeBaseline,
    OutcomeFlare,
    OutcomeHold,
    OutcomeHoldInsufficient,
    OutcomeHoldReview,
    OutcomeLighterWeek,
    OutcomeNotEligible,
    OutcomeProgress,
    OutcomeReactiveDeload,
    OutcomeReturnToLoad,
    OutcomeStepBack,
    OutcomeStop,
    PainCeilingLimit,
    PhaseBaseline,
    PhaseDeload,
    PhaseDischarged,
    PhaseFlare,
    PhaseIntake,
    PhaseLighterWeek,
    PhaseLoading,
    PhaseMaintenance,
    PhaseReturn,
    PhaseStopped,
    Saturday,
    Sunday,
    Thursday,
    Tuesday,
    Wednesday,
)

OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.NOT_ELIGIBLE: OutcomeNotEligible(),
    Outcome.STOP_ESCALATE: OutcomeStop(),
    Outcome.FLARE_PROTOCOL: OutcomeFlare(),
    Outcome.REACTIVE_DELOAD: OutcomeReactiveDeload(),
    Outcome.STEP_BACK: OutcomeStepBack(),
    Outcome.HOLD_REVIEW: OutcomeHoldReview(),
    Outcome.BASELINE: OutcomeBaseline(),
    Outcome.HOLD_INSUFFICIENT: OutcomeHoldInsufficient(),
    Outcome.RETURN_TO_LOAD: OutcomeReturnToLoad(),
    Outcome.LIGHTER_WEEK: OutcomeLighterWeek(),
    Outcome.PROGRESS: OutcomeProgress(),
    Outcome.HOLD: OutcomeHold(),
}

PHASES: Mapping[Phase, Message] = {
    Phase.INTAKE: PhaseIntake(),
    Phase.BASELINE: PhaseBaseline(),
    Phase.LOADING: PhaseLoading(),
    Phase.LIGHTER_WEEK: PhaseLighterWeek(),
    Phase.DELOAD: PhaseDeload(),
    Phase.FLARE: PhaseFlare(),
    Phase.RETURN: PhaseReturn(),
    Phase.STOPPED: PhaseStopped(),
    Phase.MAINTENANCE: PhaseMaintenance(),
    Phase.DISCHARGED: PhaseDischarged(),
}

# Notes of a decision; the clinician's page also shows a stop and a requested review.
NOTES: Mapping[str, Message] = {
    "PLAN_EXPIRED": NotePlanExpired(),
    "SCREEN_OUTSTANDING": NoteScreenUnanswered(),
    "LIGHTER_WEEK_DUE": NoteLighterWeekDue(),
    "NEEDS_CLINICIAN": NoteNeedsClinician(),
}

LIMITS: Mapping[str, Message] = {
    "pain-ceiling": PainCeilingLimit(),
    "rpe-cap": ExertionLimit(),
    "heart-rate-limit": HeartRateLimit(),
}

WEEKDAYS: tuple[Message, ...] = (Monday(), Tuesday(), Wednesday(), Thursday(), Friday(), Saturday(), Sunday())
