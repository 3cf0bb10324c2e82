"""Gates about the patient as a whole: red flags, phase, data, morning pain and holds: G1, G2, G3, G6, G8."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from titrate.clinical.picture.data_sufficiency import evaluable_count
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages.gates import (
    DataMissing,
    DataSufficient,
    FewSessionsOfExercise,
    HoldsIncrease,
    NothingHolds,
    OpenFlags,
    PhaseCondition,
    WeekRise,
    WeeksNotComparable,
)


def g1(context: GateContext) -> GateResult:
    """G1: No open red flag."""
    flags = context.picture.safety.flags
    return gate_result(
        context,
        "G1",
        not flags,
        OpenFlags(),
        value=len(flags),
        operator="=",
        limit=0,
        sources=tuple(s for f in flags for s in f.sources),
    )


def g2(context: GateContext) -> GateResult:
    """G2: The phase is loading."""
    phase = context.picture.phase
    return gate_result(
        context,
        "G2",
        phase is Phase.LOADING and not context.picture.returning,
        PhaseCondition(),
        value=phase.value,
        operator="=",
        limit=Phase.LOADING.value,
    )


def g3(context: GateContext) -> GateResult:
    """G3: Data are sufficient, for the patient and for the exercise."""
    missing = list(context.patient.missing)
    count = evaluable_count(context.picture, context.state.exercise)
    needed, week = context.numbers.sessions_min, context.picture.record.last_week
    if not context.starting and count < needed:
        missing.append(FewSessionsOfExercise(count=count))
    text: Message = DataMissing(missing=tuple(missing)) if missing else DataSufficient()
    return gate_result(
        context,
        "G3",
        not missing,
        text,
        value=len(week.finals),
        operator=">=",
        limit=context.numbers.mornings_min,
        unit="mornings",
        sources=week.sources,
    )


def g6(context: GateContext) -> GateResult:
    """G6: The week's mean morning pain has not risen."""
    record, usual = context.picture.record, context.picture.usual.pain
    now, before = record.last_week.finals, record.week_before.finals
    needed, limit = context.numbers.mornings_min, context.numbers.week_rise_hold
    if len(now) < needed or len(before) < needed or usual is None:
        return gate_result(
            context,
            "G6",
            False,
            WeeksNotComparable(now=len(now), before=len(before)),
            operator="<=",
            limit=limit,
            unit="{score}",
        )
    rise = _rise(now, before, usual)
    return gate_result(
        context,
        "G6",
        rise.numerator <= limit * rise.denominator,
        WeekRise(),
        value=f"{float(rise):+.2f}",
        operator="<=",
        limit=limit,
        unit="{score}",
        sources=record.last_week.sources,
    )


def g8(context: GateContext) -> GateResult:
    """G8: Nothing outside the exercise prevents an increase."""
    holds = context.patient.holds
    return gate_result(
        context,
        "G8",
        not holds,
        HoldsIncrease(reasons=holds) if holds else NothingHolds(),
        value=len(holds),
        operator="=",
        limit=0,
    )


def _rise(now: tuple[Decimal, ...], before: tuple[Decimal, ...], usual: Decimal) -> Fraction:
    """This week's mean minus the lower of last week's mean and the usual value; exact, unlike a decimal."""
    total, days = sum(before, Decimal(0)), len(before)
    if usual * days < total:
        total, days = usual, 1
    part, whole = (sum(now, Decimal(0)) * days - total * len(now)).as_integer_ratio()
    return Fraction(part, whole * days * len(now))
