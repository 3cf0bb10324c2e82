"""H18: no text for people reassures, promises or urges."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.fixtures.test_golden import NAMES, PATIENTS, planned
from tests.project.sources import below, shown, tree
from titrate.fhir.narrative.clinician_sections import explain
from titrate.rulebook import load, read_mappings
from titrate.rulebook.checks import banned_phrases, banned_phrases_in, texts

BANNED = banned_phrases(read_mappings().tables)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


@pytest.mark.parametrize("phrase", BANNED)
def test_each_banned_phrase_is_found(phrase: str) -> None:
    """Anywhere in a sentence, in capitals, and across a line break, but not inside a longer word."""
    assert banned_phrases_in(f"Well, {phrase.upper()}, they said.", BANNED)
    assert banned_phrases_in(f"a{phrase}b", (phrase,)) == ()
    assert banned_phrases_in(phrase.replace(" ", "\n  "), (phrase,)) == (phrase,)


@pytest.mark.parametrize("path", below("service"), ids=shown)
def test_no_string_of_the_code_contains_one(path: Path) -> None:
    """Every string in the source, docstrings included."""
    strings = [n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert [(text, found) for text in strings if (found := banned_phrases_in(text, BANNED))] == []


def test_no_text_of_the_mappings_contains_one() -> None:
    """Questions, instructions, education and contingency texts."""
    tables = read_mappings().tables
    rows = [tables.rows(file) for file in ("exercises.toml", "red-flags.toml", "measures.toml", "constants.toml")]
    stated = [text for table in (*rows, *tables.programmes.values()) for _, text in texts(table)]
    assert len(stated) > 500
    assert [text for text in stated if banned_phrases_in(text, BANNED)] == []


@pytest.mark.parametrize("folder", PATIENTS, ids=NAMES)
def test_no_narrative_contains_one_and_every_plan_says_when_to_stop(folder: Path) -> None:
    """The prose of every synthetic patient."""
    reported = planned(folder)
    if reported.proposal is None:
        assert not reported.bundle.get("entry")
        return
    words = explain(reported.proposal)
    assert banned_phrases_in(QUOTED.sub("", words), BANNED) == ()
    assert "Stop and get help" in words


def test_every_programme_says_when_to_stop() -> None:
    """A programme without that text is refused, so every plan has it."""
    assert all(programme.stop for programme in load().programmes.values())
