"""The doses of a flare while it lasts (rule D2; B7, B11.16, B11.30)."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text
from titrate.clinical.sessions.flares import Flare
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, FlareGrade, Phase
from titrate.clinical.values.readings import Source
from titrate.messages import Message
from titrate.messages.decisions import (
    FlareByMornings,
    FlareDose,
    FlareReportedByPatient,
    FlareWithoutDose,
    LastingFlare,
    LongFlare,
)
from titrate.messages.gates import FlareFactor, FlareGraded, FlareSince


def before_flare(picture: ClinicalPicture, state: ExerciseState) -> Dose | None:
    """The dose a flare is measured against: the one before it; in a lighter week the loading dose."""
    phase = picture.record.plan.phase
    if phase is Phase.FLARE:
        return state.before_flare or state.dose
    if phase is Phase.LIGHTER_WEEK:
        return state.reference or state.dose
    return state.dose


def flare_factor(picture: ClinicalPicture, flare: Flare) -> Decimal:
    """The part of the dose that remains today: by grade, and by the length of a flare that lasts (B11.30)."""
    numbers = picture.record.rulebook.numbers
    factor = numbers.flare_f2 if flare.grade is FlareGrade.F2 else numbers.flare_f1
    return min(factor, length_factor(picture, _flare_days(picture, flare)))


def length_factor(picture: ClinicalPicture, days: int) -> Decimal:
    """The part of the dose before the flare that remains after this number of days; 0 requires a new baseline."""
    numbers = picture.record.rulebook.numbers
    for limit, factor in (
        (numbers.return_short_days, numbers.return_short),
        (numbers.return_middle_days, numbers.return_middle),
        (numbers.return_long_days, numbers.return_long),
    ):
        if days <= limit:
            return factor
    return Decimal(0)


def flare_lowering(picture: ClinicalPicture) -> LoweringResult | None:
    """Rule D2 for the clinical picture, or None where there is no open flare."""
    flare = picture.flare
    if flare is None:
        return None
    factor = flare_factor(picture, flare)
    book = picture.record.rulebook
    doses = {
        e.exercise: lower(scale_dose(book, picture.form(e), before_flare(picture, e), factor), e.dose)
        for e in picture.dosed
    }
    cause = FlareReportedByPatient() if flare.ticked else FlareByMornings(rise=book.numbers.flare_rise)
    grade = flare.grade.upper()
    reason = (
        FlareDose(first=flare.first, cause=cause, grade=grade, factor=factor)
        if factor
        else FlareWithoutDose(first=flare.first, cause=cause, grade=grade)
    )
    return LoweringResult(
        rule="D2",
        doses=doses,
        reasons=(reason,),
        trace=_flare_trace(picture, flare, cause, factor),
        reviews=_flare_reviews(picture, flare),
    )


def _flare_days(picture: ClinicalPicture, flare: Flare) -> int:
    """Days of the flare up to today, both counted."""
    return picture.record.days_ago(flare.first) + 1


def _flare_trace(picture: ClinicalPicture, flare: Flare, cause: Message, factor: Decimal) -> tuple[TraceEntry, ...]:
    rise = None if flare.worst is None or picture.usual.pain is None else flare.worst - picture.usual.pain
    return (
        TraceEntry(
            rule="D2",
            text=FlareSince(first=flare.first, cause=cause),
            held=True,
            sources=_flare_sources(picture, flare),
        ),
        TraceEntry(
            rule="B7",
            text=FlareGraded(grade=flare.grade.upper()),
            held=True,
            value=decimal_text(rise),
            operator="rise above usual",
            unit="{score}",
        ),
        TraceEntry(
            rule="B7",
            text=FlareFactor(),
            held=True,
            value=decimal_text(factor),
            operator="day",
            limit=str(_flare_days(picture, flare)),
        ),
    )


def _flare_sources(picture: ClinicalPicture, flare: Flare) -> tuple[Source, ...]:
    record = picture.record
    ratings = [s for d, day in record.pain.items() if flare.first <= d <= flare.last for s in day.sources]
    reports = [
        a.stamp.source for a in record.answered.get("flare-self-report", ()) if flare.first <= a.stamp.day <= flare.last
    ]
    return tuple(dict.fromkeys((*ratings, *reports)))


def _flare_reviews(picture: ClinicalPicture, flare: Flare) -> tuple[Message, ...]:
    days, numbers = _flare_days(picture, flare), picture.record.rulebook.numbers
    if days > numbers.return_long_days:
        return (LongFlare(days=numbers.return_long_days),)
    if days > numbers.return_middle_days:
        return (LastingFlare(days=numbers.return_middle_days),)
    return ()
