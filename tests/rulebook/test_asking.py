"""Prompts and exercises match the answers of the intake profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.editing import copied, replaced
from titrate.clinical.insights.intake_summary import QUESTIONS
from titrate.clinical.values.intake_readings import FINDINGS, PROMPTED
from titrate.rulebook import check, load, load_lookup


@pytest.mark.parametrize(
    ("file", "before", "after", "key"),
    [
        ("prompts.toml", '["barrier.cost"]', '["barrier.price"]', "barrier.cost"),
        ("prompts.toml", '["barrier.cost"]', '["barrier.price"]', "barrier.price"),
        ("prompts.toml", '["confidence.low"]', '["confidence.lowest"]', "confidence.low"),
        ("exercises.toml", 'needs = ["pool"]', 'needs = ["lake"]', "pool-walking.needs"),
        ("exercises.toml", 'like = ["rising"]', 'like = ["springing"]', "sit-to-stand.like"),
    ],
)
def test_a_name_without_an_answer_is_reported(tmp_path: Path, file: str, before: str, after: str, key: str) -> None:
    """A finding without a question is reported too."""
    folder = copied(tmp_path / "mappings")
    replaced(folder, file, before, after)
    assert (file, key) in [(problem.file, problem.key) for problem in check(folder)]


def test_a_question_that_reassures_is_refused(tmp_path: Path) -> None:
    """The banned phrases apply to prompts too (H18)."""
    folder = copied(tmp_path / "mappings")
    replaced(folder, "prompts.toml", 'ask = "What makes', 'ask = "There is no danger. What makes')
    assert [problem.key for problem in check(folder)] == ["importance.enough.ask"]


def test_every_finding_has_a_question_with_its_source() -> None:
    """This includes each barrier and each stage."""
    book = load()
    answers = {f"{what}.{one}" for what in PROMPTED for one in book.measures[what].options if one != "none"}
    assert set(book.prompts) == {*FINDINGS, *answers}
    assert all(one.ask.endswith((".", "?")) and one.source for one in book.prompts.values())


def test_the_form_asks_every_question_of_the_profile() -> None:
    """Every question that can be open is in the form."""
    assert set(QUESTIONS) <= set(load_lookup().forms["intake-profile"].values())
