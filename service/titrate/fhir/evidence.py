"""The evidence behind a decision in words: conditions with their numbers, and their source records."""

from __future__ import annotations

from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.quantity import unit_name
from titrate.clinical.values.readings import Source
from titrate.fhir.plan_proposal import PlanProposal

# Longer lists make a resource slow to validate and hard to read; the trace names every source.
MAX_SOURCES = 30


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
