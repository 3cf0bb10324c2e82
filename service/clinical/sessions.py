"""Sessions and their classes: tolerated, marginal, not tolerated, not evaluable (B1, B11.4, .21, .29, .36)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from service.clinical.attempt import at_dose, overloaded, part_done, part_for_overshoot, prescribed
from service.clinical.decision import ClassedSession, SessionClass
from service.clinical.dosing import form_of
from service.clinical.limits import Limits
from service.clinical.plan import ExerciseState
from service.clinical.readings import Measured, SessionReported, Source, Stamp
from service.clinical.record import Day, Record
from service.clinical.safety import ALARMING_QUALITIES
from service.clinical.usual import Usual

STOPPED = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom", "other"})
_WORSE = (SessionClass.T, SessionClass.N, SessionClass.M, SessionClass.X)


@dataclass(frozen=True, slots=True)
class _Next:
    """What was rated on the morning after a session: full ratings, and the highest with preliminary ones."""

    final: Decimal | None
    highest: Decimal | None
    late: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """One session against the usual values; None is not known.

    `carry` and `tired` take the worst rating, preliminary ones included: these may make a session worse. `morning` and
    `fatigue` say that a full rating is there: only that can make it tolerated. `late` says that a report is recalled.
    `part` is done over prescribed; `overshoot` the same with the last set at most at its target (B11.23).
    """

    carry: Decimal | None
    tired: Decimal | None
    part: Decimal | None
    overshoot: Decimal | None
    morning: bool
    fatigue: bool
    late: bool


def is_late(record: Record, stamp: Stamp) -> bool:
    """Whether a report was entered more than LATE_HOURS after its event."""
    if stamp.entered is None:
        return False
    return stamp.entered - stamp.end > timedelta(hours=int(record.rulebook.number("LATE_HOURS")))


def classed_sessions(record: Record, usual: Usual, limits: Limits) -> tuple[ClassedSession, ...]:
    """Every session with its class, oldest first. Reports of one slot become one session, the worst of them."""
    states = {e.exercise: e for e in record.plan.exercises}
    slots: dict[tuple[datetime, str], list[ClassedSession]] = defaultdict(list)
    for session in record.sessions:
        classed = _classed(record, usual, limits, session, states.get(session.exercise))
        slots[(session.stamp.when, session.exercise)].append(classed)
    return tuple(_worst_of(slots[key]) for key in sorted(slots))


def _overshoot(record: Record, session: SessionReported, state: ExerciseState | None) -> Decimal | None:
    exercise = record.rulebook.exercises.get(session.exercise)
    target = form_of(exercise, state).target if exercise else None
    sets = (state.dose.sets if state and state.dose else None) or 1
    return part_for_overshoot(session, target, sets, int(record.rulebook.number("TWO_FOR_TWO")))


def _worst_of(reports: list[ClassedSession]) -> ClassedSession:
    worst = max(reports, key=lambda s: _WORSE.index(s.klass))
    finals = [r for r in reports if not r.preliminary] or reports
    least = min((r.done for r in finals if r.done is not None), default=worst.done)
    peak = max((r.peak for r in reports if r.peak is not None), default=None)
    return replace(worst, done=least, peak=peak, preliminary=all(r.preliminary for r in reports))


def _classed(
    record: Record, usual: Usual, limits: Limits, session: SessionReported, state: ExerciseState | None
) -> ClassedSession:
    pain = _next_morning(record, record.pain, session)
    fatigue = _next_morning(record, record.fatigue, session)
    signs = Signs(
        carry=_above(pain.highest, usual.pain),
        tired=_above(fatigue.highest, usual.fatigue),
        part=part_done(session),
        overshoot=_overshoot(record, session, state),
        morning=_above(pain.final, usual.pain) is not None,
        fatigue=_above(fatigue.final, usual.fatigue) is not None,
        late=is_late(record, session.stamp) or pain.late or fatigue.late,
    )
    klass, reasons = _verdict(record, limits, session, state, signs)
    return ClassedSession(
        day=session.stamp.day,
        end=session.stamp.end,
        exercise=session.exercise,
        klass=klass,
        reasons=reasons,
        at_dose=at_dose(session, state),
        unit=session.unit,
        prescribed=prescribed(session),
        done=session.done,
        sets=session.sets,
        load=session.load,
        peak=session.pain_peak,
        next_morning=pain.final,
        carry=signs.carry,
        rpe=session.rpe,
        fatigue=fatigue.final,
        preliminary=session.stamp.preliminary,
        sources=tuple(dict.fromkeys((session.stamp.source, *pain.sources, *fatigue.sources))),
    )


def _above(value: Decimal | None, usual: Decimal | None) -> Decimal | None:
    return None if value is None or usual is None else value - usual


def _next_morning(record: Record, days: Mapping[date, Day], session: SessionReported) -> _Next:
    found = days.get(session.stamp.day + timedelta(days=1))
    ratings = [] if found is None else [r for r in found.ratings if _in_time(record, session, r)]
    finals = [r for r in ratings if not r.stamp.preliminary]
    return _Next(
        max((r.value for r in finals), default=None),
        max((r.value for r in ratings), default=None),
        any(is_late(record, r.stamp) for r in finals),
        tuple(r.stamp.source for r in ratings),
    )


def _in_time(record: Record, session: SessionReported, rating: Measured) -> bool:
    if not rating.stamp.timed:
        return True
    elapsed = rating.stamp.when - session.stamp.end
    shortest = timedelta(hours=int(record.rulebook.number("NEXT_MORNING_MIN")))
    longest = timedelta(hours=int(record.rulebook.number("NEXT_MORNING_MAX")))
    return shortest <= elapsed <= longest


def _verdict(
    record: Record, limits: Limits, session: SessionReported, state: ExerciseState | None, signs: Signs
) -> tuple[SessionClass, tuple[str, ...]]:
    harm = _harm(record, limits, session, signs)
    if harm:
        return SessionClass.X, tuple(harm)
    against = _against(record, limits, session, state, signs)
    if signs.late:
        against.append("entered late")
    if signs.carry is not None and signs.carry > record.rulebook.number("CARRY_OK"):
        against.append(f"next morning {signs.carry} above usual")
    if session.pain_peak is None or not signs.morning:
        return (SessionClass.M, tuple(against)) if against else (SessionClass.N, _unknown(session, signs))
    if session.stamp.preliminary:
        against.append("preliminary")
    if not signs.fatigue:
        against.append("morning fatigue or usual fatigue not known")
    return (SessionClass.M, tuple(against)) if against else (SessionClass.T, ())


def _unknown(session: SessionReported, signs: Signs) -> tuple[str, ...]:
    missing = []
    if session.pain_peak is None:
        missing.append("pain during the session not known")
    if not signs.morning:
        missing.append("next morning's pain not known")
    return tuple(missing)


def _harm(record: Record, limits: Limits, session: SessionReported, signs: Signs) -> list[str]:
    """Why a session was not tolerated (class X); empty when nothing known says so."""
    book = record.rulebook
    found = []
    if session.pain_peak is not None and session.pain_peak > limits.ceiling.value:
        found.append(f"pain {session.pain_peak} above {limits.ceiling.value}")
    if signs.carry is not None and signs.carry >= book.number("CARRY_X"):
        found.append(f"next morning {signs.carry} above usual")
    if session.rpe is not None and session.rpe >= limits.rpe_cap.value + book.number("RPE_X"):
        found.append(f"exertion {session.rpe} with a cap of {limits.rpe_cap.value}")
    if signs.tired is not None and signs.tired >= book.number("FATIGUE_X"):
        found.append(f"morning fatigue {signs.tired} above usual")
    if session.stop_reason in STOPPED and signs.part is not None and signs.part < book.number("DONE_STOPPED"):
        found.append(f"stopped early ({session.stop_reason})")
    return found


def _against(
    record: Record, limits: Limits, session: SessionReported, state: ExerciseState | None, signs: Signs
) -> list[str]:
    """What speaks against a tolerated session, on what is known (B11.21, B11.29)."""
    found = []
    if session.rpe is None:
        found.append("exertion not recorded")
    elif session.rpe > limits.rpe_cap.value:
        found.append(f"exertion {session.rpe} with a cap of {limits.rpe_cap.value}")
    found += _amount_doubts(record, signs)
    if signs.tired is not None and signs.tired > record.rulebook.number("FATIGUE_OK"):
        found.append(f"morning fatigue {signs.tired} above usual")
    if session.stop_reason in STOPPED:
        found.append(f"stopped ({session.stop_reason})")
    if session.pain_quality in ALARMING_QUALITIES:
        found.append(f"new pain quality ({session.pain_quality})")
    if overloaded(session, state):
        found.append("more than prescribed")
    return found


def _amount_doubts(record: Record, signs: Signs) -> list[str]:
    if signs.part is None:
        return ["done or prescribed not recorded"]
    if signs.part < record.rulebook.number("DONE_LOW"):
        return [f"done {signs.part:.2f} of the prescribed amount"]
    if signs.overshoot is not None and signs.overshoot > record.rulebook.number("DONE_HIGH"):
        return [f"overshoot: done {signs.overshoot:.2f} of the prescribed amount"]
    return []
