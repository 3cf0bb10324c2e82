"""Totals of published questionnaires: the sum, the mean for missing items, and no score where too many are missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from titrate.clinical.values.questionnaire_scores import ScoringRule, rule_for
from titrate.rulebook import load_lookup

PHQ_9, PHQ_2 = load_lookup().scores


def answers(digits: str) -> dict[str, Decimal]:
    """One digit for each item of the PHQ-9 in its order; `-` is an unanswered one."""
    return {f"phq-9-item-{at}": Decimal(one) for at, one in enumerate(digits, 1) if one != "-"}


def test_the_shipped_rules() -> None:
    """Nine items of which two may be missing, and two that are both needed."""
    assert (PHQ_9.total, len(PHQ_9.items), PHQ_9.missing) == ("phq-9", 9, 2)
    assert PHQ_9.highest == 3
    assert (PHQ_2.total, PHQ_2.items, PHQ_2.missing) == ("phq-2", PHQ_9.items[:2], 0)


@pytest.mark.parametrize(
    ("digits", "score"),
    [
        ("000000000", 0), ("333333333", 27), ("123012301", 13), ("11111111-", 9), ("1111111--", 9), ("111111---", None),
        ("---------", None), ("2111111--", 11), ("22111110-", 11), ("00000001-", 2), ("0000000--", 0),
    ],
)  # fmt: skip
def test_a_score(digits: str, score: int | None) -> None:
    """Up to two missing items are the mean of the others, and the total is rounded up to whole points."""
    assert PHQ_9.score(answers(digits)) == score


def test_two_items_need_both() -> None:
    """The PHQ-2 allows no missing item."""
    assert PHQ_2.score(answers("12")) == 3
    assert PHQ_2.score(answers("1-")) is None


@pytest.mark.parametrize(
    ("digits", "rule"), [("1", PHQ_2), ("12", PHQ_2), ("121", PHQ_9), ("12------1", PHQ_9), ("", None)]
)
def test_the_shortest_questionnaire_that_fits(digits: str, rule: ScoringRule | None) -> None:
    """Two questions are the PHQ-2; with any other they are a PHQ-9 with missing items."""
    assert rule_for(answers(digits), (PHQ_9, PHQ_2)) is rule


def test_an_item_of_no_questionnaire() -> None:
    """It has no rule."""
    assert rule_for({"mood"}, (PHQ_9, PHQ_2)) is None
