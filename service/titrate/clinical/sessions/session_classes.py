"""Sessions and their classes: tolerated, marginal, not tolerated, not evaluable (B1, B11.4, .21, .29, .36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from titrate.clinical.record.limits import Limits
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.record.usual_symptoms import UsualSymptoms
from titrate.clinical.red_flags.safety import ALARMING_QUALITIES
from titrate.clinical.sessions.dose_match import at_dose, exceeds_dose, overshoot_part, part_done, prescribed
from titrate.clinical.values.decision import ClassedSession, SessionClass
from titrate.clinical.values.dose_math import target_of
from titrate.clinical.values.morning_ratings import MorningRating, morning_rating
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import Measurement, ReadingSource, SessionReported

STOPPED = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom", "other"})
_ONE_DAY = timedelta(days=1)
_WORSE = (SessionClass.T, SessionClass.N, SessionClass.M, SessionClass.X)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What every session of one record is classed by.

    A report entered more than `recalled` after its event is late; a rating counts as the next morning's when it came
    from `soonest` to `latest` after the session's end. Loads that are no more than `same` kg apart are one weight.
    """

    record: PatientRecord
    usual: UsualSymptoms
    limits: Limits
    states: Mapping[str, ExerciseState]
    recalled: timedelta
    soonest: timedelta
    latest: timedelta
    same: Decimal


class SessionSigns(NamedTuple):
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


def classify_sessions(record: PatientRecord, usual: UsualSymptoms, limits: Limits) -> tuple[ClassedSession, ...]:
    """Every session with its class, oldest first. Reports of one slot become one session, the worst of them."""
    book = record.rulebook
    recalled, soonest, latest = (
        timedelta(hours=int(hours))
        for hours in (book.numbers.late_hours, book.numbers.next_morning_min, book.numbers.next_morning_max)
    )
    states = {e.exercise: e for e in record.plan.exercises}
    terms = _Terms(record, usual, limits, states, recalled, soonest, latest, book.numbers.load_same)
    slots = groupby(sorted(record.sessions, key=_slot), key=_slot)
    return tuple(_worst_of([_classed(terms, session) for session in reports]) for _, reports in slots)


def _slot(session: SessionReported) -> tuple[datetime, str]:
    return session.stamp.when, session.exercise


def _late(terms: _Terms, stamp: ReadingSource) -> bool:
    return stamp.entered is not None and stamp.entered - stamp.end > terms.recalled


def _overshoot(terms: _Terms, session: SessionReported) -> Decimal | None:
    book, state = terms.record.rulebook, terms.states.get(session.exercise)
    exercise = book.exercises.get(session.exercise)
    target = target_of(exercise, state) if exercise else None
    sets = (state.dose.sets if state and state.dose else None) or 1
    return overshoot_part(session, target, sets, int(book.numbers.two_for_two))


def _worst_of(reports: list[ClassedSession]) -> ClassedSession:
    if len(reports) == 1:
        return reports[0]
    worst = max(reports, key=lambda s: _WORSE.index(s.session_class))
    finals = [r for r in reports if not r.preliminary] or reports
    least = min((r.done for r in finals if r.done is not None), default=worst.done)
    peak = max((r.peak for r in reports if r.peak is not None), default=None)
    return replace(worst, done=least, peak=peak, preliminary=all(r.preliminary for r in reports))


def _classed(terms: _Terms, session: SessionReported) -> ClassedSession:
    state = terms.states.get(session.exercise)
    pain = _next_morning(terms, terms.record.pain, session)
    fatigue = _next_morning(terms, terms.record.fatigue, session)
    signs = _signs(terms, session, pain, fatigue)
    session_class, reasons = _verdict(terms, session, signs)
    return ClassedSession(
        day=session.stamp.day,
        end=session.stamp.end,
        exercise=session.exercise,
        session_class=session_class,
        reasons=reasons,
        at_dose=at_dose(session, state, terms.same),
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


def _signs(terms: _Terms, session: SessionReported, pain: MorningRating, fatigue: MorningRating) -> SessionSigns:
    usual = terms.usual
    return SessionSigns(
        carry=_above(pain.highest, usual.pain),
        tired=_above(fatigue.highest, usual.fatigue),
        part=part_done(session),
        overshoot=_overshoot(terms, session),
        morning=pain.final is not None and usual.pain is not None,
        fatigue=fatigue.final is not None and usual.fatigue is not None,
        late=_late(terms, session.stamp) or _told_late(terms, pain) or _told_late(terms, fatigue),
    )


def _told_late(terms: _Terms, day: MorningRating) -> bool:
    return any(_late(terms, r.stamp) for r in day.ratings if not r.stamp.preliminary)


def _above(value: Decimal | None, usual: Decimal | None) -> Decimal | None:
    return None if value is None or usual is None else value - usual


def _next_morning(terms: _Terms, days: Mapping[date, MorningRating], session: SessionReported) -> MorningRating:
    """What was rated on the morning after a session, as far as it came in time."""
    day = session.stamp.day + _ONE_DAY
    if day not in days:
        return morning_rating(day, [])
    ratings = [r for r in days[day].ratings if _in_time(terms, session, r)]
    return days[day] if len(ratings) == len(days[day].ratings) else morning_rating(day, ratings)


def _in_time(terms: _Terms, session: SessionReported, rating: Measurement) -> bool:
    if not rating.stamp.timed:
        return True
    return terms.soonest <= rating.stamp.when - session.stamp.end <= terms.latest


def _verdict(terms: _Terms, session: SessionReported, signs: SessionSigns) -> tuple[SessionClass, tuple[str, ...]]:
    harm = _harm(terms, session, signs)
    if harm:
        return SessionClass.X, tuple(harm)
    against = _against(terms, session, signs)
    if signs.late:
        against.append("entered late")
    if signs.carry is not None and signs.carry > terms.record.rulebook.numbers.carry_ok:
        against.append(f"next morning {signs.carry} above usual")
    if session.pain_peak is None or not signs.morning:
        return (SessionClass.M, tuple(against)) if against else (SessionClass.N, _unknown(session, signs))
    if session.stamp.preliminary:
        against.append("preliminary")
    if not signs.fatigue:
        against.append("morning fatigue or usual fatigue not known")
    return (SessionClass.M, tuple(against)) if against else (SessionClass.T, ())


def _unknown(session: SessionReported, signs: SessionSigns) -> tuple[str, ...]:
    missing = []
    if session.pain_peak is None:
        missing.append("pain during the session not known")
    if not signs.morning:
        missing.append("next morning's pain not known")
    return tuple(missing)


def _harm(terms: _Terms, session: SessionReported, signs: SessionSigns) -> list[str]:
    """Why a session was not tolerated (class X); empty when nothing known says so."""
    book, limits = terms.record.rulebook, terms.limits
    found = []
    if session.pain_peak is not None and session.pain_peak > limits.ceiling.value:
        found.append(f"pain {session.pain_peak} above {limits.ceiling.value}")
    if signs.carry is not None and signs.carry >= book.numbers.carry_x:
        found.append(f"next morning {signs.carry} above usual")
    if session.rpe is not None and session.rpe >= limits.rpe_cap.value + book.numbers.rpe_x:
        found.append(f"exertion {session.rpe} with a cap of {limits.rpe_cap.value}")
    if signs.tired is not None and signs.tired >= book.numbers.fatigue_x:
        found.append(f"morning fatigue {signs.tired} above usual")
    if session.stop_reason in STOPPED and signs.part is not None and signs.part < book.numbers.done_stopped:
        found.append(f"stopped early ({session.stop_reason})")
    return found


def _against(terms: _Terms, session: SessionReported, signs: SessionSigns) -> list[str]:
    """What speaks against a tolerated session, on what is known (B11.21, B11.29)."""
    limits, found = terms.limits, []
    if session.rpe is None:
        found.append("exertion not recorded")
    elif session.rpe > limits.rpe_cap.value:
        found.append(f"exertion {session.rpe} with a cap of {limits.rpe_cap.value}")
    found += _amount_doubts(terms.record, signs)
    if signs.tired is not None and signs.tired > terms.record.rulebook.numbers.fatigue_ok:
        found.append(f"morning fatigue {signs.tired} above usual")
    if session.stop_reason in STOPPED:
        found.append(f"stopped ({session.stop_reason})")
    if session.pain_quality in ALARMING_QUALITIES:
        found.append(f"new pain quality ({session.pain_quality})")
    if exceeds_dose(session, terms.states.get(session.exercise), terms.same):
        found.append("more than prescribed")
    return found


def _amount_doubts(record: PatientRecord, signs: SessionSigns) -> list[str]:
    if signs.part is None:
        return ["done or prescribed not recorded"]
    if signs.part < record.rulebook.numbers.done_low:
        return [f"done {signs.part:.2f} of the prescribed amount"]
    if signs.overshoot is not None and signs.overshoot > record.rulebook.numbers.done_high:
        return [f"overshoot: done {signs.overshoot:.2f} of the prescribed amount"]
    return []
