"""Prescribed against done: the part done, and whether a session was at the dose in force (B11.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import ClassedSession
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.readings import SessionReported


def prescribed_amount(session: SessionReported) -> Decimal | None:
    """The prescribed amount; None where it is unknown or zero."""
    return session.prescribed or None


def part_done(session: SessionReported) -> Decimal | None:
    """Done over prescribed; None where either is unknown."""
    full = prescribed_amount(session)
    return None if full is None or session.done is None else session.done / full


def overshoot_part(session: SessionReported, target: int | None, sets: int, extra: int) -> Decimal | None:
    """The part done without up to `extra` repetitions above target in the last set, which 2-for-2 allows.

    `target` is the exercise's repetitions a set; `sets` are the dose's, for a session that does not report its own.
    """
    full, goal = prescribed_amount(session), _goal(session, target, sets)
    if full is None or session.done is None:
        return None
    done = session.done if session.done_at_most is None else session.done_at_most
    if session.last_set is not None and goal is not None and goal < session.last_set <= goal + extra:
        done -= session.last_set - goal
    return done / full


def _goal(session: SessionReported, target: int | None, sets: int) -> int | None:
    if session.prescribed is None or session.unit != REPETITIONS:
        return None
    planned = int(session.prescribed) // (session.sets or sets)
    return planned if target is None else max(planned, target)


def at_dose(session: SessionReported, state: ExerciseState | None, same: Decimal) -> bool:
    """Whether the session was at the dose in force or above it (B11.4).

    Loads up to `same` kg apart count as equal, because pounds and kilograms rarely match.
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
    """Whether the session was above the dose in force; `same` as in `at_dose`."""
    dose = state.dose if state else None
    if dose is None:
        return False
    heavier = (session.load or 0) > (dose.load or 0) + same
    longer = session.prescribed is not None and session.prescribed > dose.amount
    return (heavier or longer) and at_dose(session, state, same)


def completed_sessions(record: PatientRecord, sessions: Iterable[ClassedSession]) -> tuple[ClassedSession, ...]:
    """Sessions of known exercises in which enough of the full dose was done to count (`DONE_COUNTS`)."""
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
