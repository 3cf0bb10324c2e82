"""Diagnoses, procedures and allergies as the EHR lists them. An entry without a date counts as of today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from titrate.clinical.values.code_lookup import ConceptGroup, Key, groups_of
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, ReadingSource, RefusalReason
from titrate.fhir.code_systems import ICD10, SNOMED
from titrate.fhir.elements import Element, coding_keys, concept_texts, label, part, parts, text
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.times import Span, first_day, from_the_future, last_day, undated
from titrate.messages.refused_records import EntryWithoutMeaning, StatusNotCounted

_RULED_OUT = frozenset({"entered-in-error", "refuted"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_PRESENT = frozenset({"active", "recurrence", "relapse"})
_PERFORMED = frozenset({"completed", "in-progress", "stopped", "on-hold", "unknown"})
STATUS_NOT_COUNTED = Fault(RefusalReason.STATUS, StatusNotCounted())
WITHOUT_MEANING = Fault(RefusalReason.NO_VALUE, EntryWithoutMeaning())
_ICD10_CODE = re.compile(r"[A-TV-Za-tv-z]\d[0-9A-Za-z]\.[0-9A-Za-z]{1,4}")
_NAMED_ICD10 = re.compile(
    r"\bICD-?10(?:-?[A-Z]{2,3})?[\s:#(]*([A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?)\b", re.IGNORECASE
)
_SNOMED_CODE = re.compile(r"[1-9]\d{5,17}")
# In the order of preference: when it began or took place, then when it was recorded.
_EVENT_DATES = ("onsetDateTime", "performedDateTime", "effectiveDateTime")
_EVENT_PERIODS = ("onsetPeriod", "performedPeriod", "effectivePeriod")
_RECORD_DATES = ("recordedDate", "authoredOn", "dateAsserted")


def condition(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A Condition; a resolved one keeps its group as `past-condition`. An active one has not ended."""
    if _codes(resource, "verificationStatus") & _RULED_OUT:
        return (refused(resource, STATUS_NOT_COUNTED),)
    status = _codes(resource, "clinicalStatus")
    is_past = status & _PAST or (_has_ended(resource, context) and not status & _PRESENT)
    return _diagnoses(resource, DiagnosisKind.PAST_CONDITION if is_past else DiagnosisKind.CONDITION, context)


def allergy(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """An AllergyIntolerance. It has no group; its text is shown."""
    if _codes(resource, "verificationStatus") & _RULED_OUT:
        return (refused(resource, STATUS_NOT_COUNTED),)
    return _diagnoses(resource, DiagnosisKind.ALLERGY, context)


def procedure(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A Procedure that was started or completed."""
    if text(resource, "status") not in _PERFORMED:
        return (refused(resource, STATUS_NOT_COUNTED),)
    return _diagnoses(resource, DiagnosisKind.PROCEDURE, context)


def _diagnoses(resource: Element, kind: DiagnosisKind, context: ReadContext) -> tuple[Item, ...]:
    concept = part(resource, "code")
    if not label(concept):
        return (refused(resource, WITHOUT_MEANING),)
    stamp = listed_source(resource, context)
    if isinstance(stamp, Fault):
        return (refused(resource, stamp),)
    severity = " | ".join(concept_texts(part(resource, "severity")))
    known = tuple(group for group in context.lookup.conditions if not group.spared(severity))
    groups = (None,) if kind is DiagnosisKind.ALLERGY else _groups(known, concept)
    return tuple(Diagnosis(kind, group, label(concept), stamp) for group in groups)


def _groups(known: tuple[ConceptGroup, ...], concept: Element) -> tuple[str | None, ...]:
    """The groups of a concept; (None,) if it belongs to none."""
    keys = (*coding_keys(concept), *_keys_without_system(concept))
    return groups_of(known, keys, " | ".join(concept_texts(concept))) or (None,)


def _keys_without_system(concept: Element) -> Iterator[Key]:
    """Codes of which only the form tells the system: in a Coding without a system, or written in a text."""
    for coding in parts(concept, "coding"):
        if text(coding, "system") is None and (code := text(coding, "code")) is not None:
            yield from _keys_of_form(code)
    for written in concept_texts(concept):
        yield from ((ICD10, code) for code in _NAMED_ICD10.findall(written))
        yield from _keys_of_form(written)


def _keys_of_form(code: str) -> Iterator[Key]:
    if _ICD10_CODE.fullmatch(code):
        yield ICD10, code
    elif _SNOMED_CODE.fullmatch(code):
        yield SNOMED, code


def _codes(resource: Element, key: str) -> set[str]:
    """The codes of a status, with or without a system."""
    return {code for coding in parts(part(resource, key), "coding") if (code := text(coding, "code")) is not None}


def listed_source(resource: Element, context: ReadContext) -> ReadingSource | Fault:
    """The source of a listed entry; a fault if its date is in the future."""
    span = _span(resource, context)
    return from_the_future(span, context) or reading_source(resource, span, False, context)


def _span(resource: Element, context: ReadContext) -> Span:
    dates = [text(resource, key) for key in _EVENT_DATES]
    dates += [text(part(resource, key), "start") for key in _EVENT_PERIODS]
    dates += [text(resource, key) for key in _RECORD_DATES]
    dated = [(date, span) for date in dates if (span := first_day(date, context.zone)) is not None]
    if not dated:
        return undated(context.today, context.zone)
    date, first = dated[0]
    return _latest_onset(date, first, context) if text(resource, "resourceType") == "Condition" else first


def _latest_onset(written: str | None, first: Span, context: ReadContext) -> Span:
    """A diagnosis of a year or a month can be as late as its end; if that is still to come, it counts as undated."""
    last = last_day(written, context.zone) or first
    open_ended = first.when.date() <= context.today < last.when.date()
    return undated(context.today, context.zone) if open_ended else last


def _has_ended(resource: Element, context: ReadContext) -> bool:
    """Whether it ended on an earlier day; an end of a year alone may be any day of it."""
    ends = (text(resource, "abatementDateTime"), text(part(resource, "abatementPeriod"), "end"))
    spans = [span for end in ends if (span := last_day(end, context.zone)) is not None]
    return any(span.when.date() < context.today for span in spans)


def refused(resource: Element, fault: Fault) -> Item:
    """A refusal of the whole entry."""
    return refusal(source_of(resource), text(resource, "resourceType") or "", fault)
