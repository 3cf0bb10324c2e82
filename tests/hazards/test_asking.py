"""H11, H32: intake answers are searched for alarm words, and never raise a dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from tests.clinical.intake_inputs import block, factor, rated, stated, words
from tests.courses.examples import Course, e1, e2, e3, e4, e5
from tests.fhir.read.sample_resources import AT, form, item, patient
from tests.hazards.deciding import book, decided, with_more
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.readings import Reading
from titrate.fhir.read import read_patient
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

DAY = date(2024, 11, 1)
# The most and the least favourable answers.
EAGER: Sequence[Reading] = (
    rated("change-importance", 10, DAY), rated("change-confidence", 10, DAY), rated("perceived-capability", 10, DAY),
    rated("free-minutes", 480, DAY), rated("pain-latency", 0, DAY), rated("pain-settling", 0, DAY),
    *stated("readiness", "doing", day=DAY), *stated("barrier", "none", day=DAY),
    *stated("task-independence", "alone", day=DAY),
    *stated("liked-exercise", "walking", "leg-press", "sit-to-stand", day=DAY),
    *stated("free-day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", day=DAY),
    words("commitment", "Twice as much every day", DAY),
)  # fmt: skip
WARY: Sequence[Reading] = (
    rated("change-importance", 0, DAY), rated("change-confidence", 0, DAY), rated("pain-settling", 20160, DAY),
    *stated("readiness", "not-thinking", day=DAY), *stated("barrier", "fear-of-harm", "pain", day=DAY),
    *stated("disliked-exercise", "walking", day=DAY), *stated("free-day", "monday", day=DAY),
    block("Ironing", "standing", 60, 9), factor("walking"),
)  # fmt: skip


@pytest.mark.parametrize("reported", [EAGER, WARY], ids=["eager", "wary"])
@pytest.mark.parametrize("course", [e1(), e2(), e3(), e4(), e5()], ids=["e1", "e2", "e3", "e4", "e5"])
def test_no_answer_of_the_profile_changes_a_dose(course: Course, reported: Sequence[Reading]) -> None:
    """The decision is the same, with its reasons and its trace."""
    assert decided(with_more(course, reported)).decision == decided(course).decision


@pytest.mark.parametrize(
    ("group", "link"),
    [(None, "commitment"), (None, "barrier-words"), ("block", "block-task"), ("factor", "factor-words")],
)
def test_alarming_words_in_any_answer_of_the_profile_open_the_flag(group: str | None, link: str) -> None:
    """In answer to any question: RF19, and no dose."""
    reported = item(link, {"valueString": f"no use, I {book().alarm_words[2]}"})
    inside = reported if group is None else {"linkId": group, "item": [reported]}
    patient_readings = read_patient([patient(), form("intake-profile", inside)], *load_with_lookup(), Site(), AT)
    assert patient_readings.refusals == ()
    result = decided(with_more(e2(), patient_readings.readings))
    assert result.decision.outcome is Outcome.STOP_ESCALATE
    assert [flag.flag for flag in result.flags] == ["rf19"]
