"""The decision table once more, as a spreadsheet would do it: every rule is worked out, the first that matches wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from service.clinical.plan import Dose, ExerciseState, Phase, PlanInForce
from service.clinical.readings import Heard
from service.clinical.rulebook import Domain, Rulebook, Urgency
from tests.oracle import gates as g
from tests.oracle import numbers as n
from tests.oracle.baseline import can_set, cautious, exercises, start
from tests.oracle.doses import bounded, key, low, lowest, rung, sized, step, times, within_fifth
from tests.oracle.facts import (
    Facts,
    age,
    ceiling,
    conflicts,
    expired,
    facts,
    last_log,
    limit,
    open_flags,
    ratings,
    screen_day,
    screened,
    usual,
)
from tests.oracle.flares import factor, fraction, ongoing, unanswered
from tests.oracle.sessions import (
    Classed,
    at_dose,
    classed,
    done,
    evaluable_of,
    full_dose,
    half_done,
    session_conflicts,
    since,
    surely_at_dose,
)

Doses = dict[str, Dose | None]
OUTCOMES = {
    "D0": "NOT_ELIGIBLE", "D1": "STOP_ESCALATE", "D2": "FLARE_PROTOCOL", "D3": "REACTIVE_DELOAD", "D4": "STEP_BACK",
    "D5": "HOLD_REVIEW", "D6": "BASELINE", "D7": "HOLD_INSUFFICIENT", "D8": "RETURN_TO_LOAD", "D9": "LIGHTER_WEEK",
    "D10": "PROGRESS", "D11": "HOLD",
}


@dataclass(frozen=True)
class OracleResult:
    """What the table comes to. `next` and `gates` by exercise; `matched` starts with `rule`.

    `earned` is `next` with what was only deferred for another exercise's sake (B11.34).
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


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything that the rules share, worked out once."""

    f: Facts
    sessions: list[Classed]
    states: tuple[ExerciseState, ...]
    current: Doses
    phase: Phase  # the state as it is today (B11.11, B11.30), before any rule
    loading_since: date | None
    starting: bool  # RETURN starts today
    fresh: bool  # a return ladder was completed, loading begins again
    flags: dict[str, Urgency] = field(default_factory=dict)

    def state(self, code: str) -> ExerciseState:
        return next(s for s in self.states if s.exercise == code)


def evaluate(heard: Heard, plan: PlanInForce, at: datetime, rulebook: Rulebook) -> OracleResult:
    """One patient at one moment."""
    sheet = _sheet(facts(heard, plan, at, rulebook))
    matched = _matched(sheet)
    rule = matched[0]
    chosen = _finish(sheet, _decided(sheet, rule, matched))
    phase, review = _phase_after(sheet, rule, chosen), _review(sheet, rule, chosen)
    return OracleResult(
        rule, OUTCOMES[rule], phase.value, review, chosen, [(c.day, c.exercise, c.klass) for c in sheet.sessions],
        {s.exercise: _gates(sheet, s) for s in sheet.states}, _notes(sheet, rule, matched),
        matched + (["D12"] if review else []), _finish(sheet, _earned(sheet, rule, chosen)),
    )


# --- the state today --------------------------------------------------------------------------------------------------
def _sheet(f: Facts) -> Sheet:
    states, sessions, plan = exercises(f), classed(f), f.plan
    phase, loading, starting, fresh = plan.phase, plan.loading_since or plan.phase_since, False, False
    dosed = [s for s in states if s.dose is not None]
    over = _deload_over(f, sessions, dosed) if phase is Phase.DELOAD else None
    if over:  # B11.11
        phase, loading = Phase.LOADING, over
    full = _ladder_done(f, dosed) if phase is Phase.RETURN else None
    if unanswered(f):  # B11.30
        phase, starting = (Phase.RETURN, True) if dosed else (Phase.BASELINE, False)
    elif full:
        phase, loading, fresh = Phase.LOADING, f.today, True
    return Sheet(
        f, sessions, states, {s.exercise: s.dose for s in states}, phase, loading, starting, fresh, open_flags(f),
    )


def _deload_over(f: Facts, sessions: list[Classed], dosed: list[ExerciseState]) -> date | None:
    """B11.11: every exercise has 3 complete sessions at the deloaded dose; the date of the last of them."""
    thirds = []
    for s in dosed:
        days = [c.day for c in at_dose(f, sessions, s) if c.counts and c.complete and surely_at_dose(c, s)]
        thirds.append(days[2] if len(days) >= 3 else None)
    return None if not thirds or any(d is None for d in thirds) else max(d for d in thirds if d is not None)


def _ladder_done(f: Facts, dosed: list[ExerciseState]) -> bool:
    """B7: every exercise at 100 % of its pre-flare dose for 7 days."""
    full = all(s.before_flare is None or key(s.dose) >= key(s.before_flare) for s in dosed)
    days = [s.dose_since or f.plan.phase_since or f.today for s in dosed]
    return bool(dosed) and full and f.days_ago(max(days)) >= n.HOLD_AT_FULL


# --- which rules match ------------------------------------------------------------------------------------------------
def _matched(x: Sheet) -> list[str]:
    tests = {
        "D0": _d0(x.f), "D1": _d1(x), "D2": ongoing(x.f) is not None, "D3": bool(_deloading(x)), "D4": bool(_gapped(x)),
        "D5": _d5(x), "D6": not _dosed(x) and screen_day(x.f, short=False) is not None and screened(x.f), "D7": _d7(x),
        "D8": x.phase is Phase.RETURN, "D9": _due(x) or _in_light_week(x) or x.phase is Phase.LIGHTER_WEEK,
        "D10": any(_eligible(x, s) is not None for s in x.states),
    }
    found = [rule for rule, holds in tests.items() if holds]
    return found or ["D11"]


def _dosed(x: Sheet) -> list[ExerciseState]:
    return [s for s in x.states if s.dose is not None]


def _d0(f: Facts) -> bool:
    """plan-state 4: deceased, under 18 (or nobody knows), opted out, not enrolled, merged."""
    p = f.heard.person
    minor = p.birth_date is None or age(f, p.birth_date) < 18
    return p.deceased or minor or p.opted_out or p.enrolled is False or p.merged_into is not None


def _d1(x: Sheet) -> bool:
    """C, B11.19: an open flag of E0, E1 or B; `stopped` and `discharged` are never left."""
    shut = x.f.plan.phase in (Phase.STOPPED, Phase.DISCHARGED)
    return shut or any(u is not Urgency.E2 for u in x.flags.values())


def _deloading(x: Sheet) -> bool:
    """D3, B11.9, B11.10: two X of the last three, or one with peak 8 or more, by exercise or by day."""
    by_exercise = {s.exercise: _harm(at_dose(x.f, x.sessions, s)) for s in _dosed(x)}
    all_of_them = [c for found in by_exercise.values() for c in found]
    by_day: dict[date, list[Classed]] = {}
    for c in all_of_them:
        by_day.setdefault(c.day, []).append(c)
    days = [by_day[d] for d in sorted(by_day)][-3:]
    return any(_bad([[c] for c in found[-3:]]) for found in by_exercise.values()) or _bad(days)


def _harm(found: list[Classed]) -> list[Classed]:
    """Evaluable sessions; a preliminary one only as X, so that it cannot push an X out of the last three."""
    return [c for c in found if c.evaluable and (c.counts or c.klass == "X")]


def _bad(groups: list[list[Classed]]) -> bool:
    worst = [[c for c in group if c.klass == "X"] for group in groups]
    return sum(bool(w) for w in worst) >= 2 or any(c.peak >= 8 for w in worst for c in w)


def _gap_days(x: Sheet, s: ExerciseState) -> int:
    """D4, B11.12, B11.31: days since the last completed session of the domain, else since the dose was approved."""
    library = x.f.rulebook.exercises
    domain = library[s.exercise].domain
    mine = [c.day for c in x.sessions if library[c.exercise].domain is domain and c.counts and half_done(c)]
    last = max(mine, default=since(x.f, s))
    if x.f.plan.phase is Phase.RETURN and x.f.plan.phase_since is not None:
        last = max(last, x.f.plan.phase_since)
    return x.f.days_ago(last)


@lru_cache(64)
def _gapped(x: Sheet) -> list[ExerciseState]:
    if x.starting and x.f.plan.phase is Phase.FLARE:  # B11.31
        return []
    return [s for s in _dosed(x) if _gap_days(x, s) >= 7]


def _d5(x: Sheet) -> bool:
    """D5, B11.25, B11.26: conflict, implausible value, E2 flag, usual pain above the ceiling or 7 and more."""
    normal = usual(x.f, "pain")
    unusable = normal is not None and (normal > ceiling(x.f) or normal >= 7)
    return bool(conflicts(x.f) or session_conflicts(x.f)) or Urgency.E2 in x.flags.values() or unusable


@lru_cache(64)
def _d7(x: Sheet) -> bool:
    """B11.20, B11.14: too little is known."""
    f = x.f
    if not _dosed(x):
        return True
    log = last_log(f)
    most = max(evaluable_of(f, x.sessions, s.exercise) for s in x.states)
    first_day = x.phase is Phase.RETURN and (x.starting or f.plan.phase_since == f.today)
    needed = 0 if first_day else n.EVALUABLE_RETURN if x.phase is Phase.RETURN else n.EVALUABLE
    last = max((c.day for c in x.sessions if c.counts), default=None)
    asked = not (x.starting and f.plan.phase is Phase.FLARE)
    stale = last is None or f.days_ago(last) >= n.SESSION_DAYS
    return (
        g.mornings_known(f) < n.MORNINGS or most < needed or log is None or f.days_ago(log) > n.LOG_DAYS
        or (asked and stale) or not screened(f) or expired(f)
    )


@lru_cache(64)
def _due(x: Sheet) -> bool:
    """B11.5: from day 21 of loading."""
    loading = x.phase is Phase.LOADING or (x.starting and x.f.plan.phase is Phase.LOADING)
    return loading and bool(_dosed(x)) and x.loading_since is not None and x.f.days_ago(x.loading_since) >= n.LOADING_DAYS


# --- what each rule gives ---------------------------------------------------------------------------------------------
def _decided(x: Sheet, rule: str, matched: list[str]) -> Doses:
    if rule in ("D0", "D1"):
        return {s.exercise: None for s in x.states}
    if rule == "D6":
        return {s.exercise: start(x.f, s) if can_set(x.f) else None for s in x.states}
    if rule == "D8":
        return _start_of_return(x) if x.starting else _one_rung(x)
    if rule == "D10":
        return _one_step(x)
    if rule == "D9" and not _due(x) and _light_week_over(x):
        return {s.exercise: (s.reference or s.dose) if s.dose else None for s in x.states}
    return {s.exercise: _lowered(x, s, matched) for s in x.states}


def _lowered(x: Sheet, s: ExerciseState, matched: list[str]) -> Dose | None:
    """The dose in force, or the lowest of what the matching lowering rules give (B6, B11.9, B11.13, B11.31)."""
    if s.dose is None:
        return None
    given: list[Dose | None] = [s.dose]
    flare = ongoing(x.f)
    if flare is not None:
        given.append(times(factor(x.f, flare), _before_flare(x, s), low(x.f, s)))
    if "D3" in matched:
        given.append(_deloaded(x, s))
    if s in _gapped(x):
        given.append(_after_gap(x, s))
    if _due(x):
        given.append(times(n.LIGHT, s.dose, low(x.f, s)))
    if _in_light_week(x) and s.reference is not None:
        given.append(times(n.LIGHT, s.reference, low(x.f, s)))
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
    part = next(part for days, part in n.GAP if _gap_days(x, s) >= days)
    mine = [c for c in x.sessions if c.exercise == s.exercise and c.counts and half_done(c)]
    if part is None or s.dose is None:
        return None
    base = _dose_of(mine[-1], s.dose) if mine else s.dose
    return lowest(times(part, base, low(x.f, s)), s.dose)


def _dose_of(c: Classed, dose: Dose) -> Dose:
    """What that session was: the lesser of prescribed and done, with its load and sets."""
    last, whole = c.variants[0], full_dose(c)
    if last.unit is not None and last.unit != dose.unit:
        return dose
    amount = done(c) if whole is None else min(whole, done(c))
    load = dose.load if dose.load is None or last.load is None else min(dose.load, last.load)
    return replace(dose, amount=amount, load=load, sets=last.sets or dose.sets)


def _in_light_week(x: Sheet) -> bool:
    """B11.5, B11.13: days 0-6, also when a flare in it has settled: no dose above the light one."""
    return x.f.plan.phase is Phase.LIGHTER_WEEK and not _light_week_over(x)


def _light_week_over(x: Sheet) -> bool:
    since_day = x.f.plan.phase_since or x.f.plan.approved
    return since_day is not None and x.f.days_ago(since_day) >= n.LIGHT_DAYS


# --- return to load (B7, B11.18, B11.30, B11.31) ----------------------------------------------------------------------
def _order(x: Sheet) -> list[ExerciseState]:
    """B6: goal-linked first, then least recently progressed, then the order of the domains."""
    def rank(s: ExerciseState) -> tuple[bool, date, int, int]:
        domain = x.f.rulebook.exercises[s.exercise].domain
        return not s.goal_linked, s.last_raised or date.min, list(Domain).index(domain), x.states.index(s)

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
    if begin is not None and key(begin) > key(s.dose):
        begin = within_fifth(begin, s.dose, low(x.f, s))
    return begin


def _start_of_return(x: Sheet) -> Doses:
    result, free = {}, not _in_light_week(x)
    for s in _order(x):
        wanted = bounded(x.f, s, _return_dose(x, s))
        if key(wanted) > key(s.dose) and free:
            free = False
        elif key(wanted) > key(s.dose):
            wanted = s.dose
        result[s.exercise] = lowest(wanted, _lowered(x, s, ["D8"])) if key(wanted) <= key(s.dose) else wanted
    return {s.exercise: result[s.exercise] for s in x.states}


def _one_rung(x: Sheet) -> Doses:
    for s in _order(x):
        up = _earned_rung(x, s)
        if up is not None:
            return dict(x.current) | {s.exercise: up}
    return dict(x.current)


def _earned_rung(x: Sheet, s: ExerciseState) -> Dose | None:
    """A rung is earned by two tolerated sessions at the present one."""
    up = bounded(x.f, s, rung(x.f, s))
    return up if key(up) > key(s.dose) and g.tolerated(x.f, x.sessions, s, 2) else None


def _earned(x: Sheet, rule: str, chosen: Doses) -> Doses:
    """What each exercise would get if it were the only one (B11.34)."""
    if rule == "D10":
        return {s.exercise: _eligible(x, s) or s.dose for s in x.states}
    if rule == "D8" and not x.starting:
        return {s.exercise: _earned_rung(x, s) or s.dose for s in x.states}
    if rule == "D8":
        wanted = {s.exercise: bounded(x.f, s, _return_dose(x, s)) for s in x.states}
        return {s.exercise: max(wanted[s.exercise], s.dose, chosen[s.exercise], key=key)
                if key(wanted[s.exercise]) > key(s.dose) and not _in_light_week(x) else chosen[s.exercise]
                for s in x.states}
    return chosen


# --- progress (D10) ---------------------------------------------------------------------------------------------------
def _wanted(x: Sheet, s: ExerciseState) -> Dose | None:
    """The step up of an exercise with a dose, the start dose of one that waits (B11.12)."""
    if s.dose is not None:
        return step(x.f, s, cautious(x.f))
    return start(x.f, s) if _dosed(x) and can_set(x.f) else None


def _eligible(x: Sheet, s: ExerciseState) -> Dose | None:
    """The dose it would rise to, if every gate lets it."""
    wanted = bounded(x.f, s, _wanted(x, s))
    if wanted is None or key(wanted) <= key(s.dose) or g.FAIL in _gates(x, s).values():
        return None
    return wanted


def _one_step(x: Sheet) -> Doses:
    first = next(s for s in _order(x) if _eligible(x, s) is not None)
    return dict(x.current) | {first.exercise: _eligible(x, first)}


@lru_cache(64)
def _gates(x: Sheet, s: ExerciseState) -> dict[str, str]:
    f, sessions = x.f, x.sessions
    wanted = _wanted(x, s)
    waiting = s.dose is None
    loaded = s.dose is not None and s.dose.load is not None
    tests: dict[str, bool | None] = {
        "G1": not x.flags, "G2": x.phase is Phase.LOADING and not x.fresh,
        "G3": not _d7(x) and (waiting or g.enough_sessions(f, sessions, s)),
        "G4": None if waiting else g.tolerated(f, sessions, s, 3), "G5": g.g5(f, sessions, x.states), "G6": g.g6(f),
        "G7": None if waiting else g.g7(f, sessions, s), "G8": g.g8(f),
        "G9": None if waiting or wanted is None else g.g9(f, sessions, s, wanted),
        "G10": None if waiting else g.g10(f, sessions, s), "G11": g.g11(f, sessions, s) if loaded else None,
        "G12": not _due(x), "G13": None if waiting else g.g13(f, sessions, s),
        "G14": g.g14(f, s, wanted, bounded(f, s, wanted)),
    }
    return {name: g.NOT_APPLICABLE if held is None else g.PASS if held else g.FAIL for name, held in tests.items()}


# --- afterwards -------------------------------------------------------------------------------------------------------
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
    if rule in ("D2", "D3"):
        return Phase.FLARE if rule == "D2" else Phase.DELOAD
    if rule == "D6":
        return Phase.LOADING if given else Phase.BASELINE
    if rule == "D9":
        return Phase.LOADING if not _due(x) and _light_week_over(x) else Phase.LIGHTER_WEEK
    rebaseline = bool(_dosed(x)) and not expired(x.f) and not any(doses.values()) and _nothing_left(x)
    return Phase.BASELINE if rebaseline else x.phase


def _nothing_left(x: Sheet) -> bool:
    """B11.12: a re-baseline took the last dose (not a flag, a limit or an expiry)."""
    return all(_lowered(x, s, ["D4"]) is None for s in x.states)


def _review(x: Sheet, rule: str, doses: Doses) -> bool:
    """D12: 28 days without a rise, two deloads or two flares in 28 days."""
    if rule in ("D0", "D1"):
        return False
    repeats = max(_episodes(x, rule, "D3", Phase.DELOAD), _episodes(x, rule, "D2", Phase.FLARE))
    rises = any(key(doses[s.exercise]) > key(s.dose) for s in x.states)
    begun = [s.last_raised for s in x.states if s.last_raised] + [d for d in (x.f.plan.started,) if d]
    stalled = bool(_dosed(x)) and bool(begun) and not rises and x.f.days_ago(max(begun)) >= n.STALL_DAYS
    return repeats >= 2 or stalled


def _episodes(x: Sheet, rule: str, wanted: str, its_phase: Phase) -> int:
    """plan-state 3: decisions by local date, the last of a day; a new one when the phase before was another."""
    last: dict[date, tuple[datetime, str, Phase | None]] = {}
    for past in x.f.plan.history:
        if past.day < x.f.today and (past.day not in last or past.recorded > last[past.day][0]):
            last[past.day] = (past.recorded, past.outcome, past.phase)
    days = [(day, outcome, phase) for day, (_, outcome, phase) in sorted(last.items())]
    code = OUTCOMES[wanted].lower().replace("_", "-")
    days.append((x.f.today, OUTCOMES[rule].lower().replace("_", "-"), None))
    count = 0
    for index, (day, outcome, _) in enumerate(days):
        before = days[index - 1][2] if index else None
        count += outcome == code and before is not its_phase and x.f.days_ago(day) <= n.REPEAT_DAYS
    return count


def _notes(x: Sheet, rule: str, matched: list[str]) -> set[str]:
    f, notes = x.f, set()
    if rule in ("D0",):
        return set()
    if expired(f) and f.plan.reference is not None:
        notes.add("PLAN_EXPIRED")
    if rule in ("D2", "D3", "D4") and not screened(f):
        notes.add("SCREEN_OUTSTANDING")
    if _due(x) and rule in ("D2", "D3", "D4", "D5", "D6", "D7", "D8"):
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
    if rule != "D9" or x.phase is not Phase.LIGHTER_WEEK or not _light_week_over(x) or len(week) < 5 or normal is None:
        return False
    middle = len(week) // 2
    return (week[middle] if len(week) % 2 else (week[middle - 1] + week[middle]) / 2) > normal
