"""What was asked and what was done: part of the prescribed amount, and whether it was the dose in force (B11.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import ClassedSession
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import SessionReported


def prescribed(session: SessionReported) -> Decimal | None:
    """The prescribed amount; none, or zero, is not known."""
    return session.prescribed or None


def part_done(session: SessionReported) -> Decimal | None:
    """Done over prescribed; None where one of them is not known."""
    full = prescribed(session)
    return None if full is None or session.done is None else session.done / full


def overshoot_part(session: SessionReported, target: int | None, sets: int, extra: int) -> Decimal | None:
    """The same without up to `extra` repetitions above target in the last set, which are no overshoot (2-for-2).

    `target` is the exercise's, in a set; `sets` the dose's, where the session does not say its own.
    """
    full, goal = prescribed(session), _goal(session, target, sets)
    if full is None or session.done is None:
        return None
    done = session.done
    if session.last_set is not None and goal is not None and goal < session.last_set <= goal + extra:
        done -= session.last_set - goal
    return done / full


def _goal(session: SessionReported, target: int | None, sets: int) -> int | None:
    if session.prescribed is None or session.unit != "{repetitions}":
        return None
    planned = int(session.prescribed) // (session.sets or sets)
    return planned if target is None else max(planned, target)


def at_dose(session: SessionReported, state: ExerciseState | None, same: Decimal) -> bool:
    """Whether the session was at the dose now in force; more than that counts as at dose (B11.4).

    Loads that are no more than `same` kg apart are one weight: pounds and kilograms rarely meet.
    """
    dose = state.dose if state else None
    if state is None or dose is None or (state.dose_since and session.stamp.day < state.dose_since):
        return False
    amount = session.prescribed
    same_amount = amount is None or amount >= dose.amount
    same_sets = session.sets in (None, dose.sets) or _cut_short(session)
    same_load = dose.load is None or session.load is None or session.load >= dose.load - same
    return session.unit in (None, dose.unit) and same_amount and same_sets and same_load


def _cut_short(session: SessionReported) -> bool:
    return session.done is not None and session.prescribed is not None and session.done < session.prescribed


def exceeds_dose(session: SessionReported, state: ExerciseState | None, same: Decimal) -> bool:
    """Whether it was at the dose in force, and more than that; `same` as in `at_dose`."""
    dose = state.dose if state else None
    if dose is None:
        return False
    heavier = (session.load or 0) > (dose.load or 0) + same
    longer = session.prescribed is not None and session.prescribed > dose.amount
    return (heavier or longer) and at_dose(session, state, same)


def completed(record: PatientRecord, sessions: Iterable[ClassedSession]) -> tuple[ClassedSession, ...]:
    """Sessions of exercises we know, of which at least half the full dose is known to have been done."""
    book = record.rulebook
    part = book.numbers.done_counts
    doses = {e.exercise: e.dose for e in record.plan.exercises}
    found = []
    for s in sessions:
        dose, library = doses.get(s.exercise), book.exercises.get(s.exercise)
        full = s.prescribed if s.prescribed is not None else dose.amount if dose else None
        if s.preliminary or s.done is None or full is None or library is None:
            continue
        if s.unit in (None, library.amount_unit) and s.done >= part * full:
            found.append(s)
    return tuple(found)
