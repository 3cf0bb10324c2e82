"""Diagnoses, procedures and allergies as the EHR lists them. An entry without a date counts as of today."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from unicodedata import normalize

from titrate.clinical.values.code_lookup import ConceptGroup, Key, contains_phrase, groups_of
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, ReadingSource, Refusal, RefusalReason
from titrate.fhir.code_systems import ICD10, SNOMED
from titrate.fhir.elements import LIST, Element, coded, coding_keys, concept_texts, label, part, parts, text
from titrate.fhir.read.read_context import UNREADABLE_CODE, Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.refusals import last_updated, latest_day
from titrate.fhir.read.times import Span, first_day, from_the_future, last_day, undated
from titrate.messages.refused_records import EntryWithoutMeaning, StatusNotCounted
from titrate.messages.refused_values import DiagnosisNotMapped

_RULED_OUT = frozenset({"entered-in-error", "refuted"})
_POSSIBLE = frozenset({"unconfirmed", "provisional", "differential", "confirmed"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_PRESENT = frozenset({"active", "recurrence", "relapse"})
_NOT_PERFORMED = frozenset({"preparation", "not-done", "entered-in-error"})
STATUS_NOT_COUNTED = Fault(RefusalReason.STATUS, StatusNotCounted())
_SYSTEM_NOT_KNOWN = Fault(RefusalReason.NOT_MAPPED, DiagnosisNotMapped())
WITHOUT_MEANING = Fault(RefusalReason.NO_VALUE, EntryWithoutMeaning())
# Kinds of entries that open no flag by their group.
_NO_FLAG = frozenset({DiagnosisKind.PAST_CONDITION, DiagnosisKind.ALLERGY})
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
    """A Condition; a resolved one keeps its group as `past-condition`. An active one has not ended.

    Of statuses that disagree the active one counts (B13.2).
    """
    if _is_ruled_out(resource):
        return (refused(resource, STATUS_NOT_COUNTED),)
    status = _codes(resource, "clinicalStatus")
    is_past = not status & _PRESENT and (status & _PAST or _has_ended(resource, context))
    kind = DiagnosisKind.PAST_CONDITION if is_past else DiagnosisKind.CONDITION
    return (*_diagnoses(resource, kind, context), *_of_unknown_system(resource, context))


def allergy(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """An AllergyIntolerance. It has no group; its text is shown."""
    if _is_ruled_out(resource):
        return (refused(resource, STATUS_NOT_COUNTED),)
    return _diagnoses(resource, DiagnosisKind.ALLERGY, context)


def procedure(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A Procedure that was started or completed, or may have been: its status cannot be read."""
    if text(resource, "status") in _NOT_PERFORMED:
        return (refused(resource, STATUS_NOT_COUNTED),)
    return _diagnoses(resource, DiagnosisKind.PROCEDURE, context)


def _diagnoses(resource: Element, kind: DiagnosisKind, context: ReadContext) -> tuple[Item, ...]:
    concept = concept_of(resource.get("code"))
    if not label(concept):
        return (_without_meaning(resource, kind, context),)
    stamp = listed_source(resource, context)
    early: tuple[Item, ...] = ()
    if isinstance(stamp, Fault):
        early = (refused(resource, stamp),)
        if kind is not DiagnosisKind.CONDITION:
            return early
        stamp = reading_source(resource, undated(context.today, context.zone), False, context)
    groups = (None,) if kind is DiagnosisKind.ALLERGY else _groups(resource, context)
    unclear = (unidentified(resource, UNREADABLE_CODE, context),) if _is_unclear(resource, kind, groups) else ()
    return (*(Diagnosis(kind, group, label(concept), stamp) for group in groups), *early, *unclear)


def _without_meaning(resource: Element, kind: DiagnosisKind, context: ReadContext) -> Item:
    """An entry of which nothing says what it is: it may be one that opens a flag, unless it is past or an allergy."""
    if kind in _NO_FLAG:
        return refused(resource, WITHOUT_MEANING)
    return unidentified(resource, WITHOUT_MEANING, context)


def _is_unclear(resource: Element, kind: DiagnosisKind, groups: tuple[str | None, ...]) -> bool:
    """Whether the code of an entry has another type than FHIR gives it, and what is in its place names no group."""
    return kind not in _NO_FLAG and groups == (None,) and not label(part(resource, "code"))


def unidentified(resource: Element, fault: Fault, context: ReadContext) -> Refusal:
    """The refusal of an entry that may be of any kind, on the last day that its dates can mean (B13.15)."""
    periods = [part(resource, key) for key in _EVENT_PERIODS]
    written = [text(resource, key) for key in (*_EVENT_DATES, *_RECORD_DATES)]
    written += [text(period, bound) for period in periods for bound in ("start", "end")]
    kind, day = text(resource, "resourceType") or "", latest_day(written, context, last_updated(resource))
    return replace(refusal(source_of(resource), kind, fault, day=day), unidentified=True)


def concept_of(written: object) -> Element:
    """A code as one CodeableConcept, also where it is a list, a Coding or a text."""
    listed = parts({"code": written}, "code")
    codings = [one for concept in listed for one in (*parts(concept, "coding"), *_bare(concept))]
    members = written if isinstance(written, LIST) else [written]
    texts = (one if isinstance(one, str) else part({"code": one}, "code").get("text") for one in members)
    words = " | ".join(one.strip() for one in texts if isinstance(one, str) and one.strip())
    return {"coding": codings, "text": words}


def _bare(concept: Element) -> tuple[Element, ...]:
    """A Coding in place of a CodeableConcept."""
    return (concept,) if coded(concept) is not None else ()


def _groups(resource: Element, context: ReadContext) -> tuple[str | None, ...]:
    """The groups of a diagnosis or procedure; (None,) if it belongs to none."""
    concept, severity = concept_of(resource.get("code")), " | ".join(concept_texts(part(resource, "severity")))
    known = tuple(group for group in context.lookup.conditions if not group.spared(severity))
    keys, texts = (*coding_keys(concept), *_keys_without_system(concept)), tuple(concept_texts(concept))
    named = groups_of(known, keys, " | ".join(texts))
    ruled_out = {
        group.name for group in known if group.name in named and _is_ruled_out_in_words(group, keys, texts, context)
    }
    return tuple(name for name in named if name not in ruled_out) or (None,)


def _is_ruled_out_in_words(
    group: ConceptGroup, keys: tuple[Key, ...], texts: tuple[str, ...], context: ReadContext
) -> bool:
    """Whether a group has none of the codes and every text that names it negates it."""
    phrases = context.rulebook.screen_phrases
    naming = (one for one in texts if contains_phrase(one, group.words))
    return not group.holds(keys) and all(phrases.rules_out(one, group.words) for one in naming)


def _of_unknown_system(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """That only the words of a diagnosis could be read, and belong to no group, because no code system is known."""
    systems = {system for system, _ in coding_keys(concept_of(resource.get("code")))}
    if not systems or _has_codes(context.lookup.conditions, systems) or _groups(resource, context) != (None,):
        return ()
    return (refusal(source_of(resource), "Condition.code", _SYSTEM_NOT_KNOWN),)


def _has_codes(groups: Iterable[ConceptGroup], systems: set[str]) -> bool:
    """Whether a group has codes of one of these systems."""
    return any(system in systems for group in groups for system, _ in (*group.codes, *group.prefixes))


def _keys_without_system(concept: Element) -> Iterator[Key]:
    """Codes of which only the form tells the system: in a Coding without a system, or written in a text."""
    for coding in parts(concept, "coding"):
        if text(coding, "system") is None and (code := coded(coding)) is not None:
            yield from _keys_of_form(code)
    for written in (normalize("NFKC", one) for one in concept_texts(concept)):
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


def _is_ruled_out(resource: Element) -> bool:
    """Whether a status says that there is no such diagnosis, and none beside it says that there may be."""
    stated = _codes(resource, "verificationStatus")
    return bool(stated & _RULED_OUT) and not stated & _POSSIBLE


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
