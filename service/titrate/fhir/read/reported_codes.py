"""The codes of an Observation and of its components, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.values.code_lookup import Key
from titrate.fhir.elements import Element, coding_keys, part, parts
from titrate.fhir.read.element_values import measures_of, with_worded
from titrate.fhir.read.read_context import ReadContext

# The code of a clinician's limit, and the namespace of its components.
DOSE_LIMIT = "dose-limit"


@dataclass(frozen=True, slots=True)
class ReportedCodes:
    """The codes of an Observation, looked up once: of it and of each component, in the order of the components.

    `local` are those of the site's system, `measures` the measures that the Observation itself reports.
    """

    keys: tuple[Key, ...]
    local: frozenset[str]
    measures: frozenset[str]
    component_keys: tuple[tuple[Key, ...], ...]
    component_codes: tuple[Element, ...]

    def measures_of_components(self, namespace: str, context: ReadContext) -> tuple[frozenset[str], ...]:
        """The measures that the codes of each component mean in a namespace of the mappings."""
        found = [measures_of(keys, namespace, context) for keys in self.component_keys]
        pairs = zip(found, self.component_codes, strict=True)
        return tuple([with_worded(names, concept, context) for names, concept in pairs])


def reported_codes(resource: Element, context: ReadContext) -> ReportedCodes:
    """The codes of an Observation and of its components."""
    code = part(resource, "code")
    keys = coding_keys(code)
    local = frozenset([code for system, code in keys if system == context.site.codes])
    components = tuple([part(one, "code") for one in parts(resource, "component")])
    measures = with_worded(measures_of(keys, "", context), code, context)
    return ReportedCodes(keys, local, measures, tuple([coding_keys(one) for one in components]), components)
