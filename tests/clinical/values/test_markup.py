"""Texts without the marks of HTML and Markdown."""

from __future__ import annotations

import pytest

from titrate.clinical.values.markup import without_markup


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<b>chest</b> pain", "chest pain"),
        ('<span style="color: red" class=x>chest</span><br/>pain', "chest pain"),
        ("**chest** pain", "chest pain"),
        ("_chest_ *pain*", "chest pain"),
        ("chest&nbsp;pain", "chest pain"),
        ("pain &lt;b&gt; 3", "pain <b> 3"),
        ("chest pain", "chest pain"),
    ],
)
def test_marks_are_taken_away(written: str, expected: str) -> None:
    """Tags of HTML, entities, and marks of emphasis."""
    assert " ".join(without_markup(written).split()) == expected


@pytest.mark.parametrize("written", ["pain <3 and chest pain> 4", "<chest pain>", "a <b and chest pain> c", "x < y"])
def test_words_between_other_signs_stay(written: str) -> None:
    """What is no element of HTML is a text."""
    assert without_markup(written) == written
