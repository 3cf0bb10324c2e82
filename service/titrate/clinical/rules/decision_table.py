"""The ordered decision table (clinical rules B6, B11): from the clinical picture to a decision with its trace.

The first rule that matches decides; all that match are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import assumed_zone, expiry_reasons, outdated_scores
from titrate.clinical.record.usual_symptoms import median_of
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.rules.candidates import candidates_of, in_order, within_caps
from titrate.clinical.rules.deload import deload_lowering
from titrate.clinical.rules.dose_restrictions import within_restrictions
from titrate.clinical.rules.flare_protocol import flare_lowering
from titrate.clinical.rules.gap import gap_lowering
from titrate.clinical.rules.hold_and_start import d5, d6, d7
from titrate.clinical.rules.phase_exit import phase_exit_entries
from titrate.clinical.rules.review_triggers import phase_advice, review_reasons
from titrate.clinical.rules.rise import d8, d9, d10, d11
from titrate.clinical.rules.rule_result import RuleContext, RuleResult
from titrate.clinical.rules.stop_and_lower import d1, d2, d3, d4
from titrate.clinical.values.completeness import COMPLETE, Completeness, incomplete_reasons
from titrate.clinical.values.decision import Decision, DoseChange, Outcome, TraceEntry
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.rulebook import Programme
from titrate.messages import Message
from titrate.messages.completeness import AbsenceUnknown
from titrate.messages.gates import CeilingProposed

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
TABLE: tuple[Callable[[RuleContext], RuleResult | None], ...] = (d1, d2, d3, d4, d5, d6, d7, d8, d9, d10)


def decide(
    picture: ClinicalPicture,
    programme: Programme,
    missing: tuple[Message, ...],
    completeness: Completeness = COMPLETE,
) -> Decision:
    """The decision for a clinical picture. Every rule is evaluated; the first that matches decides.

    `missing` is what rule D7 misses; `completeness` says of which resource types not everything was retrieved (D5).
    """
    context = _on_record(_context(picture, programme, missing), completeness)
    results = [r for rule in TABLE if (r := rule(context)) is not None] or [d11(context)]
    return _decision(context, results[0], tuple(results[1:]))


def not_eligible_decision(reasons: tuple[Message, ...], phase: Phase, asks: tuple[Message, ...] = ()) -> Decision:
    """Rule D0: nothing is decided about doses and nothing is written. `asks` are about urgent red flags."""
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
        asks=asks,
        trace=tuple(TraceEntry(rule="D0", text=reason, held=True) for reason in reasons),
        next_review=None,
    )


def _context(picture: ClinicalPicture, programme: Programme, missing: tuple[Message, ...]) -> RuleContext:
    lowerings = (flare_lowering(picture), deload_lowering(picture), gap_lowering(picture))
    return RuleContext(
        picture=picture,
        states=baseline_exercises(picture, programme),
        sets={p.exercise: p.sets for p in programme.exercises},
        lowerings=tuple(lowering for lowering in lowerings if lowering is not None),
        increases=candidates_of(picture, missing),
        missing=missing,
        expired=expiry_reasons(picture),
    )


def _on_record(context: RuleContext, completeness: Completeness) -> RuleContext:
    """The context on a record that may be incomplete.

    If reports may be missing, no conclusion is drawn from there being none: data missing, plan expired, gap.
    """
    incomplete = incomplete_reasons(completeness)
    if not completeness.reports:
        return replace(context, incomplete=incomplete)
    lowerings = tuple(one for one in context.lowerings if one.rule != "D4")
    if context.expired or lowerings != context.lowerings:
        incomplete = (*incomplete, AbsenceUnknown(types=completeness.reports))
    return replace(context, incomplete=incomplete, lowerings=lowerings, missing=(), expired=())


def _decision(context: RuleContext, result: RuleResult, others: tuple[RuleResult, ...]) -> Decision:
    """The deciding rule's result within every limit, with what all rules add to it."""
    picture = context.picture
    doses, lowered = within_caps(picture, dict.fromkeys(result.doses) if context.expired else result.doses)
    doses, restricted = within_restrictions(picture, doses)
    phase = result.phase
    if picture.dosed and not context.expired and not any(doses.values()) and result.rule not in ("D1", "D2"):
        phase = Phase.BASELINE  # no exercise has a dose left: new trials come first (B11.12)
    outcome = OUTCOMES[result.rule]
    increases = any(not is_within(doses[s.exercise], s.dose) for s in context.states if s.exercise in doses)
    due = review_reasons(picture, outcome, increases=increases)
    reviews = (*result.reviews, *due, *phase_advice(picture))
    return Decision(
        rule=result.rule,
        outcome=outcome,
        phase=phase,
        review=bool(due),
        doses=tuple(
            DoseChange(s.exercise, picture.domain(s.exercise), s.dose, doses.get(s.exercise))
            for s in in_order(picture, context.states)
        ),
        candidates=context.increases.candidates,
        matched=(result.rule, *(other.rule for other in others)),
        suppressed=_suppressed(context, others),
        notes=_notes(context, result),
        reasons=(*result.reasons, *context.expired, *(one.reason for one in lowered)),
        asks=(*result.asks, *picture.unknown, *reviews, *outdated_scores(picture), *assumed_zone(picture)),
        trace=(
            *result.trace,
            *(TraceEntry(rule="B11.14", text=reason, held=True) for reason in context.expired),
            *restricted,
            *(one.entry for one in lowered),
            *_ceiling_trace(picture),
            *phase_exit_entries(picture, phase, doses),
            *context.increases.trace,
        ),
        next_review=_next_review(context, result),
        reviews=reviews,
    )


def _suppressed(context: RuleContext, others: tuple[RuleResult, ...]) -> tuple[str, ...]:
    """Results that later rules would have given, e.g. `D4 STEP_BACK (walking)`."""
    found = []
    for result in others:
        moved = [e for e, d in result.doses.items() if not _same(d, context.current.get(e))]
        found.append(f"{result.rule} {OUTCOMES[result.rule].value}" + (f" ({', '.join(moved)})" if moved else ""))
    return tuple(found)


def _same(first: Dose | None, second: Dose | None) -> bool:
    return first == second or (
        first is not None and second is not None and is_within(first, second) and is_within(second, first)
    )


def _notes(context: RuleContext, result: RuleResult) -> tuple[str, ...]:
    picture = context.picture
    needs_clinician = proposed_ceiling(picture) is not None or _usual_symptoms_rose(picture, result)
    return (
        *result.notes,
        *(("PLAN_EXPIRED",) if context.expired else ()),
        *(("NEEDS_CLINICIAN",) if needs_clinician else ()),
    )


def _usual_symptoms_rose(picture: ClinicalPicture, result: RuleResult) -> bool:
    """At the end of a lighter week a higher usual value is only proposed (B11.2)."""
    if result.rule != "D9" or result.phase is not Phase.LOADING:
        return False
    record, usual = picture.record, picture.usual
    pairs = ((usual.pain, record.pain), (usual.fatigue, record.fatigue))
    medians = ((value, median_of(record, days, record.week())) for value, days in pairs)
    return any(value is not None and median is not None and median > value for value, median in medians)


def _ceiling_trace(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    proposed = proposed_ceiling(picture)
    if proposed is None:
        return ()
    return (
        TraceEntry(
            rule="B1",
            text=CeilingProposed(),
            held=True,
            value=str(proposed),
            operator="instead of",
            limit=str(picture.limits.ceiling.value),
            unit="{score}",
        ),
    )


def proposed_ceiling(picture: ClinicalPicture) -> Decimal | None:
    """A higher pain ceiling for a clinician to confirm, where usual pain is high and none is set (B1); else None."""
    numbers, usual = picture.record.rulebook.numbers, picture.usual.pain
    if usual is None or usual < numbers.ceiling_usual_from or picture.limits.ceiling.since is not None:
        return None
    proposed = min(usual + numbers.ceiling_above_usual, numbers.ceiling_proposed_max)
    return proposed if proposed > picture.limits.ceiling.value else None


def _next_review(context: RuleContext, result: RuleResult) -> date | None:
    today, numbers = context.picture.record.today, context.picture.record.rulebook.numbers
    # An expired plan leaves a task open for a clinician, like a stop: it is due today.
    if result.rule == "D1" or context.expired:
        return today
    days = numbers.flare_look_days if result.rule == "D2" else numbers.min_days_at_dose
    return today + timedelta(days=int(days))
