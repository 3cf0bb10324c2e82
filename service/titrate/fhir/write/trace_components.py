"""The trace as components: every condition that was evaluated, its numbers and the records it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.readings import Source
from titrate.fhir.elements import Json
from titrate.fhir.evidence import MAX_SOURCES, entry_words
from titrate.fhir.write.resource_ids import ResourceIds

# R4 lets an Observation be derived from these of the types that we read.
DERIVABLE = ("Observation/", "QuestionnaireResponse/")


def trace_components(trace: Sequence[TraceEntry], names: ResourceIds) -> list[Json]:
    """One component an entry; codes are `trace.<rule>.<n>`, so that no two are alike."""
    seen: Counter[str] = Counter()
    components: list[Json] = []
    for entry in trace:
        seen[entry.rule] += 1
        code = names.local(f"trace.{entry.rule}.{seen[entry.rule]}", text=f"{entry.rule} {entry.text}")
        components.append({"code": code, "valueString": entry_words(entry)})
    return components


def derived_from(sources: Sequence[Source], room: int = MAX_SOURCES) -> list[Json]:
    """References for `derivedFrom`, at most `room`; the trace names all."""
    return [{"reference": item.reference} for item in sources if item.reference.startswith(DERIVABLE)][:room]
