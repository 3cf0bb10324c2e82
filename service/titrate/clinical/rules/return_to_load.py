"""Where the return to load starts after a flare has settled (B7, B11.18, B11.31)."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.flare_protocol import before_flare, length_factor
from titrate.clinical.values.decision import SessionClass, TraceEntry
from titrate.clinical.values.dose_math import is_within, lower, round_down_dose, scale_dose
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.messages.gates import FlareSettled, ReturnDose


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
