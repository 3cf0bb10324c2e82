"""The rules that may raise a dose, and the hold that ends the table: D8 to D11 (B6, B11.5, B11.18)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture, return_complete, return_over
from titrate.clinical.rules.candidates import RungDoses, return_start, rung_doses
from titrate.clinical.rules.deload import days_to_lighter_week, lighter_week_doses, lighter_week_trace
from titrate.clinical.rules.hold_and_start import profile_trace
from titrate.clinical.rules.rule_result import RuleContext, RuleResult
from titrate.clinical.values.decision import Candidate, Gate, TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages.decisions import (
    EveryGatePasses,
    FailingGates,
    IncreaseDeferredThisCycle,
    LighterWeekContinues,
    LighterWeekDue,
    LighterWeekOver,
    NoDoseToHold,
    NoStepPossible,
    ReasonForExercise,
    ReturnOver,
    ReturnReached,
    ReturnStarts,
    RungHeld,
    RungTooLarge,
    RungUp,
    SecondBout,
)
from titrate.messages.gates import AllGatesPass, LighterWeekDays, ReturnHoldDays


def d8(context: RuleContext) -> RuleResult | None:
    """D8: The return to load, its start or the next rung."""
    picture = context.picture
    if picture.returning:
        start = return_start(picture)
        doses, trace = {**context.current, **start.doses}, start.trace
        starts = ReturnStarts(settled=picture.flares[-1].settled)
        reasons: tuple[Message, ...] = (starts, *(one.reason for one in start.lowered))
    elif picture.phase is Phase.RETURN and not return_over(picture.record):
        rungs = rung_doses(picture)
        doses, trace = {**context.current, **rungs.doses}, rungs.trace
        reasons = (_rung_reason(picture, rungs),)
        if isinstance(reasons[0], ReturnReached):
            hold = picture.record.rulebook.numbers.return_hold_days
            held = TraceEntry(rule="D8", text=ReturnHoldDays(), held=False, operator=">=", limit=str(hold), unit="d")
            trace = (*trace, held)
    else:
        return None
    notes: tuple[str, ...] = ()
    days = days_to_lighter_week(picture)
    if days is not None:
        light = lighter_week_doses(picture)
        doses, notes = {e: lower(d, light.get(e, d)) for e, d in doses.items()}, ("LIGHTER_WEEK_DUE",)
        trace = (*trace, *lighter_week_trace(picture, days))
    if picture.phase is Phase.LIGHTER_WEEK:
        # The lighter week continues as well: its dose is the bound (B11.13).
        doses = {e: lower(d, context.current[e]) for e, d in doses.items()}
    trace = (*trace, *profile_trace(picture))
    return RuleResult(rule="D8", doses=doses, phase=Phase.RETURN, reasons=reasons, trace=trace, notes=notes)


def _rung_reason(picture: ClinicalPicture, rungs: RungDoses) -> Message:
    numbers = picture.record.rulebook.numbers
    if rungs.raised:
        return RungUp(exercise=rungs.raised)
    if return_complete(picture.record):
        return ReturnReached(days=numbers.return_hold_days)
    if rungs.blocked is not None:
        return rungs.blocked
    return RungTooLarge() if rungs.earned else RungHeld(count=numbers.return_t_sessions)


def d9(context: RuleContext) -> RuleResult | None:
    """D9: The lighter week: due, in progress, or over."""
    picture = context.picture
    due = days_to_lighter_week(picture)
    if due is not None:
        return RuleResult(
            rule="D9",
            doses={**context.current, **lighter_week_doses(picture)},
            phase=Phase.LIGHTER_WEEK,
            reasons=(LighterWeekDue(days=due),),
            trace=lighter_week_trace(picture, due),
        )
    if picture.phase is not Phase.LIGHTER_WEEK:
        return None
    days = picture.record.days_ago(picture.since) if picture.since else 0
    limit = picture.record.rulebook.numbers.light_week_days
    over = days >= limit
    entry = TraceEntry(
        rule="D9", text=LighterWeekDays(), held=over, value=str(days), operator=">=", limit=str(limit), unit="d"
    )
    return RuleResult(
        rule="D9",
        doses={s.exercise: (s.reference or s.dose) if over and s.dose else s.dose for s in context.states},
        phase=Phase.LOADING if over else Phase.LIGHTER_WEEK,
        reasons=(LighterWeekOver() if over else LighterWeekContinues(),),
        trace=(entry,),
    )


def d10(context: RuleContext) -> RuleResult | None:
    """D10: Every gate passes: one step in one exercise."""
    chosen = context.increases.chosen
    if chosen is None or not context.picture.dosed:
        return None
    deferred = (c.exercise for c in context.increases.candidates if c.deferred)
    return RuleResult(
        rule="D10",
        doses={**context.current, chosen.exercise: chosen.step},
        phase=context.picture.phase,
        reasons=(
            EveryGatePasses(exercise=chosen.exercise),
            *(IncreaseDeferredThisCycle(exercise=exercise) for exercise in deferred),
        ),
        trace=(TraceEntry(rule="D10", text=AllGatesPass(), held=True, exercise=chosen.exercise),),
    )


def d11(context: RuleContext) -> RuleResult:
    """D11: Otherwise: hold."""
    book = context.picture.record.rulebook
    held = tuple(_held(book, candidate) for candidate in context.increases.candidates)
    reasons: tuple[Message, ...] = held or (NoDoseToHold(),)
    phase = context.picture.phase
    if phase is Phase.RETURN and not context.picture.returning:
        phase, reasons = Phase.LOADING, (ReturnOver(), *reasons)
    return RuleResult(rule="D11", doses=context.current, phase=phase, reasons=reasons, reviews=_second_bouts(context))


def _held(book: Rulebook, candidate: Candidate) -> Message:
    """Why an exercise is not increased: the gates that fail, or why there is no step."""
    failing = tuple(book.named(gate) for gate, verdict in candidate.gates.items() if verdict is Gate.FAIL)
    if failing:
        return FailingGates(exercise=candidate.exercise, gates=failing)
    return ReasonForExercise(exercise=candidate.exercise, reason=candidate.no_step or NoStepPossible())


def _second_bouts(context: RuleContext) -> tuple[Message, ...]:
    """One more bout in the week, as the clinician's choice where no step is small enough (B11.22)."""
    most = 1 + context.picture.record.rulebook.numbers.step_max_pct
    steps = {c.exercise: c.step for c in context.increases.candidates}
    return tuple(
        SecondBout(exercise=s.exercise)
        for s in context.states
        if s.dose
        and steps.get(s.exercise) is None
        and s.dose.sets is None
        and s.weekly_frequency + 1 <= most * s.weekly_frequency
    )
