"""Totals of scored questionnaires from their items, whether these come in a form, a panel or single Observations.

A total that is reported with its items is no second score. Where it differs from their sum the higher value is used,
because a high score prevents an increase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from titrate.clinical.values.questionnaire_scores import rule_for
from titrate.clinical.values.readings import Measurement, Refusal, RefusalReason
from titrate.fhir.elements import utc
from titrate.fhir.read.read_context import Fault, Item, ReadContext, refusal
from titrate.messages.refused_values import ScoreItemsMissing, TotalBelowItems

_FORM = "QuestionnaireResponse/"


@dataclass(frozen=True, slots=True)
class _Total:
    """A total from items. `least`: the sum of the items that were read; `firm`: no item was unreadable or missing."""

    score: Measurement
    least: Decimal
    firm: bool


def with_totals(items: Iterable[Item], origins: Mapping[str, frozenset[str]], context: ReadContext) -> tuple[Item, ...]:
    """The items with a total for the items of each moment, and without the lower one of two totals of a day.

    `origins`: for an Observation the forms that it was made from.
    """
    all_items = tuple(items)
    refusals = [one for one in all_items if isinstance(one, Refusal)]
    totals: list[_Total] = []
    incomplete: list[Item] = []
    for group in _answers_of_each_moment(all_items, context):
        found = _total(group, refusals, context)
        if isinstance(found, _Total):
            totals.append(found)
        incomplete += _incomplete(group, found, context)
    return (*_reconciled(all_items, totals, origins), *incomplete)


def _answers_of_each_moment(items: Iterable[Item], context: ReadContext) -> list[list[Measurement]]:
    scored = {item for rule in context.lookup.scores for item in rule.items}
    groups: dict[datetime, list[Measurement]] = defaultdict(list)
    for one in items:
        if isinstance(one, Measurement) and one.what in scored:
            groups[utc(one.stamp.when)].append(one)
    return [groups[when] for when in sorted(groups)]


def _total(group: list[Measurement], refusals: Iterable[Refusal], context: ReadContext) -> _Total | None:
    """The total of the answers of one moment; None where they make none.

    An item that cannot be read counts as the highest answer. Where too many are missing the sum of the others is the
    least that the total can be. Such a total may hold a dose but supports no increase, so it is preliminary.
    """
    answers = _highest(group)
    unreadable = _unreadable(group, refusals, context) - answers.keys()
    rule = rule_for(answers.keys() | unreadable, context.lookup.scores)
    if rule is None:
        return None
    least = sum(answers.values(), Decimal(0))
    score = rule.score(answers | dict.fromkeys(unreadable, rule.highest))
    firm = score is not None and not unreadable
    if score is None and len(answers) == 1:
        return None
    first = min(group, key=lambda one: (not one.stamp.source.reference.startswith(_FORM), one.stamp.source.reference))
    doubtful = not firm or any(one.stamp.preliminary for one in group)
    stamp = replace(first.stamp, preliminary=doubtful)
    return _Total(Measurement(rule.total, least if score is None else score, stamp), least, firm)


def _highest(group: Iterable[Measurement]) -> dict[str, Decimal]:
    """The answer of each item, of several the highest."""
    answers: dict[str, Decimal] = {}
    for one in group:
        answers[one.what] = max(one.value, answers.get(one.what, one.value))
    return answers


def _unreadable(group: Iterable[Measurement], refusals: Iterable[Refusal], context: ReadContext) -> set[str]:
    """The items of which a value is in the same record and cannot be read."""
    sources = {one.stamp.source for one in group}
    scored = {item for rule in context.lookup.scores for item in rule.items}
    return {
        one.what
        for one in refusals
        if one.what in scored and one.source in sources and one.reason is not RefusalReason.NO_VALUE
    }


def _incomplete(group: list[Measurement], found: _Total | None, context: ReadContext) -> Iterator[Refusal]:
    """That a form has too few answers for a score. A single question that was asked alone is no form."""
    answers = _highest(group)
    rule = rule_for(answers, context.lookup.scores)
    forms = [one for one in group if one.stamp.source.reference.startswith(_FORM)]
    if rule is None or not forms or rule.score(answers) is not None or (found is not None and found.firm):
        return
    measure = context.rulebook.measures[rule.total]
    message = ScoreItemsMissing(measure=measure.display, answered=len(answers), needed=len(rule.items) - rule.missing)
    fault = Fault(RefusalReason.NO_VALUE, message)
    yield refusal(forms[0].stamp.source, "QuestionnaireResponse.item", fault, rule.total, forms[0].stamp.day)


def _reconciled(
    items: tuple[Item, ...], totals: Iterable[_Total], origins: Mapping[str, frozenset[str]]
) -> Iterator[Item]:
    """The items, with only the highest of the computed and the reported totals of the same answers."""
    reported = [one for one in items if isinstance(one, Measurement)]
    dropped: list[Measurement] = []
    kept: list[Measurement] = []
    for total in totals:
        same = [one for one in reported if _is_same_score(one, total.score, origins)]
        least = total.score.value if total.firm else total.least
        dropped += [one for one in same if one.value < least]
        if not any((one.value, not one.stamp.preliminary) >= (least, True) for one in same):
            kept.append(total.score)
    fault = Fault(RefusalReason.CONFLICT, TotalBelowItems())
    for item in items:
        if isinstance(item, Measurement) and item in dropped:
            yield refusal(item.stamp.source, "", fault, None, item.stamp.day)
        else:
            yield item
    yield from kept


def _is_same_score(one: Measurement, total: Measurement, origins: Mapping[str, frozenset[str]]) -> bool:
    if one.what != total.what:
        return False
    made_from = origins.get(one.stamp.source.reference, frozenset())
    return one.stamp.day == total.stamp.day or total.stamp.source.reference in made_from
