"""Gates about work done: adherence and the cap of the weekly load: G7, G9."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.messages import Message
from titrate.messages.gates import Adherence, NoDoseYet, WeekOverMonth, WeekOverWeek


def g7(context: GateContext) -> GateResult:
    """G7: Enough of the planned sessions were done."""
    if context.starting:
        return gate_result(context, "G7", None, NoDoseYet())
    adherence = adherence_of(context.picture, context.state)
    limit = context.numbers.adh_min
    return gate_result(
        context,
        "G7",
        adherence.numerator >= limit * adherence.denominator,
        Adherence(days=len(context.picture.record.last_week.dates)),
        value=f"{float(adherence):.2f}",
        operator=">=",
        limit=limit,
        unit="1",
    )


def adherence_of(picture: ClinicalPicture, state: ExerciseState) -> Fraction:
    """Completed sessions of the last week over the weekly frequency, at most 1 (B11.6)."""
    if state.weekly_frequency <= 0:
        return Fraction(0)
    week = picture.record.last_week.dates
    done = sum(1 for s in picture.completed if s.exercise == state.exercise and s.day in week)
    return Fraction(min(done, state.weekly_frequency), state.weekly_frequency)


def g9(context: GateContext) -> GateResult:
    """G9: The planned week does not exceed the work done by more than its caps."""
    if context.starting or context.state.dose is None:
        return gate_result(context, "G9", None, NoDoseYet())
    planned = _weekly(context, context.step or context.state.dose)
    numbers, days = context.numbers, len(context.picture.record.last_week.dates)
    work, limit = _done(context, days), numbers.load_week_cap
    held = planned <= limit * work
    text: Message = WeekOverWeek(days=days)
    if held and _since_first(context) >= numbers.load_month_data_days:
        mean = _done(context, int(numbers.load_month_days)) * days / numbers.load_month_days
        if planned > numbers.load_month_cap * mean:
            held, text, work, limit = False, WeekOverMonth(days=numbers.load_month_days), mean, numbers.load_month_cap
    ratio = f"{planned / work:.3f}" if work else "no work done"
    return gate_result(context, "G9", held, text, value=ratio, operator="<=", limit=limit, unit="1")


def _since_first(context: GateContext) -> int:
    """Days since the first session of the exercise; 0 where there is none."""
    sessions = context.picture.sessions_of(context.state.exercise)
    return context.picture.record.days_ago(sessions[0].day) if sessions else 0


def _weekly(context: GateContext, dose: Dose) -> Decimal:
    return dose.amount * (dose.load or 1) * context.state.weekly_frequency


def _done(context: GateContext, days: int) -> Decimal:
    """Work done on the last `days` local dates: amounts, times kg where there is a load.

    Amounts above an overshoot of the plan are not counted: an error of the unit looks like one.
    """
    record, most = context.picture.record, context.numbers.done_high
    loaded = context.state.dose is not None and context.state.dose.load is not None
    total = Decimal(0)
    for s in context.picture.sessions_of(context.state.exercise):
        if (
            not s.preliminary
            and s.done is not None
            and s.unit in (None, context.form.exercise.amount_unit)
            and 1 <= record.days_ago(s.day) <= days
        ):
            done = s.done if s.prescribed is None else min(s.done, s.prescribed * most)
            total += done * (s.load or 0) if loaded else done
    return total
