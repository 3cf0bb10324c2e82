"""The rules that stop or lower: D1 to D4. None of them waits for data (B6, B11.9-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.rules.lighter_week import light_doses, light_week_trace
from titrate.clinical.rules.return_to_load import return_doses, settled_entry, start_entry
from titrate.clinical.rules.rule_result import TERMINAL, RuleContext, RuleResult, lowest_doses
from titrate.clinical.values.decision import Flag, TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Dose, Phase


def d1(context: RuleContext) -> RuleResult | None:
    """D1: A red flag stops everything."""
    picture = context.picture
    stopping = [f for f in picture.safety.flags if f.urgency.stops_exercise]
    phase = picture.record.plan.phase
    if not stopping and phase not in TERMINAL:
        return None
    reasons = [f"{_since(f)} ({f.urgency.value}): {f.because}" for f in stopping]
    trace = [TraceEntry("D1", f"{_since(f)}: {f.because}", True, f.urgency.value, sources=f.sources) for f in stopping]
    if phase in TERMINAL:
        reasons.append(f"the programme is {phase.value}; a clinician alone can restart it")
        trace.append(TraceEntry("D1", "phase", True, phase.value))
    asks = tuple(picture.record.rulebook.flags[f.flag].action for f in stopping)
    after = phase if phase is Phase.DISCHARGED else Phase.STOPPED
    return RuleResult("D1", dict.fromkeys(context.current), after, tuple(reasons), tuple(trace), asks)


def _since(flag: Flag) -> str:
    return f"{flag.flag.upper()} open since {flag.since:%Y-%m-%d}"


def _lowered(context: RuleContext, rule: str, phase: Phase) -> RuleResult | None:
    """One of D2, D3, D4: its own id and phase, and the lowest dose of all lowering rules that match."""
    own = next((x for x in context.lowered if x.rule == rule), None)
    if own is None:
        return None
    also = with_extra_lowering(context, lowest_doses(context.current, context.lowered))
    notes = also.notes
    if screen_gaps(context.picture):
        notes = (*notes, "SCREEN_OUTSTANDING")
    trace = (*(e for x in context.lowered for e in x.trace), *also.trace)
    reasons = tuple(dict.fromkeys(r for x in (own, *context.lowered) for r in x.reasons))
    asks = tuple(a for x in context.lowered for a in x.asks)
    reviews = tuple(r for x in context.lowered for r in x.reviews)
    return RuleResult(rule, also.doses, phase, (*reasons, *also.reasons), trace, asks, notes, reviews)


@dataclass(frozen=True, slots=True)
class ExtraLowering:
    """Doses after what lowers beside the rule that decides, and what is said about it."""

    doses: Mapping[str, Dose | None]
    reasons: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    notes: tuple[str, ...]


def with_extra_lowering(context: RuleContext, doses: Mapping[str, Dose | None]) -> ExtraLowering:
    """A lighter week that is due and a return that starts lower too, whatever rule decides (B11.13, B11.31)."""
    picture = context.picture
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trace = light_week_trace(picture)
    if trace:
        doses = {e: lower(d, light_doses(picture).get(e, d)) for e, d in doses.items()}
        reasons = (f"{trace[0].value} days of loading: no dose above that of a lighter week",)
        notes = ("LIGHTER_WEEK_DUE",)
    if picture.returning:
        starts = return_doses(picture)
        doses = {e: lower(d, starts.get(e, d)) for e, d in doses.items()}
        settled = picture.flares[-1].settled
        reasons = (*reasons, f"flare settled on {settled}: no dose above the start of the return to load")
        begun = (start_entry(picture, state, starts[state.exercise]) for state in picture.dosed)
        trace = (*trace, settled_entry(picture), *begun)
    return ExtraLowering(doses, reasons, trace, notes)


def d2(context: RuleContext) -> RuleResult | None:
    """D2: A flare, new or going on."""
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
