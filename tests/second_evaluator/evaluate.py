"""A second implementation of the decision table: evaluates every rule, and the first that matches decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tests.second_evaluator import numbers as n
from tests.second_evaluator.baseline import can_set, start
from tests.second_evaluator.doses import bounded, key
from tests.second_evaluator.effects import (
    earned_doses,
    eligible,
    gates_of,
    lowered,
    one_rung,
    one_step,
    start_of_return,
)
from tests.second_evaluator.facts import (
    expired,
    facts,
    limit,
    ratings,
    screen_day,
    screened,
    usual,
)
from tests.second_evaluator.flares import ongoing
from tests.second_evaluator.sheet import (
    Doses,
    Sheet,
    d0,
    d1,
    d5,
    d7,
    deloading,
    gapped,
    light_week_due,
    light_week_over,
    make_sheet,
    with_dose,
)
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.clinical.values.readings import PatientReadings
from titrate.clinical.values.rulebook import Domain, Rulebook

OUTCOMES = {
    "D0": "NOT_ELIGIBLE",
    "D1": "STOP_ESCALATE",
    "D2": "FLARE_PROTOCOL",
    "D3": "REACTIVE_DELOAD",
    "D4": "STEP_BACK",
    "D5": "HOLD_REVIEW",
    "D6": "BASELINE",
    "D7": "HOLD_INSUFFICIENT",
    "D8": "RETURN_TO_LOAD",
    "D9": "LIGHTER_WEEK",
    "D10": "PROGRESS",
    "D11": "HOLD",
}


@dataclass(frozen=True)
class OracleResult:
    """Result of the table. `next` and `gates` by exercise; `matched` starts with `rule`.

    `earned` also contains increases that were deferred in favour of another exercise (B11.34).
    """

    rule: str
    outcome: str
    phase: str
    review: bool
    next: Doses
    classes: list[tuple[date, str, str]]
    gates: dict[str, dict[str, str]]
    notes: set[str]
    matched: list[str]
    earned: Doses


def evaluate(patient_readings: PatientReadings, plan: PlanInForce, at: datetime, rulebook: Rulebook) -> OracleResult:
    """One patient at one moment."""
    sheet = make_sheet(facts(patient_readings, plan, at, rulebook))
    matched = _matched(sheet)
    rule = matched[0]
    chosen = _finish(sheet, _decided(sheet, rule, matched))
    phase, review = _phase_after(sheet, rule, chosen), _review(sheet, rule, chosen)
    return OracleResult(
        rule,
        OUTCOMES[rule],
        phase.value,
        review,
        chosen,
        [(c.day, c.exercise, c.klass) for c in sheet.sessions],
        {s.exercise: gates_of(sheet, s) for s in sheet.states},
        _notes(sheet, rule, matched),
        matched + (["D12"] if review else []),
        _finish(sheet, earned_doses(sheet, rule, chosen)),
    )


def _matched(x: Sheet) -> list[str]:
    tests = {
        "D0": d0(x.f),
        "D1": d1(x),
        "D2": ongoing(x.f) is not None,
        "D3": bool(deloading(x)),
        "D4": bool(gapped(x)),
        "D5": d5(x),
        "D6": not with_dose(x) and screen_day(x.f, short=False) is not None and screened(x.f),
        "D7": d7(x),
        "D8": x.phase is Phase.RETURN and not x.over,
        "D9": light_week_due(x) or x.f.plan.phase is Phase.LIGHTER_WEEK,
        "D10": any(eligible(x, s) is not None for s in x.states),
    }
    found = [rule for rule, holds in tests.items() if holds]
    return found or ["D11"]


def _decided(x: Sheet, rule: str, matched: list[str]) -> Doses:
    if rule in ("D0", "D1"):
        return {s.exercise: None for s in x.states}
    if rule == "D6":
        return {s.exercise: start(x.f, s) if can_set(x.f) else None for s in x.states}
    if rule == "D8":
        return start_of_return(x) if x.starting else one_rung(x)
    if rule == "D10":
        return one_step(x)
    if rule == "D9" and not light_week_due(x) and light_week_over(x):
        return {s.exercise: (s.reference or s.dose) if s.dose else None for s in x.states}
    return {s.exercise: lowered(x, s, matched) for s in x.states}


def _finish(x: Sheet, doses: Doses) -> Doses:
    """Hard bounds, expiry (B11.14) and RF23 (B11.26) stand above every rule."""
    result: Doses = {}
    for s in x.states:
        dose = bounded(x.f, s, doses[s.exercise])
        balance = x.f.rulebook.exercises[s.exercise].domain is Domain.NEUROMOTOR and "rf23" in x.flags
        result[s.exercise] = None if balance or expired(x.f) else dose
    return result


def _phase_after(x: Sheet, rule: str, doses: Doses) -> Phase:
    given = [d for d in doses.values() if d is not None]
    before = x.f.plan.phase
    if rule == "D0":
        return before
    if rule == "D1":
        return before if before in (Phase.STOPPED, Phase.DISCHARGED) else Phase.STOPPED
    if rule == "D2":
        return Phase.FLARE
    if with_dose(x) and not expired(x.f) and not given:
        return Phase.BASELINE  # B11.12: no exercise has a dose left
    return _usual_phase(x, rule)


def _usual_phase(x: Sheet, rule: str) -> Phase:
    if rule == "D6":
        return Phase.LOADING if any(_decided(x, rule, []).values()) else Phase.BASELINE
    if rule == "D9":
        return Phase.LOADING if not light_week_due(x) and light_week_over(x) else Phase.LIGHTER_WEEK
    if rule in ("D5", "D7") and light_week_due(x) and not x.starting:
        # B11.13: the light dose is given, so the lighter week has begun; else the next day would lower again.
        return Phase.LIGHTER_WEEK if _decided(x, rule, []) != x.current else x.phase
    ends = {"D3": Phase.DELOAD, "D4": Phase.LOADING if x.phase is Phase.LIGHTER_WEEK else x.phase}
    return Phase.LOADING if rule == "D11" and x.over else ends.get(rule, x.phase)


def _review(x: Sheet, rule: str, doses: Doses) -> bool:
    """D12: 28 days without a rise, two deloads or two flares in 28 days."""
    if rule in ("D0", "D1") or not with_dose(x):
        return False
    repeats = max(_episodes(x, rule, "D3", Phase.DELOAD), _episodes(x, rule, "D2", Phase.FLARE))
    rises = any(key(doses[s.exercise]) > key(s.dose) for s in x.states)
    begun = [s.last_raised for s in x.states if s.last_raised] + [d for d in (x.f.plan.started,) if d]
    begun += [past.day for past in x.f.plan.history if past.outcome == "baseline"]
    stalled = bool(begun) and not rises and x.f.days_ago(max(begun)) >= n.STALL_DAYS
    return repeats >= 2 or stalled


def _episodes(x: Sheet, rule: str, proposal: str, its_phase: Phase) -> int:
    """plan-state 3: decisions by local date, the last of a day; a new one when the phase before was another."""
    last: dict[date, tuple[datetime, str, Phase | None]] = {}
    for past in x.f.plan.history:
        if past.day < x.f.today and (past.day not in last or past.recorded > last[past.day][0]):
            last[past.day] = (past.recorded, past.outcome, past.phase)
    days = [(day, outcome, phase) for day, (_, outcome, phase) in sorted(last.items())]
    code = OUTCOMES[proposal].lower().replace("_", "-")
    days.append((x.f.today, OUTCOMES[rule].lower().replace("_", "-"), x.f.plan.phase))
    befores = [None, *(outcome for _, outcome, _ in days)]
    return sum(
        outcome == code and code != last and left is not its_phase and x.f.days_ago(day) < n.REPEAT_DAYS
        for last, (day, outcome, left) in zip(befores, days, strict=False)
    )


def _notes(x: Sheet, rule: str, matched: list[str]) -> set[str]:
    f, notes = x.f, set()
    if rule == "D0":
        return set()
    if expired(f) and f.plan.reference is not None:
        notes.add("PLAN_EXPIRED")
    if rule in ("D2", "D3", "D4") and not screened(f):
        notes.add("SCREEN_OUTSTANDING")
    if light_week_due(x) and rule in ("D2", "D3", "D4", "D5", "D6", "D7", "D8"):
        notes.add("LIGHTER_WEEK_DUE")
    normal = usual(f, "pain")
    unset = limit(f, "pain-ceiling") is None and normal is not None and normal >= 4
    if unset or _usual_has_risen(x, rule):
        notes.add("NEEDS_CLINICIAN")
    return notes


def _usual_has_risen(x: Sheet, rule: str) -> bool:
    """B11.2: at the end of a lighter week a higher usual is only proposed."""
    normal = usual(x.f, "pain")
    week = sorted(v for d, v in ratings(x.f).items() if 1 <= x.f.days_ago(d) <= 7)
    if rule != "D9" or x.phase is not Phase.LIGHTER_WEEK or not light_week_over(x) or len(week) < 5 or normal is None:
        return False
    middle = len(week) // 2
    return (week[middle] if len(week) % 2 else (week[middle - 1] + week[middle]) / 2) > normal
