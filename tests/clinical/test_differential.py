"""The rules and the second evaluator, written independently, agree on random courses."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.courses.examples import Course
from tests.courses.strategies import courses
from tests.second_evaluator.compare import differences
from tests.second_evaluator.evaluate import evaluate as expected_result
from titrate.clinical.evaluate import evaluate
from titrate.rulebook import load

BOOK = load()


@pytest.mark.timeout(0)
@given(courses())
def test_engine_agrees_with_the_plain_evaluator(values: Course) -> None:
    """Rule, outcome, phase, doses, review, session classes and gates are the same."""
    patient_readings, plan, at = values
    result = evaluate(patient_readings, plan, BOOK, at)
    assert not differences(
        result.decision, result.assessment.sessions, expected_result(patient_readings, plan, at, BOOK)
    )
