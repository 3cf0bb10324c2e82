"""The state today and which rules match on it, each rule by itself (B6, B11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tests.second_evaluator import gates as g
from tests.second_evaluator import numbers as n
from tests.second_evaluator.alarms import conflicts, open_flags
from tests.second_evaluator.baseline import exercises
from tests.second_evaluator.doses import key
from tests.second_evaluator.facts import Facts, age, ceiling, expired, last_log, screen_day, screened, usual
from tests.second_evaluator.flares import NO_DOSE, unanswered
from tests.second_evaluator.reported import since
from tests.second_evaluator.sessions import (
    Classed,
    at_dose,
    classed,
    evaluable_of,
    half_done,
    session_conflicts,
)
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import TrialReported
from titrate.clinical.values.rulebook import Urgency

Doses = dict[str, Dose | None]


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
    over: bool  # the return ladder is complete: loading begins again with the next decision
    flags: dict[str, Urgency] = field(default_factory=dict)

    def state(self, code: str) -> ExerciseState:
        return next(s for s in self.states if s.exercise == code)


def make_sheet(f: Facts) -> Sheet:
    states, sessions, plan = exercises(f), classed(f), f.plan
    phase, loading, starting = plan.phase, plan.loading_since or plan.phase_since or plan.started, False
    dosed = [s for s in states if s.dose is not None]
    if not dosed and phase not in NO_DOSE and phase is not Phase.FLARE:
        phase = Phase.BASELINE  # B11.12: no exercise has a dose left
    over = _deload_over(f, sessions, dosed) if phase is Phase.DELOAD else None
    if over:  # B11.11
        phase, loading = Phase.LOADING, over
    full = phase is Phase.RETURN and _ladder_done(f, dosed)
    if unanswered(f):  # B11.30
        phase, starting, full = (Phase.RETURN, True, False) if dosed else (Phase.BASELINE, False, False)
    return Sheet(
        f,
        sessions,
        states,
        {s.exercise: s.dose for s in states},
        phase,
        loading,
        starting,
        full,
        open_flags(f),
    )


def _deload_over(f: Facts, sessions: list[Classed], dosed: list[ExerciseState]) -> date | None:
    """B11.11: every exercise has 3 complete sessions at the deloaded dose; the date of the last of them."""
    thirds = []
    for s in dosed:
        days = [c.day for c in at_dose(f, sessions, s) if c.counts and c.complete]
        thirds.append(days[2] if len(days) >= 3 else None)
    return None if not thirds or any(d is None for d in thirds) else max(d for d in thirds if d is not None)


def _ladder_done(f: Facts, dosed: list[ExerciseState]) -> bool:
    """B7: every exercise at 100 % of its pre-flare dose for 7 days."""
    full = all(s.before_flare is None or key(s.dose) >= key(s.before_flare) for s in dosed)
    days = [s.dose_since or f.plan.phase_since or f.today for s in dosed]
    return bool(dosed) and full and f.days_ago(max(days)) >= n.HOLD_AT_FULL


def with_dose(x: Sheet) -> list[ExerciseState]:
    return [s for s in x.states if s.dose is not None]


def d0(f: Facts) -> bool:
    """plan-state 4: deceased, known to be under 18, opted out, not enrolled, merged."""
    p = f.patient_readings.person
    minor = p.birth_date is not None and age(f.today, p.birth_date) < 18
    return p.deceased or minor or p.opted_out or p.enrolled is False or p.merged_into is not None


def d1(x: Sheet) -> bool:
    """C, B11.19: an open flag of E0, E1 or B; the service never leaves `stopped` and `discharged`."""
    shut = x.f.plan.phase in (Phase.STOPPED, Phase.DISCHARGED)
    return shut or any(u is not Urgency.E2 for u in x.flags.values())


def deloading(x: Sheet) -> bool:
    """D3, B11.9, B11.10: two X of the last three, or one with peak 8 or more, by exercise or by day."""
    by_exercise = {s.exercise: _harm(at_dose(x.f, x.sessions, s)) for s in with_dose(x)}
    all_of_them = [c for found in by_exercise.values() for c in found]
    by_day: dict[date, list[Classed]] = {}
    for c in all_of_them:
        by_day.setdefault(c.day, []).append(c)
    days = [by_day[d] for d in sorted(by_day)][-3:]
    return any(_bad([[c] for c in found[-3:]]) for found in by_exercise.values()) or _bad(days)


def _harm(found: list[Classed]) -> list[Classed]:
    """Evaluable sessions; one with gaps, or preliminary, only as X, so that it pushes no X out of the last three."""
    return [c for c in found if c.evaluable and ((c.counts and c.whole) or c.klass == "X")]


def _bad(groups: list[list[Classed]]) -> bool:
    worst = [[c for c in group if c.klass == "X"] for group in groups]
    return sum(bool(w) for w in worst) >= 2 or any(c.peak >= 8 for w in worst for c in w)


def gap_days(x: Sheet, s: ExerciseState) -> int:
    """D4, B11.12, B11.31: days since the last completed session of the domain, else since the dose was approved."""
    library = x.f.rulebook.exercises
    domain = library[s.exercise].domain
    mine = [c.day for c in x.sessions if library[c.exercise].domain is domain and c.counts and half_done(x.f, c)]
    last = max(mine, default=since(x.f, s))
    tried = [
        r.stamp.day
        for r in x.f.readings
        if isinstance(r, TrialReported) and r.exercise == s.exercise and not r.stamp.preliminary
    ]
    if s.dose == s.start and any(last < day <= since(x.f, s) for day in tried):
        last = since(x.f, s)  # a new start dose, from trials after the last session
    if x.f.plan.phase is Phase.RETURN and x.f.plan.phase_since is not None:
        last = max(last, x.f.plan.phase_since)
    return x.f.days_ago(last)


@lru_cache(64)
def gapped(x: Sheet) -> list[ExerciseState]:
    if x.starting and x.f.plan.phase is Phase.FLARE:  # B11.31
        return []
    return [s for s in with_dose(x) if gap_days(x, s) >= 7]


def d5(x: Sheet) -> bool:
    """D5, B11.25, B11.26, B13.15: conflict, unknown fact, E2 flag, usual pain above the ceiling or 7 and more."""
    normal = usual(x.f, "pain")
    unusable = normal is not None and (normal > ceiling(x.f) or normal >= 7)
    person = x.f.patient_readings.person
    unsure = person.birth_date is None or bool(person.unreadable)
    return unsure or bool(conflicts(x.f) or session_conflicts(x.f)) or Urgency.E2 in x.flags.values() or unusable


@lru_cache(64)
def d7(x: Sheet) -> bool:
    """B11.20, B11.14: too little is known."""
    return not with_dose(x) or lacking(x) or not screened(x.f) or expired(x.f)


@lru_cache(64)
def lacking(x: Sheet) -> bool:
    """Section D: mornings, sessions, the last log, the screen's age. Without any dose, sessions are not required."""
    f = x.f
    log = last_log(f)
    few = g.mornings_known(f) < n.MORNINGS or log is None or f.days_ago(log) > n.LOG_DAYS
    short = screen_day(f, short=True)
    return few or short is None or f.days_ago(short) > n.SCREEN_DAYS or _sessions_lacking(x)


def _sessions_lacking(x: Sheet) -> bool:
    f = x.f
    if not with_dose(x):
        return False
    most = max(evaluable_of(f, x.sessions, s.exercise) for s in with_dose(x))
    first_day = x.starting or (x.phase is Phase.RETURN and f.plan.phase_since == f.today)
    needed = 0 if first_day else n.EVALUABLE_RETURN if x.phase is Phase.RETURN else n.EVALUABLE
    last = max((c.day for c in x.sessions if c.counts), default=None)
    needs_recent = not (x.starting and f.plan.phase is Phase.FLARE)
    return most < needed or (needs_recent and (last is None or f.days_ago(last) >= n.SESSION_DAYS))


@lru_cache(64)
def light_week_due(x: Sheet) -> bool:
    """B11.5: from day 21 of loading."""
    loading = x.phase is Phase.LOADING or (x.starting and x.f.plan.phase is Phase.LOADING)
    long_enough = x.loading_since is not None and x.f.days_ago(x.loading_since) >= n.LOADING_DAYS
    return loading and bool(with_dose(x)) and long_enough


def light_week_over(x: Sheet) -> bool:
    since_day = x.f.plan.phase_since or x.f.plan.approved
    return since_day is not None and x.f.days_ago(since_day) >= n.LIGHT_DAYS
