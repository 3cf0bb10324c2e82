"""Reactive deload: sessions that were not tolerated lower every dose of the plan (rule D3; B11.9-10)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text
from titrate.clinical.values.decision import ClassedSession, SessionClass, TraceEntry
from titrate.clinical.values.dose_math import lower, round_down_dose
from titrate.clinical.values.plan import Dose, ExerciseState


def deload_lowering(picture: ClinicalPicture) -> LoweringResult | None:
    """Rule D3 for the situation, or None where it does not match."""
    hits = _not_tolerated(picture)
    if not hits:
        return None
    book = picture.record.rulebook
    factor = book.numbers.reactive_deload
    doses: dict[str, Dose | None] = {}
    reviews: list[str] = []
    for e in picture.dosed:
        doses[e.exercise] = _deloaded(picture, e, factor)
        if e.dose is not None and doses[e.exercise] == e.dose:
            reviews.append(f"{e.exercise} is at its floor: set a new baseline")
    days = _days(hits)
    part = TraceEntry("D3", "part of the dose in force", True, decimal_text(factor))
    floors = _floors(picture, factor)
    reasons = (f"sessions not tolerated on {days}: {factor} of the dose", *(f"{e.exercise}: {e.text}" for e in floors))
    return LoweringResult("D3", doses, reasons, (_matched(picture, hits), part, *floors), reviews=tuple(reviews))


def _matched(picture: ClinicalPicture, hits: list[ClassedSession]) -> TraceEntry:
    """What made the rule match: so many sessions, or one alone whose peak was severe."""
    book = picture.record.rulebook
    sources = tuple(dict.fromkeys(s for hit in hits for s in hit.sources))
    enough = book.numbers.deload_x
    if len(hits) >= enough:
        text = f"sessions not tolerated on {_days(hits)}"
        return TraceEntry("D3", text, True, str(len(hits)), ">=", decimal_text(enough), "1", sources=sources)
    peak = max((hit.peak for hit in hits if hit.peak is not None), default=None)
    severe = decimal_text(book.numbers.pain_peak_severe)
    text = f"peak of a session not tolerated on {_days(hits)}"
    return TraceEntry("D3", text, True, decimal_text(peak), ">=", severe, "{score}", sources=sources)


def _days(hits: list[ClassedSession]) -> str:
    return ", ".join(str(h.day) for h in hits)


def _deloaded(picture: ClinicalPicture, state: ExerciseState, factor: Decimal) -> Dose | None:
    if state.dose is None:
        return None
    amount = max(state.dose.amount * factor, _floor(picture, state))
    lowered = round_down_dose(picture.record.rulebook, picture.form(state), replace(state.dose, amount=amount))
    return lower(lowered, state.dose)


def _floor(picture: ClinicalPicture, state: ExerciseState) -> Decimal:
    """The amount below which no deload goes: a part of the start dose; 0 where that is not known."""
    return state.start.amount * picture.record.rulebook.numbers.deload_floor if state.start else Decimal(0)


def _floors(picture: ClinicalPicture, factor: Decimal) -> tuple[TraceEntry, ...]:
    """Where the floor is above what the factor leaves: both amounts."""
    part = picture.record.rulebook.numbers.deload_floor
    text = f"the floor, {part} of the start dose, is above {factor} of the dose"
    pairs = ((e, e.dose, e.dose.amount * factor, _floor(picture, e)) for e in picture.dosed if e.dose)
    return tuple(
        TraceEntry("D3", text, True, decimal_text(left), "<", decimal_text(floor), dose.unit, e.exercise)
        for e, dose, left, floor in pairs
        if left < floor
    )


def _not_tolerated(picture: ClinicalPicture) -> list[ClassedSession]:
    """The sessions that make rule D3 match, by exercise or by day (B11.10); empty when it does not."""
    exercises = {e.exercise for e in picture.dosed}
    present = [s for s in picture.evaluable() if s.at_dose and s.exercise in exercises and _weighs(s)]
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


def _weighs(session: ClassedSession) -> bool:
    """Whether a session takes one of the three places: one with gaps, or preliminary, only as a further bad one."""
    whole = session.peak is not None and session.next_morning is not None and not session.preliminary
    return whole or session.session_class is SessionClass.X


def _worst(picture: ClinicalPicture, sessions: list[ClassedSession]) -> ClassedSession:
    order = [SessionClass.T, SessionClass.M, SessionClass.X]
    return max(sessions, key=lambda s: (order.index(s.session_class), _severe(picture, s)))


def _severe(picture: ClinicalPicture, session: ClassedSession) -> bool:
    return session.peak is not None and session.peak >= picture.record.rulebook.numbers.pain_peak_severe
