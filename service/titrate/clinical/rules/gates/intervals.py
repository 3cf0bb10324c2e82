"""Gates about time: since the last increase, since loading began, since limits were approved: G5, G12, G14."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.deload import days_of_loading
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.plan import ExerciseState
from titrate.messages import Message
from titrate.messages.gates import (
    DaysSinceDose,
    DaysSinceIncrease,
    DaysSinceLimits,
    IncreaseNotTaken,
    LimitsNeverApproved,
    LoadingDays,
    NotLoading,
)


def g5(context: GateContext) -> GateResult:
    """G5: Enough days since the last increase in any domain."""
    since = context.patient.last_increase
    needed = context.numbers.min_days_at_dose
    if since is None:
        return gate_result(
            context,
            "G5",
            False,
            IncreaseNotTaken(),
            operator=">=",
            limit=needed,
            unit="d",
        )
    days = context.picture.record.days_ago(since)
    increased = any(e.last_raised for e in context.picture.record.plan.exercises)
    text: Message = DaysSinceIncrease(since=since) if increased else DaysSinceDose(since=since)
    return gate_result(
        context,
        "G5",
        days >= needed,
        text,
        value=days,
        operator=">=",
        limit=needed,
        unit="d",
    )


def last_increase(picture: ClinicalPicture) -> date | None:
    """The day the newest increase of any exercise was taken, by its first session; else the start of the dose."""
    exercises = picture.record.plan.exercises
    raised = [e for e in exercises if e.last_raised]
    if not raised:
        starts = [e.dose_since for e in exercises if e.dose]
        known = [d for d in starts if d is not None]
        return max(known) if known and len(known) == len(starts) else picture.record.plan.started
    taken = [_taken(picture, e) for e in raised]
    return None if any(d is None for d in taken) else max(d for d in taken if d is not None)


def _taken(picture: ClinicalPicture, state: ExerciseState) -> date | None:
    raised = state.last_raised
    if raised is None:
        return None
    if state.dose is None or (state.dose_since is not None and state.dose_since > raised):
        return raised  # the dose has changed since the increase
    sessions = picture.sessions_of(state.exercise)
    return min((s.day for s in sessions if s.at_dose and s.day >= raised and not s.preliminary), default=None)


def g12(context: GateContext) -> GateResult:
    """G12: No lighter week is due."""
    days, limit = days_of_loading(context.picture), context.numbers.light_week_after_days
    if days is None:
        return gate_result(context, "G12", True, NotLoading())
    return gate_result(
        context,
        "G12",
        days < limit,
        LoadingDays(),
        value=days,
        operator="<",
        limit=limit,
        unit="d",
    )


def g14(context: GateContext) -> GateResult:
    """G14: A clinician's approval of the limits is recent."""
    renewed, limit = context.picture.limits.renewed, context.numbers.limits_valid_days
    if renewed is None:
        return gate_result(context, "G14", False, LimitsNeverApproved(), operator="<=", limit=limit, unit="d")
    days = context.picture.record.days_ago(renewed)
    return gate_result(
        context,
        "G14",
        days <= limit,
        DaysSinceLimits(approved=renewed),
        value=days,
        operator="<=",
        limit=limit,
        unit="d",
    )
