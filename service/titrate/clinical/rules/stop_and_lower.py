"""The rules that stop or lower: D1 to D4. None of them waits for data (B6, B11.9-14)."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.rules.deload import days_to_lighter_week, lighter_week_doses, lighter_week_trace
from titrate.clinical.rules.flare_protocol import return_doses, settled_entry, start_entry
from titrate.clinical.rules.rule_result import TERMINAL_PHASES, Doses, RuleContext, RuleResult, lowest_doses
from titrate.clinical.values.decision import Flag, TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages.decisions import FlagStopsExercise, FlagWaits, LighterWeekBound, ProgrammeEnded, ReturnBound
from titrate.messages.gates import FlagOpenSince, PhaseCondition
from titrate.messages.plan_terms import Stated


def d1(context: RuleContext) -> RuleResult | None:
    """D1: A red flag stops everything."""
    picture = context.picture
    book, phase = picture.record.rulebook, picture.record.plan.phase
    stopping = [f for f in picture.safety.flags if f.urgency.stops_exercise]
    if not stopping and phase not in TERMINAL_PHASES:
        return None
    reasons: list[Message] = []
    trace: list[TraceEntry] = []
    for f in stopping:
        flag, since, urgency = book.named(f.flag), f.since.date(), f.urgency.value
        named_urgency = book.named(urgency)
        reasons.append(FlagStopsExercise(flag=flag, since=since, urgency=named_urgency, because=f.because))
        text = FlagOpenSince(flag=flag, since=since, because=f.because)
        trace.append(TraceEntry(rule="D1", text=text, held=True, value=urgency, sources=f.sources))
    if phase in TERMINAL_PHASES:
        reasons.append(ProgrammeEnded(phase=phase.value))
        trace.append(TraceEntry(rule="D1", text=PhaseCondition(), held=True, value=phase.value))
    return RuleResult(
        rule="D1",
        doses=dict.fromkeys(context.current),
        phase=phase if phase is Phase.DISCHARGED else Phase.STOPPED,
        reasons=tuple(reasons),
        trace=tuple(trace),
        asks=tuple(Stated(words=book.flags[f.flag].action) for f in stopping),
    )


def flag_requests(flags: tuple[Flag, ...], book: Rulebook) -> tuple[Message, ...]:
    """What a clinician has to do about these flags where no plan is written: each flag, then what it needs."""
    return tuple(
        request
        for f in flags
        for request in (
            FlagWaits(flag=book.named(f.flag), urgency=book.named(f.urgency.value), because=f.because),
            Stated(words=book.flags[f.flag].action),
        )
    )


def _lowered(context: RuleContext, rule: str, phase: Phase) -> RuleResult | None:
    """One of D2, D3, D4: its own id and phase, and the lowest dose of all lowering rules that match."""
    lowerings = context.lowerings
    own = next((one for one in lowerings if one.rule == rule), None)
    if own is None:
        return None
    extra = with_extra_lowering(context, lowest_doses(context.current, lowerings))
    outstanding = ("SCREEN_OUTSTANDING",) if screen_gaps(context.picture) else ()
    reasons = dict.fromkeys(reason for one in (own, *lowerings) for reason in one.reasons)
    return RuleResult(
        rule=rule,
        doses=extra.doses,
        phase=phase,
        reasons=(*reasons, *extra.reasons),
        trace=(*(entry for one in lowerings for entry in one.trace), *extra.trace),
        asks=tuple(ask for one in lowerings for ask in one.asks),
        notes=(*extra.notes, *outstanding),
        reviews=tuple(review for one in lowerings for review in one.reviews),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraLowering:
    """Doses after what lowers them besides the rule that decides, with reasons, trace and notes."""

    doses: Doses
    reasons: tuple[Message, ...]
    trace: tuple[TraceEntry, ...]
    notes: tuple[str, ...]


def with_extra_lowering(context: RuleContext, doses: Doses) -> ExtraLowering:
    """Apply a due lighter week and a return that starts lower, whatever rule decides (B11.13, B11.31)."""
    picture = context.picture
    reasons: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    days = days_to_lighter_week(picture)
    if days is not None:
        light = lighter_week_doses(picture)
        doses = {e: lower(d, light.get(e, d)) for e, d in doses.items()}
        reasons = (LighterWeekBound(days=days),)
        notes = ("LIGHTER_WEEK_DUE",)
        trace = lighter_week_trace(picture, days)
    if picture.returning:
        starts = return_doses(picture)
        doses = {e: lower(d, starts.get(e, d)) for e, d in doses.items()}
        reasons = (*reasons, ReturnBound(settled=picture.flares[-1].settled))
        entries = (start_entry(picture, state, starts[state.exercise]) for state in picture.dosed)
        trace = (*trace, settled_entry(picture), *entries)
    return ExtraLowering(doses=doses, reasons=reasons, trace=trace, notes=notes)


def d2(context: RuleContext) -> RuleResult | None:
    """D2: A flare, new or in progress."""
    return _lowered(context, "D2", Phase.FLARE)


def d3(context: RuleContext) -> RuleResult | None:
    """D3: Sessions that were not tolerated."""
    return _lowered(context, "D3", Phase.DELOAD)


def d4(context: RuleContext) -> RuleResult | None:
    """D4: A gap in training."""
    phase = context.picture.phase
    if context.picture.returning:
        phase = Phase.RETURN
    elif phase is Phase.LIGHTER_WEEK:
        # The loading dose before the gap must not come back by itself.
        phase = Phase.LOADING
    return _lowered(context, "D4", phase)
