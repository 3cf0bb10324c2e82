"""A reached goal asks the clinician about maintenance; no dose or phase changes automatically."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import Case
from tests.courses.build import patient_readings
from titrate.clinical.evaluate import evaluate
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import PatientGoal, ReadingSource, Source
from titrate.rulebook import load

BOOK = load()


def _asks(target: str) -> tuple[str, ...]:
    reported, in_force, at = Case().course()
    stamp = ReadingSource(Source("Goal/g"), datetime(2025, 1, 1, tzinfo=UTC))
    goal = PatientGoal("Goal/g", "Walk", "active", "walking", Decimal(target), "min", date(2025, 6, 1), False, stamp)
    result = evaluate(patient_readings((*reported.readings, goal)), in_force, BOOK, at)
    assert result.decision.phase is Phase.LOADING
    return texts(result.decision.asks)


def test_a_reached_goal_is_reported() -> None:
    """The dose of 20 minutes reaches a goal of 20 minutes and exceeds one of 19."""
    for target in ("20", "19"):
        assert any("the clinician may choose maintenance" in ask for ask in _asks(target))


def test_goal_not_yet_reached_is_not() -> None:
    """A goal of 21 minutes is one step away."""
    assert not any("maintenance" in ask for ask in _asks("21"))
