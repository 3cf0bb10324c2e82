"""Gates about work done: adherence and the load cap: G7, G9."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.plan import Dose, ExerciseState


def g7(asked: GateContext) -> GateResult:
    """G7: Enough of the planned sessions were done."""
    if asked.starting:
        return gate_result(asked, "G7", None, "no dose yet")
    adherence = adherence_of(asked.picture, asked.state)
    limit = asked.numbers.adh_min
    return gate_result(
        asked,
        "G7",
        adherence.numerator >= limit * adherence.denominator,
        "adherence in the last 7 days",
        value=f"{float(adherence):.2f}",
        operator=">=",
        limit=limit,
        unit="1",
    )


def adherence_of(picture: ClinicalPicture, state: ExerciseState) -> Fraction:
    """Completed sessions of the last seven days over the week's frequency, at most 1 (B11.6)."""
    if state.weekly_frequency <= 0:
        return Fraction(0)
    week = picture.record.last_week.dates
    done = sum(1 for s in picture.completed if s.exercise == state.exercise and s.day in week)
    return Fraction(min(done, state.weekly_frequency), state.weekly_frequency)


def g9(asked: GateContext) -> GateResult:
    """G9: The planned week is no spike over the work done."""
    if asked.starting or asked.state.dose is None:
        return gate_result(asked, "G9", None, "no dose yet")
    planned = _weekly(asked, asked.step or asked.state.dose)
    week = _done(asked, 7)
    limit = asked.numbers.load_week_cap
    ratio = f"{planned / week:.3f}" if week else "no work done"
    held, text = planned <= limit * week, "planned week over the last seven days' work"
    if held and _since_first(asked) >= asked.numbers.load_month_data_days:
        mean, limit_month = _done(asked, 28) / 4, asked.numbers.load_month_cap
        if planned > limit_month * mean:
            held, text, limit = False, "planned week over the mean week of the last 28 days", limit_month
            ratio = f"{planned / mean:.3f}" if mean else "no work done"
    return gate_result(asked, "G9", held, text, value=ratio, operator="<=", limit=limit, unit="1")


def _since_first(asked: GateContext) -> int:
    """Days since the first session of the exercise; 0 where there is none."""
    sessions = asked.picture.sessions_of(asked.state.exercise)
    return asked.picture.record.days_ago(sessions[0].day) if sessions else 0


def _weekly(asked: GateContext, dose: Dose) -> Decimal:
    return dose.amount * (dose.load or 1) * asked.state.weekly_frequency


def _done(asked: GateContext, days: int) -> Decimal:
    """Work done on the last `days` local dates: amounts, times kg where there is a load.

    What goes beyond the plan so far that it is an overshoot earns nothing, and a slip of the unit looks like one.
    """
    record, most = asked.picture.record, asked.numbers.done_high
    loaded = asked.state.dose is not None and asked.state.dose.load is not None
    total = Decimal(0)
    for s in asked.picture.sessions_of(asked.state.exercise):
        if (
            not s.preliminary
            and s.done is not None
            and s.unit in (None, asked.form.exercise.amount_unit)
            and 1 <= record.days_ago(s.day) <= days
        ):
            done = s.done if s.prescribed is None else min(s.done, s.prescribed * most)
            total += done * (s.load or 0) if loaded else done
    return total
