"""Invariants of the rules on any course (section F, B11.28, B11.34)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clinical.engine_runs import decide, earned, key
from tests.clinical.invariants import CHECKS
from tests.courses.examples import Course
from tests.courses.strategies import courses
from tests.courses.worse import left_out, with_readings, worse
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.readings import Source

pytestmark = pytest.mark.timeout(0)
# Properties that are not in section F try a part of the profile's courses.
QUARTER = settings(max_examples=settings().max_examples // 4)
PICKS = st.integers(0, 10_000)


@given(courses())
def test_every_decision_is_safe_and_explained(values: Course) -> None:
    """F(iii), (iv), (v), (vii), (viii): bounded, limited, no dose under a flag, one rise, explained, not released."""
    result = decide(values)
    found = {check.__name__: wrong for check in CHECKS if (wrong := list(check(values, result)))}
    assert not found


@given(courses(), PICKS)
def test_worse_never_earns_more(values: Course, pick: int) -> None:
    """F(i): one worse symptom in the last week raises no dose."""
    changes = list(worse(values))
    words, changed = changes[pick % len(changes)]
    before, after = earned(values), earned(changed)
    more = {e for e, dose in after.items() if key(dose) > key(before[e])}
    assert not more, words


@given(courses(), PICKS)
def test_missing_never_earns_more(values: Course, pick: int) -> None:
    """F(ii): a missing value earns no more than its best value."""
    change = left_out(values, pick)
    if change is None:
        return
    words, without, best = change
    after, most = earned(without), earned(values)
    for other in best:  # the recorded value is nearly always the best: the others are tried only if it is not
        if all(key(dose) <= key(most[e]) for e, dose in after.items()):
            return
        most = {e: max(dose, most[e], key=key) for e, dose in earned(other).items()}
    assert not {e for e, dose in after.items() if key(dose) > key(most[e])}, words


@given(courses(), PICKS)
def test_same_bytes_for_readings_in_another_order(values: Course, pick: int) -> None:
    """F(vi): the same readings in another order give the same result, to the byte."""
    readings = list(values[0].readings)
    Random(pick).shuffle(readings)  # noqa: S311
    assert repr(decide(with_readings(values, readings))) == repr(decide(values))


def _shape(decision: Decision) -> tuple[object, ...]:
    gates = tuple((c.exercise, tuple(c.gates.items()), c.step) for c in decision.candidates)
    return decision.rule, decision.phase, decision.review, decision.doses, gates


@QUARTER
@given(courses(), PICKS)
def test_a_duplicate_changes_nothing(values: Course, pick: int) -> None:
    """Metamorphic: a copy of a reading under another id changes no rule, phase, dose or gate."""
    readings = list(values[0].readings)
    one = readings[pick % len(readings)] if readings else None
    if one is None:
        return
    again = replace(one, stamp=replace(one.stamp, source=Source("Observation/again")))
    changed = with_readings(values, [*readings, again])
    assert _shape(decide(changed).decision) == _shape(decide(values).decision)


@QUARTER
@given(courses())
def test_one_form_or_many_observations(values: Course) -> None:
    """Metamorphic: a check-in as one response or as an Observation per answer gives the same result."""
    forms = [
        replace(r, stamp=replace(r.stamp, source=Source(f"QuestionnaireResponse/{r.stamp.day}")))
        for r in values[0].readings
    ]
    assert _shape(decide(with_readings(values, forms)).decision) == _shape(decide(values).decision)
