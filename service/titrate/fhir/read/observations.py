"""One Observation: a measure of its own, mapped components, a session, a trial, a limit or a clearance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from titrate.clinical.record.limits import is_limit
from titrate.clinical.red_flags.vitals import ALARMING_MEASURES
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
from titrate.fhir.code_systems import ASSESSMENT, DECISION
from titrate.fhir.elements import Element, coding_keys, count, part, parts, text
from titrate.fhir.read.components import Component, Components
from titrate.fhir.read.during_exercise import states_exercise, states_rest, within_session
from titrate.fhir.read.element_values import choice, exercise, mapped_measures
from titrate.fhir.read.intake_profile import block, factor
from titrate.fhir.read.panels import checked_pressure, has_value, is_panel, lost_pressures
from titrate.fhir.read.read_context import UNREADABLE_CODE, Fault, Item, ReadContext, refusal
from titrate.fhir.read.reading_source import (
    NOT_SIGNED,
    has_readable_performers,
    is_clinicians_record,
    is_signed,
    lacks_signer,
    patient_reports,
    preliminary,
    reading_source,
    signer_refusals,
)
from titrate.fhir.read.refusals import (
    alarms_of_empty_date,
    can_alarm,
    is_void,
    lowering_answers,
    recorded_time,
    refused_observation,
    refused_report,
    uncertain_answer,
)
from titrate.fhir.read.reported_codes import DOSE_LIMIT, ReportedCodes, reported_codes
from titrate.fhir.read.sessions import dose_limit, session, trial
from titrate.fhir.read.times import Span, effective, from_the_future, in_the_morning
from titrate.fhir.read.value_readings import Place, value_readings
from titrate.fhir.read.without_code import is_unreadable_component, without_code
from titrate.fhir.unreadable_codes import with_loinc
from titrate.messages.refused_records import (
    ClearanceByCliniciansOnly,
    ClearancePreliminary,
    PerformerUnreadable,
)
from titrate.messages.refused_values import CodeNotMapped, CodesAmbiguous

_WRITTEN_BY_TITRATE = frozenset({DECISION, ASSESSMENT})
_REPORTS: dict[str, tuple[str, Callable[[Components], tuple[Item, ...]]]] = {
    "exercise-session": ("session", session),
    "tolerance-trial": ("trial", trial),
    DOSE_LIMIT: (DOSE_LIMIT, dose_limit),
    "activity-block": ("block", block),
    "symptom-factor": ("factor", factor),
}
_CLEARANCE = "flag-clearance"
# Codes of the site's system by which a whole Observation is read by its components.
REPORT_CODES = frozenset({*_REPORTS, _CLEARANCE})
# Those of them that only a clinician can sign.
SIGNED_REPORTS = frozenset({DOSE_LIMIT, _CLEARANCE})
_NOT_MAPPED = Fault(RefusalReason.NOT_MAPPED, CodeNotMapped())
_NO_PERFORMER = Fault(RefusalReason.MALFORMED, PerformerUnreadable())
_AMBIGUOUS = Fault(RefusalReason.WRONG_VALUE, CodesAmbiguous())


def observation(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The readings and refusals of one Observation. Observations that the service wrote have none."""
    codes = reported_codes(resource, context)
    if codes.local & _WRITTEN_BY_TITRATE:
        return ()
    worded = without_code(resource, codes, context)
    if worded is not None:
        return worded
    stamp = _stamp(resource, codes, context)
    if isinstance(stamp, Fault):
        return refused(resource, stamp, context)
    readings = _readings(resource, codes, stamp, context)
    signer = signer_refusals(resource, codes, readings, stamp, context)
    return (*readings, *alarms_of_empty_date(resource, stamp, context), *signer, *_notes(resource, stamp))


def refused(resource: Element, fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    """The refusals of an unusable Observation, and what it says as a preliminary one, which can only lower or hold.

    The refusal of a session, trial or limit names its exercise, without which the report cannot be used.
    """
    return (*_refusals(resource, fault, context), *_downward(resource, context))


def _downward(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The readings of an Observation without a usable status, subject or time; its safety questions are apart."""
    if is_void(resource):
        return ()
    unsure, codes = {**resource, "status": "preliminary"}, reported_codes(resource, context)
    stamp = _stamp(unsure, codes, context)
    if isinstance(stamp, Fault):
        return tuple(lowering_answers(resource, context))
    items = _readings(unsure, codes, stamp, context)
    apart = context.rulebook.flags.keys() | ALARMING_MEASURES
    return tuple(one for one in items if not isinstance(one, Refusal) and getattr(one, "what", None) not in apart)


def _refusals(resource: Element, fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    local = reported_codes(resource, context).local
    for code in local & _REPORTS.keys():
        what = f"{_REPORTS[code][0]}.exercise"
        one = refused_report(resource, fault, context, what if what in context.rulebook.measures else None)
        return (replace(one, exercise=_limited_exercise(resource, context)),) if code == DOSE_LIMIT else (one,)
    return (
        (refused_report(resource, fault, context),)
        if _CLEARANCE in local
        else refused_observation(resource, fault, context)
    )


def _limited_exercise(resource: Element, context: ReadContext) -> str | None:
    """The exercise of a dose limit whose record cannot be used."""
    for component in parts(resource, "component"):
        if mapped_measures(part(component, "code"), DOSE_LIMIT, context) == {f"{DOSE_LIMIT}.exercise"}:
            found = exercise(component, context)
            return None if isinstance(found, Fault) else found
    return None


def _readings(resource: Element, codes: ReportedCodes, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    for code in codes.local & _REPORTS.keys():
        namespace, reader = _REPORTS[code]
        known, unknown = _components(resource, codes, namespace, stamp, context)
        return (*reader(Components.of(known, stamp, context)), *unknown)
    if _CLEARANCE in codes.local:
        return (_clearance(resource, stamp, context),)
    return checked_pressure(_measured(resource, codes, stamp, context), stamp)


def _stamp(resource: Element, codes: ReportedCodes, context: ReadContext) -> ReadingSource | Fault:
    is_preliminary = preliminary(resource)
    if isinstance(is_preliminary, Fault):
        return is_preliminary
    if is_clinicians_record(codes, context) and not has_readable_performers(resource):
        return _NO_PERFORMER
    span = _span(resource, context)
    if isinstance(span, Fault):
        return span
    doubtful = is_preliminary or lacks_signer(resource, codes, context)
    stamp = reading_source(resource, span, doubtful, context)
    if _is_limit(codes) and not resource.get("performer"):
        stamp = replace(stamp, reporter=Reporter.PRACTITIONER)  # it may be a clinician's: what is stricter counts
    return from_the_future(span, context) or stamp


def _is_limit(codes: ReportedCodes) -> bool:
    return DOSE_LIMIT in codes.local or any(map(is_limit, codes.measures))


def _span(resource: Element, context: ReadContext) -> Span | Fault:
    """The effective time; without one, of a safety question or a value that can alarm, the time of recording."""
    span = effective(resource, context.zone)
    if not isinstance(span, Fault) or span.reason is not RefusalReason.NO_TIME or not can_alarm(resource, context):
        return span
    return recorded_time(resource, context) or span


def _measured(resource: Element, codes: ReportedCodes, stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """The values of the Observation and its components whose codes are mapped."""
    own = codes.measures
    place = _place(resource, codes, stamp, context)
    if len(own) > 1:
        return _ambiguous(own, resource, replace(place, path="Observation.code"), _AMBIGUOUS, context)
    components, unknown = _components(resource, codes, "", stamp, context)
    values = tuple(
        item for one in components for item in value_readings(one.what, one.element, _at(place, one), context)
    )
    if own and not (values and not has_value(resource)):
        return (*value_readings(next(iter(own)), resource, place, context), *values, *unknown)
    lost = lost_pressures(resource, codes, components, stamp, context)
    is_unknown = all(isinstance(item, Refusal) and item.reason is RefusalReason.NOT_MAPPED for item in unknown)
    if values or lost or not is_unknown:
        return (*values, *unknown, *lost)
    return () if is_panel(resource) else (refusal(stamp.source, "Observation.code", _NOT_MAPPED),)


def _place(resource: Element, codes: ReportedCodes, stamp: ReadingSource, context: ReadContext) -> Place:
    span = effective(resource, context.zone)
    morning = not isinstance(span, Fault) and in_the_morning(span, context)
    inside = within_session(span, context) and not states_rest(codes.keys)
    exercising, by_clinic = states_exercise(resource, context), _by_clinic(resource)
    return Place("Observation.value", stamp, morning, exercising=exercising, in_session=inside, by_clinic=by_clinic)


def _by_clinic(resource: Element) -> bool:
    """Whether a score is of an encounter or of the vital signs and not the word of patient or relative (B13.11)."""
    categories = (key for category in parts(resource, "category") for key in coding_keys(category))
    in_clinic = bool(part(resource, "encounter")) or any(code == "vital-signs" for _, code in categories)
    return in_clinic and not patient_reports(resource)


def _at(place: Place, component: Component) -> Place:
    resting = states_rest(coding_keys(part(component.element, "code")))
    return replace(place, path=component.path, in_session=place.in_session and not resting)


def _components(
    resource: Element, codes: ReportedCodes, namespace: str, stamp: ReadingSource, context: ReadContext
) -> tuple[tuple[Component, ...], tuple[Item, ...]]:
    """The components with mapped codes, and a refusal for each other one."""
    known: list[Component] = []
    unknown: list[Item] = []
    measures = codes.measures_of_components(namespace, context)
    for index, (component, names) in enumerate(zip(parts(resource, "component"), measures, strict=True)):
        path = f"Observation.component[{index}]"
        if len(names) == 1:
            known.append(Component(next(iter(names)), component, path))
            continue
        place = Place(path, stamp, morning=False)
        if found := names or mapped_measures(with_loinc(part(component, "code")), namespace, context):
            fault = _AMBIGUOUS if names else UNREADABLE_CODE
            unknown.extend(_ambiguous(found, component, place, fault, context))
        elif namespace and is_unreadable_component(component, namespace, context):
            unknown.append(_unreadable_part(namespace, place, context))
        elif not states_exercise({"component": [component]}, context):
            unknown.append(refusal(stamp.source, path, _NOT_MAPPED))
    if namespace and len(measures) < count(resource, "component"):
        unknown.append(_unreadable_part(namespace, Place("Observation.component", stamp, morning=False), context))
    return tuple(known), tuple(unknown)


def _unreadable_part(report: str, place: Place, context: ReadContext) -> Refusal:
    """The refusal of a part of a report, named like the report that it makes unreadable."""
    what = f"{report}.exercise"
    named = what if what in context.rulebook.measures else None
    return refusal(place.stamp.source, place.path, UNREADABLE_CODE, named, place.stamp.day)


def _ambiguous(
    names: frozenset[str], element: Element, place: Place, fault: Fault, context: ReadContext
) -> tuple[Item, ...]:
    """Codes of several measures, or without a system: refused for one that can hold the plan.

    A yes counts if one of them is a safety question; of several questions it is unknown which was answered, and they
    are open. A value that can open a red flag under one of them counts so (B13.2).
    """
    measures, stamp = context.rulebook.measures, place.stamp
    what = next((name for name in sorted(names) if name in measures and measures[name].decides), None)
    flags = sorted(names & context.rulebook.flags.keys())
    refused = refusal(stamp.source, place.path, fault, what, stamp.day)
    doubtful = replace(place, stamp=replace(stamp, preliminary=True))
    read = (
        one
        for name in sorted(names & ALARMING_MEASURES)
        for one in value_readings(name, element, doubtful, context)
        if isinstance(one, Measurement)
    )
    answer = uncertain_answer(flags[0], element, stamp, context) if len(flags) == 1 else None
    return (refused, *([answer] if answer else (SafetyAnswer(flag, None, stamp) for flag in flags)), *read)


def _clearance(resource: Element, stamp: ReadingSource, context: ReadContext) -> Item:
    """A clearance counts only if it is final and from a clinician, because it lets a stopped plan continue."""
    if stamp.reporter is not Reporter.PRACTITIONER:
        fault = Fault(RefusalReason.NOT_A_PRACTITIONER, ClearanceByCliniciansOnly())
        return refusal(stamp.source, "Observation.performer", fault)
    if not is_signed(resource, context):
        return refusal(stamp.source, "Observation.performer", NOT_SIGNED)
    if stamp.preliminary:
        return refusal(stamp.source, "Observation.status", Fault(RefusalReason.STATUS, ClearancePreliminary()))
    flag = choice(resource, tuple(context.rulebook.flags), context)
    if isinstance(flag, Fault):
        return refusal(stamp.source, "Observation.value", flag)
    return Clearance(flag, stamp)


def _notes(resource: Element, stamp: ReadingSource) -> tuple[Item, ...]:
    texts = (text(note, "text") for note in parts(resource, "note"))
    return tuple(Comment(written, stamp) for written in texts if written is not None)
