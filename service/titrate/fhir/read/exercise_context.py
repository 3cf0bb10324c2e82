"""Whether a vital sign was taken during exercise: it is said, or it lies in a session. Else it counts as at rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from titrate.clinical.values.readings import SessionReported
from titrate.fhir.elements import Element, coding_keys, concept_texts, part, parts
from titrate.fhir.read.read_context import Fault, Item, ReadContext
from titrate.fhir.read.times import Span

_LOINC = "http://loinc.org"
_EXERCISE_ACTIVITY = (_LOINC, "73985-4")
_RESTING = frozenset({(_LOINC, "40443-4"), (_LOINC, "59417-6")})
_SAID = re.compile(r"(during|with|on|at peak) (exercise|exertion)|exercise|exercising|exertion", re.IGNORECASE)


def says_exercise(resource: Element, context: ReadContext) -> bool:
    """Whether `method` or a component says so, by code or by plain words."""
    if _means_exercise(part(resource, "method"), context):
        return True
    for component in parts(resource, "component"):
        named = {_EXERCISE_ACTIVITY, (context.site.codes, "exercise")} & set(coding_keys(part(component, "code")))
        answer = part(component, "valueCodeableConcept")
        if named or _means_exercise(answer, context):
            return True
    return False


def _means_exercise(concept: Element, context: ReadContext) -> bool:
    if (context.site.codes, "exercising") in coding_keys(concept):
        return True
    return any(_SAID.fullmatch(word) for word in concept_texts(concept))


def sessions_of(items: Iterable[Item], context: ReadContext) -> tuple[tuple[datetime, datetime], ...]:
    """The periods of the sessions: firm ones with a start and an end, no longer than a session can be."""
    most = context.rulebook.measures["amount.min"].high
    found = ((one.stamp, one.stamp.until) for one in items if isinstance(one, SessionReported))
    spans = (
        (stamp.when, until)
        for stamp, until in found
        if until is not None
        and stamp.timed
        and not stamp.preliminary
        and (most is None or until - stamp.when <= timedelta(minutes=int(most)))
    )
    return tuple(dict.fromkeys(spans))


def within_session(span: Span | Fault, context: ReadContext) -> bool:
    """Whether an event lies within one session, its start and its end included."""
    if isinstance(span, Fault) or not span.timed:
        return False
    last = span.until or span.when
    return any(start <= span.when and last <= end for start, end in context.exercised)


def says_rest(element: Element) -> bool:
    """Whether the code itself says that it was taken at rest."""
    return not _RESTING.isdisjoint(coding_keys(part(element, "code")))
