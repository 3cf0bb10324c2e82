"""Totals of published questionnaires: which items make a total, and how it is scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringRule:
    """A total and the measures of its items. `missing`: how many items may be unanswered; `highest`: of one item."""

    total: str
    items: tuple[str, ...]
    missing: int
    highest: Decimal

    def score(self, answers: Mapping[str, Decimal]) -> Decimal | None:
        """The sum, with the mean of the others for each unanswered item, rounded up to whole points.

        None where more items are unanswered than the published method allows.
        """
        found = [answers[item] for item in self.items if item in answers]
        if not found or len(self.items) - len(found) > self.missing:
            return None
        if len(found) == len(self.items):
            return sum(found, Decimal(0))
        return (sum(found, Decimal(0)) * len(self.items) / len(found)).to_integral_value(ROUND_CEILING)


def rule_for(answered: Iterable[str], rules: Iterable[ScoringRule]) -> ScoringRule | None:
    """The rule of the shortest questionnaire that has all of these items; None where none has."""
    items = set(answered)
    fitting = (rule for rule in rules if items and items <= set(rule.items))
    return min(fitting, key=lambda rule: len(rule.items), default=None)
