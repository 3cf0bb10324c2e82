"""Worsening after exertion (RF16): fatigue out of proportion opens the flag, whatever else was reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.clinical.plan import Phase
from service.clinical.readings import Reading
from tests.clinical.earned import decide
from tests.courses.build import heard, minutes, mornings, on, plan, screen, session, state

WALK = minutes(15)
BEGAN, TODAY = date(2025, 1, 4), date(2025, 1, 15)


def after(fatigue: int, pain: int = 2, peak: int = 3, rpe: int | None = 3, done: int = 15) -> tuple[str, set[str]]:
    """Rule and flags after three walks; the last two were so, and so were the mornings after (usual 2 and 3)."""
    readings: list[Reading] = [*screen(date(2025, 1, 12))]
    for day in (date(2025, 1, number) for number in range(1, 16)):
        tired = day.day in (12, 14)
        readings += mornings(day, [pain if tired else 2], fatigue=fatigue if tired else 3)
    for number in (9, 11, 13):
        pains, effort, did = ((2, peak), rpe, done) if number > 9 else ((2, 3), 3, 15)
        readings.append(session("walking", date(2025, 1, number), WALK, pains, effort, done=Decimal(did)))
    in_force = plan(Phase.LOADING, BEGAN, (state("walking", WALK, 3, BEGAN),))
    result = decide((heard(readings), in_force, on(TODAY)))
    return result.decision.rule, {flag.flag for flag in result.flags}


@pytest.mark.parametrize(("fatigue", "rule", "flags"), [(5, "D11", set()), (6, "D3", set()), (7, "D1", {"rf16"})])
def test_tired_too_tired_and_out_of_proportion(fatigue: int, rule: str, flags: set[str]) -> None:
    """2 above usual is marginal, 3 is not tolerated and lowers the dose, 4 stops: fixed steps would harm."""
    assert after(fatigue) == (rule, flags)


@pytest.mark.parametrize(("pain", "peak", "rpe", "done"), [
    (2, 6, 3, 15),     # pain above its ceiling
    (4, 3, 3, 15),     # mornings as in a flare
    (2, 3, 8, 15),     # exertion far above its cap
    (2, 3, None, 15),  # nobody knows how hard it was
    (2, 3, 3, 19),     # more than was planned
    (2, 3, 3, 9),      # less
])  # fmt: skip
def test_nothing_explains_it_away(pain: int, peak: int, rpe: int | None, done: int) -> None:
    """A worse symptom beside it never earns a dose (F i)."""
    assert after(7, pain, peak, rpe, done) == ("D1", {"rf16"})
