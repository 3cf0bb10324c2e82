"""The next step of an exercise, or why there is none, and doses above a limit (B2, B11.22)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.limits import KILOGRAM, Breach, amount_words, breaches
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import unit_of
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.messages import Message
from titrate.messages.dose_limits import (
    AmountStep,
    IncrementUnknown,
    LoadStep,
    LoweredToLimit,
    LoweredToNothing,
    NextRungAboveLimit,
    NextStepAboveLimit,
    SmallestStepTooLarge,
    StartDoseAboveLimit,
    TopOfRange,
)
from titrate.messages.gates import DoseLowered

AboveLimit = type[StartDoseAboveLimit] | type[NextStepAboveLimit] | type[NextRungAboveLimit]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredDose:
    """A dose brought down to a limit, whatever rule gave it; `remaining` is what is left of it."""

    exercise: str
    breach: Breach
    remaining: Dose | None

    @property
    def _number(self) -> Decimal | None:
        """What is left, in the unit of the limit."""
        if self.remaining is None:
            return None
        return self.remaining.load if self.breach.cap.unit == KILOGRAM else self.remaining.amount

    @property
    def reason(self) -> Message:
        """`walking: lowered from 20 min to 15 min because of the limit of 15 min set by ...`."""
        cap, number = self.breach.cap, self._number
        before = amount_words(self.breach.value, cap.unit)
        if number is None:
            return LoweredToNothing(exercise=self.exercise, limit=cap.message, before=before)
        after = amount_words(number, cap.unit)
        return LoweredToLimit(exercise=self.exercise, limit=cap.message, before=before, after=after)

    @property
    def entry(self) -> TraceEntry:
        """The same for the trace."""
        cap, number = self.breach.cap, self._number
        return TraceEntry(
            rule="B6",
            text=DoseLowered(limit=cap.message),
            held=True,
            value=f"{self.breach.value:f}",
            operator="->",
            limit=None if number is None else f"{number:f}",
            unit=cap.unit,
            exercise=self.exercise,
            sources=cap.sources,
        )


def lowered_doses(
    picture: ClinicalPicture, exercise: str, dose: Dose, remaining: Dose | None
) -> tuple[LoweredDose, ...]:
    """Each limit that a dose exceeds, by load or by amount, with what remains of the dose."""
    found = breaches(picture.record, exercise, dose)
    return tuple(LoweredDose(exercise=exercise, breach=breach, remaining=remaining) for breach in found)


def above_limit(
    picture: ClinicalPicture, exercise: str, dose: Dose, rule: str, sentence: AboveLimit
) -> tuple[TraceEntry, ...]:
    """The limits that a dose exceeds, by load and by amount, as failed conditions; empty where it exceeds none."""
    return tuple(
        TraceEntry(
            rule=rule,
            text=sentence(amount=amount_words(breach.value, breach.cap.unit), limit=breach.cap.message),
            held=False,
            value=f"{breach.value:f}",
            operator="<=",
            limit=f"{breach.cap.value:f}",
            unit=breach.cap.unit,
            exercise=exercise,
            sources=breach.cap.sources,
        )
        for breach in breaches(picture.record, exercise, dose)
    )


def step_entry(picture: ClinicalPicture, state: ExerciseState, dose: Dose, step: Dose | None) -> TraceEntry:
    """The step from a dose: taken if every gate passes, above a limit, or impossible (`held` is false for both)."""
    if step is None:
        return _no_step(picture, state, dose)
    above = above_limit(picture, state.exercise, step, "B2", NextStepAboveLimit)
    if above:
        return above[0]
    loaded = step.load != dose.load
    before, after = (dose.load, step.load) if loaded else (dose.amount, step.amount)
    return TraceEntry(
        rule="B2",
        text=LoadStep() if loaded else AmountStep(),
        held=True,
        value=f"{before:f}",
        operator="->",
        limit=f"{after:f}",
        unit=KILOGRAM if loaded else dose.unit,
        exercise=state.exercise,
    )


def _no_step(picture: ClinicalPicture, state: ExerciseState, dose: Dose) -> TraceEntry:
    """Why there is no step: no increment, the smallest one too large a part of the dose, or the top of the range."""
    book, form = picture.record.rulebook, picture.form(state)
    if form.exercise.loaded and dose.load is not None and not form.increment:
        return TraceEntry(rule="B2", text=IncrementUnknown(), held=False, exercise=state.exercise)
    unit, most = unit_of(book, dose), book.numbers.step_max_pct
    if unit <= dose.amount * most:
        return TraceEntry(rule="B2", text=TopOfRange(), held=False, exercise=state.exercise)
    # Rounded up, so that a part above the limit shows as above it.
    part = (unit / dose.amount).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
    text = SmallestStepTooLarge(step=unit, dose=amount_words(dose.amount, dose.unit), part=part, largest=most)
    return TraceEntry(
        rule="B2",
        text=text,
        held=False,
        value=str(part),
        operator="<=",
        limit=str(most),
        unit="1",
        exercise=state.exercise,
    )
