"""Readiness, barriers and the patient's own view; unanswered questions are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from tests.clinical.intake_inputs import DAY, LATER, block, factor, interview, rated, stated, words
from tests.clinical.overviews import calm
from tests.courses.build import on, stamp
from titrate.clinical.insights.intake_summary import QUESTIONS
from titrate.clinical.insights.outcome_measures import PatientView
from titrate.clinical.values.readings import Comment, Measurement, SafetyAnswer


def prompts(*reported: object) -> list[str]:
    """The names of the prompts."""
    return [p.name for p in interview(*reported).readiness.prompts]  # type: ignore[arg-type]


@pytest.mark.parametrize(("score", "finding"), [(6, "low"), (7, "enough"), (8, "enough")])
@pytest.mark.parametrize("what", ["importance", "confidence"])
def test_a_score_below_seven_has_another_question(what: str, score: int, finding: str) -> None:
    """For importance and confidence."""
    assert f"{what}.{finding}" in prompts(rated(f"change-{what}", score))


def test_each_barrier_and_stage_has_its_question() -> None:
    """In a fixed order; having no barrier is not a finding."""
    reported = (
        *stated("barrier", "time", "fear-of-harm"),
        *stated("readiness", "thinking"),
        words("commitment", "Walk daily"),
    )
    assert prompts(*reported) == [
        "importance.unknown", "confidence.unknown", "readiness.thinking", "barrier.fear-of-harm", "barrier.time",
        "commitment.said",
    ]  # fmt: skip
    assert interview(*stated("barrier", "none")).readiness.barriers == ()


def test_barriers_of_a_later_day_replace_the_earlier_ones() -> None:
    """A barrier that was removed has no prompt."""
    reported = (*stated("barrier", "time", "cost"), *stated("barrier", "pain", day=LATER))
    assert interview(*reported).readiness.barriers == ("pain",)


@pytest.mark.parametrize(
    ("first", "latest", "better"),
    [("with-help", "with-aid", True), ("alone", "with-help", False), ("with-aid", "with-aid", None)],
)
def test_independence_over_time(first: str, latest: str, better: bool | None) -> None:
    """From dependent through help and aids to independent."""
    reported = (*stated("task-independence", first), *stated("task-independence", latest, day=LATER))
    assert interview(*reported).patient_views == (PatientView("task-independence", first, DAY, latest, LATER, better),)


def test_felt_capability_over_time() -> None:
    """A higher number is better."""
    (found,) = interview(rated("perceived-capability", 4), rated("perceived-capability", 6, LATER)).patient_views
    assert (found.first, found.latest, found.better) == ("4", "6", True)


def not_final(reported: SafetyAnswer) -> SafetyAnswer:
    """The same answer, preliminary."""
    return replace(reported, stamp=replace(reported.stamp, preliminary=True))


def preliminary(reported: Measurement) -> Measurement:
    """The same number, preliminary."""
    return replace(reported, stamp=replace(reported.stamp, preliminary=True))


def test_what_is_not_final_is_no_view() -> None:
    """An answer outside the mappings is ignored too; an unchanged number is neither better nor worse."""
    (first,), (later,) = stated("task-independence", "with-help"), stated("task-independence", "alone", day=LATER)
    (unusual,) = stated("task-independence", "flying", day=LATER)
    for one in (not_final(later), unusual):
        (found,) = interview(first, one).patient_views
        assert (found.latest, found.better) == ("with-help", None)
    (number,) = interview(
        rated("perceived-capability", 4), preliminary(rated("perceived-capability", 6, LATER))
    ).patient_views
    assert (number.latest, number.better) == ("4", None)
    (same,) = interview(rated("perceived-capability", 4), rated("perceived-capability", 4, LATER)).patient_views
    assert (same.latest_day, same.better) == (LATER, None)


def test_a_preliminary_or_empty_answer_leaves_the_question_open() -> None:
    """A final answer closes it."""
    (firm,) = stated("pain-pattern", "morning")
    empty = replace(firm, value=None)
    reported = rated("change-importance", 8)
    assert "pain-pattern" not in interview(reported, firm).unanswered
    assert "pain-pattern" in interview(reported, not_final(firm)).unanswered
    assert "pain-pattern" in interview(reported, empty).unanswered
    assert "pain-pattern" not in interview(reported, firm, empty).unanswered


def test_free_text_is_an_answer_and_the_newest_counts() -> None:
    """Free text alone makes a profile; answers to other questions are not mixed in."""
    reported = (words("commitment", "Walk"), words("commitment", "Walk daily", LATER))
    found = interview(*reported, words("barrier-words", "Rain", LATER)).readiness
    assert (found.commitment, found.barrier_words) == ("Walk daily", "Rain")
    assert interview(words("barrier-words", "Rain")).readiness.commitment is None


def test_of_texts_of_one_day_the_last_counts() -> None:
    """They were written at nine and at ten."""
    stated_at = [Comment(f"at {hour}", stamp("commitment", on(DAY, time(hour))), "commitment") for hour in (9, 10)]
    assert interview(*stated_at).readiness.commitment == "at 10"


def test_of_several_answers_of_a_form_the_last_by_name_counts() -> None:
    """One question was answered twice in a form; a yes or no is not a coded answer."""
    assert interview(*stated("readiness", "thinking", "acting")).readiness.stage == "thinking"
    (yes,) = stated("readiness", "acting")
    assert interview(replace(yes, value=True), rated("change-importance", 8)).readiness.stage is None


@pytest.mark.parametrize("what", ["pain-now", "pain-average", "pain-worst"])
def test_a_score_of_another_form_makes_no_profile(what: str) -> None:
    """Each of the three."""
    assert calm([rated(what, 6)]).intake is None
    assert calm([rated(what, 6), rated("change-importance", 8)]).intake is not None


def test_what_was_not_answered_is_named() -> None:
    """Every question, and the two groups."""
    assert interview(rated("change-importance", 8)).unanswered == (
        *(what for what in QUESTIONS if what != "change-importance"), "blocks", "factors",
    )  # fmt: skip
    assert {"blocks", "factors"}.isdisjoint(interview(block("Ironing", "standing", 1, 1), factor("stairs")).unanswered)


def test_without_an_answer_there_is_no_profile() -> None:
    """Scores of other forms do not make a profile."""
    assert calm().intake is None
    assert calm([rated("pain-worst", 6)]).intake is None
