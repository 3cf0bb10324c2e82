"""What an increase needs, exercise by exercise: the gates that are not met with their numbers, and those that are."""

from __future__ import annotations

from service.clinical.decision import Candidate, Gate, TraceEntry
from service.fhir.evidence import comparison
from service.fhir.narrative.section import Section
from service.fhir.narrative.words import GATES
from service.fhir.wanted import Wanted


def gates(wanted: Wanted) -> Section:
    """A line for each exercise, and one for each gate that it does not meet."""
    lines = (line for item in wanted.decision.candidates for line in _lines(wanted, item))
    return Section("What an increase needs", items=tuple(lines))


def _lines(wanted: Wanted, candidate: Candidate) -> list[str]:
    name = exercise_name(wanted, candidate.exercise)
    met = ", ".join(gate for gate, verdict in candidate.gates.items() if verdict is Gate.PASS) or "none"
    result = "eligible, deferred" if candidate.deferred else "eligible" if candidate.eligible else "not now"
    failing = [gate for gate, verdict in candidate.gates.items() if verdict is Gate.FAIL]
    not_met = (f"{name}, not met: {_failing(wanted, candidate, gate)}" for gate in failing)
    return [f"{name}: {result}; met {met}", *not_met]


def _failing(wanted: Wanted, candidate: Candidate, gate: str) -> str:
    """A gate that is not met, as the trace tells it; without a trace by what the gate asks."""
    told = [
        f"{entry.text}{comparison(entry)}" for entry in wanted.decision.trace
        if entry.rule == gate and not entry.held and entry.exercise in (None, candidate.exercise)
    ]
    return f"{gate} {', '.join(told) or GATES.get(gate, '')}".strip()


def entry_line(wanted: Wanted, entry: TraceEntry) -> str:
    """One condition of the trace in a line, with its numbers."""
    exercise = f"{exercise_name(wanted, entry.exercise)}: " if entry.exercise else ""
    return f"{exercise}{entry.text}{comparison(entry)}"


def exercise_name(wanted: Wanted, exercise: str) -> str:
    """The exercise as people call it."""
    known = wanted.rulebook.exercises.get(exercise)
    return known.display if known else exercise
