"""Doses: rounding down, sets, steps, starts, and upper limits (B2, B5, B11.15, B11.22, B11.23, B11.33)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from tests.second_evaluator import numbers as n
from tests.second_evaluator.facts import CLINICIAN, Facts
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import DoseLimit
from titrate.clinical.values.rulebook import Exercise

REPETITIONS = "{repetitions}"


def exercise(f: Facts, code: str) -> Exercise:
    return f.rulebook.exercises[code]


def low(f: Facts, state: ExerciseState) -> int | None:
    return state.range_low if state.range_low is not None else exercise(f, state.exercise).range_low


def high(f: Facts, state: ExerciseState) -> int | None:
    return state.range_high if state.range_high is not None else exercise(f, state.exercise).range_high


def target(f: Facts, state: ExerciseState | None, code: str) -> int | None:
    if state is not None and state.target is not None:
        return state.target
    return exercise(f, code).target


def increment(f: Facts, state: ExerciseState) -> Decimal | None:
    return state.increment if state.increment is not None else exercise(f, state.exercise).increment


def key(dose: Dose | None) -> tuple[Decimal, Decimal]:
    """B11.34: doses of one exercise are ordered by load, then by amount; no dose is the least."""
    return (Decimal(-1), Decimal(-1)) if dose is None else (dose.load or Decimal(0), dose.amount)


def exceeds(dose: Dose | None, other: Dose | None) -> bool:
    """Whether it is more in load or in amount."""
    if dose is None or other is None:
        return dose is not None
    return (dose.load or 0) > (other.load or 0) or dose.amount > other.amount


def lowest(*doses: Dose | None) -> Dose | None:
    """READINGS 68: the least amount, in its sets, with the least load of them all; no dose is the least."""
    given = [dose for dose in doses if dose is not None]
    if len(given) < len(doses):
        return None
    load = min((dose.load for dose in given), key=lambda load: load or 0)
    return replace(min(given, key=lambda dose: dose.amount), load=load)


def grid(unit: str, amount: Decimal) -> Decimal:
    """B11.15: the unit of rounding at this amount."""
    if unit == "min":
        return Decimal("0.5") if amount < 10 else Decimal(1)
    if unit == "m":
        return Decimal(5) if amount < 100 else Decimal(10)
    if unit == "s":
        return Decimal(1) if amount < 20 else Decimal(5)
    return Decimal(1)


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def shaped(total: Decimal, like: Dose, at_least: int | None) -> Dose | None:
    """B11.15: a total of repetitions in whole sets; sets are dropped while a set is below the range."""
    number, whole = like.sets or 1, int(total)
    while number > 1 and at_least is not None and whole // number < at_least:
        number -= 1
    amount = Decimal(whole // number * number)
    return None if amount == 0 else replace(like, amount=amount, sets=None if like.sets is None else number)


def sized(amount: Decimal, like: Dose, at_least: int | None, current: Dose | None = None) -> Dose | None:
    """`amount` rounded down: by its own unit, or by that of `current` when it is a rise. 0 is no session target."""
    if like.unit == REPETITIONS:
        return shaped(amount, like, at_least)
    rounded = floor_to(amount, grid(like.unit, current.amount if current else amount))
    return None if rounded <= 0 else replace(like, amount=rounded)


def times(factor: Decimal | None, dose: Dose | None, at_least: int | None) -> Dose | None:
    """A dose lowered by a factor; None is a re-baseline, or no dose to begin with."""
    return None if factor is None or dose is None else sized(dose.amount * factor, dose, at_least)


def within_fifth(dose: Dose | None, current: Dose, at_least: int | None) -> Dose | None:
    """F(iii), B11.3: never above 1.20 x the dose in force."""
    if dose is None or dose.amount <= current.amount * n.NEXT_MAX:
        return dose
    return sized(current.amount * n.NEXT_MAX, dose, at_least)


# --- steps up ---------------------------------------------------------------------------------------------------------
def step(f: Facts, state: ExerciseState, cautious: bool) -> Dose | None:
    """The one step up from the dose in force, None where there is none."""
    dose = state.dose
    if dose is None:
        return None
    if dose.load is not None:
        return _load_step(f, state, dose)
    part = n.STEP_CAUTIOUS if cautious else n.STEP
    if dose.unit == REPETITIONS:
        return _repetition_step(dose, dose.amount * part, high(f, state))
    unit = grid(dose.unit, dose.amount)
    rise = max(floor_to(dose.amount * part, unit), unit)
    if dose.unit == "min":
        rise = min(rise, n.STEP_MAX_MIN)  # B2: an absolute upper bound
    fits = rise <= dose.amount * n.STEP_MAX  # B11.22
    return replace(dose, amount=floor_to(dose.amount + rise, unit)) if fits else None


def _repetition_step(dose: Dose, proposal: Decimal, top: int | None) -> Dose | None:
    """B11.23, B11.33: whole repetitions in each set, at least one, at most 20 %, to the top of the range."""
    number = Decimal(dose.sets or 1)
    rise = max(floor_to(proposal, number), number)
    if top is not None:
        rise = min(rise, top * number - floor_to(dose.amount, number))
    return replace(dose, amount=dose.amount + rise) if 0 < rise <= dose.amount * n.STEP_MAX else None


def _load_step(f: Facts, state: ExerciseState, dose: Dose) -> Dose | None:
    """B5, B11.23: 5 % of the load, repetitions back to the bottom; where plates are too coarse, repetitions."""
    plate, load = increment(f, state), dose.load
    if load is None or plate is None or plate > load * n.LOAD_INCREMENT_MAX:
        return _repetition_step(dose, Decimal(0), high(f, state))
    rise = floor_to(load * n.LOAD_STEP, plate) or plate
    number, bottom = dose.sets or 1, low(f, state)
    repetitions = dose.amount if bottom is None else min(dose.amount, Decimal(bottom * number))
    return replace(dose, amount=repetitions, load=load + rise)


def rung(f: Facts, state: ExerciseState) -> Dose | None:
    """B11.18: min(10 % of the pre-flare dose, 20 % of the dose in force), at least one unit, not past the old dose."""
    dose, before = state.dose, state.before_flare
    if dose is None or before is None or key(dose) >= key(before) or dose.amount >= before.amount:
        return None
    unit = Decimal(dose.sets or 1) if dose.unit == REPETITIONS else grid(dose.unit, dose.amount)
    rise = max(floor_to(min(before.amount * n.RUNG, dose.amount * n.STEP_MAX), unit), unit)
    if unit > dose.amount * n.STEP_MAX:
        return None
    total = min(dose.amount + rise, before.amount)
    if dose.unit == REPETITIONS:
        return _rung_in_sets(f, state, dose, total)
    return replace(dose, amount=floor_to(total, unit))


def _rung_in_sets(f: Facts, state: ExerciseState, dose: Dose, total: Decimal) -> Dose | None:
    """On the way back a set grows to its old size before a set that was dropped comes back (B11.15 read backwards)."""
    before, top, bottom = state.before_flare or dose, high(f, state), low(f, state) or 1
    now, then = dose.sets or 1, before.sets or 1
    ways = [(number, int(total) // number) for number in (now, now + 1) if number <= max(now, then)]
    ways = [(number, each) for number, each in ways if number * each > dose.amount]
    fit = [(number, each) for number, each in ways if top is None or each <= top]
    grown = [w for w in fit if w[0] == now and w[1] * then <= before.amount]
    added = [w for w in fit if w[0] > now and w[1] >= bottom]
    same = [w for w in fit if w[0] == now]
    choice = next(iter([*grown, *added, *same, *fit]), None)
    return None if choice is None else replace(dose, amount=Decimal(choice[0] * choice[1]), sets=choice[0])


# --- hard bounds ------------------------------------------------------------------------------------------------------
def bounded(f: Facts, state: ExerciseState, dose: Dose | None) -> Dose | None:
    """Clinicians' dose limits, other plans' doses and a clinician's override are upper limits."""
    if dose is None:
        return None
    amounts, loads = _bounds(f, state, dose.unit)
    most, load = min(amounts, default=dose.amount), min(loads, default=None)
    if dose.load is not None and load is not None and dose.load > load:
        dose = replace(dose, load=load)
    return dose if dose.amount <= most else sized(most, dose, low(f, state))


def _bounds(f: Facts, state: ExerciseState, unit: str) -> tuple[list[Decimal], list[Decimal]]:
    given = [r for r in f.readings if isinstance(r, DoseLimit) and r.exercise == state.exercise]
    given = [r for r in given if r.stamp.reporter is CLINICIAN]
    amounts, loads = _newest(given, unit), _newest(given, "kg")
    others = [b.dose for b in f.plan.bounds if b.exercise == state.exercise]
    if any(o.exercise == state.exercise for o in f.plan.overrides) and state.dose is not None:
        others.append(state.dose)
    amounts += [d.amount for d in others if d.unit == unit]
    return amounts, loads + [d.load for d in others if d.load is not None]


def _newest(given: list[DoseLimit], unit: str) -> list[Decimal]:
    final = [r for r in given if r.unit == unit and not r.stamp.preliminary]
    day = max((r.stamp.day for r in final), default=None)
    kept = [r.amount for r in final if r.stamp.day == day]
    return kept + [r.amount for r in given if r.unit == unit and r.stamp.preliminary]
