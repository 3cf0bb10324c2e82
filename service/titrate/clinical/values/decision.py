"""Results of the clinical packages: flags, classed sessions, assessment, decision, prescription. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.values.plan import Dose, FlareGrade, Phase
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Domain, Urgency
from titrate.messages import Message


class Outcome(StrEnum):
    """The outcome of a decision, named as in the decision table; the FHIR code is in lower case with hyphens."""

    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    STOP_ESCALATE = "STOP_ESCALATE"
    FLARE_PROTOCOL = "FLARE_PROTOCOL"
    REACTIVE_DELOAD = "REACTIVE_DELOAD"
    STEP_BACK = "STEP_BACK"
    HOLD_REVIEW = "HOLD_REVIEW"
    BASELINE = "BASELINE"
    HOLD_INSUFFICIENT = "HOLD_INSUFFICIENT"
    RETURN_TO_LOAD = "RETURN_TO_LOAD"
    LIGHTER_WEEK = "LIGHTER_WEEK"
    PROGRESS = "PROGRESS"
    HOLD = "HOLD"

    @property
    def code(self) -> str:
        """The code written to FHIR, e.g. `reactive-deload`."""
        return self.value.lower().replace("_", "-")


class SessionClass(StrEnum):
    """Tolerated, marginal, not tolerated, not evaluable."""

    T = "T"
    M = "M"
    X = "X"
    N = "N"


class Gate(StrEnum):
    """The verdict of one gate for one exercise."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"


class ToleranceTier(StrEnum):
    """How well the patient tolerates the present activity."""

    LOW = "low"
    MODERATE = "moderate"
    GOOD = "good"
    UNKNOWN = "unknown"


class PainTrend(StrEnum):
    """Morning pain of the last week against the week before."""

    WORSE = "worse"
    BETTER = "better"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that opens a red flag: since when (None without a date), from which resource, why, and how urgent.

    `wait` names the constant, in hours, of the earliest clearance that closes it; None uses the flag's own constant.
    """

    since: datetime | None
    source: Source
    because: Message
    urgency: Urgency
    wait: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """An open red flag: its id, urgency, since when, and the sources that opened it."""

    flag: str
    urgency: Urgency
    since: datetime
    sources: tuple[Source, ...]
    because: Message


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A red flag that an earlier run recorded as open; it stays open until a clinician clears it."""

    flag: str
    urgency: Urgency
    since: datetime
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassedSession:
    """A session with its class and the reasons for it. `carry` is next morning's pain minus usual pain."""

    day: date
    end: datetime
    exercise: str
    session_class: SessionClass
    reasons: tuple[Message, ...]
    at_dose: bool
    unit: str | None
    prescribed: Decimal | None
    done: Decimal | None
    sets: int | None
    load: Decimal | None
    peak: Decimal | None
    next_morning: Decimal | None
    carry: Decimal | None
    rpe: Decimal | None
    fatigue: Decimal | None
    preliminary: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """One condition as it was evaluated: rule, sentence, value, operator, limit, unit, whether it held, sources.

    Every number that an explanation prints is in here, but no rule reads it. `exercise` is None for a rule about the
    whole patient.
    """

    rule: str
    text: Message
    held: bool
    value: str | None = None
    operator: str | None = None
    limit: str | None = None
    unit: str | None = None
    exercise: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One exercise and its fourteen gates.

    `step` is the dose of the next increase, and `no_step` the reason where there is none; `eligible` means that every
    gate passes.
    """

    exercise: str
    gates: Mapping[str, Gate]
    step: Dose | None
    eligible: bool
    deferred: bool
    no_step: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The tolerance assessment: what the evidence window shows.

    Means are of morning pain, over the seven local dates before the decision and the seven before those.
    """

    tier: ToleranceTier
    usual_pain: Decimal | None
    usual_fatigue: Decimal | None
    ceiling: Decimal
    proposed_ceiling: Decimal | None
    rpe_cap: Decimal
    mornings: int
    week_mean: Decimal | None
    previous_mean: Decimal | None
    sessions: tuple[ClassedSession, ...]
    cautious: bool
    cautious_reasons: tuple[Message, ...]
    conflicts: tuple[Message, ...]
    missing: tuple[Message, ...]
    window_start: date
    window_end: date
    trend: PainTrend
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class DoseChange:
    """One exercise of the plan: the dose in force and the dose decided. None is no dose."""

    exercise: str
    domain: Domain
    current: Dose | None
    next: Dose | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision and its reasons.

    `phase` applies after approval. `matched` are the ids of all matching rules, the deciding one first.
    `notes` are marks such as `PLAN_EXPIRED`, `SCREEN_OUTSTANDING`, `LIGHTER_WEEK_DUE`, `NEEDS_CLINICIAN`. `reviews` are
    those of `asks` for a clinician to review or choose; the others name missing data.
    """

    rule: str
    outcome: Outcome
    phase: Phase
    review: bool
    doses: tuple[DoseChange, ...]
    candidates: tuple[Candidate, ...]
    matched: tuple[str, ...]
    suppressed: tuple[str, ...]
    notes: tuple[str, ...]
    reasons: tuple[Message, ...]
    asks: tuple[Message, ...]
    trace: tuple[TraceEntry, ...]
    next_review: date | None
    reviews: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisePrescription:
    """The order for one exercise: the dose, how often, the state to record, and the caps that apply."""

    exercise: str
    domain: Domain
    display: str
    dose: Dose | None
    weekly_frequency: int
    start: Dose | None
    reference: Dose | None
    before_flare: Dose | None
    before_deload: Dose | None
    rung: Dose | None
    dose_since: date | None
    last_raised: date | None
    goal_linked: bool
    increment: Decimal | None
    range_low: int | None
    range_high: int | None
    target: int | None
    instruction: str
    caps: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """A limit that was applied: its value, who set it and when. `owner` is None for a default of the rulebook."""

    name: str
    value: Decimal
    unit: str
    owner: str | None
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """The proposed plan: the state to write, the exercises, and the texts for the clinician."""

    phase: Phase
    phase_since: date
    loading_since: date | None
    flare_first_day: date | None
    flare_grade: FlareGrade | None
    usual_pain: Decimal | None
    usual_fatigue: Decimal | None
    limits: tuple[LimitUsed, ...]
    exercises: tuple[ExercisePrescription, ...]
    week: str
    adjuncts: tuple[str, ...]
    contingency: tuple[str, ...]
    education: tuple[str, ...]
    stop_rules: tuple[str, ...]
    period_start: date
    period_end: date
