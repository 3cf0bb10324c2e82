"""The ordered decision table (clinical rules B6, B11): situation in, decision with its trace out.

The first rule that matches decides; all that match are logged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import expiry_reasons, outdated_scores
from titrate.clinical.record.usual_symptoms import median_of
from titrate.clinical.red_flags.condition_findings import has_weak_spine
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.rules.candidates import candidates_of, in_order, within_caps
from titrate.clinical.rules.deload import deload_lowering
from titrate.clinical.rules.flare_protocol import flare_lowering
from titrate.clinical.rules.gap import gap_lowering
from titrate.clinical.rules.hold_and_start import d5, d6, d7
from titrate.clinical.rules.phase_exit import phase_exit_entries
from titrate.clinical.rules.review_triggers import phase_advice, review_reasons
from titrate.clinical.rules.rise import d8, d9, d10, d11
from titrate.clinical.rules.rule_result import LoweringResult, RuleContext, RuleResult
from titrate.clinical.rules.stop_and_lower import d1, d2, d3, d4
from titrate.clinical.values.decision import Decision, DoseChange, Outcome, TraceEntry
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.rulebook import Domain, Programme
from titrate.messages import Message

OUTCOMES = {
    "D0": Outcome.NOT_ELIGIBLE,
    "D1": Outcome.STOP_ESCALATE,
    "D2": Outcome.FLARE_PROTOCOL,
    "D3": Outcome.REACTIVE_DELOAD,
    "D4": Outcome.STEP_BACK,
    "D5": Outcome.HOLD_REVIEW,
    "D6": Outcome.BASELINE,
    "D7": Outcome.HOLD_INSUFFICIENT,
    "D8": Outcome.RETURN_TO_LOAD,
    "D9": Outcome.LIGHTER_WEEK,
    "D10": Outcome.PROGRESS,
    "D11": Outcome.HOLD,
}
# Falls: no balance work before a clinician has looked (B11.26).
NO_BALANCE = "rf23"
# What bends or turns the trunk under load: never with a weakened spine, also after a clearance (RF26).
BENDS_LOADED = frozenset({"lift-and-carry"})
TABLE: tuple[Callable[[RuleContext], RuleResult | None], ...] = (d1, d2, d3, d4, d5, d6, d7, d8, d9, d10)


def decide(picture: ClinicalPicture, programme: Programme, lacking: tuple[Message, ...]) -> Decision:
    """The decision for this situation, what is `lacking` known. Every rule is asked; the first that matches decides."""
    context = _context(picture, programme, lacking)
    rulings = [r for rule in TABLE if (r := rule(context)) is not None] or [d11(context)]
    return _finished(context, rulings[0], tuple(r.rule for r in rulings), tuple(rulings[1:]))


def not_eligible_decision(reasons: tuple[str, ...], phase: Phase) -> Decision:
    """Rule D0: nothing is decided about doses and nothing is written."""
    trace = tuple(TraceEntry("D0", reason, True) for reason in reasons)
    return Decision(
        rule="D0",
        outcome=Outcome.NOT_ELIGIBLE,
        phase=phase,
        review=False,
        doses=(),
        candidates=(),
        matched=("D0",),
        suppressed=(),
        notes=(),
        reasons=reasons,
        asks=(),
        trace=trace,
        next_review=None,
    )


def _context(picture: ClinicalPicture, programme: Programme, lacking: tuple[Message, ...]) -> RuleContext:
    states = baseline_exercises(picture, programme)
    return RuleContext(
        picture,
        states,
        {p.exercise: p.sets for p in programme.exercises},
        _lowerings(picture),
        candidates_of(picture, lacking),
        lacking,
        expiry_reasons(picture),
    )


def _lowerings(picture: ClinicalPicture) -> tuple[LoweringResult, ...]:
    """The rules D2, D3, D4 that match, in their order."""
    found = (flare_lowering(picture), deload_lowering(picture), gap_lowering(picture))
    return tuple(x for x in found if x is not None)


def _finished(
    context: RuleContext, ruling: RuleResult, matched: tuple[str, ...], others: tuple[RuleResult, ...]
) -> Decision:
    picture = context.picture
    doses, notes, phase = dict(ruling.doses), ruling.notes, ruling.phase
    trace = [*ruling.trace]
    if context.dead:
        doses, notes = dict.fromkeys(doses), (*notes, "PLAN_EXPIRED")
        trace += [TraceEntry("B11.14", str(reason), True) for reason in context.dead]
    doses, down, bounded = within_caps(picture, doses)
    if any(f.flag == NO_BALANCE for f in picture.safety.flags):
        doses = {e: None if picture.domain(e) is Domain.NEUROMOTOR else d for e, d in doses.items()}
    if BENDS_LOADED & doses.keys() and has_weak_spine(picture.record):
        doses = {e: None if e in BENDS_LOADED else d for e, d in doses.items()}
        trace.append(TraceEntry("RF26", "a weakened spine is known: nothing that bends it under load", True))
    if picture.dosed and not context.dead and not any(doses.values()) and ruling.rule not in ("D1", "D2"):
        phase = Phase.BASELINE  # no exercise has a dose left: new trials come first (B11.12)
    outcome = OUTCOMES[ruling.rule]
    rises = any(not is_within(doses[s.exercise], s.dose) for s in context.states if s.exercise in doses)
    review = review_reasons(picture, outcome, rises=rises)
    reviews = (*ruling.reviews, *review, *phase_advice(picture))
    changes = tuple(
        DoseChange(s.exercise, picture.domain(s.exercise), s.dose, doses.get(s.exercise)) for s in _ordered(context)
    )
    return Decision(
        rule=ruling.rule,
        outcome=outcome,
        phase=phase,
        review=bool(review),
        doses=changes,
        candidates=context.raising.candidates,
        matched=matched,
        suppressed=_suppressed(context, others),
        notes=(*notes, *_clinicians_notes(picture, ruling)),
        reasons=(*ruling.reasons, *map(str, context.dead), *down),
        asks=(*ruling.asks, *reviews, *map(str, outdated_scores(picture))),
        trace=(
            *trace,
            *bounded,
            *_ceiling_trace(picture),
            *phase_exit_entries(picture, phase, doses),
            *context.raising.trace,
        ),
        next_review=_next_review(context, ruling),
        reviews=reviews,
    )


def _ordered(context: RuleContext) -> tuple[ExerciseState, ...]:
    return in_order(context.picture, context.states)


def _suppressed(context: RuleContext, others: tuple[RuleResult, ...]) -> tuple[str, ...]:
    """Results that later rules would have given."""
    found = []
    for ruling in others:
        moved = [e for e, d in ruling.doses.items() if not _same(d, context.current.get(e))]
        found.append(f"{ruling.rule} {OUTCOMES[ruling.rule].value}" + (f" ({', '.join(moved)})" if moved else ""))
    return tuple(found)


def _same(first: Dose | None, second: Dose | None) -> bool:
    return first == second or (
        first is not None and second is not None and is_within(first, second) and is_within(second, first)
    )


def _clinicians_notes(picture: ClinicalPicture, ruling: RuleResult) -> tuple[str, ...]:
    asked = proposed_ceiling(picture) is not None or _usual_has_risen(picture, ruling)
    return ("NEEDS_CLINICIAN",) if asked else ()


def _usual_has_risen(picture: ClinicalPicture, ruling: RuleResult) -> bool:
    """At the end of a lighter week a higher usual value is only proposed (B11.2)."""
    if ruling.rule != "D9" or ruling.phase is not Phase.LOADING:
        return False
    record, usual = picture.record, picture.usual
    pairs = ((usual.pain, record.pain), (usual.fatigue, record.fatigue))
    medians = ((value, median_of(record, days, record.week())) for value, days in pairs)
    return any(value is not None and median is not None and median > value for value, median in medians)


def _ceiling_trace(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    proposed = proposed_ceiling(picture)
    if proposed is None:
        return ()
    now = picture.limits.ceiling.value
    text = "usual pain is high: a higher pain ceiling is proposed; until a clinician confirms it the present one holds"
    return (TraceEntry("B1", text, True, str(proposed), "instead of", str(now), "{score}"),)


def proposed_ceiling(picture: ClinicalPicture) -> Decimal | None:
    """A higher pain ceiling for a clinician to confirm, where usual pain is high and none is set (B1); else None."""
    book, usual = picture.record.rulebook, picture.usual.pain
    if usual is None or usual < book.numbers.ceiling_usual_from or picture.limits.ceiling.since is not None:
        return None
    proposed = min(usual + book.numbers.ceiling_above_usual, book.numbers.ceiling_proposed_max)
    return proposed if proposed > picture.limits.ceiling.value else None


def _next_review(context: RuleContext, ruling: RuleResult) -> date | None:
    today = context.picture.record.today
    # An expired plan leaves a task open for a clinician: like a stop, it waits for nobody's week.
    if ruling.rule == "D1" or context.dead:
        return today
    days = (
        context.picture.record.rulebook.numbers.flare_look_days
        if ruling.rule == "D2"
        else context.picture.record.rulebook.numbers.min_days_at_dose
    )
    return today + timedelta(days=int(days))
