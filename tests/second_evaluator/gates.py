"""The fourteen gates for one exercise (B6, B11.4-7, B11.24, B11.32, B11.35, B11.36)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.second_evaluator import numbers as n
from tests.second_evaluator.baseline import clinician_answered_yes
from tests.second_evaluator.doses import exercise, target
from tests.second_evaluator.facts import (
    CLINICIAN,
    Facts,
    last_week,
    limit,
    mean,
    newest,
    ratings,
    rpe_cap,
    usual,
    week_before,
)
from tests.second_evaluator.reported import pulse
from tests.second_evaluator.sessions import Classed, at_dose, evaluable_of, half_done, since_dose, surely_at_dose, work
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import DoseLimit, SessionReported
from titrate.clinical.values.rulebook import Domain

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not-applicable"


def streak(f: Facts, sessions: list[Classed], state: ExerciseState, length: int) -> list[Classed]:
    """The last `length` evaluable sessions since the current dose began; one at another dose breaks the run.

    If all lie on one date, the newest of an earlier date is judged with them (B12.2).
    """
    mine = [c for c in since_dose(f, sessions, state) if c.evaluable]
    last = mine[-length:]
    if len({c.day for c in last}) == 1:
        last = [c for c in mine if c.day < last[0].day][-1:] + last
    return last


def tolerated(f: Facts, sessions: list[Classed], state: ExerciseState, length: int) -> bool:
    """G4, and the rungs of a return: the last evaluable sessions, on two dates, all at dose and all T."""
    last = streak(f, sessions, state, length)
    dated = len({c.day for c in last}) >= n.RISE_DATES
    return len(last) >= length and dated and all(c.klass == "T" and surely_at_dose(c, state) for c in last)


def g5(f: Facts, sessions: list[Classed], states: tuple[ExerciseState, ...]) -> bool:
    """B11.24, plan-state 3: 7 days since the last rise of any exercise was taken; an untaken rise fails."""
    raised = [s for s in states if s.last_raised is not None]
    taken = [_taken(f, sessions, s) for s in raised]
    if any(day is None for day in taken):
        return False
    days = [d for d in taken if d is not None]
    if not days:
        days = [d for d in (s.dose_since or f.plan.approved for s in states if s.dose is not None) if d is not None]
    days = days or [d for d in (f.plan.started,) if d is not None]
    return bool(days) and f.days_ago(max(days)) >= 7


def _taken(f: Facts, sessions: list[Classed], state: ExerciseState) -> date | None:
    """The first session recorded at the new dose; if the dose has changed since, the day of the rise."""
    raised = state.last_raised or date.min
    mine = [c for c in sessions if c.exercise == state.exercise and c.day >= raised and c.counts]
    if state.dose is None or (state.dose_since is not None and state.dose_since > raised):
        return raised
    return min((c.day for c in mine if surely_at_dose(c, state)), default=None)


def g6(f: Facts) -> bool:
    """B11.32: the week's mean against the lower of the previous week's and usual; a rise of 0.5 passes."""
    now, before, normal = mean(f, last_week(f)), mean(f, week_before(f)), usual(f, "pain")
    if now is None or before is None or normal is None:
        return False
    return now - min(before, Fraction(normal)) <= Fraction(n.WEEK_RISE)


def g7(f: Facts, sessions: list[Classed], state: ExerciseState) -> bool:
    """B11.6: half-done sessions of the last 7 days over the weekly frequency, at most 1."""
    mine = [c for c in sessions if c.exercise == state.exercise and c.day in last_week(f)]
    count = sum(c.counts and half_done(f, c) for c in mine)
    share = min(Fraction(1), Fraction(count, state.weekly_frequency)) if state.weekly_frequency else Fraction(0)
    return share >= Fraction(n.ADHERENCE)


def g8(f: Facts) -> bool:
    """B10, B11.26: no hold by sleep, mood, stressor, resting heart rate, or fear without a ladder."""
    resting, tsk, mood = newest(f, "heart-rate"), newest(f, "tsk-11"), newest(f, "phq-9")
    afraid = tsk is not None and tsk >= 36 and not clinician_answered_yes(f, "exposure-ladder-started")
    return not (
        bad_nights(f) >= 3
        or (mood is not None and mood >= 10)
        or _stressed(f)
        or (resting is not None and resting >= 100)
        or clinic_pain(f)
        or afraid
    )


def clinic_pain(f: Facts) -> bool:
    """B13.11: a clinic's pain score of today that is 3 or more above usual."""
    normal = usual(f, "pain")
    today = [r.value for r in f.measured("pain-clinic") if r.stamp.day == f.today]
    return normal is not None and any(value - normal >= n.CLINIC_PAIN for value in today)


def bad_nights(f: Facts) -> int:
    """Nights of the last 7 days and today with less than 5 h or quality 3 or less."""
    days = {*last_week(f), f.today}
    short = {r.stamp.day for r in f.measured("sleep-hours") if r.value < 5}
    poor = {r.stamp.day for r in f.measured("sleep-quality") if r.value <= 3}
    return len((short | poor) & days)


def _stressed(f: Facts) -> bool:
    answers = list(f.answers("stressor"))
    if not answers:
        return False
    recent = any(a.value == "major" and f.days_ago(a.stamp.day) <= 7 for a in answers)
    counted = [a for a in answers if a.value == "major" or not a.stamp.preliminary]
    last = max((a.stamp.when for a in counted), default=None)
    return recent or any(a.value == "major" and a.stamp.when == last for a in counted)


def g9(f: Facts, sessions: list[Classed], state: ExerciseState, step: Dose) -> bool:
    """B11.7: planned week against 1.20 x the week done, and 1.30 x the 28-day mean once there are 21 days."""
    loaded = step.load is not None
    mine = [c for c in sessions if c.exercise == state.exercise and c.counts]
    planned = step.amount * state.weekly_frequency * (step.load if step.load is not None else Decimal(1))
    week = sum((work(f, c, loaded) for c in mine if 1 <= f.days_ago(c.day) <= 7), Decimal(0))
    month = sum((work(f, c, loaded) for c in mine if 1 <= f.days_ago(c.day) <= 28), Decimal(0))
    old = any(c.exercise == state.exercise and f.days_ago(c.day) >= 21 for c in sessions)
    return planned <= week * n.WEEK_CAP and (not old or planned * 4 <= month * n.MONTH_CAP)


def g10(f: Facts, sessions: list[Classed], state: ExerciseState) -> bool:
    """B11.35, B11.36: form of the last 2 sessions at dose, of any class; needed except in aerobic exercises."""
    last = at_dose(f, sessions, state)[-2:]
    aerobic = exercise(f, state.exercise).domain is Domain.AEROBIC
    forms = [v.form for c in last for v in c.variants]
    fine = all(form == "good" or (aerobic and form is None) for form in forms)
    if any(_evasive(v) for c in last for v in c.variants):
        return False
    return fine and (aerobic or len(last) == 2)


def _evasive(s: SessionReported) -> bool:
    """A1 C33, A3 row 1: a compensation that was observed, or a tempo that was not kept or is unknown."""
    return bool(set(s.compensations or ()) - {"none"}) or s.tempo not in {None, "as-planned", "slower"}


def g11(f: Facts, sessions: list[Classed], state: ExerciseState) -> bool:
    """B5, B11.35: 2-for-2 in the last 2 sessions at dose, both T."""
    last, aim = at_dose(f, sessions, state)[-2:], _aim(f, state)
    return (
        len(last) == 2
        and aim is not None
        and all(
            c.klass == "T"
            and surely_at_dose(c, state)
            and all(v.last_set is not None and v.last_set >= aim + 2 for v in c.variants)
            for c in last
        )
    )


def _aim(f: Facts, state: ExerciseState) -> int | None:
    """The target, or the repetitions per set of the dose, whichever is larger."""
    per_set = 0 if state.dose is None else int(state.dose.amount) // (state.dose.sets or 1)
    aims = [a for a in (target(f, state, state.exercise), per_set) if a]
    return max(aims, default=None)


def g13(f: Facts, sessions: list[Classed], state: ExerciseState) -> bool:
    """B11.24, B11.35: effort, talk test and heart rate in every session since the first of G4's three."""
    last = streak(f, sessions, state, 3)
    if len(last) < 3:
        return False
    most = limit(f, "heart-rate-limit")
    since = [c for c in sessions if c.exercise == state.exercise and c.end >= last[0].end]
    return all(
        v.rpe is not None
        and v.rpe <= rpe_cap(f)
        and v.talk_test in (None, "comfortable")
        and (most is None or (rate := pulse(f, v)) is None or rate <= most)
        for c in since
        for v in c.variants
    )


def g14(f: Facts) -> bool:
    """B11.24: limits not older than 42 days, counted from the newest limit or the approval."""
    names = ("pain-ceiling", "rpe-cap", "heart-rate-limit")
    limits = [r.stamp for r in f.readings if isinstance(r, DoseLimit)] + [r.stamp for r in f.measured(*names)]
    days = [s.day for s in limits if s.reporter is CLINICIAN and not s.preliminary]
    days += [f.plan.approved] if f.plan.approved else []
    return bool(days) and f.days_ago(max(days)) <= n.LIMIT_DAYS


def mornings_known(f: Facts) -> int:
    """D: dates of the last 7 with a morning rating that counts."""
    return sum(day in ratings(f) for day in last_week(f))


def enough_sessions(f: Facts, sessions: list[Classed], state: ExerciseState) -> bool:
    """G3 (B11.20): three evaluable sessions of the exercise itself."""
    return evaluable_of(f, sessions, state.exercise) >= n.EVALUABLE
