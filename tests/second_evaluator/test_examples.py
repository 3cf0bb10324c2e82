"""The second evaluator on the worked examples and the boundary cases."""

from __future__ import annotations

import pytest

from tests.courses.expected import CASES, Case
from tests.courses.rulebook import rulebook
from tests.second_evaluator.evaluate import evaluate

BOOK = rulebook()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    """Rule, phase, doses, classes and failing gates equal those derived by hand on the page."""
    readings, plan, at = case.build()
    result = evaluate(readings, plan, at, BOOK)
    assert (result.rule, result.phase, result.next) == (case.rule, case.phase, dict(case.doses))
    assert case.notes <= result.notes
    for exercise, letters in case.classes.items():
        assert "".join(k for _, e, k in result.classes if e == exercise) == letters
    for exercise, gates in case.failing.items():
        assert {g for g, verdict in result.gates[exercise].items() if verdict == "fail"} == gates
