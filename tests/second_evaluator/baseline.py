"""Start doses from tolerance trials, and the cautious profile (B4, B11.25)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from tests.second_evaluator import numbers as n
from tests.second_evaluator.doses import REPETITIONS, exercise, low, sized
from tests.second_evaluator.facts import CLINICIAN, Facts, newest, newest_low, usual
from tests.second_evaluator.flares import ended_lately
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import TrialReported


def cautious(f: Facts) -> bool:
    """B4: any of these makes the profile cautious."""
    tsk11, tsk17, csi, pseq = newest(f, "tsk-11"), newest(f, "tsk-17"), newest(f, "csi"), newest_low(f, "pseq")
    return (
        (tsk11 is not None and tsk11 >= 29)
        or (tsk17 is not None and tsk17 > 37)
        or (csi is not None and csi >= 40)
        or (pseq is not None and pseq < 20)
        or _ticked(f)
        or ended_lately(f)
    )


def _ticked(f: Facts) -> bool:
    """The newest final tick of a practitioner, or a preliminary yes since: it may make cautious, never the reverse."""
    answers = [a for a in f.answers("cautious-profile") if a.stamp.reporter is CLINICIAN]
    finals = [a.stamp.when for a in answers if not a.stamp.preliminary]
    return any(a.value is True for a in answers if not finals or a.stamp.when >= max(finals))


def clinician_answered_yes(f: Facts, what: str) -> bool:
    """The newest final answer of a practitioner is yes; two at one moment must agree, and preliminary ones since."""
    answers = [a for a in f.answers(what) if a.stamp.reporter is CLINICIAN]
    last = max((a.stamp.when for a in answers if not a.stamp.preliminary), default=None)
    return last is not None and all(a.value is True for a in answers if a.stamp.when >= last)


def start(f: Facts, state: ExerciseState) -> Dose | None:
    """The start dose of B4, None without three valid trials, or where a load would have to be guessed."""
    library = exercise(f, state.exercise)
    lowest = _lowest_by_date(f, state.exercise, library.amount_unit)
    if len(lowest) < 3 or library.loaded or f.days_ago(max(lowest)) > 14:
        return None
    values = [Fraction(v) for v in lowest.values()]
    careful = Fraction(n.START_CAUTIOUS if cautious(f) else n.START)
    unstable = max(values) > 2 * min(values)
    amount = careful * (min(values) if unstable else sum(values, Fraction(0)) / len(values))
    number = _sets(f, state.exercise) if library.amount_unit == REPETITIONS else None
    # A thousandth is finer than every unit of rounding, and a third has no last decimal place.
    exact = (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.001"), ROUND_FLOOR)
    return sized(exact, Dose(exact, library.amount_unit, number), low(f, state))


def _lowest_by_date(f: Facts, code: str, unit: str) -> dict[date, Decimal]:
    """The lowest trial of each date, dates not more than 14 days before the newest."""
    trials = [r for r in f.readings if isinstance(r, TrialReported) and r.exercise == code and r.unit == unit]
    final = [t for t in trials if not t.stamp.preliminary]
    newest_day = max((t.stamp.day for t in final), default=None)
    result: dict[date, Decimal] = {}
    for t in final:
        if newest_day is not None and (newest_day - t.stamp.day).days <= 14:
            result[t.stamp.day] = min(result.get(t.stamp.day, t.done), t.done)
    return result


def _sets(f: Facts, code: str) -> int:
    rows = (row for programme in f.rulebook.programmes.values() for row in programme.exercises)
    return next((row.sets for row in rows if row.exercise == code), 1)


def exercises(f: Facts) -> tuple[ExerciseState, ...]:
    """Those of the plan; before a plan those with a trial, else the programme's (plan-state 3)."""
    if f.plan.exercises:
        return f.plan.exercises
    tried = {r.exercise for r in f.readings if isinstance(r, TrialReported)}
    rows = {row.exercise: row for programme in f.rulebook.programmes.values() for row in programme.exercises}
    codes = [code for code in f.rulebook.exercises if code in (tried or rows)]
    return tuple(ExerciseState(code, None, rows[code].weekly_frequency if code in rows else 1) for code in codes)


def can_set(f: Facts) -> bool:
    """B11.2: usual pain is known at baseline. Without usual fatigue no session is tolerated, so nothing rises."""
    return usual(f, "pain") is not None
