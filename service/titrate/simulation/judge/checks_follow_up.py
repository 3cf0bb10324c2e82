"""What is not unsafe by the rules and is worth a look all the same, with the doses and days to look at."""

from __future__ import annotations

from itertools import pairwise

from titrate.simulation.judge.checks_increase import CheckFinding, unborne, worse_than_before
from titrate.simulation.judge.observation import WEEK, JudgedStep, is_above, mean

LONG_GAP = 14
STUCK = 42
TINY = {"min": 1, "{repetitions}": 2}


def rise_soon_after(seen: JudgedStep) -> CheckFinding:
    """A rise although a session of that exercise in the last seven days was not tolerated."""
    up = seen.risen()
    if not up:
        return None
    return tuple(
        f"{code} on day {day.number}: {why}"
        for code in up
        for day, bout in seen.bouts(code, WEEK)
        for why in unborne(seen, day, bout)
    )


def untold(seen: JudgedStep) -> CheckFinding:
    """A rise although the truth, which was not told, speaks against it: a flare, or a worse week."""
    if not seen.risen():
        return None
    week = seen.lately(WEEK)
    (now, _), (then, _) = mean(week, true=True), mean(seen.lately(WEEK, until=WEEK), true=True)
    worse = now - then > seen.numbers.week_rise_hold
    flare = any(day.flare for day in week[-3:])
    return (*(("a flare",) if flare else ()), *((f"mean {now:.2f} after {then:.2f}",) if worse else ()))


def return_in_a_worse_week(seen: JudgedStep) -> CheckFinding:
    """A rung of the return to load after a week of worse mornings than the one before, beyond the tolerance."""
    return worse_than_before(seen) if seen.step.phase == "return" else None


def on_a_bad_morning(seen: JudgedStep) -> CheckFinding:
    """A rise on a day whose own morning is two points or more above usual."""
    if not seen.risen():
        return None
    today = seen.days[-1]
    bad = today.logged and today.pain - seen.usual_pain >= seen.numbers.flare_rise
    return (f"morning {today.pain}, usual {seen.usual_pain}",) if bad else ()


def as_before_a_gap(seen: JudgedStep) -> CheckFinding:
    """The dose of before a long gap in force again, or still, after the return."""
    gap = _gap(seen)
    if gap is None or not seen.step.after:
        return None
    before = seen.in_force(gap)
    return tuple(
        f"{code}: {dose.amount:f}, before the gap {before[code].amount:f}"
        for code, dose in seen.step.after.items()
        if code in before and not is_above(before[code], dose)
    )


def _gap(seen: JudgedStep) -> int | None:
    """The last day before a long time without a session, where sessions are told again since less than four weeks."""
    told = [day.number for day in seen.days if any(bout.told for bout in day.bouts)]
    pairs = pairwise(told)
    gaps = [(a, b) for a, b in pairs if b - a > LONG_GAP and seen.step.number - b < 4 * WEEK]
    return gaps[-1][0] + 1 if gaps else None


def stuck(seen: JudgedStep) -> CheckFinding:
    """A return to load in which nothing has risen for six weeks."""
    if seen.step.phase != "return":
        return None
    late = [one for one in seen.before if seen.step.number - one.number <= STUCK]
    still = (
        seen.step.number >= STUCK
        and late
        and all(one.phase == "return" and one.after == seen.step.after for one in late)
    )
    return (f"day {seen.step.number}",) if still else ()


def far_above_the_last(seen: JudgedStep) -> CheckFinding:
    """A first dose from new trials that is more than one step above the last dose in force."""
    most = 1 + seen.numbers.step_max_pct
    found = []
    for code in seen.started() if seen.before else ():
        last = next((one.before[code] for one in reversed(seen.before) if code in one.before), None)
        if last is not None:
            found.append((code, last.amount, seen.step.after[code].amount))
    return None if not found else tuple(f"{c}: {new:f} after {old:f}" for c, old, new in found if new > old * most)


def unending(seen: JudgedStep) -> CheckFinding:
    """A flare that goes on for the rules two weeks after two calm mornings in a row."""
    flares = seen.flares()
    if seen.step.phase != "flare" or not flares:
        return None
    settled = flares[-1].settled
    return () if settled is None or seen.step.number - settled < LONG_GAP else (f"settled on day {settled}",)


def tiny(seen: JudgedStep) -> CheckFinding:
    """A dose so small that it hardly is one."""
    return tuple(
        f"{code}: {dose.amount:f} {dose.unit.strip('{}')}"
        for code, dose in seen.step.after.items()
        if dose.amount < TINY.get(dose.unit, 0)
    )
