"""Readiness, barriers and own view; what was not answered is named."""

from __future__ import annotations

import pytest

from service.clinical.interview import QUESTIONS
from service.clinical.own_view import OwnView
from tests.clinical.asked import DAY, LATER, block, factor, interview, rated, said, words
from tests.clinical.overviews import calm


def prompts(*told: object) -> list[str]:
    """The names of the prompts."""
    return [p.name for p in interview(*told).readiness.prompts]  # type: ignore[arg-type]


@pytest.mark.parametrize(("score", "finding"), [(6, "low"), (7, "enough"), (8, "enough")])
@pytest.mark.parametrize("what", ["importance", "confidence"])
def test_a_score_below_seven_has_another_question(what: str, score: int, finding: str) -> None:
    """For importance and for confidence."""
    assert f"{what}.{finding}" in prompts(rated(f"change-{what}", score))


def test_each_barrier_and_stage_has_its_question() -> None:
    """In a fixed order; no barrier is no finding."""
    told = (*said("barrier", "time", "fear-of-harm"), *said("readiness", "thinking"), words("commitment", "Walk daily"))
    assert prompts(*told) == [
        "importance.unknown", "confidence.unknown", "readiness.thinking", "barrier.fear-of-harm", "barrier.time",
        "commitment.said",
    ]  # fmt: skip
    assert interview(*said("barrier", "none")).readiness.barriers == ()


def test_barriers_of_a_later_day_replace_the_earlier_ones() -> None:
    """A barrier that is gone is not asked about for ever."""
    told = (*said("barrier", "time", "cost"), *said("barrier", "pain", day=LATER))
    assert interview(*told).readiness.barriers == ("pain",)


@pytest.mark.parametrize(
    ("first", "latest", "better"),
    [("with-help", "with-aid", True), ("alone", "with-help", False), ("with-aid", "with-aid", None)],
)
def test_independence_over_time(first: str, latest: str, better: bool | None) -> None:
    """From not at all over help and aids to alone."""
    told = (*said("task-independence", first), *said("task-independence", latest, day=LATER))
    assert interview(*told).own == (OwnView("task-independence", first, DAY, latest, LATER, better),)


def test_felt_capability_over_time() -> None:
    """A number that rises is better."""
    (found,) = interview(rated("perceived-capability", 4), rated("perceived-capability", 6, LATER)).own
    assert (found.first, found.latest, found.better) == ("4", "6", True)


def test_what_was_not_answered_is_named() -> None:
    """Every single question, and the two groups."""
    assert interview(rated("change-importance", 8)).unanswered == (
        *(what for what in QUESTIONS if what != "change-importance"), "blocks", "factors",
    )  # fmt: skip
    assert {"blocks", "factors"}.isdisjoint(interview(block("Ironing", "standing", 1, 1), factor("stairs")).unanswered)


def test_without_an_answer_there_is_no_profile() -> None:
    """Scores that are asked elsewhere too do not make one."""
    assert calm().interview is None
    assert calm([rated("pain-worst", 6)]).interview is None
