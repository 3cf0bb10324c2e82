"""The goal that an exercise works towards, where it can be measured."""

from __future__ import annotations

from datetime import date

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import PatientGoal

CLOSED = frozenset({"completed", "cancelled", "rejected", "entered-in-error"})


def open_goal(record: PatientRecord, exercise: str) -> PatientGoal | None:
    """The open goal with a target in the exercise's own unit; of several the one that is due first."""
    unit = record.rulebook.exercises[exercise].amount_unit
    found = [
        g
        for g in record.goals
        if g.exercise == exercise and g.target is not None and g.unit == unit and g.status not in CLOSED
    ]
    return min(found, key=lambda g: (g.due or date.max, g.reference), default=None)
