"""One QuestionnaireResponse to one of our questionnaires. A form and plain Observations say the same things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.clinical.readings import Answered, RefusalReason, Stamp
from service.fhir.reading.context import Context, Fault, Item, refusal, source_of
from service.fhir.reading.form_goals import wishes
from service.fhir.reading.parts import Part, Parts
from service.fhir.reading.reporting import Place, report
from service.fhir.reading.sessions import session, trial
from service.fhir.reading.shape import NOTHING, Element, children, text
from service.fhir.reading.stamping import preliminary, stamp_of
from service.fhir.reading.times import Span, from_the_future, in_the_morning, midnight, moment, period

_NOT_OURS = Fault(RefusalReason.NOT_MAPPED, "This is none of our questionnaires: map its answers to Observations")
_UNKNOWN_ITEM = Fault(RefusalReason.NOT_MAPPED, "The form has no such item: use the linkIds of docs/inputs.md")
_DATES = frozenset({"date", "started", "ended"})
_SCREENS = frozenset({"safety-screen-full", "safety-screen-short"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One item of a form with one answer; an item without an answer has an empty one."""

    item: str
    element: Element
    path: str
    group: str


def response(resource: Element, context: Context) -> tuple[Item, ...]:
    """The readings and refusals of one form."""
    source = source_of(resource)
    form = _form(resource, context)
    if form is None:
        return (refusal(source, "QuestionnaireResponse.questionnaire", _NOT_OURS),)
    answers = tuple(_answers(resource, "QuestionnaireResponse", ""))
    event = _event(resource, answers, context)
    if isinstance(event, Fault):
        return (refusal(source, "QuestionnaireResponse", event),)
    stamp, morning = event
    if form in _SCREENS:
        return _screen(form, answers, stamp, context)
    if form == "session-check-in":
        return _sessions(answers, stamp, context)
    if form == "tolerance-trial":
        return _trials(answers, stamp, context)
    wished = wishes(resource, stamp, context) if form == "goals" else ()
    return (*wished, *_items(form, answers, Place("", stamp, morning, asked=True), context))


def _form(resource: Element, context: Context) -> str | None:
    """The name of our questionnaire: by its canonical address or its name alone, with or without a version."""
    address = (text(resource, "questionnaire") or "").partition("|")[0]
    name = address.removeprefix(context.site.questionnaire("")).removeprefix("Questionnaire/")
    return name if name in context.lookup.forms else None


def _answers(element: Element, path: str, group: str) -> Iterator[Answer]:
    for index, item in enumerate(children(element, "item")):
        here = f"{path}.item[{index}]"
        link = text(item, "linkId") or ""
        given = children(item, "answer")
        nested = children(item, "item")
        if given or not nested:
            yield from (Answer(link, answer, here, group) for answer in given or (NOTHING,))
        yield from _answers(item, here, here if nested else group)
        for answer in given if link != "goal" else ():
            yield from _answers(answer, here, group)


def _event(resource: Element, answers: tuple[Answer, ...], context: Context) -> tuple[Stamp, bool] | Fault:
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
    stamp = stamp_of(resource, span, soft, context)
    dated = any(answer.item == "date" and answer.element for answer in answers)
    if dated and stamp.entered is not None and stamp.day > stamp.entered.date():
        return Fault(RefusalReason.WRONG_TIME, "It tells of a day after the one on which it was answered")
    return stamp, dated or in_the_morning(span, context)


def _authored(resource: Element, context: Context) -> Span | Fault:
    written = text(resource, "authored")
    if written is None:
        return Fault(RefusalReason.NO_TIME, "It is not said when this was answered: give authored")
    return moment(written, context.zone)


def _dated(answers: tuple[Answer, ...], context: Context) -> Span | Fault | None:
    """The event that the form itself names, if it names one."""
    named = {answer.item: _written(answer.element) for answer in answers if answer.item in _DATES and answer.element}
    if "date" in named:
        read = moment(named["date"] or "", context.zone)
        return read if isinstance(read, Fault) else midnight(read.when.date(), context.zone)
    if named:
        return period({"start": named.get("started"), "end": named.get("ended")}, context.zone)
    return None


def _written(element: Element) -> str | None:
    return next((text(element, key) for key in ("valueDate", "valueDateTime") if key in element), None)


def _items(form: str, answers: tuple[Answer, ...], place: Place, context: Context) -> tuple[Item, ...]:
    known = context.lookup.forms[form]
    items: list[Item] = []
    for answer in answers:
        here = replace(place, path=answer.path)
        if answer.item in known and answer.element:
            items.extend(report(known[answer.item], answer.element, here, context))
        elif answer.item not in known and answer.item not in _DATES and answer.item != "goal":
            items.append(refusal(place.stamp.source, answer.path, _UNKNOWN_ITEM))
    return tuple(items)


def _screen(form: str, answers: tuple[Answer, ...], stamp: Stamp, context: Context) -> tuple[Item, ...]:
    """Every item of the screen: one that is missing or empty is unanswered from this moment."""
    items: list[Item] = []
    for answer in answers:
        if answer.item in context.rulebook.flags:
            place = Place(answer.path, stamp, morning=False, asked=True)
            items.extend(report(answer.item, answer.element, place, context))
        elif answer.item not in _DATES:
            items.append(refusal(stamp.source, answer.path, _UNKNOWN_ITEM))
    told = {answer.item for answer in answers}
    missing = [Answered(flag, None, stamp) for flag in context.lookup.forms[form] if flag not in told]
    return (*items, *missing)


def _sessions(answers: tuple[Answer, ...], stamp: Stamp, context: Context) -> tuple[Item, ...]:
    """One session for each group that names an exercise, or one for the whole form."""
    known = context.lookup.forms["session-check-in"]
    items: list[Item] = []
    for group in _groups(answers):
        found, unknown = _parts(group, known, stamp)
        items.extend(session(Parts(found, stamp, context, [], asked=True)))
        items.extend(unknown)
    comments = [answer for answer in answers if known.get(answer.item) == "daily-comment"]
    places = [(answer, Place(answer.path, stamp, morning=False, asked=True)) for answer in comments]
    items.extend(item for answer, place in places for item in report("daily-comment", answer.element, place, context))
    return tuple(items)


def _trials(answers: tuple[Answer, ...], stamp: Stamp, context: Context) -> tuple[Item, ...]:
    items: list[Item] = []
    for group in _groups(answers):
        found, unknown = _parts(group, context.lookup.forms["tolerance-trial"], stamp)
        items.extend(trial(Parts(found, stamp, context, [], asked=True)))
        items.extend(unknown)
    return tuple(items)


def _groups(answers: tuple[Answer, ...]) -> list[tuple[Answer, ...]]:
    """The answers by the group that names an exercise; answers of no such group belong to each."""
    groups = list(dict.fromkeys(answer.group for answer in answers if answer.item == "exercise"))
    if len(groups) <= 1:
        return [answers]
    return [tuple(answer for answer in answers if answer.group in (group, "")) for group in groups]


def _parts(
    answers: tuple[Answer, ...], names: Mapping[str, str], stamp: Stamp
) -> tuple[tuple[Part, ...], tuple[Item, ...]]:
    parts = [Part(names[answer.item], answer.element, answer.path) for answer in answers if answer.item in names]
    unknown = [
        refusal(stamp.source, answer.path, _UNKNOWN_ITEM)
        for answer in answers
        if answer.item not in names and answer.item not in _DATES
    ]
    return tuple(part for part in parts if part.what != "daily-comment"), tuple(unknown)
