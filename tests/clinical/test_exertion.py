"""Worsening after exertion (RF16): the pattern opens the flag, and what another rule answers does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.clinical.plan import Phase
from service.clinical.readings import Reading
from tests.clinical.earned import decide
from tests.courses.build import answered, heard, minutes, mornings, on, plan, screen, session, state

WALK = minutes(15)
BEGAN, TODAY = date(2025, 1, 4), date(2025, 1, 15)


def after(pain: int, peak: int, rpe: int | None, done: int, *more: Reading) -> tuple[str, set[str]]:
    """Rule and flags after three walks, the last two followed by a morning of fatigue 7 (usual 3) and of this pain."""
    days = [date(2025, 1, day) for day in range(1, 16)]
    readings: list[Reading] = [*screen(date(2025, 1, 12)), *more]
    for day in days:
        tired = day.day in (12, 14)
        readings += mornings(day, [pain if tired else 2], fatigue=7 if tired else 3)
    for number in (9, 11, 13):
        pains, effort, did = ((2, peak), rpe, done) if number > 9 else ((2, 3), 3, 15)
        readings.append(session("walking", date(2025, 1, number), WALK, pains, effort, done=Decimal(did)))
    in_force = plan(Phase.LOADING, BEGAN, (state("walking", WALK, 3, BEGAN),))
    result = decide((heard(readings), in_force, on(TODAY)))
    return result.decision.rule, {flag.flag for flag in result.flags}


@pytest.mark.parametrize(("pain", "peak", "rpe", "done"), [
    (2, 3, 3, 15),     # the walks went well
    (3, 5, 4, 18),     # each value is at its limit
    (2, 3, None, 15),  # nobody knows how hard it was: the careful reading
    (2, 3, 3, 9),      # less was done than planned
])  # fmt: skip
def test_fatigue_out_of_proportion_stops(pain: int, peak: int, rpe: int | None, done: int) -> None:
    """No dose until a clinician has looked: fixed steps harm in post-exertional malaise."""
    assert after(pain, peak, rpe, done) == ("D1", {"rf16"})


@pytest.mark.parametrize(("pain", "peak", "rpe", "done", "rule"), [
    (2, 6, 3, 15, "D3"),  # pain above its ceiling
    (2, 3, 5, 15, "D3"),  # exertion above its cap
    (2, 3, 3, 19, "D3"),  # more than 1.20 of the plan
    (4, 3, 3, 15, "D3"),  # the pain of those mornings is as high as in a flare
])  # fmt: skip
def test_fatigue_that_something_explains_is_answered_by_its_rule(
    pain: int, peak: int, rpe: int, done: int, rule: str
) -> None:
    """The dose is lowered, and nobody is told of a disease."""
    assert after(pain, peak, rpe, done) == (rule, set())


def test_a_ticked_flare_alone_explains_nothing() -> None:
    """Without more pain, fatigue after two of three walks is the pattern, whatever the patient calls it."""
    tick = answered("flare-self-report", True, on(date(2025, 1, 14)))
    assert after(2, 3, 3, 15, tick) == ("D1", {"rf16"})
