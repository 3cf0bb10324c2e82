"""Checks of courses that break no safety rule but deserve a review.

A check returns None if there is nothing to judge. Its docstring is the description that the report prints.
"""

from __future__ import annotations

from itertools import pairwise

from titrate.clinical.values.quantity import REPETITIONS
from titrate.messages import Message
from titrate.messages.simulation import (
    JudgedAfter,
    JudgedBeforeGap,
    JudgedDay,
    JudgedFlare,
    JudgedFlareEnded,
    JudgedMean,
    JudgedMorning,
    JudgedOnDay,
    JudgedTinyDose,
)
from titrate.simulation.judge.checks_increase import intolerance_reasons, worse_than_before
from titrate.simulation.judge.observation import WEEK, CheckFinding, JudgedStep, is_above, mean

LONG_GAP = 14
STUCK = 42
TINY = {"min": 1, REPETITIONS: 2}


def rise_soon_after(judged: JudgedStep) -> CheckFinding:
    """A rise although a session of that exercise in the last seven days was not tolerated."""
    up = judged.risen()
    if not up:
        return None
    return tuple(
        JudgedOnDay(exercise=code, day=day.number, why=why)
        for code in up
        for day, session in judged.sessions(code, WEEK)
        for why in intolerance_reasons(judged, day, session)
    )


def untold(judged: JudgedStep) -> CheckFinding:
    """A rise although the truth, which was not reported, speaks against it: a flare, or a worse week."""
    if not judged.risen():
        return None
    week = judged.recent_days(WEEK)
    (now, _), (then, _) = mean(week, true=True), mean(judged.recent_days(WEEK, until=WEEK), true=True)
    found: list[Message] = []
    if any(day.flare for day in week[-3:]):
        found.append(JudgedFlare())
    if now - then > judged.numbers.week_rise_hold:
        found.append(JudgedMean(now=now, before=then))
    return tuple(found)


def return_in_a_worse_week(judged: JudgedStep) -> CheckFinding:
    """A step of the return to load after a week of mornings worse than the week before, beyond the tolerance."""
    return worse_than_before(judged) if judged.step.phase == "return" else None


def on_a_bad_morning(judged: JudgedStep) -> CheckFinding:
    """A rise on a day whose own morning is two points or more above usual."""
    if not judged.risen():
        return None
    today = judged.days[-1]
    if not today.logged or today.pain - judged.usual_pain < judged.numbers.flare_rise:
        return ()
    return (JudgedMorning(pain=today.pain, usual=judged.usual_pain),)


def as_before_a_gap(judged: JudgedStep) -> CheckFinding:
    """The dose of before a long gap in force again, or still, after the return."""
    gap = _gap(judged)
    if gap is None or not judged.step.after:
        return None
    before = judged.in_force(gap)
    return tuple(
        JudgedBeforeGap(exercise=code, amount=dose.amount, before=before[code].amount)
        for code, dose in judged.step.after.items()
        if code in before and not is_above(before[code], dose)
    )


def _gap(judged: JudgedStep) -> int | None:
    """The last day before a long time without a session, if sessions were reported again less than four weeks ago."""
    reported = [day.number for day in judged.days if any(session.reported for session in day.sessions)]
    gaps = [(a, b) for a, b in pairwise(reported) if b - a > LONG_GAP and judged.step.number - b < 4 * WEEK]
    return gaps[-1][0] + 1 if gaps else None


def stuck(judged: JudgedStep) -> CheckFinding:
    """A return to load in which nothing has risen for six weeks."""
    if judged.step.phase != "return":
        return None
    recent = [run for run in judged.before if judged.step.number - run.number <= STUCK]
    unchanged = all(run.phase == "return" and run.after == judged.step.after for run in recent)
    still = judged.step.number >= STUCK and recent and unchanged
    return (JudgedDay(day=judged.step.number),) if still else ()


def far_above_the_last(judged: JudgedStep) -> CheckFinding:
    """A first dose from new trials that is more than one step above the last dose in force."""
    most = 1 + judged.numbers.step_max_pct
    found = []
    for code in judged.started() if judged.before else ():
        last = next((run.before[code] for run in reversed(judged.before) if code in run.before), None)
        if last is not None:
            found.append((code, last.amount, judged.step.after[code].amount))
    if not found:
        return None
    return tuple(JudgedAfter(exercise=c, amount=new, before=old) for c, old, new in found if new > old * most)


def unending(judged: JudgedStep) -> CheckFinding:
    """A flare that continues for the rules two weeks after two calm mornings in a row."""
    flares = judged.flares()
    if judged.step.phase != "flare" or not flares:
        return None
    ended = flares[-1].ended
    return () if ended is None or judged.step.number - ended < LONG_GAP else (JudgedFlareEnded(day=ended),)


def tiny(judged: JudgedStep) -> CheckFinding:
    """A dose too small to be useful."""
    return tuple(
        JudgedTinyDose(exercise=code, amount=dose.amount, unit=dose.unit.strip("{}"))
        for code, dose in judged.step.after.items()
        if dose.amount < TINY.get(dose.unit, 0)
    )
