"""Words in comments: whole words, in any spelling."""

from __future__ import annotations

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.thresholds.probe import Case, ago, flags
from tests.courses.build import on, stamp
from tests.second_evaluator.alarms import says
from titrate.clinical.values.code_lookup import contains_phrase, normalised_text
from titrate.clinical.values.readings import Comment

STATED = [
    "Some days I think about killing myself", "I might harm myself", "I do not want to live any more",
    "I don\u2019t want to live", "I took an overdose", "thinking about self\u2010harm", "self\u2011harm again",
    "self\u2014harm", "I could kill  myself", "kill\u00a0myself", "KILL\nMYSELF", "wish I was dead",
    "I wish I were dead", "better off dead", "ending it all", "_suicide_", "\uff53uicide", "self\u00adharm",
    "taking my own life", "sui\u200bcide",
]  # fmt: skip
UNRELATED = [
    "I killed time by myself", "a harmless day", "I want to dieting", "I have a reason to live", "unselfharmed",
    "I cut my hair myself", "the end of my working life", "I did not want to lie down",
]  # fmt: skip


@pytest.mark.parametrize("text", STATED)
def test_words_of_self_harm_are_found_however_they_are_typed(text: str) -> None:
    """With any dash, apostrophe, white space, case or width: RF19 is open."""
    stated = Comment(text, stamp("comment", on(ago(2))))
    assert flags(Case(more=(stated,)).run(BOOK)) == "rf19 E0"


@pytest.mark.parametrize("text", UNRELATED)
def test_other_words_are_not(text: str) -> None:
    """Parts of words, and the words in another order, mean something else."""
    assert not contains_phrase(text, BOOK.alarm_words)
    assert not says(text, BOOK.alarm_words)


def test_no_words_are_in_no_text() -> None:
    """An empty list finds nothing, and an empty text contains no phrase."""
    assert not contains_phrase("anything", ())
    assert not contains_phrase("", BOOK.alarm_words)


def test_one_spelling() -> None:
    """Texts typed in ten ways are compared in one form."""
    assert normalised_text(" It\u2019s  SELF\u2010harm\t ") == "it's self-harm"
