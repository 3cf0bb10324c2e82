"""The doses of a flare while it lasts (rule D2; B7, B11.16, B11.30), and where the return to load starts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.rule_result import LoweringResult, decimal_text
from titrate.clinical.sessions.flares import FLARE_REPORTED, Flare
from titrate.clinical.values.decision import SessionClass, TraceEntry
from titrate.clinical.values.dose_math import is_within, lower, round_down_dose, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, FlareGrade, Phase
from titrate.clinical.values.readings import Source
from titrate.messages import Message
from titrate.messages.decisions import (
    FlareAnswerUnreadable,
    FlareByMornings,
    FlareDose,
    FlareReportedByPatient,
    FlareWithoutDose,
    LastingFlare,
    LongFlare,
)
from titrate.messages.gates import FlareFactor, FlareGraded, FlareSettled, FlareSince, ReturnDose


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
    cause = _cause(picture, flare)
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


def _cause(picture: ClinicalPicture, flare: Flare) -> Message:
    """Why it is a flare. An answer that cannot be read is named as such where no other was a yes."""
    if not flare.ticked:
        return FlareByMornings(rise=picture.record.rulebook.numbers.flare_rise)
    answers = [a for a in picture.record.answered.get(FLARE_REPORTED, ()) if flare.first <= a.stamp.day <= flare.last]
    return (
        FlareReportedByPatient() if any(a.value is True and not a.assumed for a in answers) else FlareAnswerUnreadable()
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


def return_doses(picture: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses at which the return to load would start, before only one of them may rise (B7, B11.18)."""
    return {e.exercise: _return_dose(picture, e) for e in picture.dosed}


def settled_entry(picture: ClinicalPicture) -> TraceEntry:
    """The flare after which the return starts."""
    flare = picture.flares[-1]
    text = FlareSettled(first=flare.first, last=flare.last, settled=flare.settled)
    return TraceEntry(rule="B7", text=text, held=True, value=str(flare.length), operator="days", unit="d")


def start_entry(picture: ClinicalPicture, state: ExerciseState, start: Dose | None) -> TraceEntry:
    """The start of one exercise, and the dose before the flare that it is a part of."""
    before = before_flare(picture, state)
    return TraceEntry(
        rule="B7",
        text=ReturnDose(),
        held=True,
        value=None if start is None else f"{start.amount:f}",
        operator="of",
        limit=None if before is None else f"{before.amount:f}",
        unit=None if start is None else start.unit,
        exercise=state.exercise,
    )


def _return_dose(picture: ClinicalPicture, state: ExerciseState) -> Dose | None:
    book, flare = picture.record.rulebook, picture.flares[-1]
    before = before_flare(picture, state)
    factor = length_factor(picture, flare.length)
    start = scale_dose(book, picture.form(state), before, factor)
    if start is None or before is None or state.dose is None:
        return None
    if picture.record.plan.phase is Phase.FLARE and _tolerated_recently(picture, state):
        cap = scale_dose(book, picture.form(state), before, book.numbers.return_short)
        better = state.dose if is_within(start, state.dose) else start
        start = lower(better, cap)
    return _within_one_step(picture, state, _no_heavier(start, state.dose))


def _no_heavier(start: Dose | None, now: Dose) -> Dose | None:
    """The return restores amounts only: a load that a clinician reduced in the flare stays reduced."""
    if start is None or start.load is None or (now.load is not None and start.load <= now.load):
        return start
    return replace(start, load=now.load)


def _tolerated_recently(picture: ClinicalPicture, state: ExerciseState) -> bool:
    book = picture.record.rulebook
    window = book.numbers.return_t_days
    good = [
        s
        for s in picture.evaluable(state.exercise)
        if s.session_class is SessionClass.T and s.at_dose and 1 <= picture.record.days_ago(s.day) <= window
    ]
    return len(good) >= book.numbers.return_t_sessions


def _within_one_step(picture: ClinicalPicture, state: ExerciseState, start: Dose | None) -> Dose | None:
    if start is None or state.dose is None or is_within(start, state.dose):
        return start
    book = picture.record.rulebook
    most = state.dose.amount * (1 + book.numbers.step_max_pct)
    if start.amount <= most:
        return start
    return round_down_dose(book, picture.form(state), replace(start, amount=most))
