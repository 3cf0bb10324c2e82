"""One QuestionnaireResponse to one of our questionnaires. A form and plain Observations say the same things."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.values.readings import ReadingSource, RefusalReason
from titrate.fhir.elements import Element, text
from titrate.fhir.read.components import Components
from titrate.fhir.read.form_goals import wishes
from titrate.fhir.read.form_items import DATES, UNKNOWN_ITEM, Answer, answers_of, components_of, written
from titrate.fhir.read.form_profile import profile
from titrate.fhir.read.form_screens import SCREENS, form_times, refused_screen, screen
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal, source_of
from titrate.fhir.read.reading_source import preliminary, reading_source
from titrate.fhir.read.safety_answers import latest_day
from titrate.fhir.read.sessions import session, trial
from titrate.fhir.read.times import Span, from_the_future, in_the_morning, midnight, moment, period
from titrate.fhir.read.value_readings import Place, report

_NOT_OURS = Fault(RefusalReason.NOT_MAPPED, "This is none of our questionnaires: map its answers to Observations")

# One report as a whole: without its exercise nothing of it can be used.
_ABOUT = {"session-check-in": "session.exercise", "tolerance-trial": "trial.exercise"}


def response(resource: Element, context: ReadContext) -> tuple[Item, ...]:
    """The readings and refusals of one form."""
    source = source_of(resource)
    form = name_of(resource, context)
    if form is None:
        return (refusal(source, "QuestionnaireResponse.questionnaire", _NOT_OURS),)
    answers = tuple(answers_of(resource, "QuestionnaireResponse", ""))
    event = _event(resource, answers, context)
    if isinstance(event, Fault):
        if form in SCREENS:
            return refused_screen(form, resource, answers, event, context)
        return _refused(form, resource, answers, event, context)
    stamp, morning = event
    if form in SCREENS:
        return screen(form, answers, stamp, context)
    if form == "session-check-in":
        return _sessions(answers, stamp, context)
    if form == "tolerance-trial":
        return _trials(answers, stamp, context)
    if form == "intake-profile":
        return profile(answers, stamp, context)
    wished = wishes(resource, stamp, context) if form == "goals" else ()
    return (*wished, *_items(form, answers, Place("", stamp, morning, asked=True), context))


def _refused(
    form: str, resource: Element, answers: tuple[Answer, ...], fault: Fault, context: ReadContext
) -> tuple[Item, ...]:
    """A form that cannot be used, said of each measure in it that decides."""
    known, measures = context.lookup.forms[form], context.rulebook.measures
    told = {known[answer.item] for answer in answers if answer.element and answer.item in known}
    deciding = sorted(what for what in told if what in measures and measures[what].decides)
    whats: list[str | None] = [_ABOUT[form]] if form in _ABOUT else [*deciding]
    day = latest_day(form_times(resource, answers), context)
    return tuple(refusal(source_of(resource), "QuestionnaireResponse", fault, what, day) for what in whats or [None])


def name_of(resource: Element, context: ReadContext) -> str | None:
    """The name of our questionnaire: by its canonical address or its name alone, with or without a version."""
    address = (text(resource, "questionnaire") or "").partition("|")[0]
    name = address.removeprefix(context.site.questionnaire("")).removeprefix("Questionnaire/")
    return name if name in context.lookup.forms else None


def _event(resource: Element, answers: tuple[Answer, ...], context: ReadContext) -> tuple[ReadingSource, bool] | Fault:
    """Stamp of the form, and whether its pain is a morning's: by its date, its start and end, else when authored."""
    soft = preliminary(resource)
    if isinstance(soft, Fault):
        return soft
    span = _dated(answers, context) or _authored(resource, context)
    if isinstance(span, Fault):
        return span
    fault = from_the_future(span, context)
    if fault is not None:
        return fault
    stamp = reading_source(resource, span, soft, context)
    dated = any(answer.item == "date" and answer.element for answer in answers)
    if dated and stamp.entered is not None and stamp.day > stamp.entered.date():
        return Fault(RefusalReason.WRONG_TIME, "It tells of a day after the one on which it was answered")
    return stamp, dated or in_the_morning(span, context)


def _authored(resource: Element, context: ReadContext) -> Span | Fault:
    authored = text(resource, "authored")
    if authored is None:
        return Fault(RefusalReason.NO_TIME, "It is not said when this was answered: give authored")
    return moment(authored, context.zone)


def _dated(answers: tuple[Answer, ...], context: ReadContext) -> Span | Fault | None:
    """The event that the form itself names, if it names one."""
    named = {answer.item: written(answer.element) for answer in answers if answer.item in DATES and answer.element}
    if "date" in named:
        read = moment(named["date"] or "", context.zone)
        return read if isinstance(read, Fault) else midnight(read.when.date(), context.zone)
    if named:
        return period({"start": named.get("started"), "end": named.get("ended")}, context.zone)
    return None


def _items(form: str, answers: tuple[Answer, ...], place: Place, context: ReadContext) -> tuple[Item, ...]:
    known = context.lookup.forms[form]
    items: list[Item] = []
    for answer in answers:
        here = replace(place, path=answer.path)
        if answer.item in known and answer.element:
            items.extend(report(known[answer.item], answer.element, here, context))
        elif answer.item not in known and answer.item not in DATES and answer.item != "goal":
            items.append(refusal(place.stamp.source, answer.path, UNKNOWN_ITEM))
    return tuple(items)


def _sessions(answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    """One session for each group that names an exercise, or one for the whole form."""
    known = context.lookup.forms["session-check-in"]
    items: list[Item] = []
    for group in _groups(answers):
        found, unknown = components_of(group, known, stamp)
        items.extend(session(Components(found, stamp, context, [], asked=True)))
        items.extend(unknown)
    comments = [answer for answer in answers if known.get(answer.item) == "daily-comment"]
    places = [(answer, Place(answer.path, stamp, morning=False, asked=True)) for answer in comments]
    items.extend(item for answer, place in places for item in report("daily-comment", answer.element, place, context))
    return tuple(items)


def _trials(answers: tuple[Answer, ...], stamp: ReadingSource, context: ReadContext) -> tuple[Item, ...]:
    items: list[Item] = []
    for group in _groups(answers):
        found, unknown = components_of(group, context.lookup.forms["tolerance-trial"], stamp)
        items.extend(trial(Components(found, stamp, context, [], asked=True)))
        items.extend(unknown)
    return tuple(items)


def _groups(answers: tuple[Answer, ...]) -> list[tuple[Answer, ...]]:
    """The answers by the group that names an exercise; answers of no such group belong to each."""
    groups = list(dict.fromkeys(answer.group for answer in answers if answer.item == "exercise"))
    if len(groups) <= 1:
        return [answers]
    return [tuple(answer for answer in answers if answer.group in (group, "")) for group in groups]
