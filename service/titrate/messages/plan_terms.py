"""Terms of a plan that several pages show: rules, outcomes, phases, limits and weekdays."""

from __future__ import annotations

from titrate.messages.message import Message

# Rules, gates and flags


class NamedRule(Message, text="{code}, {name}"):
    code: str
    name: str


class UnnamedRule(Message, text="{code}"):
    code: str


class OtherRulesMatched(Message, text="Other rules that matched: {rules:;}."):
    rules: tuple[Message, ...]


class Stated(Message, text="{words}"):
    words: str


# Outcomes of a decision


class OutcomeNotEligible(Message, text="No plan: this service cannot make one for this patient."):
    """D0."""


class OutcomeStop(Message, text="Stop: an open red flag needs assessment before any exercise."):
    """D1."""


class OutcomeFlare(Message, text="Flare: a lower dose until the flare has settled."):
    """D2."""


class OutcomeReactiveDeload(Message, text="Lower the dose: recent sessions were not tolerated."):
    """D3."""


class OutcomeStepBack(Message, text="Step back: there was a gap without sessions."):
    """D4."""


class OutcomeHoldReview(Message, text="Hold and review: a clinician must look at this before any increase."):
    """D5."""


class OutcomeBaseline(Message, text="Baseline: set the start doses, or ask for the trials that they need."):
    """D6."""


class OutcomeHoldInsufficient(Message, text="Hold: there is not enough information for an increase."):
    """D7."""


class OutcomeReturnToLoad(Message, text="Return to load after a flare, one step at a time."):
    """D8."""


class OutcomeLighterWeek(Message, text="A planned lighter week."):
    """D9."""


class OutcomeProgress(Message, text="Progress: one exercise goes up one step."):
    """D10."""


class OutcomeHold(Message, text="Hold: the dose stays as it is."):
    """D11."""


class OutcomeHoldWithLoweredDose(Message, text="Hold: no increase, and a dose is lowered (see Why)."):
    """D11 where a limit lowers a dose."""


# Phases


class PhaseIntake(Message, text="intake"):
    """No plan yet."""


class PhaseBaseline(Message, text="baseline"):
    """Trials set the starting doses."""


class PhaseLoading(Message, text="loading"):
    """Doses rise step by step."""


class PhaseLighterWeek(Message, text="lighter week"):
    """A planned week of lower doses."""


class PhaseDeload(Message, text="deload"):
    """Lower doses after sessions that were not tolerated."""


class PhaseFlare(Message, text="flare"):
    """Lower doses until a flare settles."""


class PhaseReturn(Message, text="return after a flare"):
    """Steps back to the dose before a flare."""


class PhaseStopped(Message, text="stopped"):
    """No exercise."""


class PhaseMaintenance(Message, text="maintenance"):
    """The goal is reached."""


class PhaseDischarged(Message, text="discharged"):
    """The programme has ended."""


# Limits


class PainCeilingLimit(Message, text="Pain during a session, at most"):
    """The limit `pain-ceiling`."""


class ExertionLimit(Message, text="Exertion (CR10), at most"):
    """The limit `rpe-cap`."""


class HeartRateLimit(Message, text="Heart rate, at most"):
    """The limit `heart-rate-limit`."""


# Weekdays


class Monday(Message, text="Monday"):
    """Weekday 1."""


class Tuesday(Message, text="Tuesday"):
    """Weekday 2."""


class Wednesday(Message, text="Wednesday"):
    """Weekday 3."""


class Thursday(Message, text="Thursday"):
    """Weekday 4."""


class Friday(Message, text="Friday"):
    """Weekday 5."""


class Saturday(Message, text="Saturday"):
    """Weekday 6."""


class Sunday(Message, text="Sunday"):
    """Weekday 7."""
