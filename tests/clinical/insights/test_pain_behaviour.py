"""Pain behaviour in the patient's words: irritability, delayed rises, and the question about pain at night."""

from __future__ import annotations

import pytest

from tests.clinical.intake_inputs import LATER, interview, rated, stated
from tests.courses.build import Number


@pytest.mark.parametrize(
    ("provoked", "settling", "worst", "irritability"),
    [
        ("little", 1440, 5, "high"),
        ("little", 1439, 5, "moderate"),
        ("little", 0, "5.5", "high"),
        ("moderate", 1440, "5.5", "high"),
        ("moderate", 1440, 5, "moderate"),
        ("much", 59, 5, "low"),
        ("much", 60, 5, "moderate"),
        ("much", 59, "5.5", "moderate"),
        ("moderate", 59, 5, "moderate"),
        ("little", 1440, None, "high"),
        ("much", 59, None, None),
        ("much", None, 5, None),
        (None, 59, 5, None),
    ],
)
def test_irritability(
    provoked: str | None, settling: int | None, worst: Number | None, irritability: str | None
) -> None:
    """High with two of three signs, low with none and quick settling, else moderate; unknown is not low."""
    reported = [
        *(stated("pain-provocation", provoked) if provoked else ()),
        *((rated("pain-settling", settling),) if settling is not None else ()),
        *((rated("pain-worst", worst),) if worst is not None else ()),
        rated("pain-best", 1),
    ]
    assert interview(*reported).behaviour.irritability == irritability


@pytest.mark.parametrize(("minutes", "late"), [(59, False), (60, True)])
def test_a_late_rise_is_called_late_from_an_hour_on(minutes: int, late: bool) -> None:
    """A judgement by the session alone would miss it."""
    assert interview(rated("pain-latency", minutes)).behaviour.late is late
    assert interview(rated("pain-best", 1)).behaviour.late is None


def test_pain_at_night_has_a_question() -> None:
    """Other patterns have none."""
    assert [p.name for p in interview(*stated("pain-pattern", "worst-night")).behaviour.prompts] == [
        "pattern.worst-night"
    ]
    assert interview(*stated("pain-pattern", "worst-morning")).behaviour.prompts == ()


def test_the_newest_answer_counts() -> None:
    """A later answer replaces an earlier one."""
    reported = (*stated("pain-pattern", "worst-night"), *stated("pain-pattern", "even", day=LATER))
    assert interview(*reported).behaviour.pattern == "even"
