"""The trace as components: every condition that was evaluated, its numbers and the records it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from titrate.clinical.values.readings import Source
from titrate.fhir.elements import Json
from titrate.fhir.evidence import MAX_SOURCES, entry_words
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds

# The types that R4 lets an Observation be derived from, among those that the service reads.
DERIVABLE = ("Observation/", "QuestionnaireResponse/")


def trace_components(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """One component for each entry, under the unique code `trace.<rule>.<n>`."""
    counts: Counter[str] = Counter()
    components: list[Json] = []
    for entry in proposal.decision.trace:
        counts[entry.rule] += 1
        text = f"{proposal.rulebook.named(entry.rule)}: {entry.text}"
        code = names.local(f"trace.{entry.rule}.{counts[entry.rule]}", text=text)
        components.append({"code": code, "valueString": entry_words(entry)})
    return components


def derived_from(sources: Sequence[Source], limit: int = MAX_SOURCES) -> list[Json]:
    """References for `derivedFrom`, at most `limit`; the trace names all."""
    return [{"reference": item.reference} for item in sources if item.reference.startswith(DERIVABLE)][:limit]
