"""One QuestionnaireResponse to a questionnaire of the service. A form and plain Observations give equal readings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from titrate.clinical.values.readings import ReadingSource, Refusal, RefusalReason
from titrate.fhir.elements import Element, text
from titrate.fhir.read.components import Components
from titrate.fhir.read.form_identity import SCREENS, KnownForm, form_answers, known_form, own_items
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, components_of, date_text
from titrate.fhir.read.form_scores import ScoredAnswer, refused_scores, scored_answers, scored_readings
from titrate.fhir.read.form_screens import (
    form_times,
    refused_screen,
    safety_answers_of_unknown_form,
    screen,
)
from titrate.fhir.read.goals import form_goals
from titrate.fhir.read.intake_profile import profile
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import preliminary, reading_source
from titrate.fhir.read.refusals import last_updated, latest_day, without_doubtful_no
from titrate.fhir.read.repeated_items import one_answer_each
from titrate.fhir.read.sessions import session, trial
from titrate.fhir.read.times import Span, from_the_future, in_the_morning, midnight, moment, period
from titrate.fhir.read.value_readings import Place, value_readings
from titrate.messages.refused_records import AuthoredMissing, FormDayAfterAuthored
from titrate.messages.refused_values import FormKnownByItems, FormReadInPart, FormUnknown

# Forms that are one report: without its exercise nothing of it can be used.
_REPORT_EXERCISE = {"session-check-in": "session.exercise", "tolerance-trial": "trial.exercise"}
# Forms with questions that ask for several answers, and those whose reader compares the answers of each report.
_REPEATING = frozenset({*_REPORT_EXERCISE, "goals", "intake-profile"})


def response(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The readings and refusals of one form."""
    answers = form_answers(resource, context)
    form = known_form(resource, answers, context)
    if form is None:
        return _unknown_form(resource, answers, context)
    own, scored = _own_and_scored(form, answers, context)
    event = _event(resource, own, context)
    if isinstance(event, Fault):
        return refused(resource, event, context)
    stamp, morning = event
    read = _known_items(form.name, resource, own, (stamp, morning), context)
    single = read if form.name in _REPEATING else one_answer_each(read, context)
    items = (*single, *one_answer_each(scored_readings(scored, stamp, context), context))
    return items if form.certain else _downward_only(form.name, items, stamp, context)


def refused(resource: Element, fault: Fault, context: ReadContext) -> tuple[Item, ...]:
    """The refusals of an unusable form, the safety questions in it, and the values in it that alarm."""
    answers = form_answers(resource, context)
    form = known_form(resource, answers, context)
    if form is None:
        scored = scored_answers(answers, frozenset(), context)
        refusals = (refusal(source_of(resource), "QuestionnaireResponse", fault),)
        safety = safety_answers_of_unknown_form(resource, answers, context)
        return (*refusals, *safety, *refused_scores(scored, resource, fault, context))
    own, scored = _own_and_scored(form, answers, context)
    read = (refused_screen if form.name in SCREENS else _refused_form)(form.name, resource, own, fault, context)
    return (*read, *refused_scores(scored, resource, fault, context))


def _unknown_form(resource: Element, answers: tuple[Answer, ...], context: ReadContext) -> tuple[Item, ...]:
    """A form of another publisher: items of published questionnaires, safety questions, and a refusal of the rest."""
    scored = scored_answers(answers, frozenset(), context)
    known = {one.answer.path for one in scored}
    left = any(one.element and one.path not in known for one in answers)
    unread = Fault(RefusalReason.NOT_MAPPED, FormReadInPart() if known else FormUnknown())
    place = refusal(source_of(resource), "QuestionnaireResponse.questionnaire", unread)
    safety = safety_answers_of_unknown_form(resource, answers, context)
    items: tuple[Item, ...] = (place, *safety) if left or not known else safety
    event = _event(resource, (), context)
    if isinstance(event, Fault):
        return (*items, *refused_scores(scored, resource, event, context))
    return (*items, *one_answer_each(scored_readings(scored, event[0], context), context))


def _own_and_scored(
    form: KnownForm, answers: tuple[Answer, ...], context: ReadContext
) -> tuple[tuple[Answer, ...], tuple[ScoredAnswer, ...]]:
    """The answers to the form's own items, and those to items of a published questionnaire that a site added."""
    own = own_items(form.name, answers, context)
    scored = scored_answers(own, frozenset(context.lookup.forms[form.name]), context)
    added = {one.answer.path for one in scored}
    return tuple(one for one in own if one.path not in added), scored


def _known_items(
    form: str, resource: Element, answers: tuple[Answer, ...], event: tuple[ReadingSource, bool], context: ReadContext
) -> tuple[Item, ...]:
    """The items of a form of the service; `event` is its source, and whether its pain is morning pain."""
    stamp, morning = event
    if form in SCREENS:
        return screen(form, answers, stamp, context)
    if form == "session-check-in":
        return (*_reports(form, session, answers, stamp, context), *_session_comments(answers, stamp, context))
    if form == "tolerance-trial":
        return _reports(form, trial, answers, stamp, context)
    if form == "intake-profile":
        return profile(answers, stamp, context)
    goals = form_goals(resource, stamp, context) if form == "goals" else ()
    return (*goals, *_items(form, answers, Place("", stamp, morning, in_form=True), context))


def _downward_only(form: str, items: tuple[Item, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """The items of a form that only most of its linkIds identify: a yes counts, a no and a value never help."""
    fault = Fault(RefusalReason.NOT_MAPPED, FormKnownByItems(form=form))
    refused_name = refusal(stamp.source, "QuestionnaireResponse.questionnaire", fault)
    doubtful = items if form in SCREENS else tuple(map(_preliminary, items))
    return (refused_name, *without_doubtful_no(doubtful, context))


def _preliminary(item: Item) -> Item:
    return item if isinstance(item, Refusal) else replace(item, stamp=replace(item.stamp, preliminary=True))


def _refused_form(
    form: str, resource: Element, answers: tuple[Answer, ...], fault: Fault, context: ReadContext
) -> tuple[Item, ...]:
    """The refusals of an unusable form, one for each measure in it that can hold the plan."""
    known, measures = context.lookup.forms[form], context.rulebook.measures
    answered = {known[answer.item] for answer in answers if answer.element and answer.item in known}
    deciding = sorted(what for what in answered if what in measures and measures[what].decides)
    whats: list[str | None] = [_REPORT_EXERCISE[form]] if form in _REPORT_EXERCISE else [*deciding]
    day = latest_day(form_times(resource, answers), context, last_updated(resource))
    return tuple(refusal(source_of(resource), "QuestionnaireResponse", fault, what, day) for what in whats or [None])


def _event(resource: Element, answers: tuple[Answer, ...], context: ReadContext) -> tuple[ReadingSource, bool] | Fault:
    """The source of the form, and whether its pain is morning pain: by its date, its period, else `authored`."""
    is_preliminary = preliminary(resource)
    if isinstance(is_preliminary, Fault):
        return is_preliminary
    span = _reported_span(answers, context) or _authored(resource, context)
    if isinstance(span, Fault):
        return span
    fault = from_the_future(span, context)
    if fault is not None:
        return fault
    stamp = reading_source(resource, span, is_preliminary, context)
    has_date = any(answer.item == "date" and answer.element for answer in answers)
    if has_date and stamp.entered is not None and stamp.day > stamp.entered.date():
        return Fault(RefusalReason.WRONG_TIME, FormDayAfterAuthored())
    return stamp, has_date or in_the_morning(span, context)


def _authored(resource: Element, context: ReadContext) -> Span | Fault:
    authored = text(resource, "authored")
    return Fault(RefusalReason.NO_TIME, AuthoredMissing()) if authored is None else moment(authored, context.zone)


def _reported_span(answers: tuple[Answer, ...], context: ReadContext) -> Span | Fault | None:
    """The event that the form itself dates; None if it has no date."""
    dates = {one.item: date_text(one.element) for one in answers if one.item in DATES and one.element}
    if "date" in dates:
        read = moment(dates["date"] or "", context.zone)
        return read if isinstance(read, Fault) else midnight(read.when.date(), context.zone)
    if dates:
        return period({"start": dates.get("started"), "end": dates.get("ended")}, context.zone)
    return None


def _items(form: str, answers: tuple[Answer, ...], place: Place, context: ReadContext) -> tuple[Item, ...]:
    known = context.lookup.forms[form]
    items: list[Item] = []
    for answer in answers:
        if answer.item in known and answer.element:
            here = replace(place, path=answer.path)
            items.extend(value_readings(known[answer.item], answer.element, here, context))
        elif answer.item not in known and answer.item not in DATES and answer.item != "goal":
            items.append(refusal(place.stamp.source, answer.path, UNKNOWN_ITEM))
    return tuple(items)


def _reports(
    form: str,
    reader: Callable[[Components], tuple[Item, ...]],
    answers: tuple[Answer, ...],
    stamp: ReadingSource,
    context: ReadContext,
) -> tuple[Item, ...]:
    """One report for each group that names an exercise, or one for the whole form."""
    items: list[Item] = []
    for group in _exercise_groups(answers):
        found, unknown = components_of(group, context.lookup.forms[form], stamp)
        items.extend(reader(Components.of(found, stamp, context, in_form=True)))
        items.extend(unknown)
    return tuple(items)


def _session_comments(answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    known = context.lookup.forms["session-check-in"]
    comments = [answer for answer in answers if known.get(answer.item) == "daily-comment"]
    places = [(answer, Place(answer.path, stamp, morning=False, in_form=True)) for answer in comments]
    return tuple(
        item for answer, place in places for item in value_readings("daily-comment", answer.element, place, context)
    )


def _exercise_groups(answers: tuple[Answer, ...]) -> list[tuple[Answer, ...]]:
    """The answers by the group that names an exercise; answers outside of groups belong to each."""
    groups = list(dict.fromkeys(answer.group for answer in answers if answer.item == "exercise"))
    if len(groups) <= 1:
        return [answers]
    return [tuple(answer for answer in answers if answer.group in (group, "")) for group in groups]
