"""One run of a course: what was in force before it, what it decided, and what was in force after the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from titrate.clinical.values.plan import Dose, PlanInForce


@dataclass(frozen=True, slots=True)
class Step:
    """`before` and `after` are the doses in force by exercise; `answer` is what the clinician did with a draft.

    `moved` is a phase that the clinician set afterwards. `helped` are exercises whose rise was not
    earned without what devices sent wrong: there must be none.
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
    moved: str = ""
    helped: tuple[str, ...] = ()

    @property
    def issued(self) -> bool:
        """Whether a plan was approved at this run."""
        return self.answer == "approved"

    @property
    def pending(self) -> bool:
        """Whether what was drafted waits: it could not be approved, or was left open."""
        return self.answer in ("refused", "left")


def doses_of(plan: PlanInForce) -> dict[str, Dose]:
    """The doses in force by exercise; without those that wait."""
    return {state.exercise: state.dose for state in plan.exercises if state.dose is not None}
