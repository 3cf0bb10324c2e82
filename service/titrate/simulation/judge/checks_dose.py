"""Checks of the dose in force: limits, flags, flares, the return to load and old data.

A check returns None if there is nothing to judge. Its docstring is the description that the report prints.
"""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.values.plan import Dose
from titrate.messages.simulation import (
    JudgedAboveLimit,
    JudgedDoseAbove,
    JudgedOldData,
    JudgedPartOf,
    JudgedUnderFlags,
)
from titrate.simulation.clinician import dose_limit
from titrate.simulation.judge.observation import CheckFinding, JudgedStep, is_above

RECENT_DAYS = 3


def above_limit(judged: JudgedStep) -> CheckFinding:
    """A dose above the clinician's limit for the exercise."""
    after = judged.step.after
    limits = {code: dose_limit(judged.patient, code, judged.step.number) for code in after}
    if not any(limits.values()):
        return None
    return tuple(
        JudgedAboveLimit(exercise=code, amount=after[code].amount, limit=limit)
        for code, limit in limits.items()
        if limit is not None and after[code].amount > limit
    )


def under_a_flag(judged: JudgedStep) -> CheckFinding:
    """A dose approved, or higher than before, while a red flag is open."""
    flags = open_flags(judged)
    if not flags:
        return None
    given = judged.step.after if judged.step.issued else {*judged.risen(), *judged.started()}
    return tuple(JudgedUnderFlags(exercise=code, flags=tuple(sorted(flags))) for code in sorted(given))


def full_in_a_flare(judged: JudgedStep) -> CheckFinding:
    """A dose in a flare above the part of the earlier dose that a flare allows, once the clinician has answered."""
    if not _is_in_flare(judged) or judged.step.pending or open_flags(judged):
        return None
    before, part = before_flare(judged), judged.numbers.flare_f1
    return tuple(
        JudgedPartOf(exercise=code, amount=dose.amount, before=before[code].amount)
        for code, dose in judged.step.after.items()
        if code in before and dose.amount > before[code].amount * part
    )


def above_the_old_dose(judged: JudgedStep) -> CheckFinding:
    """A dose in the return to load above the dose before the flare."""
    if judged.step.phase != "return" or not judged.flares():
        return None
    before = before_flare(judged)
    return tuple(
        JudgedDoseAbove(exercise=code, amount=dose.amount, before=before[code].amount)
        for code, dose in judged.step.after.items()
        if code in before and is_above(dose, before[code])
    )


def too_old(judged: JudgedStep) -> CheckFinding:
    """A dose approved although no mornings or no screens were reported for as long as a plan lasts."""
    if not judged.step.issued:
        return None
    last = int(judged.numbers.expiry_days)
    morning = max((day.number for day in judged.days if day.logged), default=-last)
    screen = max((day.number for day in judged.days if day.screened), default=-last)
    if judged.step.number - min(morning, screen) < last or not judged.step.after:
        return ()
    return (JudgedOldData(morning=morning, screen=screen),)


def open_flags(judged: JudgedStep) -> frozenset[str]:
    """Flags that were reported and not cleared since."""
    found: set[str] = set()
    for day in judged.days:
        found -= set(day.cleared)
        found |= set(day.reported_flags)
    return frozenset(found)


def before_flare(judged: JudgedStep) -> Mapping[str, Dose]:
    """The doses before the last flare. A flare that began before any run saw the earlier one end is part of it."""
    flares = list(judged.flares())
    while len(flares) > 1 and not any(
        flares[-2].last < run.number < flares[-1].first and run.phase != "flare" for run in judged.before
    ):
        flares.pop()
    first = flares[-1].first
    runs = (*judged.before, judged.step)
    answer = next((run for run in runs if run.number >= first and run.phase == "flare"), None)
    return judged.in_force(first) if answer is None else judged.in_force(answer.number)


def _is_in_flare(judged: JudgedStep) -> bool:
    """Whether a flare was reported recently and has not ended."""
    flares = judged.flares()
    return bool(flares) and flares[-1].ended is None and judged.step.number - flares[-1].last <= RECENT_DAYS
