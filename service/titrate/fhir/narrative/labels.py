"""Exercises, measures, units, numbers and codes as people call them: the fixed texts that every page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.quantity import unit_name
from titrate.fhir.identifiers import plain_number
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message
from titrate.messages.narrative import (
    NoteLighterWeekDue,
    NoteNeedsClinician,
    NotePlanExpired,
    NoteScreenUnanswered,
    TrialOf,
)
from titrate.messages.patient_profile import Days, Hours, Minutes, Once, Times
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

Name = Callable[[str], str]
# Characters of a patient's own words that one place shows.
MAX_QUOTE = 200
# From three days on a duration is in days, from three hours on in hours.
_LONG_UNITS: tuple[tuple[int, type[Days | Hours]], ...] = ((1440, Days), (60, Hours))
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


def names_of(proposal: PlanProposal) -> Name:
    """The display of an exercise by its code; the code where the rulebook does not know it."""
    exercises = proposal.rulebook.exercises
    return lambda code: exercises[code].display if code in exercises else code


def measure_label(proposal: PlanProposal, what: str) -> str | Message:
    """The display of a measure; of a tolerance trial by its exercise."""
    if what.startswith("trial."):
        return TrialOf(exercise=names_of(proposal)(what.removeprefix("trial.")))
    return proposal.rulebook.measures[what].display


def short_number(value: Decimal | None) -> str:
    """A number with at most two decimals; a dash where there is none."""
    if value is None:
        return "-"
    rounded = round(value, 2)
    return plain_number(rounded if rounded != value else value)


def unit_label(unit: str | None) -> str:
    """A unit to follow a number, with a space before it; empty where the number has no unit."""
    label = unit_name(unit) if unit else ""
    return f" {label}" if label else ""


def display_name(code: str | None) -> str:
    """A coded answer in words; a dash where there is none."""
    return "-" if code is None else code.replace("-", " ")


def display_names(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Coded answers in words."""
    return tuple(map(display_name, codes))


def quoted(words: str | None) -> str:
    """A patient's own words in quotation marks, cut where they are very long; empty where there are none."""
    if not words:
        return ""
    return f'"{words}"' if len(words) <= MAX_QUOTE else f'"{words[:MAX_QUOTE].rstrip()} ..."'


def times_words(count: int) -> Message:
    """How many times."""
    return Once() if count == 1 else Times(count=count)


def duration(minutes: Decimal) -> Message:
    """A duration in minutes, hours or days, whichever is easy to read."""
    for size, unit in _LONG_UNITS:
        if minutes >= 3 * size:
            return unit(number=short_number(minutes / size))
    return Minutes(number=short_number(minutes))


def duration_or_dash(minutes: Decimal | None) -> Message | str:
    """A duration; a dash where it is unknown."""
    return "-" if minutes is None else duration(minutes)
