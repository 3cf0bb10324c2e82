"""Two values at one time: the more cautious one counts, in either order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from tests.clinical.engine_runs import BOOK
from tests.clinical.thresholds.probe import Case, ago, next_dose
from tests.courses.build import answered, measured, minutes, on, sets, stamp, state
from titrate.clinical.values.decision import Gate
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import DoseLimit, Measurement, Reporter, SafetyAnswer, Source

WHEN = on(ago(10))
SCORES = (("phq-9", 12, 3), ("heart-rate", 104, 70), ("tsk-11", 40, 20))


def _named(*readings: Measurement | SafetyAnswer) -> tuple[Measurement | SafetyAnswer, ...]:
    """Readings of one moment whose resource names put them in this order."""
    return tuple(replace(r, stamp=replace(r.stamp, source=Source(f"O/{n}"))) for n, r in enumerate(readings))


@pytest.mark.parametrize(("what", "high", "low"), SCORES)
def test_higher_score_holds(what: str, high: int, low: int) -> None:
    """Of two values of one moment the one that holds a rise counts (G8)."""
    for two in permutations((measured(what, high, WHEN), measured(what, low, WHEN))):
        candidate = Case(more=_named(*two)).run(BOOK).decision.candidates[0]
        assert candidate.gates["G8"] is Gate.FAIL


def test_lower_confidence_is_cautious() -> None:
    """PSEQ is worse when it is low."""
    for two in permutations((measured("pseq", 19, WHEN), measured("pseq", 30, WHEN))):
        assert Case(more=_named(*two)).run(BOOK).assessment.cautious


def test_clinicians_two_answers() -> None:
    """A yes and a no: cautious, and the exposure ladder is not started."""
    by, fear = Reporter.PRACTITIONER, measured("tsk-11", 36, WHEN)
    for values in permutations((True, False)):
        ticks = _named(*(answered("cautious-profile", v, WHEN, by) for v in values))
        ladder = _named(*(answered("exposure-ladder-started", v, WHEN, by) for v in values))
        assert Case(more=ticks).run(BOOK).assessment.cautious
        assert Case(more=(fear, *ladder)).run(BOOK).decision.candidates[0].gates["G8"] is Gate.FAIL


def test_return_under_a_load_limit_raises_one_exercise_alone() -> None:
    """A limit that lowers the load does not hide a rise in repetitions: the other exercise waits (B11.18)."""
    press, walk = sets(2, 11, 6), minutes(14)
    states = (
        state("scaption", press, 4, ago(13), before_flare=sets(3, 15, 6)),
        state("walking", walk, 3, ago(13), before_flare=minutes(22), goal_linked=True),
    )
    light = DoseLimit("scaption", Decimal(3), "kg", stamp("limit", on(ago(20)), by=Reporter.PRACTITIONER))
    ticks = tuple(answered("flare-self-report", True, on(ago(d))) for d in (13, 9))
    plan = {"flare_first_day": ago(13), "flare_grade": "f1"}
    case = Case(states=states, sessions=(), more=(light, *ticks), phase=Phase.FLARE, since=13, plan=plan)
    result = case.run(BOOK)
    assert result.decision.rule == "D8"
    assert next_dose(result, "scaption") == sets(2, 11, 3)
    assert next_dose(result) == minutes(15)
