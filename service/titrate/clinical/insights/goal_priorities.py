"""What the patient's goals mean to them (C03): those whose importance was said, the most important first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import PatientGoal

_OVER = frozenset({"completed", "cancelled", "rejected", "entered-in-error"})
_PRIORITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class GoalPriority:
    """A goal in the patient's words with its importance, 0-10, or the EHR's priority where there is no number."""

    text: str
    exercise: str | None
    due: date | None
    importance: Decimal | None
    priority: str | None


def goal_priorities(record: PatientRecord) -> tuple[GoalPriority, ...]:
    """Open goals with an importance or a priority. It ranks what is read, never what is dosed."""
    told = [g for g in record.goals if g.status not in _OVER and (g.importance is not None or g.priority)]
    # A wish that was written down again counts as it was said last.
    last = {g.text: g for g in told}.values()
    return tuple(GoalPriority(g.text, g.exercise, g.due, g.importance, g.priority) for g in sorted(last, key=_rank))


def _rank(goal: PatientGoal) -> tuple[bool, Decimal, int, str]:
    place = _PRIORITIES.index(goal.priority) if goal.priority in _PRIORITIES else len(_PRIORITIES)
    return goal.importance is None, -(goal.importance or Decimal(0)), place, goal.reference
