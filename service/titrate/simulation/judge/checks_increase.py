"""Checks of a dose that goes up: how far, how many at once, and on what evidence. None: there was nothing to judge."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from titrate.simulation.diary import Bout, Day
from titrate.simulation.judge.observation import WEEK, JudgedStep, mean

CheckFinding = tuple[str, ...] | None
TOLD_DAYS = 21
CRASH_HOURS = range(1, 4)
RETURNING = ("return", "flare")


def too_far(seen: JudgedStep) -> CheckFinding:
    """More than the largest step above the dose in force; the end of a lighter week gives back, never more."""
    most = 1 + seen.numbers.step_max_pct
    up = [code for code in seen.step.before if code in seen.risen()]
    if not up and not seen.restores:
        return None
    return tuple(
        f"{code}: {seen.step.before[code].amount:f} to {seen.step.after[code].amount:f}"
        for code in up
        if seen.step.after[code].amount > seen.step.before[code].amount * most
        or (seen.step.after[code].load or 0) > (seen.step.before[code].load or 0) * most
    )


def several(seen: JudgedStep) -> CheckFinding:
    """Two exercises up at once; the first doses of all come together."""
    up = (*seen.risen(), *(seen.started() if seen.step.before else ()))
    return None if not up else up if len(up) > 1 else ()


def two_variables(seen: JudgedStep) -> CheckFinding:
    """Load and amount of one exercise up together."""
    up = seen.risen()
    found = ((code, seen.step.before[code], seen.step.after[code]) for code in up)
    return (
        None
        if not up
        else tuple(
            f"{code}: load and amount"
            for code, old, new in found
            if (new.load or 0) > (old.load or 0) and new.amount > old.amount
        )
    )


def too_soon(seen: JudgedStep) -> CheckFinding:
    """Within a week of the last rise, outside the return to load, which goes by sessions."""
    if not seen.risen() or seen.step.phase == "return":
        return None
    since = seen.step.number - int(seen.numbers.min_days_at_dose)
    lately = (
        JudgedStep(seen.person, seen.rulebook, seen.days, seen.before[:place], one)
        for place, one in enumerate(seen.before)
        if one.number > since
    )
    return tuple(f"{code} rose on day {one.step.number}" for one in lately for code in one.risen())


def without_data(seen: JudgedStep) -> CheckFinding:
    """Fewer mornings told in the last week, or sessions in three, than a rise needs; of a first dose, trials."""
    if not seen.risen() and not seen.started():
        return None
    found = []
    mornings = sum(1 for day in seen.lately(WEEK) if day.logged)
    if mornings < seen.numbers.mornings_min:
        found.append(f"{mornings} mornings told")
    returning = seen.step.phase in RETURNING
    least = seen.numbers.sessions_min_return if returning else seen.numbers.sessions_min
    for code in seen.risen() if seen.step.phase_before != "flare" else ():
        count = len(seen.bouts(code, TOLD_DAYS))
        if count < least:
            found.append(f"{code}: {count} sessions told")
    window = int(seen.numbers.trials_days)
    tried = [trial.exercise for day in seen.lately(2 * window + 1) for trial in day.trials]
    found += [f"{code}: no trials" for code in seen.started() if tried.count(code) < seen.numbers.trials_min]
    return tuple(found)


def after_a_gap(seen: JudgedStep) -> CheckFinding:
    """No session told for as long as makes a gap."""
    gap = int(seen.numbers.gap_days)
    up = seen.risen()
    return (
        None if not up else tuple(f"{code}: no session for {gap} days" for code in up if not seen.bouts(code, gap - 1))
    )


def in_a_flare(seen: JudgedStep) -> CheckFinding:
    """While a flare that was told has not settled."""
    if not seen.risen() and not seen.started():
        return None
    flares = seen.flares()
    going_on = flares and flares[-1].settled is None
    return (f"a flare since day {flares[-1].first}",) if going_on else ()


def worse_week(seen: JudgedStep) -> CheckFinding:
    """A week of worse mornings than the one before, beyond the tolerance; of the return to load see below."""
    return None if seen.step.phase == "return" else worse_than_before(seen)


def worse_than_before(seen: JudgedStep) -> CheckFinding:
    """In the return to load: a week of worse mornings than the one before, beyond the tolerance."""
    if not seen.risen():
        return None
    (now, many), (then, some) = mean(seen.lately(WEEK)), mean(seen.lately(WEEK, until=WEEK))
    if not many or not some or now - then <= seen.numbers.week_rise_hold:
        return ()
    return (f"mean {now:.2f} after {then:.2f}",)


def not_borne(seen: JudgedStep) -> CheckFinding:
    """One of the sessions that the rise rests on was not tolerated: the last three, in the return the last two.

    A return that starts above the dose of the flare rests on mornings and is not judged here.
    """
    up = seen.risen()
    if not up or seen.step.phase_before == "flare":
        return None
    many = int(seen.numbers.return_t_sessions if seen.step.phase in RETURNING else seen.numbers.n_sess)
    last = ((code, seen.bouts(code, TOLD_DAYS)[-many:]) for code in up)
    return tuple(
        f"{code} on day {day.number}: {why}"
        for code, sessions in last
        for day, bout in sessions
        for why in unborne(seen, day, bout)
    )


def after_exertion(seen: JudgedStep) -> CheckFinding:
    """Two of the last three days of sessions were followed by much more fatigue within three days."""
    if not seen.risen() and not seen.started():
        return None
    days = list(dict.fromkeys(day.number for day, _ in seen.bouts(None, TOLD_DAYS)))[-3:]
    bad = [number for number in days if _crashed(seen, number)]
    return (f"crashes after days {bad}",) if len(bad) > 1 else ()


def wrong_values(seen: JudgedStep) -> CheckFinding:
    """A rise that would not be without what devices sent wrong."""
    return seen.step.helped if seen.risen() else None


def unborne(seen: JudgedStep, day: Day, bout: Bout) -> Iterator[str]:
    """Why a session was not tolerated, from what was told."""
    kind = seen.person.archetype
    ceiling = min(seen.person.usual_pain + 2, Decimal(7)) if kind.ceiling else seen.numbers.pain_ceiling
    if bout.peak > ceiling:
        yield f"peak {bout.peak}"
    if bout.whole and bout.effort >= seen.numbers.rpe_cap + seen.numbers.rpe_x:
        yield f"effort {bout.effort}"
    if bout.stop != "completed" and bout.done < bout.asked * seen.numbers.done_stopped:
        yield "stopped"
    next_day = next((one for one in seen.days if one.number == day.number + 1), None)
    if next_day is None or not next_day.logged:
        return
    if next_day.pain - seen.usual_pain >= seen.numbers.carry_x:
        yield f"next morning {next_day.pain}"


def _crashed(seen: JudgedStep, number: int) -> bool:
    limit = seen.usual_fatigue + seen.numbers.fatigue_x
    after = (day for day in seen.days if day.number - number in CRASH_HOURS)
    return any(day.logged and day.fatigue_told and day.fatigue >= limit for day in after)
