"""What a flare does to doses while it goes on (rule D2; B7, B11.16, B11.30)."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text, part_text
from titrate.clinical.sessions.flares import Flare
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import lower, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, FlareGrade, Phase
from titrate.clinical.values.readings import Source


def before_flare(picture: ClinicalPicture, state: ExerciseState) -> Dose | None:
    """The dose a flare is measured against: the one before it; in a lighter week the loading dose."""
    phase = picture.record.plan.phase
    if phase is Phase.FLARE:
        return state.before_flare or state.dose
    if phase is Phase.LIGHTER_WEEK:
        return state.reference or state.dose
    return state.dose


def flare_factor(picture: ClinicalPicture, flare: Flare) -> Decimal:
    """The part of the dose that a flare leaves today: by grade, and by its length once it lasts (B11.30)."""
    book = picture.record.rulebook
    factor = book.numbers.flare_f2 if flare.grade is FlareGrade.F2 else book.numbers.flare_f1
    days = picture.record.days_ago(flare.first) + 1
    return min(factor, length_factor(picture, days))


def length_factor(picture: ClinicalPicture, days: int) -> Decimal:
    """The part of the dose before the flare that a flare of this many days leaves; 0 asks for a new baseline."""
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
    """Rule D2 for the situation, or None where no flare goes on."""
    flare = picture.flare
    if flare is None:
        return None
    factor = flare_factor(picture, flare)
    book = picture.record.rulebook
    doses = {
        e.exercise: lower(scale_dose(book, picture.form(e), before_flare(picture, e), factor), e.dose)
        for e in picture.dosed
    }
    rule = f"two mornings at or above usual + {book.numbers.flare_rise}"
    why = "reported by the patient" if flare.ticked else rule
    rise = None if flare.worst is None or picture.usual.pain is None else flare.worst - picture.usual.pain
    left = part_text(factor, "the dose before it")
    reason = f"flare since {flare.first} ({why}), grade {flare.grade.upper()}: {left}"
    trace = (
        TraceEntry("D2", f"flare since {flare.first}, {why}", True, sources=_flare_sources(picture, flare)),
        TraceEntry("B7", f"grade {flare.grade.upper()}", True, decimal_text(rise), "rise above usual", None, "{score}"),
        TraceEntry(
            "B7",
            "part of the dose before the flare",
            True,
            decimal_text(factor),
            "day",
            str(picture.record.days_ago(flare.first) + 1),
        ),
    )
    return LoweringResult("D2", doses, (reason,), trace, reviews=_flare_reviews(picture, flare))


def _flare_sources(picture: ClinicalPicture, flare: Flare) -> tuple[Source, ...]:
    record = picture.record
    rated = [s for d, day in record.pain.items() if flare.first <= d <= flare.last for s in day.sources]
    ticks = [
        a.stamp.source for a in record.answered.get("flare-self-report", ()) if flare.first <= a.stamp.day <= flare.last
    ]
    return tuple(dict.fromkeys((*rated, *ticks)))


def _flare_reviews(picture: ClinicalPicture, flare: Flare) -> tuple[str, ...]:
    days = picture.record.days_ago(flare.first) + 1
    book = picture.record.rulebook
    if days > book.numbers.return_long_days:
        return ("reassess: the flare has lasted more than two weeks; a new baseline is needed",)
    if days > book.numbers.return_middle_days:
        return ("contact the patient: the flare has lasted more than a week",)
    return ()
