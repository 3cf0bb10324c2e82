"""Words of alarm in any text of any resource, also of refused and unmapped ones (B13.5).

What is not a statement about the patient is left out: what the service wrote, records of relatives, and elements that
state nothing (titrate.fhir.read.statement_elements).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.clinical.values.markup import without_tags
from titrate.clinical.values.readings import Comment, FreeText, Reading, ReadingSource
from titrate.fhir.code_systems import ASSESSMENT, DECISION
from titrate.fhir.elements import (
    LIST,
    OBJECT,
    Element,
    coding_keys,
    on_the_clock,
    part,
    parts,
    text,
)
from titrate.fhir.read.attached_texts import attached_text
from titrate.fhir.read.patient import names_patient, wrong_patient
from titrate.fhir.read.read_context import Item, ReadContext
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.statement_elements import NO_STATEMENTS, NO_TEXT, key_below, statuses, text_keys
from titrate.fhir.read.times import Span, effective, from_the_future, last_day
from titrate.fhir.signers import target_type
from titrate.fhir.site import Site

Statement = tuple[str, str | None]

_REPORTS = frozenset({"Communication", "Goal", "Observation", "QuestionnaireResponse"})
_AUTHORS = ("performer", "source", "author", "sender", "asserter", "recorder", "expressedBy", "informationSource")
_PATIENTS, _CLINICIANS = frozenset({"Patient", "RelatedPerson"}), frozenset({"Practitioner", "PractitionerRole"})
_WRITTEN = (
    "authored", "authoredOn", "sent", "received", "recordedDate", "dateAsserted", "date", "dateTime", "issued",
    "created", "statusDate",
)  # fmt: skip
_EVENTS = (
    "effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime", "onsetDateTime", "startDate",
)  # fmt: skip
_PERIODS = ("effectivePeriod", "performedPeriod", "occurrencePeriod", "onsetPeriod", "period")
# Annotations, which have a time of their own.
_NOTES = frozenset({"note", "progress"})
_WRITTEN_BY_SERVICE = frozenset({DECISION, ASSESSMENT})


def free_texts(resources: Iterable[Element], patient: Element, context: ReadContext) -> list[FreeText]:
    """The texts with words of alarm in the patient's resources, each once for a resource."""
    known: dict[str, bool] = {}
    found: dict[FreeText, None] = {}
    for resource in resources:
        if not _has_alarming_words(resource, known, context) or not _may_state(resource, patient):
            continue
        by_patient = _is_by_patient(resource)
        for statement, written in _statements(resource, patient, context):
            if context.rulebook.flags_in_text(statement, by_patient=by_patient):
                found[FreeText(statement.strip(), _stamp(resource, written, context), by_patient)] = None
    return list(found)


def _has_alarming_words(resource: Element, known: dict[str, bool], context: ReadContext) -> bool:
    """Whether a resource has words of alarm anywhere, as few have. `known` are the texts that were searched before."""
    for one in _texts(resource):
        if one not in known:
            known[one] = any(context.rulebook.flags_in_text(form) for form in {one, without_tags(one)})
        if known[one]:
            return True
    return False


def _texts(resource: Element) -> Iterator[str]:
    """The texts of a resource in any order."""
    waiting: list[Any] = [resource]
    for value in waiting:
        if isinstance(value, OBJECT):
            if "data" in value and (attached := attached_text(value)) is not None:
                yield attached
            for key, one in value.items():
                if key in NO_TEXT:
                    continue
                if isinstance(one, str):
                    yield one
                elif one is not None:
                    waiting.append(one)
        elif isinstance(value, LIST):
            waiting += value
        elif isinstance(value, str):
            yield value


def without_comments(texts: Iterable[FreeText], items: Iterable[Item]) -> Iterator[Reading]:
    """The texts that no reader took as a comment of the same resource."""
    comments = {(item.stamp.source.reference, item.text) for item in items if isinstance(item, Comment)}
    return (one for one in texts if (one.stamp.source.reference, one.text) not in comments)


def _may_state(resource: Element, patient: Element) -> bool:
    """Whether a resource is the patient's, or names no one, and was not entered in error."""
    kind = text(resource, "resourceType")
    if kind in NO_STATEMENTS or _is_error(resource):
        return False
    context = part(resource, "securityContext")
    if kind == "Binary" and target_type(context) == "Patient":
        resource = {"subject": context}
    return wrong_patient(resource, patient) is None or not names_patient(resource)


def _is_error(resource: Element) -> bool:
    return "entered-in-error" in statuses(resource)


def _is_by_patient(resource: Element) -> bool:
    """Whether the patient or a relative says it. A report is their own unless only clinicians are named."""
    types = {target_type(one) for key in _AUTHORS for one in parts(resource, key)}
    if types & _PATIENTS:
        return True
    return not types & _CLINICIANS and text(resource, "resourceType") in _REPORTS


def _statements(resource: Element, patient: Element, context: ReadContext) -> Iterator[Statement]:
    """Every text of a resource, with the time of the note that it is in."""
    own = _is_written_by_service(resource, context.site)
    waiting: list[tuple[Any, str, str, str | None]] = [(resource, "", "", None)]
    while waiting:
        value, key, kind, written = waiting.pop()
        if isinstance(value, str):
            yield (without_tags(value) if key == "div" else value), written
        elif isinstance(value, list | tuple):
            waiting += [(one, key, kind, written) for one in value]
        elif isinstance(value, Mapping):
            if "resourceType" in value and kind and not _may_state(value, patient):
                continue
            kind = text(value, "resourceType") or kind
            if key in _NOTES:
                written = text(value, "time") or written
            if own and key == "":
                waiting += [(one, "note", kind, None) for one in parts(value, "note") if _is_by_person(one, kind)]
                continue
            if "data" in value and (attached := attached_text(value)) is not None:
                yield attached, written
            keys = text_keys(value, key, kind, context)
            waiting += [(value[one], key_below(key, one, kind), kind, written) for one in keys]


def _is_written_by_service(resource: Element, site: Site) -> bool:
    systems = {text(identifier, "system") for identifier in parts(resource, "identifier")}
    codes = {code for system, code in coding_keys(part(resource, "code")) if system == site.codes}
    return bool(systems & site.identifier_systems or codes & _WRITTEN_BY_SERVICE)


def _is_by_person(note: Element, kind: str) -> bool:
    """Whether a person wrote a note on a resource of the service: its own are on Observations and name no author."""
    author = target_type(part(note, "authorReference"))
    return (
        author in _PATIENTS | _CLINICIANS or bool(text(note, "authorString")) or (not author and kind != "Observation")
    )


def _stamp(resource: Element, written: str | None, context: ReadContext) -> ReadingSource:
    """The source of a text at the time of its note, else of the resource, else of its last change, else now."""
    noted = None if written is None else last_day(written, context.zone)
    if noted is not None and from_the_future(noted, context) is None:
        return reading_source(resource, noted, True, context)
    return reading_source(resource, _time(resource, context), True, context)


def _time(resource: Element, context: ReadContext) -> Span:
    """The effective time of an Observation; of others the last time of writing, else of the event; then of a change."""
    if text(resource, "resourceType") == "Observation":
        observed = effective(resource, context.zone)
        if isinstance(observed, Span) and from_the_future(observed, context) is None:
            return observed
    written = [text(resource, key) for key in _WRITTEN]
    events = [text(resource, key) for key in _EVENTS]
    events += [text(part(resource, key), end) for key in _PERIODS for end in ("start", "end")]
    for times in (written, events, [text(part(resource, "meta"), "lastUpdated")]):
        spans = [span for one in times if (span := last_day(one, context.zone)) is not None]
        past = [span for span in spans if from_the_future(span, context) is None]
        if past:
            return max(past, key=lambda span: span.when)
    return Span(on_the_clock(context.at, context.zone), dated=False)
