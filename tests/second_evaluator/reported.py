"""Compares one report of a session with what was prescribed and with the dose in force (B11.4, B11.23)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.second_evaluator import numbers as n
from tests.second_evaluator.doses import REPETITIONS, target
from tests.second_evaluator.facts import Facts
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import SessionReported


def ratio(s: SessionReported) -> Fraction | None:
    if s.done is None or s.prescribed is None or s.prescribed <= 0:
        return None
    return Fraction(s.done) / Fraction(s.prescribed)


def pulse(f: Facts, s: SessionReported) -> Decimal | None:
    """B13.3: the highest of what was reported and what was measured within the period."""
    over = s.stamp.until
    measured = [
        r.value
        for r in f.measured("heart-rate")
        if over is not None and r.stamp.timed and s.stamp.when <= r.stamp.when and r.stamp.end <= over
    ]
    return max([*measured, *([] if s.heart_rate is None else [s.heart_rate])], default=None)


def overshoot(f: Facts, s: SessionReported) -> bool:
    """More than 1.20 x; the last set counts at most its aim when it is not above that by more than 2 (B11.23)."""
    share, aim = ratio(s), _aim_of(f, s)
    if share is None or s.done is None or s.prescribed is None:
        return False
    counted = s.unit == REPETITIONS and s.last_set is not None and s.last_set <= aim + 2
    extra = max(0, (s.last_set or 0) - aim) if counted else 0
    return Fraction(s.done - extra) / Fraction(s.prescribed) > Fraction(n.DONE_HIGH)


def _aim_of(f: Facts, s: SessionReported) -> int:
    """The target of a set, or the prescribed repetitions per set, whichever is larger."""
    state = in_plan(f, s.exercise)
    number = s.sets or (state.dose.sets if state is not None and state.dose is not None else None) or 1
    return max(target(f, state, s.exercise) or 0, int(s.prescribed or 0) // number)


def in_plan(f: Facts, code: str) -> ExerciseState | None:
    return next((e for e in f.plan.exercises if e.exercise == code), None)


def since(f: Facts, state: ExerciseState) -> date:
    """The local date on which the current dose began."""
    return state.dose_since or f.plan.approved or f.plan.started or date.min


def more_load(f: Facts, s: SessionReported) -> bool:
    """B11.4: more than the dose in force, in load or in amount, is at best M."""
    state = in_plan(f, s.exercise)
    if state is None or state.dose is None or s.stamp.day < since(f, state) or other_dose(s, state):
        return False
    larger_amount = s.prescribed is not None and s.prescribed > state.dose.amount
    return larger_amount or (s.load or Decimal(0)) > (state.dose.load or Decimal(0)) + n.LOAD_SAME


def other_dose(s: SessionReported, state: ExerciseState) -> bool:
    """Less than the dose in force, or in other sets; a session that was cut short may lack a set."""
    dose = state.dose
    if dose is None:
        return True
    less = s.prescribed is not None and s.prescribed < dose.amount
    other_unit = s.unit is not None and s.unit != dose.unit
    cut_short = s.done is not None and s.prescribed is not None and s.done < s.prescribed
    other_sets = s.sets is not None and s.sets != dose.sets and not cut_short
    less_load = s.load is not None and dose.load is not None and s.load < dose.load - n.LOAD_SAME
    return less or other_unit or other_sets or less_load
