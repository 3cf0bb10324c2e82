"""The engine and the plain evaluator, written apart from the same pages, come to the same on random courses."""

from __future__ import annotations

import pytest
from hypothesis import given

from service.clinical.engine import run
from service.mappings import load
from tests.courses.examples import Course
from tests.courses.strategies import courses
from tests.oracle.compare import differences
from tests.oracle.evaluate import evaluate

BOOK = load()


@pytest.mark.timeout(0)
@given(courses())
def test_engine_agrees_with_the_plain_evaluator(values: Course) -> None:
    """Rule, outcome, phase, doses, review, session classes and gates are the same."""
    heard, plan, at = values
    result = run(heard, plan, BOOK, at)
    assert not differences(result.decision, result.assessment.sessions, evaluate(heard, plan, at, BOOK))
