"""The end of progression: when a goal is reached, and what speaks for leaving maintenance again (C50).

It only asks the clinician. No dose and no phase changes by itself.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.goal import open_goal
from titrate.clinical.values.plan import Phase


def phase_advice(situation: ClinicalPicture) -> tuple[str, ...]:
    """What to ask the clinician about the phase: maintenance, or the active programme again; empty when nothing is."""
    if situation.phase is Phase.MAINTENANCE:
        found = (*_function_fell(situation), *_little_done(situation))
        return tuple(f"back to the active programme? {why}" for why in found)
    if situation.phase is Phase.LOADING:
        return _reached(situation)
    return ()


def _reached(situation: ClinicalPicture) -> tuple[str, ...]:
    found = []
    for state in situation.dosed:
        goal = open_goal(situation.record, state.exercise)
        if goal is not None and goal.target is not None and state.dose and state.dose.amount >= goal.target:
            found.append(f"{state.exercise} is at the dose of its goal: maintenance is the clinician's choice")
    return tuple(found)


def _function_fell(situation: ClinicalPicture) -> tuple[str, ...]:
    """The Patient-Specific Functional Scale since maintenance began, its newest score against its best."""
    record = situation.record
    scores = [
        m.value
        for m in record.measured.get("psfs", ())
        if not m.stamp.preliminary and (situation.since is None or m.stamp.day >= situation.since)
    ]
    fall = max(scores) - scores[-1] if scores else Decimal(0)
    return (f"PSFS has fallen by {fall}",) if fall >= record.rulebook.numbers.maintenance_psfs_fall else ()


def _little_done(situation: ClinicalPicture) -> tuple[str, ...]:
    """Weeks in a row in which too few of the planned sessions were done."""
    record, book = situation.record, situation.record.rulebook
    planned = sum(state.weekly_frequency for state in situation.dosed)
    weeks = int(book.numbers.maintenance_weeks)
    days = [session.day for session in situation.completed]
    for back in range(1, weeks + 1):
        first = record.today - timedelta(days=7 * back)
        done = sum(1 for day in days if first <= day < first + timedelta(days=7))
        if done >= book.numbers.maintenance_adherence * planned:
            return ()
    return (f"fewer sessions than planned in {weeks} weeks in a row",) if planned else ()
