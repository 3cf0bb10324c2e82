"""Where the return to load starts after a flare has settled (B7, B11.18, B11.31)."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.flare_protocol import before_flare, length_factor
from titrate.clinical.values.decision import SessionClass, TraceEntry
from titrate.clinical.values.dose_math import is_within, lower, rounded, scaled
from titrate.clinical.values.plan import Dose, ExerciseState, Phase


def return_doses(situation: ClinicalPicture) -> dict[str, Dose | None]:
    """The doses at which the return to load would start, before only one of them may rise (B7, B11.18)."""
    return {e.exercise: _return_dose(situation, e) for e in situation.dosed}


def settled_entry(situation: ClinicalPicture) -> TraceEntry:
    """The flare after which the return starts."""
    flare = situation.flares[-1]
    text = f"flare from {flare.first} to {flare.last}, settled on {flare.settled}"
    return TraceEntry("B7", text, True, str(flare.length), "days", None, "d")


def start_entry(situation: ClinicalPicture, state: ExerciseState, start: Dose | None) -> TraceEntry:
    """The start of one exercise, and the dose before the flare that it is a part of."""
    before = before_flare(situation, state)
    of = None if before is None else f"{before.amount:f}"
    if start is None:
        return TraceEntry("B7", "return starts at", True, None, "of", of, None, state.exercise)
    return TraceEntry("B7", "return starts at", True, f"{start.amount:f}", "of", of, start.unit, state.exercise)


def _return_dose(situation: ClinicalPicture, state: ExerciseState) -> Dose | None:
    book, flare = situation.record.rulebook, situation.flares[-1]
    before = before_flare(situation, state)
    factor = length_factor(situation, flare.length)
    start = scaled(book, situation.form(state), before, factor)
    if start is None or before is None or state.dose is None:
        return None
    if situation.record.plan.phase is Phase.FLARE and _tolerated_lately(situation, state):
        cap = scaled(book, situation.form(state), before, book.numbers.return_short)
        better = state.dose if is_within(start, state.dose) else start
        start = lower(better, cap)
    return _at_most_a_fifth_more(situation, state, _no_heavier(start, state.dose))


def _no_heavier(start: Dose | None, now: Dose) -> Dose | None:
    """The ladder gives back amounts only: a load that a person took off in the flare stays off."""
    if start is None or start.load is None or (now.load is not None and start.load <= now.load):
        return start
    return replace(start, load=now.load)


def _tolerated_lately(situation: ClinicalPicture, state: ExerciseState) -> bool:
    book = situation.record.rulebook
    window = book.numbers.return_t_days
    good = [
        s
        for s in situation.evaluable(state.exercise)
        if s.klass is SessionClass.T and s.at_dose and 1 <= situation.record.days_ago(s.day) <= window
    ]
    return len(good) >= book.numbers.return_t_sessions


def _at_most_a_fifth_more(situation: ClinicalPicture, state: ExerciseState, start: Dose | None) -> Dose | None:
    if start is None or state.dose is None or is_within(start, state.dose):
        return start
    book = situation.record.rulebook
    most = state.dose.amount * (1 + book.numbers.step_max_pct)
    if start.amount <= most:
        return start
    return rounded(book, situation.form(state), replace(start, amount=most))
