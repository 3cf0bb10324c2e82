"""One Observation: a measure of its own, mapped components, a session, a trial, a limit or a clearance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from titrate.clinical.values.readings import (
    Clearance,
    Comment,
    Measurement,
    ReadingSource,
    Refusal,
    RefusalReason,
    Reporter,
    SafetyAnswer,
)
from titrate.fhir.elements import Element, coding_keys, part, parts, text
from titrate.fhir.read.code_mapping import mapped
from titrate.fhir.read.components import Component, Components
from titrate.fhir.read.element_values import choice
from titrate.fhir.read.exercise_context import says_exercise, says_rest, within_session
from titrate.fhir.read.intake_groups import block, factor
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.fhir.read.reading_source import preliminary, reading_source
from titrate.fhir.read.refusals import refusal_of, refused_whole
from titrate.fhir.read.safety_answers import only_screens, recorded
from titrate.fhir.read.sessions import dose_limit, session, trial
from titrate.fhir.read.times import Span, effective, from_the_future, in_the_morning
from titrate.fhir.read.value_readings import Place, report

OURS = frozenset({"exercise-progression-decision", "exercise-tolerance-assessment"})
_IN_PARTS: dict[str, tuple[str, Callable[[Components], tuple[Item, ...]]]] = {
    "exercise-session": ("session", session),
    "tolerance-trial": ("trial", trial),
    "dose-limit": ("dose-limit", dose_limit),
    "activity-block": ("block", block),
    "symptom-factor": ("factor", factor),
}
_CLEARANCE = "flag-clearance"
_NOT_MAPPED = Fault(RefusalReason.NOT_MAPPED, "This code is not mapped: add it to measures.toml if it should count")
_AMBIGUOUS = Fault(RefusalReason.WRONG_VALUE, "Its codes mean different things: keep those of one meaning")
_NOT_HIGHER = Fault(RefusalReason.IMPLAUSIBLE, "This cannot be true: systolic pressure is not above diastolic")


def observation(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The readings and refusals of one Observation of the patient. What we wrote ourselves is passed over."""
    local = {code for system, code in coding_keys(part(resource, "code")) if system == context.site.codes}
    if local & OURS:
        return ()
    stamp = _stamp(resource, context)
    if isinstance(stamp, Fault):
        return _refused(resource, local, stamp, context)
    return (*_told(resource, local, stamp, context), *_notes(resource, stamp))


def _refused(resource: Element, local: set[str], fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    """Its refusals; a report as a whole is named by its exercise, without which nothing of it can be used."""
    for code in local & _IN_PARTS.keys():
        what = f"{_IN_PARTS[code][0]}.exercise"
        return (refusal_of(resource, fault, context, what if what in context.rulebook.measures else None),)
    return (refusal_of(resource, fault, context),) if _CLEARANCE in local else refused_whole(resource, fault, context)


def _told(resource: Element, local: set[str], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    for code in local & _IN_PARTS.keys():
        space, reader = _IN_PARTS[code]
        known, unknown = _components(resource, space, stamp, context)
        return (*reader(Components(known, stamp, context, [])), *unknown)
    if _CLEARANCE in local:
        return (_clearance(resource, stamp, context),)
    return _checked_pressure(_measured(resource, stamp, context), stamp)


def _stamp(resource: Element, context: ReadContext) -> ReadingSource | Fault:
    soft = preliminary(resource)
    if isinstance(soft, Fault):
        return soft
    span = _span(resource, context)
    if isinstance(span, Fault):
        return span
    return from_the_future(span, context) or reading_source(resource, span, soft, context)


def _span(resource: Element, context: ReadContext) -> Span | Fault:
    """Its effective time; of a safety question without one the time at which it was recorded."""
    span = effective(resource, context.zone)
    if not isinstance(span, Fault) or span.reason is not RefusalReason.NO_TIME or not only_screens(resource, context):
        return span
    return recorded(resource, context) or span


def _measured(resource: Element, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """Its own value and those of its components, as far as their codes are mapped."""
    own = mapped(part(resource, "code"), "", context)
    place = _place(resource, "Observation.value", stamp, context)
    if len(own) > 1:
        return _ambiguous(own, "Observation.code", stamp, context)
    inner, unknown = _components(resource, "", stamp, context)
    values = tuple(item for one in inner for item in report(one.what, one.element, _at(place, one), context))
    if own and not (values and not _has_value(resource)):
        return (*report(own.pop(), resource, place, context), *values, *unknown)
    if values or not all(isinstance(item, Refusal) and item.reason is RefusalReason.NOT_MAPPED for item in unknown):
        return (*values, *unknown)
    return () if _only_gathers(resource) else (refusal(stamp.source, "Observation.code", _NOT_MAPPED),)


def _place(resource: Element, path: str, stamp: ReadingSource, context: ReadContext) -> Place:
    span = effective(resource, context.zone)
    morning = not isinstance(span, Fault) and in_the_morning(span, context)
    inside = within_session(span, context) and not says_rest(resource)
    return Place(path, stamp, morning, exercising=says_exercise(resource, context), in_session=inside)


def _at(place: Place, component: Component) -> Place:
    return replace(place, path=component.path, in_session=place.in_session and not says_rest(component.element))


def _components(
    resource: Element, space: str, stamp: ReadingSource, context: ReadContext
) -> tuple[tuple[Component, ...], tuple[Item, ...]]:
    """The components with known codes, and a refusal for each other one."""
    known: list[Component] = []
    unknown: list[Item] = []
    for index, component in enumerate(parts(resource, "component")):
        path = f"Observation.component[{index}]"
        names = mapped(part(component, "code"), space, context)
        if len(names) == 1:
            known.append(Component(names.pop(), component, path))
        elif not says_exercise({"component": [component]}, context):
            told = _ambiguous(names, path, stamp, context) if names else (refusal(stamp.source, path, _NOT_MAPPED),)
            unknown.extend(told)
    return tuple(known), tuple(unknown)


def _ambiguous(names: set[str], path: str, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """Codes of several meanings: refused, held where one of them decides, and every safety question is open."""
    measures = context.rulebook.measures
    what = next((name for name in sorted(names) if name in measures and measures[name].decides), None)
    flags = sorted(names & context.rulebook.flags.keys())
    refused = refusal(stamp.source, path, _AMBIGUOUS, what, stamp.day)
    return (refused, *(SafetyAnswer(flag, None, stamp) for flag in flags))


def _has_value(resource: Element) -> bool:
    return any(key.startswith("value") for key in resource) or "dataAbsentReason" in resource


def _only_gathers(resource: Element) -> bool:
    return bool(parts(resource, "hasMember")) and not _has_value(resource) and not parts(resource, "component")


def _clearance(resource: Element, stamp: ReadingSource, context: ReadContext) -> Item:
    """A clearance counts only when it is firm and a clinician's: it is what lets a plan go on."""
    if stamp.reporter is not Reporter.PRACTITIONER:
        message = "Only a clinician can clear a flag: it needs a Practitioner or PractitionerRole as performer"
        return refusal(stamp.source, "Observation.performer", Fault(RefusalReason.NOT_A_PRACTITIONER, message))
    if stamp.preliminary:
        message = "A preliminary clearance does not count: finish the entry"
        return refusal(stamp.source, "Observation.status", Fault(RefusalReason.STATUS, message))
    flag = choice(resource, tuple(context.rulebook.flags), context)
    if isinstance(flag, Fault):
        return refusal(stamp.source, "Observation.value", flag)
    return Clearance(flag, stamp)


def _checked_pressure(items: tuple[Item, ...], stamp: ReadingSource) -> tuple[Item, ...]:
    """A diastolic pressure that is not below the systolic one makes both untrue."""
    pressures = {item.what: item.value for item in items if isinstance(item, Measurement)}
    systolic, diastolic = pressures.get("systolic"), pressures.get("diastolic")
    if systolic is None or diastolic is None or diastolic < systolic:
        return items
    return tuple(_untrue(item, stamp) for item in items)


def _untrue(item: Item, stamp: ReadingSource) -> Item:
    if isinstance(item, Measurement) and item.what in {"systolic", "diastolic"}:
        return refusal(stamp.source, "Observation.component", _NOT_HIGHER, item.what, stamp.day)
    return item


def _notes(resource: Element, stamp: ReadingSource) -> tuple[Item, ...]:
    texts = (text(note, "text") for note in parts(resource, "note"))
    return tuple(Comment(written, stamp) for written in texts if written is not None)
