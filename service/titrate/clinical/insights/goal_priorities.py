"""Goal priorities (C03): open goals that the patient rated, the most important first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import PatientGoal

_PRIORITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class GoalPriority:
    """A goal in the patient's words with its importance, 0-10, or the priority of the EHR where there is no rating."""

    text: str
    exercise: str | None
    due: date | None
    importance: Decimal | None
    priority: str | None


def goal_priorities(record: PatientRecord) -> tuple[GoalPriority, ...]:
    """Open goals with an importance or a priority. The order never affects a dose."""
    rated = [g for g in record.goals if g.is_open and (g.importance is not None or g.priority)]
    # Of goals with the same text the last one counts.
    last = {g.text: g for g in rated}.values()
    return tuple(GoalPriority(g.text, g.exercise, g.due, g.importance, g.priority) for g in sorted(last, key=_rank))


def _rank(goal: PatientGoal) -> tuple[bool, Decimal, int, str]:
    place = _PRIORITIES.index(goal.priority) if goal.priority in _PRIORITIES else len(_PRIORITIES)
    return goal.importance is None, -(goal.importance or Decimal(0)), place, goal.reference
