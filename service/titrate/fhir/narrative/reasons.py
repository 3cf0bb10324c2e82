"""The reasons of a decision: its conditions with their numbers and source records, taken from the trace alone."""

from __future__ import annotations

from collections.abc import Mapping

from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.values.decision import Candidate, Decision, Gate, Outcome, TraceEntry
from titrate.clinical.values.quantity import unit_name
from titrate.clinical.values.readings import Source
from titrate.fhir.narrative.labels import names_of, unit_label
from titrate.fhir.narrative.section import Section, Table, Text
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages.decisions import GatesMet
from titrate.messages.narrative import (
    BoundAtLeast,
    BoundAtMost,
    BoundChange,
    BoundEqual,
    BoundInWords,
    BoundLessThan,
    BoundMoreThan,
    IncreaseDeferred,
    IncreaseNotNow,
    IncreasePossible,
    NumbersCompared,
    NumbersKnown,
    NumbersMultiplied,
    NumbersNeeded,
)
from titrate.messages.plan_terms import OtherRulesMatched

# Longer lists make a resource slow to validate and hard to read; the trace names every source.
MAX_SOURCES = 30
# Decisions that stop, lower or start doses: the gates of an increase do not apply.
WITHOUT_GATES = frozenset({
    Outcome.STOP_ESCALATE, Outcome.FLARE_PROTOCOL, Outcome.REACTIVE_DELOAD, Outcome.STEP_BACK, Outcome.BASELINE,
    Outcome.RETURN_TO_LOAD,
})  # fmt: skip
# The bounds of trace entries by their operator.
MULTIPLIED = "x"
_Bound = type[BoundAtLeast | BoundAtMost | BoundMoreThan | BoundLessThan | BoundEqual | BoundChange]
BOUNDS: Mapping[str, _Bound] = {
    ">=": BoundAtLeast,
    "<=": BoundAtMost,
    ">": BoundMoreThan,
    "<": BoundLessThan,
    "=": BoundEqual,
    "->": BoundChange,
}
SHOWN_GATES = {Outcome.PROGRESS: Gate.PASS, Outcome.HOLD: Gate.FAIL}


def entry_words(entry: TraceEntry) -> str:
    """A trace entry as one line: the comparison, whether it holds, and its source records."""
    exercise = f"{entry.exercise}: " if entry.exercise else ""
    sources = f"; from {', '.join(source_words(item) for item in entry.sources)}" if entry.sources else ""
    return f"{exercise}{entry.text}{comparison(entry)}: {'yes' if entry.held else 'no'}{sources}"


def comparison(entry: TraceEntry) -> str:
    """The numbers of an entry, such as ` (0.71 <= 0.5 points)`; empty if it has none."""
    unit = unit_name(entry.unit) if entry.unit else None
    pieces = [piece for piece in (entry.value, entry.operator, entry.limit, unit) if piece]
    return f" ({' '.join(pieces)})" if pieces else ""


def source_words(source: Source) -> str:
    """A source with its version as text, because servers strip versions from references."""
    return f"{source.reference} version {source.version}" if source.version else source.reference


def deciding_sources(proposal: PlanProposal) -> tuple[Source, ...]:
    """The records behind the decision: those of the deciding rule first, then the flags, the trace, the assessment."""
    trace = proposal.decision.trace
    ordered = [
        *(source for entry in trace if entry.rule == proposal.decision.rule for source in entry.sources),
        *(source for flag in proposal.flags for source in flag.sources),
        *(source for entry in trace for source in entry.sources),
        *proposal.assessment.sources,
    ]
    return tuple({source.reference: source for source in ordered}.values())


def reason_section(proposal: PlanProposal) -> Section:
    """The reasons, then each deciding condition with its values."""
    decision = proposal.decision
    others = tuple(proposal.rulebook.named(rule) for rule in decision.matched if rule != decision.rule)
    also = (OtherRulesMatched(rules=others),) if others else ()
    entries = (*_rule_entries(decision), *_gate_entries(decision))
    return Section(
        headings.ReasonsHeading(),
        sentences=(*map(_sentence, decision.reasons), *also),
        items=tuple(_entry(proposal, e) for e in entries),
    )


def _rule_entries(decision: Decision) -> tuple[TraceEntry, ...]:
    """Conditions of rules. Of steps only the one taken, or the failing one where it alone causes a hold."""
    shown = {Outcome.PROGRESS: _changed(decision), Outcome.HOLD: _stepless(decision)}.get(decision.outcome, frozenset())
    return tuple(
        entry for entry in decision.trace if entry.rule not in GATES and (entry.rule != "B2" or entry.exercise in shown)
    )


def _stepless(decision: Decision) -> frozenset[str]:
    """Exercises that pass every gate and have no further step."""
    return frozenset(c.exercise for c in decision.candidates if c.step is None and Gate.FAIL not in c.gates.values())


def _changed(decision: Decision) -> frozenset[str]:
    return frozenset(change.exercise for change in decision.doses if change.next != change.current)


def _gate_entries(decision: Decision) -> tuple[TraceEntry, ...]:
    """For an increase the gates of that exercise, for a hold the failing gates, else nothing."""
    shown = SHOWN_GATES.get(decision.outcome)
    if shown is None:
        return ()
    verdicts = {(c.exercise, gate): verdict for c in decision.candidates for gate, verdict in c.gates.items()}
    raised = _changed(decision)
    return tuple(
        entry
        for entry in decision.trace
        if entry.rule in GATES
        and verdicts.get((entry.exercise or "", entry.rule)) is shown
        and (shown is Gate.FAIL or entry.exercise in raised)
    )


def _entry(proposal: PlanProposal, entry: TraceEntry) -> str:
    """`Walking, G7, enough of the planned sessions done: adherence in the last 7 days: 1.00 (at least 0.70)`."""
    who = f"{names_of(proposal)(entry.exercise)}, " if entry.exercise else ""
    return f"{who}{proposal.rulebook.named(entry.rule)}: {entry.text}{_numbers(entry)}"


def _numbers(entry: TraceEntry) -> str:
    """The value of an entry and its bound; empty where it has neither."""
    unit, value, limit = unit_label(entry.unit), entry.value, entry.limit or ""
    if entry.operator == MULTIPLIED:
        return str(NumbersMultiplied(value=value or "", unit=unit, factor=limit))
    if not limit:
        return "" if value is None else str(NumbersKnown(value=value, unit=unit))
    bound = _bound(entry.operator or "", limit, unit)
    return str(NumbersNeeded(bound=bound) if value is None else NumbersCompared(value=value, bound=bound))


def _bound(operator: str, limit: str, unit: str) -> Message:
    """The bound in words; the trace also relates numbers by words such as `of` and `instead of`."""
    if operator in BOUNDS:
        return BOUNDS[operator](limit=limit, unit=unit)
    return BoundInWords(relation=operator, limit=limit, unit=unit)


def gate_section(proposal: PlanProposal) -> Section:
    """Each exercise with the gates that an increase passes and fails."""
    candidates = () if proposal.decision.outcome in WITHOUT_GATES else proposal.decision.candidates
    rows = tuple(_row(proposal, candidate) for candidate in candidates)
    heading = (
        columns.ExerciseColumn(), columns.GatesNotMetColumn(), columns.GatesMetColumn(),
        columns.GateResultColumn(),
    )  # fmt: skip
    return Section(headings.GatesHeading(), table=Table(heading, rows))


def _row(proposal: PlanProposal, candidate: Candidate) -> tuple[Text, ...]:
    named = proposal.rulebook.named
    failing = [str(named(gate)) for gate, verdict in candidate.gates.items() if verdict is Gate.FAIL]
    passing = sum(1 for verdict in candidate.gates.values() if verdict is Gate.PASS)
    return (
        names_of(proposal)(candidate.exercise),
        "; ".join(failing) or "-",
        GatesMet(count=passing),
        _result(candidate),
    )


def _result(candidate: Candidate) -> Message:
    if candidate.deferred:
        return IncreaseDeferred()
    return IncreasePossible() if candidate.eligible else IncreaseNotNow()


def _sentence(reason: Text) -> str:
    """A reason as a sentence of its own."""
    text = str(reason)
    return f"{text[:1].upper()}{text[1:]}."
