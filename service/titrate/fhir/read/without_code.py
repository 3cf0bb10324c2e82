"""Observations whose code cannot be read: what their texts and components still say (B13.15)."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.values.code_lookup import plain_words
from titrate.clinical.values.readings import RefusalReason, SafetyAnswer
from titrate.fhir.elements import Element, concept_texts, part, parts, text
from titrate.fhir.read.element_values import says_yes
from titrate.fhir.read.read_context import Fault, Item, ReadContext
from titrate.fhir.read.reading_source import VOID
from titrate.fhir.read.refusals import last_updated, latest_time, refused_report, times_of, uncertain_source
from titrate.fhir.read.reported_codes import ReportedCodes
from titrate.messages.refused_values import CodeUnreadable

_UNREADABLE = Fault(RefusalReason.MALFORMED, CodeUnreadable())
# Categories of what patients report and do. A record of another category is no report of the patient.
_OF_PATIENTS = frozenset({"survey", "activity", "vital-signs"})
# The part without which a report cannot be used, by the local name of the report.
_REPORTS = {
    "exercise session": "session.exercise",
    "tolerance trial": "trial.exercise",
    "dose limit": "dose-limit.exercise",
}


def without_code(resource: Element, codes: ReportedCodes, context: ReadContext) -> tuple[Item, ...] | None:
    """The items of an Observation without a readable code; None where it is to be read as any other.

    A yes under the words of a safety question, or its code without a system, is a yes, and no other answer counts. A
    report is refused as a whole.
    """
    if codes.keys or text(resource, "status") in VOID or _is_own(resource, context):
        return None
    code, known = part(resource, "code"), context.lookup.flag_texts
    words = tuple(plain_words(one) for one in concept_texts(code))
    unsystematic = tuple(plain_words(text(coding, "code") or "") for coding in parts(code, "coding"))
    flag = next((known[one] for one in (*words, *unsystematic) if one in known), None)
    if flag is not None and says_yes(resource, context):
        when = latest_time(times_of(resource), context, last_updated(resource))
        return (SafetyAnswer(flag, True, uncertain_source(resource, when, context)),)
    report = next((_REPORTS[one] for one in (*words, *unsystematic) if one in _REPORTS), None)
    report = report or _report_of_components(codes, context)
    if report is not None:
        return (refused_report(resource, _UNREADABLE, context, report),)
    if words or any(codes.component_keys):
        return None
    refused = refused_report(resource, _UNREADABLE, context)
    return (replace(refused, unidentified=_may_be_a_report(resource)),)


def _is_own(resource: Element, context: ReadContext) -> bool:
    systems = context.site.identifier_systems
    return any(text(one, "system") in systems for one in parts(resource, "identifier"))


def _report_of_components(codes: ReportedCodes, context: ReadContext) -> str | None:
    """The report that the components make up: a limit by its amount, a session by anything else of an exercise."""
    for namespace, needed in (("dose-limit", "amount"), ("session", "exercise")):
        if {f"{namespace}.{needed}"} in codes.measures_of_components(namespace, context):
            return f"{namespace}.exercise"
    return None


def _may_be_a_report(resource: Element) -> bool:
    """Whether the category is one of the patient's own reports, or is missing."""
    codings = (coding for category in parts(resource, "category") for coding in parts(category, "coding"))
    categories = {text(coding, "code") for coding in codings} - {None}
    return not categories or bool(categories & _OF_PATIENTS)
