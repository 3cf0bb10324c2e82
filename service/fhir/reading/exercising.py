"""Whether a vital sign was taken during exercise. Without a clear word it counts as at rest: stricter."""

from __future__ import annotations

import re

from service.fhir.reading.coding import keys, words
from service.fhir.reading.context import Context
from service.fhir.reading.shape import Element, child, children

_LOINC = "http://loinc.org"
_EXERCISE_ACTIVITY = (_LOINC, "73985-4")
_SAID = re.compile(r"(during|with|on|at peak) (exercise|exertion)|exercise|exercising|exertion", re.IGNORECASE)


def says_exercise(resource: Element, context: Context) -> bool:
    """Whether `method` or a component says so, by code or by plain words."""
    if _means_exercise(child(resource, "method"), context):
        return True
    for component in children(resource, "component"):
        named = {_EXERCISE_ACTIVITY, (context.site.codes, "exercise")} & set(keys(child(component, "code")))
        answer = child(component, "valueCodeableConcept")
        if named or _means_exercise(answer, context):
            return True
    return False


def _means_exercise(concept: Element, context: Context) -> bool:
    if (context.site.codes, "exercising") in keys(concept):
        return True
    return any(_SAID.fullmatch(word) for word in words(concept))
