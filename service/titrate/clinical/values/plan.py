"""The plan in force as the EHR shows it, and its doses: the state a run starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Phase(StrEnum):
    """The phase of the programme that a patient is in."""

    INTAKE = "intake"
    BASELINE = "baseline"
    LOADING = "loading"
    LIGHTER_WEEK = "lighter-week"
    DELOAD = "deload"
    FLARE = "flare"
    RETURN = "return"
    STOPPED = "stopped"
    MAINTENANCE = "maintenance"
    DISCHARGED = "discharged"


class FlareGrade(StrEnum):
    """How severe a flare is: grade 2 lowers the dose further than grade 1."""

    F1 = "f1"
    F2 = "f2"


@dataclass(frozen=True, slots=True)
class Dose:
    """The dose of one session: a total `amount` in `unit` (`min`, `s`, `m`, `{repetitions}`), `sets`, `load` in kg.

    Durations have no sets; unloaded exercises have no load.
    """

    amount: Decimal
    unit: str
    sets: int | None = None
    load: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ExerciseState:
    """One exercise of the plan in force.

    `dose` is that of the active order (None: no dose before a baseline). The other doses are recorded for later:
    `start` (set at baseline), `reference` (before a lighter week), `before_flare`, `before_deload`, `rung`.
    `dose_since` and `last_raised` are local dates. `increment` (kg), `range_low`, `range_high`, `target` are given only
    where they differ from the exercise library.
    """

    exercise: str
    dose: Dose | None
    weekly_frequency: int
    start: Dose | None = None
    reference: Dose | None = None
    before_flare: Dose | None = None
    before_deload: Dose | None = None
    rung: Dose | None = None
    dose_since: date | None = None
    last_raised: date | None = None
    goal_linked: bool = False
    increment: Decimal | None = None
    range_low: int | None = None
    range_high: int | None = None
    target: int | None = None
    request: str | None = None


# Printed as the former value of an override whose former value is no longer known.
EARLIER = "earlier"


class EditedElement(StrEnum):
    """An element of a CarePlan, ServiceRequest or Goal whose edits are noticed. Stored digests use these names."""

    DESCRIPTION = "description"
    DETAIL = "detail"
    DOSE = "dose"
    EXERCISES = "exercises"
    GOALS = "goals"
    INSTRUCTION = "instruction"
    NOTE = "note"
    PERIOD = "period"
    STATUS = "status"
    TARGET = "target"
    TIMING = "timing"


@dataclass(frozen=True, slots=True)
class Override:
    """An element of the plan that was edited in the EHR: where, what the service wrote, and what it says now.

    `carried`: an earlier run recorded the edit, and what the service had written before it is no longer known.
    """

    reference: str
    element: EditedElement
    written: str
    edited: str
    exercise: str | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One recorded decision: local date, outcome (`reactive-deload`, ...), and the phase before it."""

    day: date
    outcome: str
    phase: Phase | None
    recorded: datetime


@dataclass(frozen=True, slots=True)
class UpperBound:
    """An upper bound on a dose: set in another author's plan or order, or by an edit of the plan in force.

    `plan` is the reference of that plan or order. A dose of 0 forbids the exercise.
    """

    exercise: str
    dose: Dose
    plan: str


@dataclass(frozen=True, slots=True)
class OpenDraftState:
    """An open draft in the EHR that the service wrote: its version, when it was created, whether it was edited."""

    reference: str
    version: str
    created: datetime | None
    touched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInForce:
    """The plan in force, rebuilt from EHR resources alone.

    With no plan at all `phase` is `intake`, `exercises` is empty and `reference` is None. `state_date` is the local
    date of the decision Observation the state was read from; `approved` the local date of approval.
    `written_by_clinician` marks an adopted plan that the service did not write; `on_hold` one that is suspended.
    `implausible_orders` are active orders whose dose cannot be meant; they put none in force. `unreadable` are parts of
    plan, orders and state that are there and cannot be read, or are dated in the future, as `Type/id` and element.
    """

    reference: str | None
    version: str | None
    phase: Phase
    phase_since: date | None
    exercises: tuple[ExerciseState, ...] = ()
    started: date | None = None
    approved: date | None = None
    loading_since: date | None = None
    flare_first_day: date | None = None
    flare_grade: FlareGrade | None = None
    usual_pain: Decimal | None = None
    usual_fatigue: Decimal | None = None
    state_date: date | None = None
    state_reference: str | None = None
    written_by_clinician: bool = False
    on_hold: bool = False
    overrides: tuple[Override, ...] = ()
    bounds: tuple[UpperBound, ...] = ()
    implausible_orders: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    other_plans: tuple[str, ...] = ()
    history: tuple[PastDecision, ...] = ()
    drafts: tuple[OpenDraftState, ...] = ()
    versions: Mapping[str, str] | None = None

    def instruction(self, exercise: str) -> str | None:
        """The instruction that a clinician wrote for an exercise; every later version keeps it."""
        edits = (
            item for item in self.overrides if item.element is EditedElement.INSTRUCTION and item.exercise == exercise
        )
        return next((item.edited for item in edits), None)

    def edited_dose(self, exercise: str) -> Dose | None:
        """The dose that a clinician set in this plan; it stays an upper bound until a clinician changes it again."""
        bounds = (item for item in self.bounds if item.plan == self.reference and item.exercise == exercise)
        return next((item.dose for item in bounds), None)


NO_PLAN = PlanInForce(reference=None, version=None, phase=Phase.INTAKE, phase_since=None)
