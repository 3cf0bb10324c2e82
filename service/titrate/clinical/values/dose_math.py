"""Arithmetic of doses: rounding down, lowering by a factor, and the smallest safe step up (B2, B4, B5, B11.15).

Amounts are totals of a session. None is "no session target".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.rulebook import Exercise, Rulebook


@dataclass(frozen=True, slots=True)
class DoseForm:
    """How an exercise is dosed for this patient: the library's values, or the plan's where they differ."""

    exercise: Exercise
    increment: Decimal | None
    range_low: int | None
    range_high: int | None
    target: int | None


def dose_form(exercise: Exercise, state: ExerciseState | None) -> DoseForm:
    """The library's values of an exercise, replaced by the plan's own range, target and increment."""
    if state is None:
        return DoseForm(exercise, exercise.increment, exercise.range_low, exercise.range_high, exercise.target)
    return DoseForm(
        exercise,
        exercise.increment if state.increment is None else state.increment,
        exercise.range_low if state.range_low is None else state.range_low,
        exercise.range_high if state.range_high is None else state.range_high,
        target_of(exercise, state),
    )


def target_of(exercise: Exercise, state: ExerciseState | None) -> int | None:
    """Repetitions a set that the 2-for-2 rule counts from: the plan's own, else the library's."""
    return exercise.target if state is None or state.target is None else state.target


def unit_of(book: Rulebook, dose: Dose) -> Decimal:
    """The smallest step of this dose: one repetition in each set; for time and distance it depends on the amount."""
    if dose.unit == REPETITIONS:
        return Decimal(dose.sets or 1)
    numbers = book.numbers
    small, below, normal = {
        "min": (numbers.time_unit_small, numbers.time_unit_below, numbers.time_unit),
        "m": (numbers.metre_unit_small, numbers.metre_unit_below, numbers.metre_unit),
        "s": (numbers.second_unit_small, numbers.second_unit_below, numbers.second_unit),
    }[dose.unit]
    return small if dose.amount < below else normal


def floor_to(amount: Decimal, unit: Decimal) -> Decimal:
    """The largest multiple of `unit` not above `amount`."""
    return (amount / unit).to_integral_value(rounding=ROUND_FLOOR) * unit


def round_down_dose(book: Rulebook, form: DoseForm, dose: Dose) -> Dose | None:
    """A dose rounded down to what can be prescribed; repetitions keep their sets while each set stays in range."""
    if dose.unit == REPETITIONS:
        return _spread(form, dose, int(floor_to(dose.amount, Decimal(1))))
    amount = floor_to(dose.amount, unit_of(book, dose))
    return _of_amount(dose, amount) if amount > 0 else None


def _of_amount(dose: Dose, amount: Decimal) -> Dose:
    return Dose(amount, dose.unit, dose.sets, dose.load)


def _spread(form: DoseForm, dose: Dose, total: int) -> Dose | None:
    sets = dose.sets or 1
    while sets > 1 and form.range_low is not None and total // sets < form.range_low:
        sets -= 1
    each = total // sets
    return replace(dose, amount=Decimal(each * sets), sets=sets) if each > 0 else None


def scale_dose(book: Rulebook, form: DoseForm, dose: Dose | None, factor: Decimal) -> Dose | None:
    """`factor` times a dose, rounded down; the load is kept."""
    if dose is None or factor <= 0:
        return None
    if factor == 1:
        return dose
    return round_down_dose(book, form, _of_amount(dose, dose.amount * factor))


def lower(first: Dose | None, second: Dose | None) -> Dose | None:
    """The dose that exceeds neither of two doses of one exercise: the smaller amount, in its sets, and the lesser load.

    No dose is the lowest. Less load does not compensate for a greater amount, nor the reverse.
    """
    if first is None or second is None:
        return None
    smaller = first if first.amount <= second.amount else second
    lighter = first if _load(first) <= _load(second) else second
    return smaller if _load(smaller) == _load(lighter) else replace(smaller, load=lighter.load)


def is_within(first: Dose | None, bound: Dose | None) -> bool:
    """Whether a dose does not exceed another: no more load and no greater amount."""
    if first is None:
        return True
    if bound is None:
        return False
    return _load(first) <= _load(bound) and first.amount <= bound.amount


def _load(dose: Dose) -> Decimal:
    return dose.load or Decimal(0)


def step_up(book: Rulebook, form: DoseForm, dose: Dose, *, cautious: bool) -> Dose | None:
    """The next dose by one small step, or None where the smallest step is too large or the range is at its top."""
    if form.exercise.loaded and dose.load is not None:
        return _load_step(book, form, dose)
    part = book.numbers.step_pct_cautious if cautious else book.numbers.step_pct
    return _amount_step(book, form, dose, dose.amount * part)


def _amount_step(book: Rulebook, form: DoseForm, dose: Dose, step: Decimal) -> Dose | None:
    unit = unit_of(book, dose)
    most = dose.amount * book.numbers.step_max_pct
    if dose.unit == "min":
        most = min(most, book.numbers.step_max_minutes)
    step = max(floor_to(min(step, most), unit), unit)
    if step > most:
        return None
    raised = _of_amount(dose, floor_to(dose.amount + step, unit))
    return raised if _in_range(form, raised) else _to_the_top(form, dose)


def _in_range(form: DoseForm, dose: Dose) -> bool:
    if dose.unit != REPETITIONS or form.range_high is None:
        return True
    return dose.amount / (dose.sets or 1) <= form.range_high


def _to_the_top(form: DoseForm, dose: Dose) -> Dose | None:
    sets = dose.sets or 1
    top = Decimal((form.range_high or 0) * sets)
    return _of_amount(dose, top) if top > dose.amount else None


def _load_step(book: Rulebook, form: DoseForm, dose: Dose) -> Dose | None:
    increment = form.increment
    if dose.load is None or increment is None or increment <= 0:
        return None
    if increment > dose.load * book.numbers.load_step_max:
        # The smallest plate is too heavy a step: repetitions rise instead, one in each set.
        return _amount_step(book, form, dose, unit_of(book, dose))
    step = max(floor_to(dose.load * book.numbers.load_step, increment), increment)
    sets = dose.sets or 1
    each = min(form.range_low or int(dose.amount) // sets, int(dose.amount) // sets)
    return replace(dose, load=dose.load + step, amount=Decimal(each * sets))


def rung_up(book: Rulebook, form: DoseForm, dose: Dose, top: Dose) -> Dose | None:
    """One rung of the return ladder towards `top`, the dose before the flare; None where no rung fits (B11.18)."""
    if dose.amount >= top.amount:
        return None
    unit = unit_of(book, dose)
    most = dose.amount * book.numbers.step_max_pct
    if unit > most:
        return None
    rung = min(top.amount * book.numbers.return_rung, most)
    total = min(dose.amount + max(floor_to(rung, unit), unit), top.amount)
    if dose.unit != REPETITIONS:
        return _of_amount(dose, min(floor_to(total, unit), top.amount))
    return _rung_of_repetitions(form, dose, top, int(total))


def _rung_of_repetitions(form: DoseForm, dose: Dose, top: Dose, total: int) -> Dose | None:
    """The rung in sets: the present number while a set stays at its former size, else one more."""
    sets, goal = dose.sets or 1, top.sets or 1
    fewer, more = total // sets, total // (sets + 1)
    may_add = sets < goal and more * (sets + 1) > dose.amount
    if fewer <= top.amount / goal or not may_add:
        add = False
    else:
        add = more >= (form.range_low or 1) or not _in_range(form, _of_amount(dose, Decimal(fewer * sets)))
    raised = _of_sets(dose, sets + 1, more) if add else _of_sets(dose, sets, fewer)
    return raised if raised.amount > dose.amount and _in_range(form, raised) else None


def _of_sets(dose: Dose, sets: int, each: int) -> Dose:
    return replace(dose, amount=Decimal(each * sets), sets=sets)
