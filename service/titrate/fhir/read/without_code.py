"""Observations whose code cannot be read: what their texts and components still say (B13.15)."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.values.code_lookup import plain_words
from titrate.clinical.values.readings import SafetyAnswer
from titrate.fhir.elements import Element, coding_keys, concept_texts, part, parts, text
from titrate.fhir.read.element_values import says_yes
from titrate.fhir.read.read_context import UNREADABLE_CODE, Item, ReadContext
from titrate.fhir.read.reading_source import VOID
from titrate.fhir.read.refusals import (
    can_alarm,
    doubtful_answers,
    last_updated,
    latest_time,
    refused_observation,
    refused_report,
    times_of,
    uncertain_source,
)
from titrate.fhir.read.reported_codes import ReportedCodes
from titrate.fhir.read.value_readings import LOWERING_ANSWERS
from titrate.fhir.unreadable_codes import with_loinc, words_in

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

    A yes under the words of a safety question, or its code without a system, is a yes, and no other answer counts.
    Codes of the form of LOINC that name no system can still say that a value opens a red flag. An answer that lowers or
    holds is read as a preliminary one. A report is refused as a whole.
    """
    code = part(resource, "code")
    if _is_readable(code, codes, context) or text(resource, "status") in VOID or _is_own(resource, context):
        return None
    written = tuple(map(plain_words, words_in(resource.get("code"))))
    known = context.lookup.flag_texts
    flag = next((known[one] for one in written if one in known), None)
    if flag is not None and says_yes(resource, context):
        when = latest_time(times_of(resource), context, last_updated(resource))
        return (SafetyAnswer(flag, True, uncertain_source(resource, when, context)),)
    coded = _with_loinc_codes(resource)
    if not any(codes.component_keys) and can_alarm(coded, context):
        return refused_observation(coded, UNREADABLE_CODE, context)
    refused = refused_report(resource, UNREADABLE_CODE, context)
    lowering = next(
        (what for what in sorted(LOWERING_ANSWERS) if not _names_of(what, context).isdisjoint(written)), None
    )
    if lowering is not None:
        return (refused, *doubtful_answers(lowering, resource, resource, context))
    report = next((_REPORTS[one] for one in written if one in _REPORTS), None)
    report = report or _report_of_components(codes, context)
    if report is not None:
        return (refused_report(resource, UNREADABLE_CODE, context, report),)
    if any(concept_texts(code)) or any(codes.component_keys):
        return None
    return (replace(refused, unidentified=_may_be_a_report(resource)),)


def _with_loinc_codes(resource: Element) -> Element:
    """An Observation with the system LOINC in its codes of that form that name no system."""
    components = [{**one, "code": with_loinc(part(one, "code"))} for one in parts(resource, "component")]
    return {**resource, "code": with_loinc(part(resource, "code")), "component": components}


def _is_readable(code: Element, codes: ReportedCodes, context: ReadContext) -> bool:
    """Whether one of the codings has a system and a code. A number in place of a code is one if a mapping knows it."""
    mapped = context.lookup.codes[""]
    if any(key in mapped for key in codes.keys):
        return True
    return any(text(one, "code") is not None and coding_keys({"coding": one}) for one in parts(code, "coding"))


def _names_of(what: str, context: ReadContext) -> frozenset[str]:
    """The code of a measure and its displays, in normal form."""
    measure = context.rulebook.measures.get(what)
    codings = measure.codings if measure is not None else ()
    displays = (measure.display, *(coding.display for coding in codings)) if measure is not None else ()
    return frozenset(map(plain_words, (what, *displays)))


def is_unreadable_component(component: Element, namespace: str, context: ReadContext) -> bool:
    """Whether a component of a report has no code that can be read, and no text other than the name of such a part.

    It may be the rating that lowers a dose. A text that names something else is an unmapped code (B13.15).
    """
    code = part(component, "code")
    if coding_keys(code):
        return False
    texts = {plain_words(one) for one in concept_texts(code)}
    known = [what for what in context.rulebook.measures if what.startswith(f"{namespace}.")]
    names = frozenset[str]().union(*(_names_of(what, context) for what in known))
    locals_ = {plain_words(what.partition(".")[2]) for what in known}
    return not texts or not texts.isdisjoint(names | locals_)


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
