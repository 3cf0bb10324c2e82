"""The daily routine, and how good and bad days differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from tests.clinical.intake_inputs import DAY, block, interview, rated
from tests.courses.build import dec, limit, on
from titrate.clinical.insights.daily_activities import PostureLoad
from titrate.clinical.values.readings import ReadingSource, RoutineBlock, Source


def test_blocks_are_in_the_order_of_the_day_with_postures_summed() -> None:
    """The most painful posture comes first; an unknown value is not zero."""
    found = interview(
        block("Ironing", "standing", 45, 5, "afternoon"),
        block("Breakfast", "standing", 30, 2, "morning"),
        block("Television", "sitting", None, None, "evening"),
    ).routine
    assert [b.task for b in found.blocks] == ["Breakfast", "Ironing", "Television"]
    assert found.postures == (
        PostureLoad("standing", dec(75), dec(45), dec(5)),
        PostureLoad("sitting", None, None, None),
    )
    assert found.day == DAY


@pytest.mark.parametrize(("pain", "over"), [("5", False), ("5.5", True)])
def test_a_block_above_the_pain_ceiling_is_marked(pain: str, over: bool) -> None:
    """The ceiling itself is allowed, as in a session."""
    assert interview(block("Ironing", "standing", 45, pain)).routine.blocks[0].over is over


def test_the_ceiling_is_the_clinicians_where_there_is_one() -> None:
    """With a clinician's ceiling of 3, a pain of 4 is above it."""
    found = interview(block("Ironing", "standing", 45, 4), limit("pain-ceiling", 3, DAY)).routine
    assert found.ceiling == 3
    assert found.blocks[0].over


@pytest.mark.parametrize(
    ("good", "bad", "index", "uneven"),
    [(119, 60, "1.98", False), (120, 60, "2", True), (60, 0, None, True), (0, 0, None, False)],
)
def test_days_are_uneven_from_twice_the_active_time(good: int, bad: int, index: str | None, uneven: bool) -> None:
    """No activity at all on a bad day is uneven too."""
    found = interview(rated("active-good-day", good), rated("active-bad-day", bad)).routine
    assert (None if found.index is None else round(found.index, 2)) == dec(index)
    assert found.uneven is uneven


def test_a_form_that_is_filled_in_again_replaces_the_last_one() -> None:
    """Also on the same day; blocks that were sent one by one belong together."""
    forms = [
        RoutineBlock(
            ReadingSource(Source(f"QuestionnaireResponse/{clock}"), on(DAY, time(clock))), task=f"task at {clock}"
        )
        for clock in (9, 10)
    ]
    assert [b.task for b in interview(*forms).routine.blocks] == ["task at 10"]
    singles = [block("Ironing", "standing", 45, 5), block("Television", "sitting", 60, 3)]
    assert len(interview(*singles).routine.blocks) == 2


def test_a_preliminary_block_does_not_count() -> None:
    """The routine stays unanswered."""
    not_final = block("Ironing", "standing", 45, 5)
    found = interview(
        replace(not_final, stamp=replace(not_final.stamp, preliminary=True)),
        rated("change-importance", 5),
    )
    assert found.routine.blocks == ()
    assert "blocks" in found.unanswered


def test_one_day_alone_has_no_index() -> None:
    """Nothing is assumed about the other day."""
    found = interview(rated("active-good-day", 240)).routine
    assert (found.index, found.uneven) == (None, False)


@pytest.mark.parametrize(("good", "bad", "uneven"), [(None, 0, False), (None, 60, False), (1, 0, True)])
def test_a_bad_day_alone_has_no_index(good: int | None, bad: int, uneven: bool) -> None:
    """A good day of one minute against none is uneven."""
    reported = [rated("active-bad-day", bad), *([] if good is None else [rated("active-good-day", good)])]
    found = interview(*reported).routine
    assert (found.index, found.uneven) == (None, uneven)


def test_postures_are_sorted_by_pain_and_then_by_name() -> None:
    """One without a rating comes after a rating of 0; a block without a posture is left out."""
    found = interview(
        block("Reading", "lying", 20, None),
        block("Ironing", "standing", 45, 0),
        block("Television", "sitting", 60, 1),
        block("Sewing", "bending", 5, 1),
        block("Bus", "sitting", 20, None),
        RoutineBlock(ReadingSource(Source("Observation/b"), on(DAY)), task="Rest", minutes=dec(10)),
    ).routine
    assert [(p.posture, p.symptom) for p in found.postures] == [
        ("bending", dec(1)), ("sitting", dec(1)), ("standing", dec(0)), ("lying", None),
    ]  # fmt: skip
    assert (found.postures[1].minutes, found.postures[1].longest) == (dec(80), dec(60))
