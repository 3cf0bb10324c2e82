"""The group of a code: by equality, or by a prefix in the same system."""

from __future__ import annotations

import pytest

from titrate.clinical.values.code_lookup import ConceptGroup, contains_phrase

ICD, SNOMED = "http://hl7.org/fhir/sid/icd-10", "http://snomed.info/sct"
GROUP = ConceptGroup("g", "Group", frozenset({(SNOMED, "123")}), ((ICD, "M54"),), (), (), "")


@pytest.mark.parametrize(
    ("codings", "held"),
    [
        ([(SNOMED, "123")], True), ([(SNOMED, "1234")], False), ([(ICD, "M54")], True), ([(ICD, "M54.5")], True),
        ([(ICD, "M5")], False), ([(SNOMED, "M54.5")], False), ([(ICD, "123")], False), ([], False),
        ([(ICD, "K00"), (ICD, "M54.5")], True),
    ],
)  # fmt: skip
def test_a_code_belongs_by_equality_or_by_its_beginning(codings: list[tuple[str, str]], held: bool) -> None:
    """One of several is enough; a prefix of another system's code does not count."""
    assert GROUP.holds(codings) is held


@pytest.mark.parametrize(
    ("text", "contained"),
    [
        ("Cauda equina", True), ("Cauda-Equina-Syndrom", True), ("Cauda\u2010equina", True), ("(cauda\n equina)", True),
        ("Caudaequina", False), ("Cauda, equina", False), ("Cauda - equina", False), ("Cauda equinas", False),
    ],
)  # fmt: skip
def test_hyphens_separate_the_words_of_a_phrase(text: str, contained: bool) -> None:
    """As spaces do, and nothing else does."""
    assert contains_phrase(text, ("cauda equina",)) is contained
