"""Whether a vital sign was taken during exercise: by its record, or by its time. Otherwise it counts as at rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from titrate.clinical.values.code_lookup import Key
from titrate.clinical.values.readings import SessionReported
from titrate.fhir.code_systems import LOINC
from titrate.fhir.elements import Element, coding_keys, concept_texts, part, parts
from titrate.fhir.read.read_context import Fault, Item, ReadContext
from titrate.fhir.read.times import Span

_EXERCISE_ACTIVITY = (LOINC, "73985-4")
_AT_REST = frozenset({(LOINC, "40443-4"), (LOINC, "59417-6")})
_EXERCISE_TEXT = re.compile(r"(during|with|on|at peak) (exercise|exertion)|exercise|exercising|exertion", re.IGNORECASE)


def states_exercise(resource: Element, context: ReadContext) -> bool:
    """Whether `method` or a component states exercise, by code or in plain words."""
    if _means_exercise(part(resource, "method"), context):
        return True
    exercise_codes = {_EXERCISE_ACTIVITY, (context.site.codes, "exercise")}
    return any(
        exercise_codes & set(coding_keys(part(component, "code")))
        or _means_exercise(part(component, "valueCodeableConcept"), context)
        for component in parts(resource, "component")
    )


def _means_exercise(concept: Element, context: ReadContext) -> bool:
    if (context.site.codes, "exercising") in coding_keys(concept):
        return True
    return any(_EXERCISE_TEXT.fullmatch(one) for one in concept_texts(concept))


def session_periods(items: Iterable[Item], context: ReadContext) -> tuple[tuple[datetime, datetime], ...]:
    """Start and end of each final session that has both and is no longer than a session can be."""
    longest = context.rulebook.measures["amount.min"].high
    found = ((one.stamp, one.stamp.until) for one in items if isinstance(one, SessionReported))
    periods = (
        (stamp.when, until)
        for stamp, until in found
        if until is not None
        and stamp.timed
        and not stamp.preliminary
        and (longest is None or until - stamp.when <= timedelta(minutes=int(longest)))
    )
    return tuple(dict.fromkeys(periods))


def within_session(span: Span | Fault, context: ReadContext) -> bool:
    """Whether an event lies within one session, its start and end included."""
    if isinstance(span, Fault) or not span.timed:
        return False
    last = span.until or span.when
    return any(start <= span.when and last <= end for start, end in context.exercised)


def states_rest(codes: Iterable[Key]) -> bool:
    """Whether one of the codes itself means a measurement at rest."""
    return not _AT_REST.isdisjoint(codes)
