"""A fixed set of random courses with the results of the second evaluator, which are independent of the engine.

The differential test makes the same comparison on more courses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings

from tests.clinical.invariants import CHECKS
from tests.courses.examples import Course
from tests.courses.strategies import courses
from tests.second_evaluator.compare import differences
from tests.second_evaluator.evaluate import OracleResult
from tests.second_evaluator.evaluate import evaluate as expected_result
from titrate.clinical.evaluate import evaluate
from titrate.clinical.values.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Expectation:
    """One course and its expected result."""

    name: str
    course: Course
    expected: OracleResult
    rulebook: Rulebook

    def holds(self) -> bool:
        """Whether the engine returns the expected result, and its decision is safe and explained."""
        readings, plan, at = self.course
        result = evaluate(readings, plan, self.rulebook, at)
        if differences(result.decision, result.assessment.sessions, self.expected):
            return False
        return not any(wrong for check in CHECKS for wrong in check(self.course, result))


def expectations(count: int, rulebook: Rulebook) -> list[Expectation]:
    """`count` courses with the results of the second evaluator."""
    found = _drawn(count)
    return [
        Expectation(f"course {n}", c, expected_result(c[0], c[1], c[2], rulebook), rulebook)
        for n, c in enumerate(found)
    ]


def _drawn(count: int) -> list[Course]:
    found: list[Course] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(courses())
    def collect(course: Course) -> None:
        found.append(course)

    draw: Callable[[], None] = collect
    draw()
    return found
