"""The rules that may raise a dose, and the hold that ends the table: D8 to D11 (B6, B11.5, B11.18)."""

from __future__ import annotations

from titrate.clinical.picture.clinical_picture import ClinicalPicture, return_complete, return_over
from titrate.clinical.rules.candidates import return_start, rung_doses
from titrate.clinical.rules.hold_and_start import profile_trace
from titrate.clinical.rules.lighter_week import light_doses, light_week_due, light_week_trace
from titrate.clinical.rules.rule_result import RuleContext, RuleResult
from titrate.clinical.rules.step_trace import cap_reason
from titrate.clinical.values.decision import Candidate, Gate, TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Phase


def d8(context: RuleContext) -> RuleResult | None:
    """D8: The return to load, its start or the next rung."""
    picture = context.picture
    if picture.returning:
        doses, raised, trace = return_start(picture)
        down = map(cap_reason, (e for e in trace if e.rule == "B6"))
        reasons: tuple[str, ...] = (f"flare settled on {picture.flares[-1].settled}: return to load starts", *down)
    elif picture.phase is Phase.RETURN and not return_over(picture.record):
        doses, raised, trace = rung_doses(picture)
        reasons = (_rung_words(picture, raised, trace),)
    else:
        return None
    doses = {**context.current, **doses}
    notes: tuple[str, ...] = ()
    if light_week_due(picture):
        doses, notes = {e: lower(d, light_doses(picture).get(e, d)) for e, d in doses.items()}, ("LIGHTER_WEEK_DUE",)
        trace = (*trace, *light_week_trace(picture))
    if picture.phase is Phase.LIGHTER_WEEK:
        # The lighter week goes on as well: its dose is the bound (B11.13).
        doses = {e: lower(d, context.current[e]) for e, d in doses.items()}
    return RuleResult("D8", doses, Phase.RETURN, reasons, (*trace, *profile_trace(picture)), notes=notes)


def _rung_words(picture: ClinicalPicture, raised: str | None, trace: tuple[TraceEntry, ...]) -> str:
    if raised:
        return f"a rung up for {raised}"
    if return_complete(picture.record):
        return "the dose before the flare is reached, and held for a week"
    denied = [entry for entry in trace if entry.operator == "<=" and not entry.held]
    if denied:
        return f"a rung is earned for {denied[0].exercise}: {denied[0].text}"
    if any(entry.held for entry in trace):
        return "a rung is earned, and none fits that is small enough: a clinician decides how to go on"
    return "the rung is held until two sessions in a row are tolerated"


def d9(context: RuleContext) -> RuleResult | None:
    """D9: The lighter week: due, going on, or over."""
    picture, book = context.picture, context.picture.record.rulebook
    if light_week_due(picture):
        trace = light_week_trace(picture)
        doses = {**context.current, **light_doses(picture)}
        return RuleResult(
            "D9", doses, Phase.LIGHTER_WEEK, (f"{trace[0].value} days of loading: a lighter week",), trace
        )
    if picture.phase is not Phase.LIGHTER_WEEK:
        return None
    days = picture.record.days_ago(picture.since) if picture.since else 0
    limit = book.numbers.light_week_days
    over = days >= limit
    doses = {s.exercise: (s.reference or s.dose) if over and s.dose else s.dose for s in context.states}
    trace = (TraceEntry("D9", "days of the lighter week", over, str(days), ">=", str(limit), "d"),)
    reason = "the lighter week is over: the loading dose is restored" if over else "the lighter week goes on"
    return RuleResult("D9", doses, Phase.LOADING if over else Phase.LIGHTER_WEEK, (reason,), trace)


def d10(context: RuleContext) -> RuleResult | None:
    """D10: Every gate passes: one step in one exercise."""
    chosen = context.raising.chosen
    if chosen is None or not context.picture.dosed:
        return None
    deferred = [c.exercise for c in context.raising.candidates if c.deferred]
    reasons = [f"every gate passes for {chosen.exercise}"]
    reasons += [f"{e} is eligible, deferred: one change a cycle" for e in deferred]
    trace = (TraceEntry("D10", "every gate passes", True, exercise=chosen.exercise),)
    doses = {**context.current, chosen.exercise: chosen.step}
    return RuleResult("D10", doses, context.picture.phase, tuple(reasons), trace)


def d11(context: RuleContext) -> RuleResult:
    """D11: Otherwise: hold."""
    candidates = context.raising.candidates
    reasons = tuple(_held(context, c) for c in candidates) or ("no exercise has a dose",)
    phase = context.picture.phase
    if phase is Phase.RETURN and not context.picture.returning:
        phase, reasons = Phase.LOADING, ("the return is over: loading begins again", *reasons)
    return RuleResult("D11", context.current, phase, reasons, reviews=_options(context))


def _held(context: RuleContext, candidate: Candidate) -> str:
    failing = [gate for gate, verdict in candidate.gates.items() if verdict is Gate.FAIL]
    if failing:
        return f"{candidate.exercise}: gates that fail: {', '.join(failing)}"
    entries = (e for e in context.raising.trace if e.rule == "B2" and e.exercise == candidate.exercise)
    return f"{candidate.exercise}: {next((e.text for e in entries if not e.held), 'no step is possible')}"


def _options(context: RuleContext) -> tuple[str, ...]:
    """One more bout in the week, as the clinician's choice where no step is small enough (B11.22)."""
    most = 1 + context.picture.record.rulebook.numbers.step_max_pct
    steps = {c.exercise: c.step for c in context.raising.candidates}
    return tuple(
        f"{s.exercise}: a second bout on one day of the week is the clinician's option"
        for s in context.states
        if s.dose
        and steps.get(s.exercise) is None
        and s.dose.sets is None
        and s.weekly_frequency + 1 <= most * s.weekly_frequency
    )
