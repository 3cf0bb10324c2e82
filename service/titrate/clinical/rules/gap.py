"""A gap in training: back by a step that its length decides (rule D4; B11.9, B11.12, B11.31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.messages import Message
from titrate.messages.decisions import (
    GapDose,
    GapWithoutDose,
    NewTrialsAfterGap,
)
from titrate.messages.gates import GapFactor, GapLength


def gap_lowering(picture: ClinicalPicture) -> LoweringResult | None:
    """Rule D4 for the clinical picture, or None where no domain has a gap."""
    # Patients rest in a flare: on the day the return starts, that rest is no gap.
    if picture.returning and picture.record.plan.phase is Phase.FLARE:
        return None
    book = picture.record.rulebook
    doses: dict[str, Dose | None] = {}
    trace: list[TraceEntry] = []
    reasons: list[Message] = []
    for e in picture.dosed:
        days = gap_days(picture, e)
        factor = _gap_factor(picture, days)
        if days is None or factor is None:
            doses[e.exercise] = e.dose
            continue
        doses[e.exercise] = lower(scale_dose(book, picture.form(e), _last_dose(picture, e), factor), e.dose)
        reasons.append(
            GapDose(exercise=e.exercise, days=days, factor=factor)
            if factor
            else GapWithoutDose(exercise=e.exercise, days=days)
        )
        trace += _gap_trace(picture, e, days, factor)
    if not reasons:
        return None
    trials = book.numbers.trials_min
    asks = tuple(NewTrialsAfterGap(exercise=e, count=trials) for e, dose in doses.items() if dose is None)
    return LoweringResult(rule="D4", doses=doses, reasons=tuple(reasons), trace=tuple(trace), asks=asks)


def _gap_trace(picture: ClinicalPicture, state: ExerciseState, days: int, factor: Decimal) -> tuple[TraceEntry, ...]:
    return (
        TraceEntry(
            rule="D4",
            text=GapLength(),
            held=True,
            value=str(days),
            operator=">=",
            limit=decimal_text(picture.record.rulebook.numbers.gap_days),
            unit="d",
            exercise=state.exercise,
        ),
        TraceEntry(rule="D4", text=GapFactor(), held=True, value=decimal_text(factor), exercise=state.exercise),
    )


def gap_days(picture: ClinicalPicture, state: ExerciseState) -> int | None:
    """Days since the domain of an exercise was last trained; with no session at all, since its dose was approved.

    Also since its approval where the dose comes from trials after the last session: they close the gap.
    """
    record, domain = picture.record, picture.domain(state.exercise)
    begun = state.dose_since or record.plan.approved
    days = [s.day for s in picture.completed if picture.domain(s.exercise) is domain]
    start = max(days, default=begun)
    if start is not None and begun is not None and _tried_between(picture, state, start, begun):
        start = begun
    if record.plan.phase is Phase.RETURN and record.plan.phase_since is not None and start is not None:
        start = max(start, record.plan.phase_since)
    return None if start is None else record.days_ago(start)


def _tried_between(picture: ClinicalPicture, state: ExerciseState, last: date, begun: date) -> bool:
    """Whether the dose began as a start dose, from trials after the last session."""
    trials = (t for t in picture.record.trials if t.exercise == state.exercise and not t.stamp.preliminary)
    return state.dose == state.start and any(last < t.stamp.day <= begun for t in trials)


def _gap_factor(picture: ClinicalPicture, days: int | None) -> Decimal | None:
    book = picture.record.rulebook
    if days is None or days < book.numbers.gap_days:
        return None
    if days >= book.numbers.gap_days_rebaseline:
        return Decimal(0)
    return book.numbers.gap_factor_long if days >= book.numbers.gap_days_long else book.numbers.gap_factor


def _last_dose(picture: ClinicalPicture, state: ExerciseState) -> Dose | None:
    """The dose of the exercise's last completed session; the dose in force where that is not known.

    The factor applies to this dose and not to one lowered since: lowering rules do not compound (B11.9).
    """
    last = [s for s in picture.completed if s.exercise == state.exercise]
    session = last[-1] if last else None
    if session is None or session.done is None or state.dose is None:
        return state.dose
    amount = session.done if session.prescribed is None else min(session.prescribed, session.done)
    load, same = state.dose.load, picture.record.rulebook.numbers.load_same
    if load is not None and session.load is not None and session.load < load - same:
        load = session.load
    return replace(state.dose, amount=amount, load=load, sets=session.sets or state.dose.sets)
