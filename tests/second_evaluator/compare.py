"""Differences between the engine and the second evaluator on one course, as messages of a failing test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.second_evaluator.evaluate import OracleResult
from titrate.clinical.values.decision import ClassedSession, Decision
from titrate.clinical.values.plan import Dose


def differences(decision: Decision, sessions: Iterable[ClassedSession], expected: OracleResult) -> list[str]:
    """What differs in rule, phase, doses, review, classes and gates; empty if the two agree.

    Gates are compared only where both return pass or fail; the two may differ on what is not applicable.
    """
    return [
        *_plain("rule", decision.rule, expected.rule),
        *_plain("outcome", decision.outcome.value, expected.outcome),
        *_plain("phase", decision.phase.value, expected.phase),
        *_plain("review", decision.review, expected.review),
        *_doses(decision, expected),
        *_classes(sessions, expected),
        *_gates(decision, expected),
    ]


def _plain(what: str, engine: object, oracle: object) -> Iterator[str]:
    if engine != oracle:
        yield f"{what}: engine {engine}, oracle {oracle}"


def _amount(dose: Dose | None) -> tuple[object, ...] | None:
    return None if dose is None else (dose.amount, dose.unit, dose.sets, dose.load)


def _doses(decision: Decision, expected: OracleResult) -> Iterator[str]:
    engine = {change.exercise: _amount(change.next) for change in decision.doses}
    oracle = {exercise: _amount(dose) for exercise, dose in expected.next.items()}
    for exercise in sorted(set(engine) | set(oracle)):
        yield from _plain(f"next {exercise}", engine.get(exercise), oracle.get(exercise))


def _classes(sessions: Iterable[ClassedSession], expected: OracleResult) -> Iterator[str]:
    engine = sorted((s.day, s.exercise, s.session_class.value) for s in sessions)
    oracle = sorted(expected.classes)
    for row in [r for r in engine if r not in oracle]:
        yield f"class only in the engine: {row}"
    for row in [r for r in oracle if r not in engine]:
        yield f"class only in the oracle: {row}"


def _gates(decision: Decision, expected: OracleResult) -> Iterator[str]:
    for candidate in decision.candidates:
        oracle = expected.gates.get(candidate.exercise, {})
        for gate, verdict in candidate.gates.items():
            if {verdict.value, oracle.get(gate)} == {"pass", "fail"}:
                yield f"{candidate.exercise} {gate}: engine {verdict.value}, oracle {oracle[gate]}"
