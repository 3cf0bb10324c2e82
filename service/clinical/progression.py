"""The ordered decision table (clinical rules B6, B11): situation in, decision with its trace out. First match wins, all are logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from service.clinical.baseline import baseline_exercises, baseline_of
from service.clinical.decision import Decision, DoseChange, Outcome, TraceEntry
from service.clinical.dosing import lower, within
from service.clinical.lowering import Lowering, light_doses, light_week_due, lowerings, lowest, return_doses
from service.clinical.plan import Dose, ExerciseState, Phase
from service.clinical.raising import Raising, candidates_of, capped, in_order, return_start, rung_doses
from service.clinical.review import review_reasons
from service.clinical.rulebook import Programme
from service.clinical.safety import STOPPING
from service.clinical.situation import Situation, ladder_complete
from service.clinical.sufficiency import expired, missing, screen_missing

_OUTCOMES = {
    "D0": Outcome.NOT_ELIGIBLE, "D1": Outcome.STOP_ESCALATE, "D2": Outcome.FLARE_PROTOCOL, "D3": Outcome.REACTIVE_DELOAD,
    "D4": Outcome.STEP_BACK, "D5": Outcome.HOLD_REVIEW, "D6": Outcome.BASELINE, "D7": Outcome.HOLD_INSUFFICIENT,
    "D8": Outcome.RETURN_TO_LOAD, "D9": Outcome.LIGHTER_WEEK, "D10": Outcome.PROGRESS, "D11": Outcome.HOLD,
}
_TERMINAL = frozenset({Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one matched rule says: doses by exercise, the phase after approval, and why."""

    rule: str
    doses: Mapping[str, Dose | None]
    phase: Phase
    reasons: tuple[str, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    asks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    """A situation with what several rules share, worked out once."""

    situation: Situation
    states: tuple[ExerciseState, ...]
    sets: Mapping[str, int]
    lowered: tuple[Lowering, ...]
    raising: Raising
    lacking: tuple[str, ...]
    dead: tuple[str, ...]

    @property
    def current(self) -> dict[str, Dose | None]:
        return {s.exercise: s.dose for s in self.states}


def decide(situation: Situation, programme: Programme) -> Decision:
    """The decision for this situation. Every rule is asked; the first that matches decides."""
    context = _context(situation, programme)
    rulings = [r for rule in _TABLE if (r := rule(context)) is not None] or [_d11(context)]
    return _finished(context, rulings[0], tuple(r.rule for r in rulings), tuple(rulings[1:]))


def not_eligible_decision(reasons: tuple[str, ...], phase: Phase) -> Decision:
    """Rule D0: nothing is decided about doses and nothing is written."""
    trace = tuple(TraceEntry("D0", reason, True) for reason in reasons)
    return Decision("D0", Outcome.NOT_ELIGIBLE, phase, False, (), (), ("D0",), (), (), reasons, (), trace, None)


def _context(situation: Situation, programme: Programme) -> _Context:
    states = baseline_exercises(situation, programme)
    return _Context(
        situation, states, {p.exercise: p.sets for p in programme.exercises}, lowerings(situation),
        candidates_of(situation), missing(situation), expired(situation),
    )


# --- The table ---


def _d1(context: _Context) -> Ruling | None:
    situation = context.situation
    stopping = [f for f in situation.safety.flags if f.urgency in STOPPING]
    phase = situation.record.plan.phase
    if not stopping and phase not in _TERMINAL:
        return None
    reasons = [f"{f.flag.upper()} open since {f.since:%Y-%m-%d} ({f.urgency.value}): {f.because}" for f in stopping]
    trace = [TraceEntry("D1", f"{f.flag.upper()}: {f.because}", True, f.urgency.value, sources=f.sources) for f in stopping]
    if phase in _TERMINAL:
        reasons.append(f"the programme is {phase.value}; a clinician alone can restart it")
        trace.append(TraceEntry("D1", "phase", True, phase.value))
    asks = tuple(situation.record.rulebook.flags[f.flag].action for f in stopping)
    after = phase if phase is Phase.DISCHARGED else Phase.STOPPED
    return Ruling("D1", dict.fromkeys(context.current), after, tuple(reasons), tuple(trace), asks)


def _lowered(context: _Context, rule: str, phase: Phase) -> Ruling | None:
    """One of D2, D3, D4: its own id and phase, and the lowest dose of all lowering rules that match."""
    own = next((x for x in context.lowered if x.rule == rule), None)
    if own is None:
        return None
    doses, notes = _with_what_else_lowers(context, lowest(context.current, context.lowered))
    if screen_missing(context.situation):
        notes = (*notes, "SCREEN_OUTSTANDING")
    trace = tuple(e for x in context.lowered for e in x.trace)
    reasons = tuple(dict.fromkeys(r for x in (own, *context.lowered) for r in x.reasons))
    return Ruling(rule, doses, phase, reasons, trace, tuple(a for x in context.lowered for a in x.asks), notes)


def _with_what_else_lowers(
    context: _Context, doses: dict[str, Dose | None]
) -> tuple[dict[str, Dose | None], tuple[str, ...]]:
    """A lighter week that is due and a return that starts lower too, whatever rule decides (B11.13, B11.31)."""
    notes: tuple[str, ...] = ()
    if light_week_due(context.situation):
        doses = {e: lower(d, light_doses(context.situation).get(e, d)) for e, d in doses.items()}
        notes = ("LIGHTER_WEEK_DUE",)
    if context.situation.returning:
        starts = return_doses(context.situation)
        doses = {e: lower(d, starts.get(e, d)) for e, d in doses.items()}
    return doses, notes


def _d2(context: _Context) -> Ruling | None:
    return _lowered(context, "D2", Phase.FLARE)


def _d3(context: _Context) -> Ruling | None:
    return _lowered(context, "D3", Phase.DELOAD)


def _d4(context: _Context) -> Ruling | None:
    phase = context.situation.phase
    if context.situation.returning:
        phase = Phase.RETURN
    elif phase is Phase.LIGHTER_WEEK:
        # The loading dose before the gap must not come back by itself.
        phase = Phase.LOADING
    return _lowered(context, "D4", phase)


def _holding(context: _Context, rule: str, reasons: tuple[str, ...], trace: tuple[TraceEntry, ...]) -> Ruling:
    """D5 and D7: the dose in force, or less where a lighter week or a return is due anyway."""
    doses, notes = _with_what_else_lowers(context, context.current)
    phase = context.situation.phase
    if doses != context.current:
        phase = Phase.RETURN if context.situation.returning else Phase.LIGHTER_WEEK
    return Ruling(rule, doses, phase, reasons, trace, notes=notes)


def _d5(context: _Context) -> Ruling | None:
    situation = context.situation
    usual, book = situation.usual.pain, situation.record.rulebook
    reasons = [*situation.conflicts]
    reasons += [f"{f.flag.upper()} open ({f.urgency.value}): {f.because}" for f in situation.safety.flags]
    if usual is not None and usual > situation.limits.ceiling_value:
        reasons.append(f"usual pain {usual} above the ceiling {situation.limits.ceiling_value}")
    if usual is not None and usual >= book.number("USUAL_NO_START"):
        reasons.append(f"usual pain {usual}: a clinician starts")
    if not reasons:
        return None
    trace = [TraceEntry("D5", reason, True) for reason in situation.conflicts]
    trace += [TraceEntry("D5", f.flag.upper(), True, f.urgency.value, sources=f.sources) for f in situation.safety.flags]
    if usual is not None:
        over = usual > situation.limits.ceiling_value
        trace.append(TraceEntry("D5", "usual pain", over, str(usual), ">", str(situation.limits.ceiling_value), "{score}"))
    return _holding(context, "D5", tuple(reasons), tuple(trace))


def _d6(context: _Context) -> Ruling | None:
    situation = context.situation
    if situation.dosed or situation.phase in _TERMINAL or not situation.safety.screen.full or screen_missing(situation):
        return None
    found = [baseline_of(situation, s, context.sets.get(s.exercise, 1)) for s in context.states]
    asks = tuple(a for b in found for a in b.asks)
    starts = {b.exercise: b.start for b in found}
    if situation.usual.pain is None:
        starts = dict.fromkeys(starts)
        asks = (f"morning pain on {situation.record.rulebook.number('MORNINGS_MIN')} of 7 days, for usual pain", *asks)
    given = any(d is not None for d in starts.values())
    reasons = ("start doses from tolerance trials",) if given else ("a baseline is needed first",)
    trace = tuple(e for b in found for e in b.trace) + _profile_trace(situation)
    return Ruling("D6", starts, Phase.LOADING if given else Phase.BASELINE, reasons, trace, asks)


def _profile_trace(situation: Situation) -> tuple[TraceEntry, ...]:
    return tuple(TraceEntry("B4", f"cautious profile: {because}", True) for because in situation.cautious)


def _d7(context: _Context) -> Ruling | None:
    situation = context.situation
    screen = situation.safety.screen
    lacking = list(context.lacking)
    if not situation.dosed and not screen.full:
        lacking.append("the full safety screen is not answered")
    if not lacking and not context.dead:
        return None
    lacking = lacking or [*context.dead]
    trace = tuple(TraceEntry("D7", text, True) for text in lacking)
    return replace(_holding(context, "D7", tuple(lacking), trace), asks=("check-in: " + "; ".join(lacking),))


def _d8(context: _Context) -> Ruling | None:
    situation = context.situation
    if situation.returning:
        doses, raised, trace = return_start(situation)
        reasons: tuple[str, ...] = (f"flare settled on {situation.flares[-1].settled}: return to load starts",)
    elif situation.phase is Phase.RETURN and not ladder_complete(situation.record):
        doses, raised, trace = rung_doses(situation)
        reasons = (f"a rung up for {raised}" if raised else "the rung is held until two sessions are tolerated",)
    else:
        return None
    doses = {**context.current, **doses}
    notes: tuple[str, ...] = ()
    if light_week_due(situation):
        doses, notes = {e: lower(d, light_doses(situation).get(e, d)) for e, d in doses.items()}, ("LIGHTER_WEEK_DUE",)
    return Ruling("D8", doses, Phase.RETURN, reasons, (*trace, *_profile_trace(situation)), notes=notes)


def _d9(context: _Context) -> Ruling | None:
    situation, book = context.situation, context.situation.record.rulebook
    if light_week_due(situation):
        assert situation.loading_since is not None
        days, limit = situation.record.days_ago(situation.loading_since), book.number("LIGHT_WEEK_AFTER_DAYS")
        trace = (TraceEntry("D9", "days of loading", True, str(days), ">=", str(limit), "d"),
                 TraceEntry("D9", "part of the loading dose", True, str(book.number("LIGHT_WEEK_VOL"))))
        return Ruling("D9", {**context.current, **light_doses(situation)}, Phase.LIGHTER_WEEK, (f"{days} days of loading: a lighter week",), trace)
    if situation.phase is not Phase.LIGHTER_WEEK:
        return None
    days = situation.record.days_ago(situation.since) if situation.since else 0
    limit = book.number("LIGHT_WEEK_DAYS")
    over = days >= limit
    doses = {s.exercise: (s.reference or s.dose) if over and s.dose else s.dose for s in context.states}
    trace = (TraceEntry("D9", "days of the lighter week", over, str(days), ">=", str(limit), "d"),)
    reason = "the lighter week is over: the loading dose is restored" if over else "the lighter week goes on"
    return Ruling("D9", doses, Phase.LOADING if over else Phase.LIGHTER_WEEK, (reason,), trace)


def _d10(context: _Context) -> Ruling | None:
    chosen = context.raising.chosen
    if chosen is None or not context.situation.dosed:
        return None
    deferred = [c.exercise for c in context.raising.candidates if c.deferred]
    reasons = [f"every gate passes for {chosen.exercise}"]
    reasons += [f"{e} is eligible, deferred: one change a cycle" for e in deferred]
    return Ruling("D10", {**context.current, chosen.exercise: chosen.step}, context.situation.phase, tuple(reasons))


def _d11(context: _Context) -> Ruling:
    failing = sorted({g for c in context.raising.candidates for g, v in c.gates.items() if v.value == "fail"}, key=lambda g: int(g[1:]))
    held = [c.exercise for c in context.raising.candidates if c.step is None and c.eligible is False]
    reasons = [f"gates that fail: {', '.join(failing)}"] if failing else [f"no step is possible for {', '.join(held)}"]
    return Ruling("D11", context.current, context.situation.phase, tuple(reasons))


_TABLE = (_d1, _d2, _d3, _d4, _d5, _d6, _d7, _d8, _d9, _d10)


# --- The end of every rule ---


def _finished(context: _Context, ruling: Ruling, matched: tuple[str, ...], others: tuple[Ruling, ...]) -> Decision:
    situation = context.situation
    doses, notes, phase = dict(ruling.doses), ruling.notes, ruling.phase
    trace = [*ruling.trace]
    if context.dead:
        doses, notes = dict.fromkeys(doses), (*notes, "PLAN_EXPIRED")
        trace += [TraceEntry("B11.14", text, True) for text in context.dead]
    doses = {e: capped(situation, e, d) for e, d in doses.items()}
    if situation.dosed and not any(doses.values()) and ruling.rule not in ("D1", "D2"):
        phase = Phase.BASELINE  # no exercise has a dose left: new trials come first (B11.12)
    outcome = _OUTCOMES[ruling.rule]
    review = review_reasons(situation, outcome)
    changes = tuple(
        DoseChange(s.exercise, situation.domain(s.exercise), s.dose, doses.get(s.exercise)) for s in _ordered(context)
    )
    return Decision(
        rule=ruling.rule, outcome=outcome, phase=phase, review=bool(review), doses=changes,
        candidates=context.raising.candidates, matched=matched, suppressed=_suppressed(context, others),
        notes=(*notes, *_clinicians_notes(situation)), reasons=(*ruling.reasons, *context.dead),
        asks=(*ruling.asks, *review), trace=(*trace, *context.raising.trace), next_look=_next_look(context, ruling),
    )


def _ordered(context: _Context) -> tuple[ExerciseState, ...]:
    return in_order(context.situation, context.states)


def _suppressed(context: _Context, others: tuple[Ruling, ...]) -> tuple[str, ...]:
    """Results that later rules would have given."""
    found = []
    for ruling in others:
        moved = [e for e, d in ruling.doses.items() if not _same(d, context.current.get(e))]
        found.append(f"{ruling.rule} {_OUTCOMES[ruling.rule].value}" + (f" ({', '.join(moved)})" if moved else ""))
    return tuple(found)


def _same(first: Dose | None, second: Dose | None) -> bool:
    return first == second or (first is not None and second is not None and within(first, second) and within(second, first))


def _clinicians_notes(situation: Situation) -> tuple[str, ...]:
    return ("NEEDS_CLINICIAN",) if proposed_ceiling(situation) is not None else ()


def proposed_ceiling(situation: Situation) -> Decimal | None:
    """A higher pain ceiling to confirm, for usual pain from 4 on while no clinician has set one (B1); None without need."""
    book, usual = situation.record.rulebook, situation.usual.pain
    if usual is None or usual < book.number("CEILING_USUAL_FROM") or situation.limits.ceiling.since is not None:
        return None
    proposed = min(usual + book.number("CEILING_ABOVE_USUAL"), book.number("CEILING_PROPOSED_MAX"))
    return proposed if proposed > situation.limits.ceiling_value else None


def _next_look(context: _Context, ruling: Ruling) -> date | None:
    today = context.situation.record.today
    if ruling.rule == "D1":
        return today
    days = 2 if ruling.rule == "D2" else int(context.situation.record.rulebook.number("MIN_DAYS_AT_DOSE"))
    return today + timedelta(days=days)
