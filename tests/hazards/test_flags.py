"""H01, H02, H11, H12: red flags, unanswered questions, thoughts of self-harm, and post-exertional malaise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.courses.build import answered, on, stamp
from tests.courses.examples import Course
from tests.hazards.deciding import book, decided, doses, progressing, with_more, with_only
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Comment, Measurement, SafetyAnswer
from titrate.clinical.values.rulebook import Urgency

STOPPING = sorted(name for name, flag in book().flags.items() if flag.urgency is not Urgency.E2)
FLAGS = sorted(book().flags)


def with_yes(course: Course, flag: str, ago: int = 0) -> Course:
    """The course with this question answered yes, some days before the decision."""
    return with_more(course, [answered(flag, True, course[2] - timedelta(days=ago, minutes=1))])


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
@pytest.mark.parametrize("flag", STOPPING)
def test_no_flag_leaves_a_dose_in_any_phase(flag: str, phase: Phase) -> None:
    """Every flag that stops, in every phase: D1, and no exercise has a dose."""
    patient_readings, plan, at = progressing()
    result = decided(with_yes((patient_readings, replace(plan, phase=phase), at), flag))
    assert (result.decision.rule, result.decision.outcome) == ("D1", Outcome.STOP_ESCALATE)
    assert not any(doses(result).values())
    assert result.prescription is not None
    assert [exercise for exercise in result.prescription.exercises if exercise.dose] == []


@pytest.mark.parametrize("flag", STOPPING)
def test_a_flag_does_not_time_out(flag: str) -> None:
    """A hundred days later it is still open, whatever was reported since."""
    assert decided(with_yes(progressing(), flag, ago=100)).decision.rule == "D1"


@pytest.mark.parametrize("flag", FLAGS)
def test_an_unanswered_question_never_lets_a_dose_rise(flag: str) -> None:
    """Any unanswered item of the screen holds the dose; after a no the same course progresses."""
    course = progressing()
    when = course[2] - timedelta(minutes=1)
    open_item = with_more(course, [answered(flag, None, when)])
    assert decided(open_item).decision.outcome is not Outcome.PROGRESS
    assert decided(with_more(course, [answered(flag, False, when)])).decision.outcome is Outcome.PROGRESS


def test_a_missing_screen_never_lets_a_dose_rise() -> None:
    """A missing answer is not read as no."""
    course = progressing()
    kept = [r for r in course[0].readings if not (isinstance(r, SafetyAnswer) and r.what in book().flags)]
    assert len(kept) < len(course[0].readings)
    assert decided(with_only(course, kept)).decision.outcome is not Outcome.PROGRESS


@pytest.mark.parametrize("value", [1, 2, 3])
def test_item_9_above_zero_stops(value: int) -> None:
    """PHQ-9 item 9 opens RF19 from 1."""
    course = progressing()
    stated = Measurement("phq-9-item-9", Decimal(value), stamp("phq", course[2] - timedelta(minutes=1)))
    result = decided(with_more(course, [stated]))
    assert result.decision.rule == "D1"
    assert "rf19" in {flag.flag for flag in result.flags}


@pytest.mark.parametrize("word", book().alarm_words)
def test_words_of_self_harm_stop_and_a_zero_does_not_clear_them(word: str) -> None:
    """Each listed word in a comment opens RF19, even on a day with item 9 at 0."""
    course = progressing()
    when = course[2] - timedelta(minutes=2)
    stated = Comment(f"Today I thought of it: {word}.", stamp("comment", when))
    nought = Measurement("phq-9-item-9", Decimal(0), stamp("phq", when + timedelta(minutes=1)))
    result = decided(with_more(course, [stated, nought]))
    assert result.decision.rule == "D1"
    assert "rf19" in {flag.flag for flag in result.flags}


def test_post_exertional_malaise_gets_no_fixed_steps() -> None:
    """RF16 stops increments until a clinician clears it, however well sessions go."""
    result = decided(with_yes(progressing(), "rf16"))
    assert result.decision.rule == "D1"
    assert not any(doses(result).values())


def test_a_flare_reported_on_a_good_day_counts() -> None:
    """H08: the patient's report is enough, with usual pain on every morning."""
    course = progressing()
    ticked = answered("flare-self-report", True, on(course[2].date()))
    result = decided(with_more(course, [ticked]))
    assert result.decision.rule == "D2"
    assert all((doses(result)[c.exercise] is None) or c.next != c.current for c in result.decision.doses)
