"""Aggravating factors in order, and alternatives to exercises that resemble them."""

from __future__ import annotations

from tests.clinical.intake_inputs import DAY, factor
from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case
from tests.courses.build import on, sets, stamp, state
from titrate.clinical.insights.symptom_behaviour import (
    Alternative,
    aggravating_factors,
    alternatives,
    reported_factors,
)
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import FactorReported

OWN = FactorReported(stamp("own", on(DAY)), False, None, "the weather")


def swaps(codes: tuple[str, ...], *factors: FactorReported) -> list[Alternative]:
    """Alternatives to the exercises of a plan."""
    states: tuple[ExerciseState, ...] = tuple(state(code, sets(2, 8), 2, DAY) for code in codes)
    return list(alternatives(record_of(Case(more=factors)), states))


def test_factors_are_sorted_by_name() -> None:
    """Aggravating factors first; one in the patient's own words before those of the mappings."""
    reported = (factor("stairs"), factor("warmth", eases=True), factor("cold"), OWN, factor("bending", eases=True))
    found = reported_factors(record_of(Case(more=reported)))
    assert [(f.eases, f.what) for f in found] == [
        (False, None),
        (False, "cold"),
        (False, "stairs"),
        (True, "bending"),
        (True, "warmth"),
    ]
    assert found[0].words == "the weather"


def test_only_listed_factors_that_bring_symptoms_on_provoke() -> None:
    """Own words and easing factors do not count."""
    assert aggravating_factors(record_of(Case(more=(factor("stairs"), factor("cold", eases=True), OWN)))) == {"stairs"}


def test_alternatives_to_an_exercise() -> None:
    """Of the same domain and tissue; not in the plan already; not like another factor."""
    assert swaps(("step-up",), factor("stairs")) == [
        Alternative("step-up", ("stairs",), ("sit-to-stand", "leg-press", "hip-abduction"))
    ]
    assert swaps(("step-up", "hip-abduction"), factor("stairs")) == [
        Alternative("step-up", ("stairs",), ("sit-to-stand", "leg-press"))
    ]
    assert swaps(("step-up",), factor("stairs"), factor("bending")) == [
        Alternative("step-up", ("stairs",), ("sit-to-stand", "hip-abduction"))
    ]
    assert swaps(("mobility-routine",), factor("turning")) == [Alternative("mobility-routine", ("turning",), ())]
    assert swaps(("heel-raise",), factor("standing")) == [Alternative("heel-raise", ("standing",), ())]


def test_factors_of_an_exercise_are_sorted_by_name() -> None:
    """An exercise that is not in the library resembles no factor."""
    found = swaps(("juggling", "scaption"), factor("reaching"), factor("lifting"))
    assert [(one.exercise, one.factors) for one in found] == [("scaption", ("lifting", "reaching"))]
