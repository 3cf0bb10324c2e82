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
from titrate.clinical.sessions.dose_match import at_dose, exceeds_dose, overshoot_part, part_done, prescribed_amount
from titrate.clinical.values.decision import ClassedSession, SessionClass
from titrate.clinical.values.dose_math import target_of
from titrate.clinical.values.morning_ratings import MorningRating, morning_rating
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import Measurement, ReadingSource, SessionReported
from titrate.messages import Message
from titrate.messages import sessions as messages

STOP_REASONS = frozenset({"pain", "fatigue", "breathless", "dizzy", "chest-symptom", "other"})
_ONE_DAY = timedelta(days=1)
_WORSE = (SessionClass.T, SessionClass.N, SessionClass.M, SessionClass.X)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The data and limits by which all sessions of one record are classed.

    A report entered more than `recalled` after its event is late; a rating counts as the next morning's from `soonest`
    to `latest` after the session's end. Loads up to `same` kg apart count as equal.
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
    """One session compared with the usual values; None is unknown.

    `carry` and `tired` use the worst rating, preliminary ones included, because these may worsen the class. `morning`
    and `fatigue` are true where a final rating exists, which a tolerated session needs. `late`: a report was entered
    late. `part` is done over prescribed; `overshoot` the same with the last set at most at its target (B11.23).
    """

    carry: Decimal | None
    tired: Decimal | None
    part: Decimal | None
    overshoot: Decimal | None
    morning: bool
    fatigue: bool
    late: bool


def classify_sessions(record: PatientRecord, usual: UsualSymptoms, limits: Limits) -> tuple[ClassedSession, ...]:
    """Every session with its class, oldest first. Several reports of one session count as the worst of them."""
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
    session_class, reasons = _class_and_reasons(terms, session, signs)
    return ClassedSession(
        day=session.stamp.day,
        end=session.stamp.end,
        exercise=session.exercise,
        session_class=session_class,
        reasons=reasons,
        at_dose=at_dose(session, state, terms.same),
        unit=session.unit,
        prescribed=prescribed_amount(session),
        done=session.done,
        sets=session.sets,
        load=session.load,
        peak=session.pain_peak,
        next_morning=pain.final,
        carry=signs.carry,
        rpe=session.rpe,
        fatigue=fatigue.final,
        preliminary=session.stamp.preliminary,
        sources=tuple(dict.fromkeys((session.stamp.source, *(session.also or ()), *pain.sources, *fatigue.sources))),
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
        late=_late(terms, session.stamp) or _rated_late(terms, pain) or _rated_late(terms, fatigue),
    )


def _rated_late(terms: _Terms, day: MorningRating) -> bool:
    return any(_late(terms, r.stamp) for r in day.ratings if not r.stamp.preliminary)


def _above(value: Decimal | None, usual: Decimal | None) -> Decimal | None:
    return None if value is None or usual is None else value - usual


def _next_morning(terms: _Terms, days: Mapping[date, MorningRating], session: SessionReported) -> MorningRating:
    """The ratings of the morning after a session that were made in time."""
    day = session.stamp.day + _ONE_DAY
    if day not in days:
        return morning_rating(day, [])
    ratings = [r for r in days[day].ratings if _in_time(terms, session, r)]
    return days[day] if len(ratings) == len(days[day].ratings) else morning_rating(day, ratings)


def _in_time(terms: _Terms, session: SessionReported, rating: Measurement) -> bool:
    if not rating.stamp.timed:
        return True
    return terms.soonest <= rating.stamp.when - session.stamp.end <= terms.latest


def _class_and_reasons(
    terms: _Terms, session: SessionReported, signs: SessionSigns
) -> tuple[SessionClass, tuple[Message, ...]]:
    reasons = _not_tolerated(terms, session, signs)
    if reasons:
        return SessionClass.X, tuple(reasons)
    marginal = _marginal(terms, session, signs)
    if signs.late:
        marginal.append(messages.SessionEnteredLate())
    if signs.carry is not None and signs.carry > terms.record.rulebook.numbers.carry_ok:
        marginal.append(messages.NextMorningAboveUsual(rise=signs.carry))
    if session.pain_peak is None or not signs.morning:
        return (SessionClass.M, tuple(marginal)) if marginal else (SessionClass.N, _unknown(session, signs))
    if session.stamp.preliminary:
        marginal.append(messages.SessionPreliminary())
    if not signs.fatigue:
        marginal.append(messages.FatigueNotKnown())
    return (SessionClass.M, tuple(marginal)) if marginal else (SessionClass.T, ())


def _unknown(session: SessionReported, signs: SessionSigns) -> tuple[Message, ...]:
    missing: list[Message] = []
    if session.pain_peak is None:
        missing.append(messages.PainInSessionNotKnown())
    if not signs.morning:
        missing.append(messages.NextMorningNotKnown())
    return tuple(missing)


def _not_tolerated(terms: _Terms, session: SessionReported, signs: SessionSigns) -> list[Message]:
    """Why a session was not tolerated (class X); empty without such a reason."""
    book, limits = terms.record.rulebook, terms.limits
    found: list[Message] = []
    if session.pain_peak is not None and session.pain_peak > limits.ceiling.value:
        found.append(messages.PainAboveCeiling(pain=session.pain_peak, ceiling=limits.ceiling.value))
    if signs.carry is not None and signs.carry >= book.numbers.carry_x:
        found.append(messages.NextMorningAboveUsual(rise=signs.carry))
    if session.rpe is not None and session.rpe >= limits.rpe_cap.value + book.numbers.rpe_x:
        found.append(messages.ExertionAgainstCap(exertion=session.rpe, cap=limits.rpe_cap.value))
    if signs.tired is not None and signs.tired >= book.numbers.fatigue_x:
        found.append(messages.FatigueAboveUsual(rise=signs.tired))
    stopped = _stop_reason(session)
    if stopped and signs.part is not None and signs.part < book.numbers.done_stopped:
        found.append(messages.SessionStoppedEarly(reason=stopped))
    return found


def _stop_reason(session: SessionReported) -> str | None:
    """Why the patient stopped, where it is a symptom or unknown; None otherwise."""
    return session.stop_reason if session.stop_reason in STOP_REASONS else None


def _marginal(terms: _Terms, session: SessionReported, signs: SessionSigns) -> list[Message]:
    """Why a session is marginal rather than tolerated (B11.21, B11.29)."""
    limits, found = terms.limits, list[Message]()
    if session.rpe is None:
        found.append(messages.ExertionNotRecorded())
    elif session.rpe > limits.rpe_cap.value:
        found.append(messages.ExertionAgainstCap(exertion=session.rpe, cap=limits.rpe_cap.value))
    found += _amount_doubts(terms.record, signs)
    if signs.tired is not None and signs.tired > terms.record.rulebook.numbers.fatigue_ok:
        found.append(messages.FatigueAboveUsual(rise=signs.tired))
    if stopped := _stop_reason(session):
        found.append(messages.SessionStopped(reason=stopped))
    quality = session.pain_quality
    if quality in ALARMING_QUALITIES:
        found.append(messages.NewPainQuality(quality=str(quality)))
    if exceeds_dose(session, terms.states.get(session.exercise), terms.same):
        found.append(messages.MoreThanPrescribed())
    return found


def _amount_doubts(record: PatientRecord, signs: SessionSigns) -> list[Message]:
    if signs.part is None:
        return [messages.AmountNotRecorded()]
    if signs.part < record.rulebook.numbers.done_low:
        return [messages.LessThanPrescribed(part=signs.part)]
    if signs.overshoot is not None and signs.overshoot > record.rulebook.numbers.done_high:
        return [messages.SessionOvershoot(part=signs.overshoot)]
    return []
