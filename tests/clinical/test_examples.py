"""The worked examples and boundary rows, to the digit, through the clinical engine."""

from __future__ import annotations

import pytest

from tests.courses.expected import CASES, Case
from titrate.clinical.evaluate import evaluate
from titrate.clinical.values.decision import Gate
from titrate.rulebook import load

BOOK = load()


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_example_comes_out_as_worked_by_hand(case: Case) -> None:
    """Rule, phase, doses, classes, failing gates and notes are those derived by hand."""
    patient_readings, plan, at = case.build()
    result = evaluate(patient_readings, plan, BOOK, at)
    decision = result.decision
    assert (decision.rule, decision.phase.value) == (case.rule, case.phase), decision.reasons
    assert {d.exercise: d.next for d in decision.doses} == dict(case.doses)
    for exercise, classes in case.classes.items():
        assert "".join(s.session_class.value for s in result.assessment.sessions if s.exercise == exercise) == classes
    for exercise, gates in case.failing.items():
        candidate = next(c for c in decision.candidates if c.exercise == exercise)
        assert {g for g, v in candidate.gates.items() if v is Gate.FAIL} == gates
    assert case.notes <= set(decision.notes)
