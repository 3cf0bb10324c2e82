"""The rules that hold or start: D5 to D7. They never raise a dose in force (B6, B11.13, B11.20, B11.25)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.red_flags.medical_clearance import uncleared_diagnoses
from titrate.clinical.rules.baseline import baseline_of
from titrate.clinical.rules.rule_result import TERMINAL_PHASES, RuleContext, RuleResult
from titrate.clinical.rules.stop_and_lower import with_extra_lowering
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages.decisions import (
    BaselineNeeded,
    CheckInItems,
    ClearanceNeeded,
    FlagWaits,
    FullScreenUnanswered,
    MorningPainNeeded,
    StartDosesFromTrials,
    UsualPainAboveCeiling,
    UsualPainNeedsClinician,
)
from titrate.messages.gates import CautiousProfileApplies, NoDoseAndFullScreen, UsualPainCondition
from titrate.messages.record import WordsReopenedItem


def hold_doses(
    context: RuleContext, rule: str, reasons: tuple[Message, ...], trace: tuple[TraceEntry, ...]
) -> RuleResult:
    """D5 and D7: the dose in force, or less where a lighter week or a return is due anyway."""
    extra = with_extra_lowering(context, context.current)
    phase = context.picture.phase
    if context.picture.returning:
        phase = Phase.RETURN
    elif extra.doses != context.current:
        phase = Phase.LIGHTER_WEEK
    return RuleResult(
        rule=rule,
        doses=extra.doses,
        phase=phase,
        reasons=(*reasons, *extra.reasons),
        trace=(*trace, *extra.trace),
        notes=extra.notes,
    )


def d5(context: RuleContext) -> RuleResult | None:
    """D5: Contradicting, incomplete or unknown data, a flag that can wait two days, or limits that do not fit."""
    picture = context.picture
    book = picture.record.rulebook
    doubts = (*context.incomplete, *picture.unknown, *picture.conflicts)
    waiting = tuple(f for f in picture.safety.flags if not f.urgency.stops_exercise)  # the others are D1's
    usual = _usual_pain_too_high(picture)
    asks = tuple(ClearanceNeeded(condition=d.text) for d in uncleared_diagnoses(picture.record))
    reasons = (
        *doubts,
        *(FlagWaits(flag=book.named(f.flag), urgency=book.named(f.urgency.value), because=f.because) for f in waiting),
        *(one.reason for one in usual),
        *asks,
    )
    if not reasons:
        return None
    trace = (
        *(TraceEntry(rule="D5", text=reason, held=True) for reason in (*doubts, *asks)),
        *(
            TraceEntry(rule="D5", text=book.named(f.flag), held=True, value=f.urgency.value, sources=f.sources)
            for f in waiting
        ),
        *(one.entry for one in usual),
    )
    return replace(hold_doses(context, "D5", reasons, trace), asks=asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """A condition that holds the plan: the reason, and the same with its numbers."""

    reason: Message
    entry: TraceEntry


def _usual_pain_too_high(picture: ClinicalPicture) -> tuple[_Condition, ...]:
    """Usual pain above the limit of pain, or so high that a clinician starts."""
    usual, ceiling = picture.usual.pain, picture.limits.ceiling.value
    no_start = picture.record.rulebook.numbers.usual_no_start
    if usual is None:
        return ()
    found: tuple[tuple[bool, Message, str, str], ...] = (
        (usual > ceiling, UsualPainAboveCeiling(usual=usual, ceiling=ceiling), ">", str(ceiling)),
        (usual >= no_start, UsualPainNeedsClinician(usual=usual), ">=", str(no_start)),
    )
    return tuple(
        _Condition(
            reason=reason,
            entry=TraceEntry(
                rule="D5",
                text=UsualPainCondition(),
                held=True,
                value=str(usual),
                operator=operator,
                limit=limit,
                unit="{score}",
            ),
        )
        for holds, reason, operator, limit in found
        if holds
    )


def d6(context: RuleContext) -> RuleResult | None:
    """D6: No dose yet and the full screen answered: set or ask for a baseline."""
    picture = context.picture
    if picture.dosed or picture.phase in TERMINAL_PHASES or not picture.safety.screen.full or screen_gaps(picture):
        return None
    baselines = [baseline_of(picture, s, context.sets.get(s.exercise, 1)) for s in context.states]
    asks = tuple(ask for baseline in baselines for ask in baseline.asks)
    starts = {baseline.exercise: baseline.start for baseline in baselines}
    if picture.usual.pain is None:
        starts = dict.fromkeys(starts)
        needed, days = picture.record.rulebook.numbers.mornings_min, len(picture.record.last_week.dates)
        asks = (MorningPainNeeded(count=needed, days=days), *asks)
    started = any(dose is not None for dose in starts.values())
    no_dose = TraceEntry(rule="D6", text=NoDoseAndFullScreen(), held=True)
    return RuleResult(
        rule="D6",
        doses=starts,
        phase=Phase.LOADING if started else Phase.BASELINE,
        reasons=(StartDosesFromTrials() if started else BaselineNeeded(),),
        trace=(no_dose, *(entry for baseline in baselines for entry in baseline.trace), *profile_trace(picture)),
        asks=asks,
    )


def profile_trace(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    """Why the cautious profile applies, for the trace."""
    return tuple(
        TraceEntry(rule="B4", text=CautiousProfileApplies(because=because), held=True) for because in picture.cautious
    )


def d7(context: RuleContext) -> RuleResult | None:
    """D7: Too little is known, or the plan has expired."""
    picture = context.picture
    missing = context.missing
    if not picture.dosed and not picture.safety.screen.full:
        missing = (*missing, FullScreenUnanswered())
    reasons = missing or context.expired
    if not reasons:
        return None
    texts = {one.stamp.source.reference: one.stamp.source for one in picture.safety.screen.reopened}
    trace = tuple(
        TraceEntry(
            rule="D7",
            text=reason,
            held=True,
            sources=(texts[reason.reference],) if isinstance(reason, WordsReopenedItem) else (),
        )
        for reason in reasons
    )
    return replace(hold_doses(context, "D7", reasons, trace), asks=(CheckInItems(items=reasons),))
