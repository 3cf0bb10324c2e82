"""Checks of a dose that rises: how far, how many at once, and on what evidence.

A check returns None if there is nothing to judge. Its docstring is the description that the report prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from titrate.messages import Message
from titrate.messages.simulation import (
    JudgedCrashes,
    JudgedDoseChange,
    JudgedEffort,
    JudgedExercise,
    JudgedFlareSince,
    JudgedLoadAndAmount,
    JudgedMean,
    JudgedMornings,
    JudgedNextMorning,
    JudgedNoSession,
    JudgedNoTrials,
    JudgedOnDay,
    JudgedPeak,
    JudgedRecentRise,
    JudgedSessions,
    JudgedStopped,
)
from titrate.simulation.diary import Day, Session
from titrate.simulation.judge.observation import WEEK, CheckFinding, JudgedStep, mean

SESSION_DAYS = 21
CRASH_DAYS = range(1, 4)
RETURNING = ("return", "flare")


def too_far(judged: JudgedStep) -> CheckFinding:
    """More than the largest step above the dose in force; the end of a lighter week restores the dose, no more."""
    most = 1 + judged.numbers.step_max_pct
    before, after = judged.step.before, judged.step.after
    up = [code for code in before if code in judged.risen()]
    if not up and not judged.restores:
        return None
    return tuple(
        JudgedDoseChange(exercise=code, before=before[code].amount, after=after[code].amount)
        for code in up
        if after[code].amount > before[code].amount * most or (after[code].load or 0) > (before[code].load or 0) * most
    )


def several(judged: JudgedStep) -> CheckFinding:
    """Two exercises raised at once; the first doses of all exercises may come together."""
    up = (*judged.risen(), *(judged.started() if judged.step.before else ()))
    if not up:
        return None
    return tuple(JudgedExercise(exercise=code) for code in up) if len(up) > 1 else ()


def two_variables(judged: JudgedStep) -> CheckFinding:
    """Load and amount of one exercise raised together."""
    up = judged.risen()
    if not up:
        return None
    before, after = judged.step.before, judged.step.after
    return tuple(
        JudgedLoadAndAmount(exercise=code)
        for code in up
        if (after[code].load or 0) > (before[code].load or 0) and after[code].amount > before[code].amount
    )


def too_soon(judged: JudgedStep) -> CheckFinding:
    """A rise within a week of the last one, outside the return to load, which counts sessions instead."""
    if not judged.risen() or judged.step.phase == "return":
        return None
    since = judged.step.number - int(judged.numbers.min_days_at_dose)
    recent = (
        JudgedStep(judged.patient, judged.rulebook, judged.days, judged.before[:place], run)
        for place, run in enumerate(judged.before)
        if run.number > since
    )
    return tuple(JudgedRecentRise(exercise=code, day=run.step.number) for run in recent for code in run.risen())


def without_data(judged: JudgedStep) -> CheckFinding:
    """Fewer mornings in the last week, or sessions in three, than a rise needs; for a first dose, fewer trials."""
    if not judged.risen() and not judged.started():
        return None
    numbers, found = judged.numbers, list[Message]()
    mornings = sum(1 for day in judged.recent_days(WEEK) if day.logged)
    if mornings < numbers.mornings_min:
        found.append(JudgedMornings(count=mornings))
    returning = judged.step.phase in RETURNING
    least = numbers.sessions_min_return if returning else numbers.sessions_min
    for code in judged.risen() if judged.step.phase_before != "flare" else ():
        count = len(judged.sessions(code, SESSION_DAYS))
        if count < least:
            found.append(JudgedSessions(exercise=code, count=count))
    window = 2 * int(numbers.trials_days) + 1
    tried = [trial.exercise for day in judged.recent_days(window) for trial in day.trials]
    started = (code for code in judged.started() if tried.count(code) < numbers.trials_min)
    return (*found, *(JudgedNoTrials(exercise=code) for code in started))


def after_a_gap(judged: JudgedStep) -> CheckFinding:
    """A rise although no session was reported for as long as makes a gap."""
    gap, up = int(judged.numbers.gap_days), judged.risen()
    if not up:
        return None
    return tuple(JudgedNoSession(exercise=code, days=gap) for code in up if not judged.sessions(code, gap - 1))


def in_a_flare(judged: JudgedStep) -> CheckFinding:
    """A rise while a reported flare has not ended."""
    if not judged.risen() and not judged.started():
        return None
    flares = judged.flares()
    return (JudgedFlareSince(day=flares[-1].first),) if flares and flares[-1].ended is None else ()


def worse_week(judged: JudgedStep) -> CheckFinding:
    """A rise after a week of mornings worse than the week before, beyond the tolerance; not in the return to load."""
    return None if judged.step.phase == "return" else worse_than_before(judged)


def worse_than_before(judged: JudgedStep) -> CheckFinding:
    """A rise after a week of mornings worse than the week before, beyond the tolerance."""
    if not judged.risen():
        return None
    (now, many), (then, some) = mean(judged.recent_days(WEEK)), mean(judged.recent_days(WEEK, until=WEEK))
    if not many or not some or now - then <= judged.numbers.week_rise_hold:
        return ()
    return (JudgedMean(now=now, before=then),)


def not_tolerated(judged: JudgedStep) -> CheckFinding:
    """One of the sessions that a rise rests on was not tolerated: the last three, in the return to load the last two.

    A return to load that starts above the dose of the flare rests on mornings and is not judged here.
    """
    up = judged.risen()
    if not up or judged.step.phase_before == "flare":
        return None
    numbers = judged.numbers
    many = int(numbers.return_t_sessions if judged.step.phase in RETURNING else numbers.n_sess)
    return tuple(
        JudgedOnDay(exercise=code, day=day.number, why=why)
        for code in up
        for day, session in judged.sessions(code, SESSION_DAYS)[-many:]
        for why in intolerance_reasons(judged, day, session)
    )


def after_exertion(judged: JudgedStep) -> CheckFinding:
    """A rise although much more fatigue followed two of the last three days with sessions within three days."""
    if not judged.risen() and not judged.started():
        return None
    days = list(dict.fromkeys(day.number for day, _ in judged.sessions(None, SESSION_DAYS)))[-3:]
    crashed = tuple(number for number in days if _crashed_after(judged, number))
    return (JudgedCrashes(days=crashed),) if len(crashed) > 1 else ()


def wrong_values(judged: JudgedStep) -> CheckFinding:
    """A rise that faulty device reports made possible."""
    if not judged.risen():
        return None
    return tuple(JudgedExercise(exercise=code) for code in judged.step.unearned)


def intolerance_reasons(judged: JudgedStep, day: Day, session: Session) -> Iterator[Message]:
    """Why a session was not tolerated, according to the reports."""
    numbers, patient = judged.numbers, judged.patient
    ceiling = min(patient.usual_pain + 2, Decimal(7)) if patient.archetype.ceiling else numbers.pain_ceiling
    if session.peak > ceiling:
        yield JudgedPeak(pain=session.peak)
    if session.complete and session.effort >= numbers.rpe_cap + numbers.rpe_x:
        yield JudgedEffort(effort=session.effort)
    if session.stop != "completed" and session.done < session.prescribed * numbers.done_stopped:
        yield JudgedStopped()
    next_day = next((one for one in judged.days if one.number == day.number + 1), None)
    if next_day is not None and next_day.logged and next_day.pain - judged.usual_pain >= numbers.carry_x:
        yield JudgedNextMorning(pain=next_day.pain)


def _crashed_after(judged: JudgedStep, number: int) -> bool:
    limit = judged.usual_fatigue + judged.numbers.fatigue_x
    after = (day for day in judged.days if day.number - number in CRASH_DAYS)
    return any(day.logged and day.fatigue_reported and day.fatigue >= limit for day in after)
