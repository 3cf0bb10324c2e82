"""A reactive deload after sessions that were not tolerated (rule D3; B11.9-10), and the planned week (D9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text
from titrate.clinical.values.decision import ClassedSession, SessionClass, TraceEntry
from titrate.clinical.values.dose_math import lower, round_down_dose, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.messages import Message
from titrate.messages.decisions import (
    DeloadDose,
    DeloadFloor,
    DoseAtFloor,
    ReasonForExercise,
)
from titrate.messages.gates import DeloadFactor, DeloadPeak, DeloadSessions, LighterWeekFactor, LoadingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class _Floor:
    """An exercise whose floor is above what the factor leaves of its dose; both amounts in the unit of the dose."""

    exercise: str
    text: DeloadFloor
    remaining: Decimal
    floor: Decimal
    unit: str

    @property
    def reason(self) -> Message:
        return ReasonForExercise(exercise=self.exercise, reason=self.text)

    @property
    def entry(self) -> TraceEntry:
        return TraceEntry(
            rule="D3",
            text=self.text,
            held=True,
            value=decimal_text(self.remaining),
            operator="<",
            limit=decimal_text(self.floor),
            unit=self.unit,
            exercise=self.exercise,
        )


def deload_lowering(picture: ClinicalPicture) -> LoweringResult | None:
    """Rule D3 for the clinical picture, or None where it does not match."""
    sessions = _not_tolerated(picture)
    if not sessions:
        return None
    factor = picture.record.rulebook.numbers.reactive_deload
    doses = {e.exercise: _deloaded(picture, e, factor) for e in picture.dosed}
    at_floor = (e.exercise for e in picture.dosed if e.dose is not None and doses[e.exercise] == e.dose)
    floors = _floors(picture, factor)
    part = TraceEntry(rule="D3", text=DeloadFactor(), held=True, value=decimal_text(factor))
    return LoweringResult(
        rule="D3",
        doses=doses,
        reasons=(DeloadDose(days=_days(sessions), factor=factor), *(floor.reason for floor in floors)),
        trace=(_condition(picture, sessions), part, *(floor.entry for floor in floors)),
        reviews=tuple(DoseAtFloor(exercise=exercise) for exercise in at_floor),
    )


def _condition(picture: ClinicalPicture, sessions: list[ClassedSession]) -> TraceEntry:
    """The condition that matched: the number of sessions, or a single one with a severe peak."""
    numbers = picture.record.rulebook.numbers
    sources = tuple(dict.fromkeys(source for session in sessions for source in session.sources))
    days = _days(sessions)
    if len(sessions) >= numbers.deload_x:
        text: Message = DeloadSessions(days=days)
        value, limit, unit = str(len(sessions)), numbers.deload_x, "1"
    else:
        peak = max((session.peak for session in sessions if session.peak is not None), default=None)
        text = DeloadPeak(days=days)
        value, limit, unit = decimal_text(peak) or "", numbers.pain_peak_severe, "{score}"
    return TraceEntry(
        rule="D3",
        text=text,
        held=True,
        value=value,
        operator=">=",
        limit=decimal_text(limit),
        unit=unit,
        sources=sources,
    )


def _days(sessions: list[ClassedSession]) -> tuple[date, ...]:
    return tuple(session.day for session in sessions)


def _deloaded(picture: ClinicalPicture, state: ExerciseState, factor: Decimal) -> Dose | None:
    if state.dose is None:
        return None
    amount = max(state.dose.amount * factor, _floor(picture, state))
    lowered = round_down_dose(picture.record.rulebook, picture.form(state), replace(state.dose, amount=amount))
    return lower(lowered, state.dose)


def _floor(picture: ClinicalPicture, state: ExerciseState) -> Decimal:
    """The lowest amount of a deload: a part of the start dose; 0 where the start dose is not known."""
    return state.start.amount * picture.record.rulebook.numbers.deload_floor if state.start else Decimal(0)


def _floors(picture: ClinicalPicture, factor: Decimal) -> tuple[_Floor, ...]:
    """The exercises whose floor is above what the factor leaves."""
    text = DeloadFloor(part=picture.record.rulebook.numbers.deload_floor, factor=factor)
    found = (
        _Floor(
            exercise=e.exercise,
            text=text,
            remaining=e.dose.amount * factor,
            floor=_floor(picture, e),
            unit=e.dose.unit,
        )
        for e in picture.dosed
        if e.dose
    )
    return tuple(floor for floor in found if floor.remaining < floor.floor)


def _not_tolerated(picture: ClinicalPicture) -> list[ClassedSession]:
    """The sessions that make rule D3 match, by exercise or by day (B11.10); empty when it does not."""
    dosed, unknown = {e.exercise for e in picture.dosed}, _without_known_dose(picture)
    exercises = dosed | unknown
    counted = [s for s in picture.evaluable() if s.exercise in exercises and _counts(s)]
    present = [s for s in counted if s.at_dose or s.exercise in unknown]
    if all(s.session_class is not SessionClass.X for s in present):
        return []
    count = int(picture.record.rulebook.numbers.deload_of)
    groups = [[s for s in present if s.exercise == e][-count:] for e in sorted(exercises)]
    days = sorted({s.day for s in present})[-count:]
    groups.append([_worst(picture, [s for s in present if s.day == day]) for day in days])
    for group in groups:
        hits = [s for s in group if s.session_class is SessionClass.X]
        if len(hits) >= picture.record.rulebook.numbers.deload_x or any(_severe(picture, s) for s in hits):
            return hits
    return []


def _without_known_dose(picture: ClinicalPicture) -> set[str]:
    """The exercises of the plan without a dose while a part of the plan cannot be read: it may be their order."""
    plan = picture.record.plan
    return {e.exercise for e in plan.exercises if e.dose is None} if plan.unreadable else set()


def _counts(session: ClassedSession) -> bool:
    """Whether a session is counted: an incomplete or preliminary one only if it was not tolerated."""
    complete = session.peak is not None and session.next_morning is not None and not session.preliminary
    return complete or session.session_class is SessionClass.X


def _worst(picture: ClinicalPicture, sessions: list[ClassedSession]) -> ClassedSession:
    order = [SessionClass.T, SessionClass.M, SessionClass.X]
    return max(sessions, key=lambda s: (order.index(s.session_class), _severe(picture, s)))


def _severe(picture: ClinicalPicture, session: ClassedSession) -> bool:
    return session.peak is not None and session.peak >= picture.record.rulebook.numbers.pain_peak_severe


def days_of_loading(picture: ClinicalPicture) -> int | None:
    """Days since loading began; None in every other phase, or where the day is not known."""
    if picture.phase is not Phase.LOADING or picture.loading_since is None:
        return None
    return picture.record.days_ago(picture.loading_since)


def days_to_lighter_week(picture: ClinicalPicture) -> int | None:
    """Days of loading that make a lighter week due (D9, B11.5); None where none is due."""
    days = days_of_loading(picture)
    return days if days is not None and days >= picture.record.rulebook.numbers.light_week_after_days else None


def lighter_week_doses(picture: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = picture.record.rulebook
    factor = book.numbers.light_week_vol
    return {e.exercise: lower(scale_dose(book, picture.form(e), e.dose, factor), e.dose) for e in picture.dosed}


def lighter_week_trace(picture: ClinicalPicture, days: int) -> tuple[TraceEntry, ...]:
    """Why a lighter week is due after these days of loading, and the part of the dose that remains."""
    numbers = picture.record.rulebook.numbers
    return (
        TraceEntry(
            rule="D9",
            text=LoadingDays(),
            held=True,
            value=str(days),
            operator=">=",
            limit=str(numbers.light_week_after_days),
            unit="d",
        ),
        TraceEntry(rule="D9", text=LighterWeekFactor(), held=True, value=str(numbers.light_week_vol)),
    )
