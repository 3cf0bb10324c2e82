"""The end of progression: when a goal is reached, and what speaks for leaving maintenance again (C50).

It only asks the clinician. No dose and no phase changes by itself.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import Phase


def phase_advice(picture: ClinicalPicture) -> tuple[str, ...]:
    """What to ask the clinician about the phase: maintenance, or the active programme again; empty when nothing is."""
    if picture.phase is Phase.MAINTENANCE:
        found = (*_function_fell(picture), *_little_done(picture))
        return tuple(f"back to the active programme? {why}" for why in found)
    if picture.phase is Phase.LOADING:
        return _reached(picture)
    return ()


def _reached(picture: ClinicalPicture) -> tuple[str, ...]:
    found = []
    for state in picture.dosed:
        goal = picture.record.open_goal(state.exercise)
        if goal is not None and goal.target is not None and state.dose and state.dose.amount >= goal.target:
            found.append(f"{state.exercise} is at the dose of its goal: maintenance is the clinician's choice")
    return tuple(found)


def _function_fell(picture: ClinicalPicture) -> tuple[str, ...]:
    """The Patient-Specific Functional Scale since maintenance began, its newest score against its best."""
    record = picture.record
    scores = [
        m.value
        for m in record.measured.get("psfs", ())
        if not m.stamp.preliminary and (picture.since is None or m.stamp.day >= picture.since)
    ]
    fall = max(scores) - scores[-1] if scores else Decimal(0)
    return (f"PSFS has fallen by {fall}",) if fall >= record.rulebook.numbers.maintenance_psfs_fall else ()


def _little_done(picture: ClinicalPicture) -> tuple[str, ...]:
    """Weeks in a row in which too few of the planned sessions were done."""
    record, book = picture.record, picture.record.rulebook
    planned = sum(state.weekly_frequency for state in picture.dosed)
    weeks = int(book.numbers.maintenance_weeks)
    days = [session.day for session in picture.completed]
    for back in range(1, weeks + 1):
        first = record.today - timedelta(days=7 * back)
        done = sum(1 for day in days if first <= day < first + timedelta(days=7))
        if done >= book.numbers.maintenance_adherence * planned:
            return ()
    return (f"fewer sessions than planned in {weeks} weeks in a row",) if planned else ()
