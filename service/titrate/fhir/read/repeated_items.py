"""One answer to each question of a form that has several: the stricter, and a conflict where they differ (B13.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from titrate.clinical.values.readings import Measurement, Refusal, RefusalReason, SafetyAnswer
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.fhir.read.value_readings import strictest
from titrate.messages.refused_values import FormAnswersConflict

_DIFFERENT = Fault(RefusalReason.CONFLICT, FormAnswersConflict())


def one_answer_each(items: Iterable[Item], context: ReadContext) -> tuple[Item, ...]:
    """The items of one form with one answer to each question. Of numbers each value is kept, so that the worst counts.

    A safety question with a yes is answered yes. A no beside an answer that cannot be read leaves the question open.
    """
    all_items = tuple(items)
    answers: dict[str, list[SafetyAnswer]] = defaultdict(list)
    numbers: dict[str, list[Measurement]] = defaultdict(list)
    others: list[Item] = []
    for one in all_items:
        if isinstance(one, SafetyAnswer):
            answers[one.what].append(one)
        elif isinstance(one, Measurement):
            numbers[one.what].append(one)
        else:
            others.append(one)
    unreadable = {one.what for one in others if isinstance(one, Refusal) and one.reason is not RefusalReason.NO_VALUE}
    found = [item for what, given in answers.items() for item in _answer(given, what in unreadable, context)]
    found += [item for given in numbers.values() for item in _numbers(given, context)]
    return (*found, *others)


def _answer(given: list[SafetyAnswer], unreadable: bool, context: ReadContext) -> Iterator[Item]:
    """The one answer, unanswered if there is none, and a refusal of answers that differ."""
    first, values = given[0], [one.value for one in given if one.value is not None]
    strict = strictest(first.what, values, context) if values else None
    open_again = strict is False and unreadable and first.what in context.rulebook.flags
    yield SafetyAnswer(first.what, None if open_again else strict, first.stamp)
    if len(set(values)) > 1:
        yield _conflict(first)


def _numbers(given: list[Measurement], context: ReadContext) -> Iterator[Item]:
    values = [one.value for one in given]
    yield from dict.fromkeys(given)
    if max(values) - min(values) > context.rulebook.numbers.conflict_tolerance:
        yield _conflict(given[0])


def _conflict(one: SafetyAnswer | Measurement) -> Refusal:
    return refusal(one.stamp.source, "QuestionnaireResponse.item", _DIFFERENT, one.what, one.stamp.day)
