"""Diagnoses, procedures and allergies as the EHR lists them. An entry without a date counts as of now."""

from __future__ import annotations

from titrate.clinical.values.code_lookup import ConceptGroup, groups_of
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, ReadingSource, RefusalReason
from titrate.fhir.elements import Element, coding_keys, concept_texts, label, part, parts, text
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import reading_source
from titrate.fhir.read.times import Span, first_day, from_the_future, last_day, undated

_NOT_TRUE = frozenset({"entered-in-error", "refuted"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_DONE = frozenset({"completed", "in-progress", "stopped", "on-hold", "unknown"})
STATUS = Fault(RefusalReason.STATUS, "With this status it does not count")
NAMELESS = Fault(RefusalReason.NO_VALUE, "It has neither a code nor a text: say what it is")
_DATES = (
    "onsetDateTime", "performedDateTime", "effectiveDateTime", "recordedDate", "authoredOn", "dateAsserted",
)  # fmt: skip
_PERIODS = ("onsetPeriod", "performedPeriod", "effectivePeriod")


def condition(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A Condition; one that is over keeps its group as `past-condition`."""
    if _codes(resource, "verificationStatus") & _NOT_TRUE:
        return (refused(resource, STATUS),)
    past = _codes(resource, "clinicalStatus") & _PAST or _over(resource, context)
    return _diagnosed(resource, DiagnosisKind.PAST_CONDITION if past else DiagnosisKind.CONDITION, context)


def allergy(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """An AllergyIntolerance; it has no group, its words are shown."""
    if _codes(resource, "verificationStatus") & _NOT_TRUE:
        return (refused(resource, STATUS),)
    return _diagnosed(resource, DiagnosisKind.ALLERGY, context)


def procedure(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """A Procedure that was begun or done."""
    if text(resource, "status") not in _DONE:
        return (refused(resource, STATUS),)
    return _diagnosed(resource, DiagnosisKind.PROCEDURE, context)


def _diagnosed(resource: Element, kind: DiagnosisKind, context: ReadContext) -> tuple[Item, ...]:
    concept = part(resource, "code")
    if not label(concept):
        return (refused(resource, NAMELESS),)
    stamp = when_listed(resource, context)
    if isinstance(stamp, Fault):
        return (refused(resource, stamp),)
    severity = " | ".join(concept_texts(part(resource, "severity")))
    known = tuple(group for group in context.lookup.conditions if not group.spared(severity))
    groups = (None,) if kind is DiagnosisKind.ALLERGY else _groups(known, concept)
    return tuple(Diagnosis(kind, group, label(concept), stamp) for group in groups)


def _groups(known: tuple[ConceptGroup, ...], concept: Element) -> tuple[str | None, ...]:
    """The groups of a concept; one that belongs to none is kept without."""
    return groups_of(known, coding_keys(concept), " | ".join(concept_texts(concept))) or (None,)


def _codes(resource: Element, key: str) -> set[str]:
    return {code for _, code in coding_keys(part(resource, key))} | {
        code for coding in parts(part(resource, key), "coding") if (code := text(coding, "code")) is not None
    }


def when_listed(resource: Element, context: ReadContext) -> ReadingSource | Fault:
    """The stamp of an entry; a fault where it is from the future."""
    span = _span(resource, context)
    return from_the_future(span, context) or reading_source(resource, span, False, context)


def _span(resource: Element, context: ReadContext) -> Span:
    written = [text(resource, key) for key in _DATES[:3]]
    written += [text(part(resource, key), "start") for key in _PERIODS]
    written += [text(resource, key) for key in _DATES[3:]]
    dated = [(date, span) for date in written if (span := first_day(date, context.zone)) is not None]
    if not dated:
        return undated(context.today, context.zone)
    date, first = dated[0]
    return _latest(date, first, context) if text(resource, "resourceType") == "Condition" else first


def _latest(written: str | None, first: Span, context: ReadContext) -> Span:
    """A diagnosis dated by year or month may be as late as its end; while that is not over, nobody says when."""
    last = last_day(written, context.zone) or first
    open_ended = first.when.date() <= context.today < last.when.date()
    return undated(context.today, context.zone) if open_ended else last


def _over(resource: Element, context: ReadContext) -> bool:
    ends = (text(resource, "abatementDateTime"), text(part(resource, "abatementPeriod"), "end"))
    spans = [span for end in ends if (span := first_day(end, context.zone)) is not None]
    return any(span.when.date() <= context.today for span in spans)


def refused(resource: Element, fault: Fault) -> Item:
    """The whole entry, not used."""
    return refusal(source_of(resource), text(resource, "resourceType") or "", fault)
