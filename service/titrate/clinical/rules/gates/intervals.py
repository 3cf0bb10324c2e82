"""Gates about time: since the last rise, since loading began, since limits were approved: G5, G12, G14."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.rules.lighter_week import light_week_due
from titrate.clinical.values.plan import ExerciseState, Phase


def g5(asked: GateContext) -> GateResult:
    """G5: Enough days since the last rise in any domain."""
    since = asked.whole.upward
    needed = asked.numbers.min_days_at_dose
    if since is None:
        return gate_result(
            asked,
            "G5",
            False,
            "no session at the raised dose yet, or its start is not known",
            operator=">=",
            limit=needed,
            unit="d",
        )
    days = asked.picture.record.days_ago(since)
    rose = any(e.last_raised for e in asked.picture.record.plan.exercises)
    return gate_result(
        asked,
        "G5",
        days >= needed,
        f"days since {'the last rise' if rose else 'the present dose began'}, {since}",
        value=days,
        operator=">=",
        limit=needed,
        unit="d",
    )


def last_upward(picture: ClinicalPicture) -> date | None:
    """The day the newest rise of any exercise was taken, by its first session there; else the dose's start."""
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
        return raised  # the dose has changed since; the rise lies behind it
    mine = picture.sessions_of(state.exercise)
    return min((s.day for s in mine if s.at_dose and s.day >= raised and not s.preliminary), default=None)


def g12(asked: GateContext) -> GateResult:
    """G12: No lighter week is due."""
    since = asked.picture.loading_since
    if since is None or asked.picture.phase is not Phase.LOADING:
        return gate_result(asked, "G12", True, "not in loading: no lighter week is due")
    days = asked.picture.record.days_ago(since)
    return gate_result(
        asked,
        "G12",
        not light_week_due(asked.picture),
        "days of loading",
        value=days,
        operator="<",
        limit=asked.numbers.light_week_after_days,
        unit="d",
    )


def g14(asked: GateContext) -> GateResult:
    """G14: A clinician's approval of the limits is recent."""
    renewed, limit = asked.picture.limits.renewed, asked.numbers.limits_valid_days
    if renewed is None:
        return gate_result(
            asked, "G14", False, "no limits approved by a clinician", operator="<=", limit=limit, unit="d"
        )
    days = asked.picture.record.days_ago(renewed)
    return gate_result(
        asked,
        "G14",
        days <= limit,
        f"days since limits were approved, {renewed}",
        value=days,
        operator="<=",
        limit=limit,
        unit="d",
    )
