"""Why this and not more: the conditions behind a decision with their numbers, taken from its trace alone."""

from __future__ import annotations

from titrate.clinical.values.decision import Candidate, Decision, Gate, Outcome, TraceEntry
from titrate.fhir.narrative.phrases import GATES, OPERATORS, UNITS
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal

# Where something lowers, stops or starts, the gates of a rise say nothing yet.
WITHOUT_GATES = frozenset({
    Outcome.STOP_ESCALATE, Outcome.FLARE_PROTOCOL, Outcome.REACTIVE_DELOAD, Outcome.STEP_BACK, Outcome.BASELINE,
    Outcome.RETURN_TO_LOAD,
})  # fmt: skip
SHOWN_GATES = {Outcome.PROGRESS: Gate.PASS, Outcome.HOLD: Gate.FAIL}


def reason_section(proposal: PlanProposal) -> Section:
    """The reasons, then each condition that decided, as it was evaluated."""
    decision = proposal.decision
    others = [rule for rule in decision.matched if rule != decision.rule]
    also = (f"Rules that matched as well: {', '.join(others)}.",) if others else ()
    entries = (*_rule_entries(decision), *_gate_entries(decision))
    return Section(
        "Why", sentences=(*map(_sentence, decision.reasons), *also), items=tuple(_entry(proposal, e) for e in entries)
    )


def _rule_entries(decision: Decision) -> tuple[TraceEntry, ...]:
    """Conditions of rules; of steps only the one that is taken, or why there is none where a hold is for that alone."""
    shown = {Outcome.PROGRESS: _changed(decision), Outcome.HOLD: _stepless(decision)}.get(decision.outcome, frozenset())
    return tuple(
        entry for entry in decision.trace if entry.rule not in GATES and (entry.rule != "B2" or entry.exercise in shown)
    )


def _stepless(decision: Decision) -> frozenset[str]:
    """Exercises that pass every gate and have no step to take."""
    return frozenset(c.exercise for c in decision.candidates if c.step is None and Gate.FAIL not in c.gates.values())


def _changed(decision: Decision) -> frozenset[str]:
    return frozenset(change.exercise for change in decision.doses if change.next != change.current)


def _gate_entries(decision: Decision) -> tuple[TraceEntry, ...]:
    """For a rise the gates of the exercise that rises, for a hold those that fail; else none."""
    proposal = SHOWN_GATES.get(decision.outcome)
    if proposal is None:
        return ()
    verdicts = {(c.exercise, gate): verdict for c in decision.candidates for gate, verdict in c.gates.items()}
    raised = _changed(decision)
    return tuple(
        entry
        for entry in decision.trace
        if entry.rule in GATES
        and verdicts.get((entry.exercise or "", entry.rule)) is proposal
        and (proposal is Gate.FAIL or entry.exercise in raised)
    )


def _entry(proposal: PlanProposal, entry: TraceEntry) -> str:
    """`Walking, G7: adherence in the last 7 days: 1.00 (at least 0.70)`."""
    who = f"{name_of(proposal, entry.exercise)}, " if entry.exercise else ""
    return f"{who}{entry.rule}: {entry.text}{_numbers(entry)}"


def _numbers(entry: TraceEntry) -> str:
    unit = UNITS.get(entry.unit or "", f" {entry.unit}" if entry.unit else "")
    if entry.operator == "x":
        return f": {entry.value}{unit}, {OPERATORS['x']} {entry.limit}"
    bound = f"{OPERATORS.get(entry.operator or '', entry.operator)} {entry.limit}{unit}" if entry.limit else ""
    if entry.value is None:
        return f" ({bound} is needed)" if bound else ""
    return f": {entry.value} ({bound})" if bound else f": {entry.value}{unit}"


def gate_section(proposal: PlanProposal) -> Section:
    """Each exercise and what an increase of it would need."""
    candidates = () if proposal.decision.outcome in WITHOUT_GATES else proposal.decision.candidates
    rows = tuple(_row(proposal, candidate) for candidate in candidates)
    return Section("What an increase needs", table=Table(("Exercise", "Not met", "Met", "Result"), rows))


def _row(proposal: PlanProposal, candidate: Candidate) -> tuple[str, ...]:
    failing = [f"{gate} {GATES[gate]}" for gate, verdict in candidate.gates.items() if verdict is Gate.FAIL]
    passing = [gate for gate, verdict in candidate.gates.items() if verdict is Gate.PASS]
    result = "eligible, deferred" if candidate.deferred else "eligible" if candidate.eligible else "not now"
    return name_of(proposal, candidate.exercise), "; ".join(failing) or "-", ", ".join(passing) or "-", result


def name_of(proposal: PlanProposal, exercise: str) -> str:
    """The exercise as people call it."""
    known = proposal.rulebook.exercises.get(exercise)
    return known.display if known else exercise


def _sentence(words: str) -> str:
    """A reason as a sentence of its own."""
    return f"{words[:1].upper()}{words[1:]}."
