"""Gates about flags, phase, data and the patient around the exercise: G1, G2, G3, G6, G8."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from titrate.clinical.picture.data_sufficiency import evaluable_count
from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.plan import Phase


def g1(asked: GateContext) -> GateResult:
    """G1: No open red flag."""
    flags = asked.picture.safety.flags
    return gate_result(
        asked,
        "G1",
        not flags,
        "open red flags",
        value=len(flags),
        operator="=",
        limit=0,
        sources=tuple(s for f in flags for s in f.sources),
    )


def g2(asked: GateContext) -> GateResult:
    """G2: The phase is loading."""
    phase = asked.picture.phase
    return gate_result(
        asked,
        "G2",
        phase is Phase.LOADING and not asked.picture.returning,
        "phase",
        value=phase.value,
        operator="=",
        limit=Phase.LOADING.value,
    )


def g3(asked: GateContext) -> GateResult:
    """G3: Data are sufficient, for the patient and for the exercise."""
    lacking = [*map(str, asked.whole.lacking)]
    count = evaluable_count(asked.picture, asked.state.exercise)
    needed, week = asked.numbers.sessions_min, asked.picture.record.last_week
    if not asked.starting and count < needed:
        lacking.append(f"{count} evaluable sessions of the exercise")
    text = "data sufficient" if not lacking else "; ".join(lacking)
    return gate_result(
        asked,
        "G3",
        not lacking,
        text,
        value=len(week.finals),
        operator=">=",
        limit=asked.numbers.mornings_min,
        unit="mornings",
        sources=week.sources,
    )


def g6(asked: GateContext) -> GateResult:
    """G6: The week's mean morning pain has not risen."""
    record, usual = asked.picture.record, asked.picture.usual.pain
    now, before = record.last_week.finals, record.week_before.finals
    needed, limit = asked.numbers.mornings_min, asked.numbers.week_rise_hold
    if len(now) < needed or len(before) < needed or usual is None:
        return gate_result(
            asked,
            "G6",
            False,
            f"week's mean not comparable: {len(now)} and {len(before)} mornings",
            operator="<=",
            limit=limit,
            unit="{score}",
        )
    rise = _rise(now, before, usual)
    shown = f"{float(rise):+.2f}"
    return gate_result(
        asked,
        "G6",
        rise.numerator <= limit * rise.denominator,
        "rise of the week's mean morning pain",
        value=shown,
        operator="<=",
        limit=limit,
        unit="{score}",
        sources=record.last_week.sources,
    )


def g8(asked: GateContext) -> GateResult:
    """G8: Nothing outside the exercise holds a rise."""
    because = asked.whole.strain
    return gate_result(
        asked,
        "G8",
        not because,
        "; ".join(map(str, because)) or "no hold for sleep, mood or stress",
        value=len(because),
        operator="=",
        limit=0,
    )


def _rise(now: tuple[Decimal, ...], before: tuple[Decimal, ...], usual: Decimal) -> Fraction:
    """This week's mean less the lower of last week's mean and the usual value; exact, as a decimal would not be."""
    total, days = sum(before, Decimal(0)), len(before)
    if usual * days < total:
        total, days = usual, 1
    part, whole = (sum(now, Decimal(0)) * days - total * len(now)).as_integer_ratio()
    return Fraction(part, whole * days * len(now))
