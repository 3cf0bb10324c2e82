"""Fixed words of the prose: outcomes, phases and gates in plain language."""

from __future__ import annotations

from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import Phase

OUTCOMES = {
    Outcome.NOT_ELIGIBLE: "No plan: this person cannot be given one by this service.",
    Outcome.STOP_ESCALATE: "Stop: an open red flag needs assessment before any exercise.",
    Outcome.FLARE_PROTOCOL: "Flare: a lower dose until the flare has settled.",
    Outcome.REACTIVE_DELOAD: "Lower the dose: recent sessions were not tolerated.",
    Outcome.STEP_BACK: "Step back: there was a gap without sessions.",
    Outcome.HOLD_REVIEW: "Hold and review: something needs a clinician before any increase.",
    Outcome.BASELINE: "Baseline: set the starting dose, or ask for the trials it needs.",
    Outcome.HOLD_INSUFFICIENT: "Hold: there is not enough information for an increase.",
    Outcome.RETURN_TO_LOAD: "Return to load after a flare, one step at a time.",
    Outcome.LIGHTER_WEEK: "A planned lighter week.",
    Outcome.PROGRESS: "Progress: one exercise goes up one step.",
    Outcome.HOLD: "Hold: the dose stays as it is.",
}

LOWERED = "Hold: no increase, and a dose is lowered (see Why)."

PHASES = {
    Phase.INTAKE: "intake",
    Phase.BASELINE: "baseline",
    Phase.LOADING: "loading",
    Phase.LIGHTER_WEEK: "lighter week",
    Phase.DELOAD: "deload",
    Phase.FLARE: "flare",
    Phase.RETURN: "return after a flare",
    Phase.STOPPED: "stopped",
    Phase.MAINTENANCE: "maintenance",
    Phase.DISCHARGED: "discharged",
}

GATES = {
    "G1": "no open red flag",
    "G2": "in the loading phase",
    "G3": "enough information",
    "G4": "recent sessions at this dose all tolerated",
    "G5": "long enough since the last increase",
    "G6": "morning pain not rising from week to week",
    "G7": "enough of the planned sessions done",
    "G8": "no hold for sleep, mood or a stressor",
    "G9": "week's load within its cap",
    "G10": "good form",
    "G11": "extra repetitions in the last set, twice",
    "G12": "no lighter week due",
    "G13": "effort within its limit",
    "G14": "limits approved by a clinician and in date",
}

DRAFTED = "This is a draft. Nothing in it is in force until a clinician approves it."
STANDING = "The plan in force stays as it is. Nothing waits for approval."

NOTES = {
    "STOP": "No exercise until a clinician has assessed the red flag. The plan in force, if any, was not changed.",
    "PLAN_EXPIRED": "The plan has expired: without recent reports there is no session target.",
    "SCREEN_OUTSTANDING": "The safety screen is unanswered. Do not approve this draft before it is answered.",
    "LIGHTER_WEEK_DUE": "A lighter week is due and was taken into account.",
    "NEEDS_CLINICIAN": "A proposal in this draft needs a clinician's decision.",
    "CLINICIAN_REVIEW": "A clinician's review of the whole plan is asked for.",
}

LIMITS = {
    "pain-ceiling": "Pain during a session, at most",
    "rpe-cap": "Effort (CR10), at most",
    "heart-rate-limit": "Heart rate, at most",
}

OPERATORS = {
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
    "=": "must be",
    "->": "to",
    "x": "times",
}

UNITS = {"{score}": " points", "d": " days", "1": "", "{repetitions}": " repetitions"}

TIMELINE = (
    "When every step is earned; weeks count from today. A projection, not a promise: flares, gaps and holds delay it."
)
TALK_TEST = "Talk test: comfortable, go on; not sure, do less; not comfortable, stop and rest."
FRAMES = "Days can be moved, as long as hard sessions for the same part of the body stay 48 hours apart."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PATTERNS = {
    "worst-morning": "worst in the morning", "worst-midday": "worst at midday", "worst-evening": "worst in the evening",
    "worst-night": "worst at night", "even": "much the same",
}  # fmt: skip
