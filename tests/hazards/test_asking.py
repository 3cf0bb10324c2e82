"""H11, H32: what is asked at intake is searched for alarming words, and never raises a dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from tests.clinical.intake_inputs import block, factor, rated, said, words
from tests.courses.examples import Course, e1, e2, e3, e4, e5
from tests.fhir.read.sample_resources import AT, form, item, patient
from tests.hazards.deciding import book, decided, with_more
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.readings import Reading
from titrate.fhir.read import read_patient
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

DAY = date(2024, 11, 1)
# The most willing and the least willing answers.
EAGER: Sequence[Reading] = (
    rated("change-importance", 10, DAY), rated("change-confidence", 10, DAY), rated("perceived-capability", 10, DAY),
    rated("free-minutes", 480, DAY), rated("pain-latency", 0, DAY), rated("pain-settling", 0, DAY),
    *said("readiness", "doing", day=DAY), *said("barrier", "none", day=DAY),
    *said("task-independence", "alone", day=DAY),
    *said("liked-exercise", "walking", "leg-press", "sit-to-stand", day=DAY),
    *said("free-day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", day=DAY),
    words("commitment", "Twice as much every day", DAY),
)  # fmt: skip
WARY: Sequence[Reading] = (
    rated("change-importance", 0, DAY), rated("change-confidence", 0, DAY), rated("pain-settling", 20160, DAY),
    *said("readiness", "not-thinking", day=DAY), *said("barrier", "fear-of-harm", "pain", day=DAY),
    *said("disliked-exercise", "walking", day=DAY), *said("free-day", "monday", day=DAY),
    block("Ironing", "standing", 60, 9), factor("walking"),
)  # fmt: skip


@pytest.mark.parametrize("told", [EAGER, WARY], ids=["eager", "wary"])
@pytest.mark.parametrize("course", [e1(), e2(), e3(), e4(), e5()], ids=["e1", "e2", "e3", "e4", "e5"])
def test_no_answer_of_the_profile_changes_a_dose(course: Course, told: Sequence[Reading]) -> None:
    """The whole decision is the same, with its reasons and its trace."""
    assert decided(with_more(course, told)).decision == decided(course).decision


@pytest.mark.parametrize(
    ("group", "link"),
    [(None, "commitment"), (None, "barrier-words"), ("block", "block-task"), ("factor", "factor-words")],
)
def test_alarming_words_in_any_answer_of_the_profile_open_the_flag(group: str | None, link: str) -> None:
    """Whatever was asked: RF19, and no dose."""
    told = item(link, {"valueString": f"no use, I {book().alarm_words[2]}"})
    inside = told if group is None else {"linkId": group, "item": [told]}
    heard = read_patient([patient(), form("intake-profile", inside)], *load_with_lookup(), Site(), AT)
    assert heard.refusals == ()
    result = decided(with_more(e2(), heard.readings))
    assert result.decision.outcome is Outcome.STOP_ESCALATE
    assert [flag.flag for flag in result.flags] == ["rf19"]
