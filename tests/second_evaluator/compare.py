"""Where the engine and the plain evaluator differ on one course, in words that can be read in a failing test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.second_evaluator.evaluate import OracleResult
from titrate.clinical.values.decision import ClassedSession, Decision
from titrate.clinical.values.plan import Dose


def differences(decision: Decision, sessions: Iterable[ClassedSession], expected: OracleResult) -> list[str]:
    """What differs in rule, phase, doses, review, classes and gates; empty if the two agree.

    Gates are compared only where both say pass or fail: what is not applicable is a matter of taste.
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


def _plain(what: str, ours: object, theirs: object) -> Iterator[str]:
    if ours != theirs:
        yield f"{what}: engine {ours}, oracle {theirs}"


def _amount(dose: Dose | None) -> tuple[object, ...] | None:
    return None if dose is None else (dose.amount, dose.unit, dose.sets, dose.load)


def _doses(decision: Decision, expected: OracleResult) -> Iterator[str]:
    ours = {change.exercise: _amount(change.next) for change in decision.doses}
    theirs = {exercise: _amount(dose) for exercise, dose in expected.next.items()}
    for exercise in sorted(set(ours) | set(theirs)):
        yield from _plain(f"next {exercise}", ours.get(exercise), theirs.get(exercise))


def _classes(sessions: Iterable[ClassedSession], expected: OracleResult) -> Iterator[str]:
    ours = sorted((s.day, s.exercise, s.session_class.value) for s in sessions)
    theirs = sorted(expected.classes)
    for row in [r for r in ours if r not in theirs]:
        yield f"class only in the engine: {row}"
    for row in [r for r in theirs if r not in ours]:
        yield f"class only in the oracle: {row}"


def _gates(decision: Decision, expected: OracleResult) -> Iterator[str]:
    for candidate in decision.candidates:
        theirs = expected.gates.get(candidate.exercise, {})
        for gate, verdict in candidate.gates.items():
            if {verdict.value, theirs.get(gate)} == {"pass", "fail"}:
                yield f"{candidate.exercise} {gate}: engine {verdict.value}, oracle {theirs[gate]}"
