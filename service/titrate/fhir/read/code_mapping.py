"""Which measures and questions the codes of an Observation mean."""

from __future__ import annotations

from titrate.fhir.elements import Element, coding_keys, part, parts
from titrate.fhir.read.read_context import ReadContext


def mapped(concept: Element, space: str, context: ReadContext) -> set[str]:
    """The names that the codes of a concept have in a space of the mappings; more than one is ambiguous."""
    codes = context.lookup.codes.get(space, {})
    return {codes[key] for key in coding_keys(concept) if key in codes}


def mentioned_measure(resource: Element, context: ReadContext) -> tuple[tuple[frozenset[str], Element, str], ...]:
    """What an Observation and its components are about: names, the element with the value, and its path."""
    places = [(resource, "Observation")]
    places += [(one, f"Observation.component[{at}]") for at, one in enumerate(parts(resource, "component"))]
    named = ((frozenset(mapped(part(one, "code"), "", context)), one, path) for one, path in places)
    return tuple(place for place in named if place[0])
