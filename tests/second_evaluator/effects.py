"""Doses of each rule: lowering, the return after a flare, the single step up, and its gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from tests.second_evaluator import gates as g
from tests.second_evaluator import numbers as n
from tests.second_evaluator.baseline import can_set, cautious, start
from tests.second_evaluator.doses import bounded, exceeds, key, low, lowest, rung, sized, step, times, within_fifth
from tests.second_evaluator.facts import Facts, screened
from tests.second_evaluator.flares import factor, fraction, ongoing, unanswered
from tests.second_evaluator.sessions import (
    Classed,
    at_dose,
    done,
    full_dose,
    half_done,
)
from tests.second_evaluator.sheet import (
    Doses,
    Sheet,
    gap_days,
    gapped,
    lacking,
    light_week_due,
    with_dose,
)
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.rulebook import Domain


def lowered(x: Sheet, s: ExerciseState, matched: list[str]) -> Dose | None:
    """The dose in force, or the lowest of what the matching lowering rules give (B6, B11.9, B11.13, B11.31)."""
    if s.dose is None:
        return None
    given: list[Dose | None] = [s.dose]
    flare = ongoing(x.f)
    if flare is not None:
        given.append(times(factor(x.f, flare), _before_flare(x, s), low(x.f, s)))
    if "D3" in matched:
        given.append(_deloaded(x, s))
    if s in gapped(x):
        given.append(_after_gap(x, s))
    if light_week_due(x):
        given.append(times(n.LIGHT, s.dose, low(x.f, s)))
    if x.starting:
        given.append(_return_dose(x, s))
    return lowest(*given)


def _before_flare(x: Sheet, s: ExerciseState) -> Dose | None:
    """B11.9: the pre-flare dose; in a lighter week the reference, in RETURN the rung in force."""
    phase = x.f.plan.phase
    if phase is Phase.FLARE:
        return s.before_flare or s.dose
    return (s.reference or s.dose) if phase is Phase.LIGHTER_WEEK else s.dose


def _deloaded(x: Sheet, s: ExerciseState) -> Dose | None:
    """D3, B11.10: x 0.80, not below half of the start dose, never above the dose in force."""
    if s.dose is None:
        return None
    amount = s.dose.amount * n.DELOAD
    if s.start is not None and s.start.unit == s.dose.unit:
        amount = max(amount, s.start.amount * n.FLOOR)
    return lowest(sized(amount, s.dose, low(x.f, s)), s.dose)


def _after_gap(x: Sheet, s: ExerciseState) -> Dose | None:
    """D4, B11.9: the gap's factor times the dose of the last completed session."""
    part = next(part for days, part in n.GAP if gap_days(x, s) >= days)
    mine = [c for c in x.sessions if c.exercise == s.exercise and c.counts and half_done(x.f, c)]
    if part is None or s.dose is None:
        return None
    base = _dose_of(x.f, mine[-1], s.dose) if mine else s.dose
    return lowest(times(part, base, low(x.f, s)), s.dose)


def _dose_of(f: Facts, c: Classed, dose: Dose) -> Dose:
    """What that session was: the lesser of prescribed and done, with its load and sets."""
    last, whole = c.variants[0], full_dose(c)
    if last.unit is not None and last.unit != dose.unit:
        return dose
    amount = done(f, c) if whole is None else min(whole, done(f, c))
    lighter = dose.load is not None and last.load is not None and last.load < dose.load - n.LOAD_SAME
    load = last.load if lighter else dose.load
    return replace(dose, amount=amount, load=load, sets=last.sets or dose.sets)


def _order(x: Sheet) -> list[ExerciseState]:
    """B6: goal-linked first, then least recently progressed, then the order of the domains."""

    def rank(s: ExerciseState) -> tuple[bool, date, int, str]:
        domain = x.f.rulebook.exercises[s.exercise].domain
        return not s.goal_linked, s.last_raised or date.min, list(Domain).index(domain), s.exercise

    return sorted(x.states, key=rank)


def _return_dose(x: Sheet, s: ExerciseState) -> Dose | None:
    """Where a return starts, before the rule that only one exercise may rise."""
    flare, before = unanswered(x.f), _before_flare(x, s)
    if flare is None or s.dose is None or before is None:
        return s.dose
    part = fraction(flare.length)
    begin = times(part, before, low(x.f, s))
    if part is None:
        return None
    good = [c for c in at_dose(x.f, x.sessions, s) if c.klass == "T" and 1 <= x.f.days_ago(c.day) <= 4]
    if x.f.plan.phase is Phase.FLARE and len(good) >= 2:
        begin = max(begin, s.dose, key=key)
        begin = lowest(begin, times(n.RETURN_MAX, before, low(x.f, s)))
    if begin is not None and begin.load is not None:
        begin = replace(begin, load=s.dose.load and min(begin.load, s.dose.load))  # READINGS 69
    if begin is not None and key(begin) > key(s.dose):
        begin = within_fifth(begin, s.dose, low(x.f, s))
    return begin


def start_of_return(x: Sheet) -> Doses:
    result, free = {}, x.f.plan.phase is not Phase.LIGHTER_WEEK
    for s in _order(x):
        proposal = bounded(x.f, s, _return_dose(x, s))
        up = exceeds(proposal, s.dose)
        kept = lowest(s.dose if up else proposal, lowered(x, s, ["D8"]))
        result[s.exercise] = proposal if up and free else kept
        free = free and not up
    return {s.exercise: result[s.exercise] for s in x.states}


def one_rung(x: Sheet) -> Doses:
    for s in _order(x):
        up = _earned_rung(x, s)
        if up is not None:
            return dict(x.current) | {s.exercise: up}
    return dict(x.current)


def _earned_rung(x: Sheet, s: ExerciseState) -> Dose | None:
    """A rung is earned by two tolerated sessions at the present one."""
    up = bounded(x.f, s, rung(x.f, s))
    return up if key(up) > key(s.dose) and g.tolerated(x.f, x.sessions, s, 2) else None


def earned_doses(x: Sheet, rule: str, chosen: Doses) -> Doses:
    """The dose of each exercise if it were the only one (B11.34)."""
    if rule == "D10":
        return {s.exercise: eligible(x, s) or s.dose for s in x.states}
    if rule == "D8" and not x.starting:
        return {s.exercise: _earned_rung(x, s) or s.dose for s in x.states}
    if rule == "D8":
        proposal = {s.exercise: bounded(x.f, s, _return_dose(x, s)) for s in x.states}
        free = x.f.plan.phase is not Phase.LIGHTER_WEEK
        return {
            s.exercise: max(proposal[s.exercise], s.dose, chosen[s.exercise], key=key)
            if free and key(proposal[s.exercise]) > key(s.dose)
            else chosen[s.exercise]
            for s in x.states
        }
    return chosen


def step_or_start(x: Sheet, s: ExerciseState) -> Dose | None:
    """The step up of an exercise with a dose, the start dose of one that waits (B11.12)."""
    if s.dose is not None:
        return step(x.f, s, cautious(x.f))
    return start(x.f, s) if with_dose(x) and can_set(x.f) else None


def eligible(x: Sheet, s: ExerciseState) -> Dose | None:
    """The dose it would rise to, if every gate lets it."""
    proposal = bounded(x.f, s, step_or_start(x, s))
    if proposal is None or proposal != step_or_start(x, s) or g.FAIL in gates_of(x, s).values():
        return None
    return proposal


def one_step(x: Sheet) -> Doses:
    first = next(s for s in _order(x) if eligible(x, s) is not None)
    return dict(x.current) | {first.exercise: eligible(x, first)}


@lru_cache(64)
def gates_of(x: Sheet, s: ExerciseState) -> dict[str, str]:
    f, sessions = x.f, x.sessions
    proposal = step_or_start(x, s)
    waiting = s.dose is None
    loaded = s.dose is not None and s.dose.load is not None
    tests: dict[str, bool | None] = {
        "G1": not x.flags,
        "G2": x.phase is Phase.LOADING,
        "G3": not lacking(x) and screened(f) and (waiting or g.enough_sessions(f, sessions, s)),
        "G4": None if waiting else g.tolerated(f, sessions, s, 3),
        "G5": g.g5(f, sessions, x.states),
        "G6": g.g6(f),
        "G7": None if waiting else g.g7(f, sessions, s),
        "G8": g.g8(f),
        "G9": None
        if waiting or proposal is None or bounded(f, s, proposal) != proposal
        else g.g9(f, sessions, s, proposal),
        "G10": None if waiting else g.g10(f, sessions, s),
        "G11": g.g11(f, sessions, s) if loaded else None,
        "G12": not light_week_due(x),
        "G13": None if waiting else g.g13(f, sessions, s),
        "G14": g.g14(f),
    }
    return {
        name: g.NOT_APPLICABLE if passed is None else g.PASS if passed else g.FAIL for name, passed in tests.items()
    }
