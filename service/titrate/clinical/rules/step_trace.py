"""The next step of an exercise in the words and numbers of the trace: what it is, or why there is none (B2, B11.22)."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.dose_caps import KILOGRAM, Breach, amount_words, breaches
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import unit_of
from titrate.clinical.values.plan import Dose, ExerciseState


def step_entry(picture: ClinicalPicture, state: ExerciseState, dose: Dose, step: Dose | None) -> TraceEntry:
    """What the trace says about the step from a dose: taken if every gate passes, above a bound, or none at all."""
    if step is None:
        return _none(picture, state, dose)
    above = above_cap(picture, state.exercise, step, "B2", "the next step")
    if above:
        return above[0]
    if step.load != dose.load:
        text = "one step up in load, repetitions back to the bottom of the range"
        return TraceEntry("B2", text, True, f"{dose.load:f}", "->", f"{step.load:f}", "kg", state.exercise)
    text = "one step up, rounded down, at least one unit"
    return TraceEntry("B2", text, True, f"{dose.amount:f}", "->", f"{step.amount:f}", dose.unit, state.exercise)


def above_cap(picture: ClinicalPicture, exercise: str, dose: Dose, rule: str, what: str) -> tuple[TraceEntry, ...]:
    """That a dose lies above what a person allows, for its load and for its amount; empty where it does not."""
    return tuple(_above(exercise, breach, rule, what) for breach in breaches(picture.record, exercise, dose))


def _above(exercise: str, breach: Breach, rule: str, what: str) -> TraceEntry:
    bound = breach.cap
    text = f"{what}, {amount_words(breach.value, bound.unit)}, is above {bound.message}"
    value, limit = f"{breach.value:f}", f"{bound.value:f}"
    return TraceEntry(rule, text, False, value, "<=", limit, bound.unit, exercise, bound.sources)


def lowered_to_cap(picture: ClinicalPicture, exercise: str, dose: Dose, left: Dose | None) -> tuple[TraceEntry, ...]:
    """That a dose is lowered to what a person allows, whatever rule gave it; `left` is what is left of it."""
    return tuple(_down(exercise, breach, left) for breach in breaches(picture.record, exercise, dose))


def _down(exercise: str, breach: Breach, left: Dose | None) -> TraceEntry:
    bound = breach.cap
    now = None if left is None else left.load if bound.unit == KILOGRAM else left.amount
    limit = None if now is None else f"{now:f}"
    text = f"lowered to {bound.message}"
    return TraceEntry("B6", text, True, f"{breach.value:f}", "->", limit, bound.unit, exercise, bound.sources)


def cap_reason(entry: TraceEntry) -> str:
    """The same as a reason: `walking: lowered to the limit of 15 min set by ..., from 20 to 15 min`."""
    unit = (entry.unit or "").strip("{}")
    moved = f"{entry.value} to {entry.limit} {unit}" if entry.limit else f"{entry.value} {unit} to no session target"
    return f"{entry.exercise}: {entry.text}, from {moved}"


def _none(picture: ClinicalPicture, state: ExerciseState, dose: Dose) -> TraceEntry:
    """Why there is no step: no increment, the smallest one too large a part of the dose, or the top of the range."""
    book, form = picture.record.rulebook, picture.form(state)
    if form.exercise.loaded and dose.load is not None and not form.increment:
        text = "no step: by how much the load can be raised is not known"
        return TraceEntry("B2", text, False, exercise=state.exercise)
    unit, most = unit_of(book, dose), book.numbers.step_max_pct
    if unit <= dose.amount * most:
        text = "no step: the range is at its top (clinician's choice)"
        return TraceEntry("B2", text, False, exercise=state.exercise)
    # Rounded up, so that what is above the limit is seen to be.
    part = (unit / dose.amount).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
    whole = amount_words(dose.amount, dose.unit)
    text = f"the smallest step, {unit:f} over {whole}, is {part} of the dose, above {most}"
    return TraceEntry("B2", text, False, str(part), "<=", str(most), "1", state.exercise)
