"""The rules that hold or start: D5 to D7. They never raise a dose in force (B6, B11.13, B11.20, B11.25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import screen_gaps
from titrate.clinical.red_flags.medical_clearance import uncleared_diagnoses
from titrate.clinical.rules.baseline import baseline_of
from titrate.clinical.rules.rule_result import TERMINAL, RuleContext, RuleResult
from titrate.clinical.rules.stop_and_lower import with_extra_lowering
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Phase


def hold_doses(context: RuleContext, rule: str, reasons: tuple[str, ...], trace: tuple[TraceEntry, ...]) -> RuleResult:
    """D5 and D7: the dose in force, or less where a lighter week or a return is due anyway."""
    also = with_extra_lowering(context, context.current)
    phase = context.picture.phase
    if context.picture.returning:
        phase = Phase.RETURN
    elif also.doses != context.current:
        phase = Phase.LIGHTER_WEEK
    return RuleResult(rule, also.doses, phase, (*reasons, *also.reasons), (*trace, *also.trace), notes=also.notes)


def d5(context: RuleContext) -> RuleResult | None:
    """D5: Contradicting data, an open flag that can wait two working days, or limits that do not fit."""
    picture = context.picture
    waiting = tuple(f for f in picture.safety.flags if not f.urgency.stops_exercise)  # the others are D1's
    usual = tuple(_usual_too_high(picture))
    asks = tuple(f"medical clearance before the start: {d.text} is listed" for d in uncleared_diagnoses(picture.record))
    reasons = (
        *map(str, picture.conflicts),
        *(f"{f.flag.upper()} open ({f.urgency.value}): {f.because}" for f in waiting),
        *(reason for reason, _ in usual),
        *asks,
    )
    if not reasons:
        return None
    trace = (
        *(TraceEntry("D5", reason, True) for reason in (*map(str, picture.conflicts), *asks)),
        *(TraceEntry("D5", f.flag.upper(), True, f.urgency.value, sources=f.sources) for f in waiting),
        *(entry for _, entry in usual),
    )
    return replace(hold_doses(context, "D5", reasons, trace), asks=asks)


def _usual_too_high(picture: ClinicalPicture) -> Iterator[tuple[str, TraceEntry]]:
    """Usual pain above the limit of pain, or so high that a clinician starts: as a reason and with its numbers."""
    usual, ceiling = picture.usual.pain, picture.limits.ceiling.value
    no_start = picture.record.rulebook.numbers.usual_no_start
    if usual is not None and usual > ceiling:
        entry = TraceEntry("D5", "usual pain", True, str(usual), ">", str(ceiling), "{score}")
        yield f"usual pain {usual} above the ceiling {ceiling}", entry
    if usual is not None and usual >= no_start:
        entry = TraceEntry("D5", "usual pain", True, str(usual), ">=", str(no_start), "{score}")
        yield f"usual pain {usual}: a clinician starts", entry


def d6(context: RuleContext) -> RuleResult | None:
    """D6: No dose yet and the full screen answered: set or ask for a baseline."""
    picture = context.picture
    if picture.dosed or picture.phase in TERMINAL or not picture.safety.screen.full or screen_gaps(picture):
        return None
    found = [baseline_of(picture, s, context.sets.get(s.exercise, 1)) for s in context.states]
    asks = tuple(a for b in found for a in b.asks)
    starts = {b.exercise: b.start for b in found}
    if picture.usual.pain is None:
        starts = dict.fromkeys(starts)
        asks = (f"morning pain on {picture.record.rulebook.numbers.mornings_min} of 7 days, for usual pain", *asks)
    given = any(d is not None for d in starts.values())
    reasons = ("start doses from tolerance trials",) if given else ("a baseline is needed first",)
    asked = TraceEntry("D6", "no dose in force, and the full safety screen is answered", True)
    trace = (asked, *(e for b in found for e in b.trace), *profile_trace(picture))
    return RuleResult("D6", starts, Phase.LOADING if given else Phase.BASELINE, reasons, trace, asks)


def profile_trace(picture: ClinicalPicture) -> tuple[TraceEntry, ...]:
    """Why the cautious profile applies, for the trace."""
    return tuple(TraceEntry("B4", f"cautious profile: {because}", True) for because in picture.cautious)


def d7(context: RuleContext) -> RuleResult | None:
    """D7: Too little is known, or the plan has expired."""
    picture = context.picture
    screen = picture.safety.screen
    lacking = [*map(str, context.lacking)]
    if not picture.dosed and not screen.full:
        lacking.append("the full safety screen is not answered")
    if not lacking and not context.dead:
        return None
    lacking = lacking or [*map(str, context.dead)]
    trace = tuple(TraceEntry("D7", text, True) for text in lacking)
    return replace(hold_doses(context, "D7", tuple(lacking), trace), asks=("check-in: " + "; ".join(lacking),))
