"""Checks of a dose that stands: limits, flags, flares, returns and age. None: there was nothing to judge."""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.values.plan import Dose
from titrate.simulation.clinician import limit_of
from titrate.simulation.judge.checks_increase import CheckFinding
from titrate.simulation.judge.observation import JudgedStep, is_above

LATELY = 3


def above_limit(seen: JudgedStep) -> CheckFinding:
    """Above what a clinician set for the exercise."""
    limits = {code: limit_of(seen.person, code, seen.step.number) for code in seen.step.after}
    if not any(limits.values()):
        return None
    return tuple(
        f"{code}: {seen.step.after[code].amount:f} above {limit}"
        for code, limit in limits.items()
        if limit is not None and seen.step.after[code].amount > limit
    )


def under_a_flag(seen: JudgedStep) -> CheckFinding:
    """A dose approved, or higher than before, while a red flag is open."""
    flags = open_flags(seen)
    if not flags:
        return None
    given = seen.step.after if seen.step.issued else {*seen.risen(), *seen.started()}
    return tuple(f"{code} under {', '.join(sorted(flags))}" for code in sorted(given))


def full_in_a_flare(seen: JudgedStep) -> CheckFinding:
    """More than the part of the dose before it that a flare leaves, once the clinician has answered."""
    if not _is_now(seen) or seen.step.pending or open_flags(seen):
        return None
    before, part = before_flare(seen), seen.numbers.flare_f1
    return tuple(
        f"{code}: {dose.amount:f} of {before[code].amount:f}"
        for code, dose in seen.step.after.items()
        if code in before and dose.amount > before[code].amount * part
    )


def above_the_old_dose(seen: JudgedStep) -> CheckFinding:
    """In the return to load, above the dose before the flare."""
    if seen.step.phase != "return" or not seen.flares():
        return None
    before = before_flare(seen)
    return tuple(
        f"{code}: {dose.amount:f} above {before[code].amount:f}"
        for code, dose in seen.step.after.items()
        if code in before and is_above(dose, before[code])
    )


def too_old(seen: JudgedStep) -> CheckFinding:
    """A dose approved when neither mornings nor screens were told for as long as a plan lasts."""
    if not seen.step.issued:
        return None
    last = int(seen.numbers.expiry_days)
    morning = max((day.number for day in seen.days if day.logged), default=-last)
    screen = max((day.number for day in seen.days if day.screened), default=-last)
    if seen.step.number - min(morning, screen) < last or not seen.step.after:
        return ()
    return (f"mornings until day {morning}, screens until day {screen}",)


def open_flags(seen: JudgedStep) -> frozenset[str]:
    """Flags that were reported and not cleared since."""
    found: set[str] = set()
    for day in seen.days:
        found -= set(day.cleared)
        found |= set(day.yes)
    return frozenset(found)


def before_flare(seen: JudgedStep) -> Mapping[str, Dose]:
    """The doses before the last flare; one that began before a run had seen the last one settled belongs to it."""
    flares = list(seen.flares())
    while len(flares) > 1 and not any(
        flares[-2].last < one.number < flares[-1].first and one.phase != "flare" for one in seen.before
    ):
        flares.pop()
    first = flares[-1].first
    answer = next((one for one in (*seen.before, seen.step) if one.number >= first and one.phase == "flare"), None)
    return seen.in_force(first) if answer is None else seen.in_force(answer.number)


def _is_now(seen: JudgedStep) -> bool:
    """Whether a flare was told lately and has not settled."""
    flares = seen.flares()
    return bool(flares) and flares[-1].settled is None and seen.step.number - flares[-1].last <= LATELY
