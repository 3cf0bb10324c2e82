"""The runs of a course, and the state that a course carries from day to day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from titrate.clinical.values.plan import NO_PLAN, Dose, PlanInForce
from titrate.simulation.body_state import BodyState
from titrate.simulation.daily_reports import DayReports
from titrate.simulation.diary import Day
from titrate.simulation.fhir_reports import ReportWriter
from titrate.simulation.in_memory_ehr import InMemoryEhr

# The day on which a flag that stays open is cleared.
NEVER = 10**6


@dataclass
class CourseState:
    """State of one course. `flags` are planned; `open_until`: open flags by day of clearance; `wrong`: faulty days."""

    writer: ReportWriter
    chart: InMemoryEhr
    body: BodyState
    away: frozenset[int]
    silent: frozenset[int]
    flags: Mapping[int, tuple[str, int]]
    plan: PlanInForce = NO_PLAN
    open_until: dict[str, int] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    steps: list[CourseStep] = field(default_factory=list)
    wrong: list[DayReports] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One run. `before` and `after` are the doses in force by exercise; `answer` is the decision on the draft.

    `phase_set` is a phase that the clinician set afterwards. `unearned` are exercises that increased only
    because of faulty device reports; the judge reports each.
    """

    day: date
    number: int
    at: datetime
    rule: str
    outcome: str
    notes: tuple[str, ...]
    reasons: tuple[str, ...]
    phase_before: str
    phase: str
    before: Mapping[str, Dose]
    after: Mapping[str, Dose]
    answer: str
    why: tuple[str, ...] = ()
    review: bool = False
    phase_set: str = ""
    unearned: tuple[str, ...] = ()

    @property
    def issued(self) -> bool:
        """Whether a plan was approved at this run."""
        return self.answer == "approved"

    @property
    def pending(self) -> bool:
        """Whether the draft is still open: it could not be approved, or was left open."""
        return self.answer in ("refused", "left")


def doses_of(plan: PlanInForce) -> dict[str, Dose]:
    """The doses in force by exercise, without exercises that wait for a dose."""
    return {state.exercise: state.dose for state in plan.exercises if state.dose is not None}
