"""Every identifier of the clinical rules that is cited anywhere has an address in docs/reference/clinical-rules.md."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.docs.citations import MARKS, Citation, citations
from tests.docs.clinical_rules import NAMES
from tests.docs.rules import URGENCIES, gates
from tests.project.sources import ROOT, files, shown

PAGE = ROOT / "docs" / "reference" / "clinical-rules.md"
TEXT = PAGE.read_text(encoding="utf-8")
FOLDERS = frozenset({"service", "tests", "docs", "mappings", "fixtures", "README.md", "CHANGELOG.md"})
SUFFIXES = frozenset({".py", ".md", ".toml", ".html"})
# What defines identifiers or invents them: no citation there gives an anchor its reason.
DEFINING = frozenset({"mappings/names.toml", "tests/docs/citations.py", "tests/docs/test_citations.py"})
# Identifiers that do not exist on purpose: tests break a copy of the mappings with them.
INVENTED = {
    ("tests/rulebook/test_guidance.py", "rf99"),
    ("tests/rulebook/test_mappings.py", "rf28"),
    ("tests/rulebook/test_mappings.py", "e9"),
    ("tests/rulebook/test_mappings.py", "urgency-e9"),
}
PREFIXES = {"classes": "class-", "urgencies": "urgency-"}


def cited_files() -> list[Path]:
    """The text files that may cite a rule."""
    found = (path for path in files() if path.suffix in SUFFIXES and path.relative_to(ROOT).parts[0] in FOLDERS)
    return [path for path in found if shown(path) not in DEFINING]


@cache
def all_citations() -> tuple[Citation, ...]:
    """Every citation of the repository, those of the page itself too."""
    return tuple(one for path in cited_files() for one in citations(path.read_text(encoding="utf-8"), shown(path)))


def anchors(text: str) -> list[str]:
    """The explicit anchors of a page, in order."""
    return re.findall(r'<a id="([\w-]+)"></a>', text)


def without_anchor(found: tuple[Citation, ...], there: list[str]) -> list[str]:
    """Citations that lead nowhere, as file:line and what is cited."""
    known = set(there)
    lost = (one for one in found if one.anchor not in known and (_file(one), one.anchor) not in INVENTED)
    return [f"{one.place}: {one.text} needs the anchor {one.anchor}" for one in lost]


def _file(one: Citation) -> str:
    return one.place.rpartition(":")[0]


def not_cited(found: tuple[Citation, ...], there: list[str]) -> list[str]:
    """Anchors that nothing outside the page cites."""
    cited = {one.anchor for one in found if _file(one) != shown(PAGE)}
    return [anchor for anchor in there if anchor not in cited]


def test_every_citation_has_an_anchor() -> None:
    """Add the missing entry to the page, or correct the citation."""
    assert without_anchor(all_citations(), anchors(TEXT)) == []


def test_every_anchor_is_cited() -> None:
    """An entry that nothing cites any more leaves the page."""
    assert not_cited(all_citations(), anchors(TEXT)) == []


def test_no_anchor_is_there_twice() -> None:
    """A link leads to one place."""
    assert [anchor for anchor, times in Counter(anchors(TEXT)).items() if times > 1] == []


def test_every_invented_identifier_is_still_there() -> None:
    """An exception that nothing needs any more leaves the list."""
    assert INVENTED - {(_file(one), one.anchor) for one in all_citations()} == set()


def test_every_name_is_on_the_page() -> None:
    """The page says each short name of names.toml, right after its anchor."""
    entries = {
        f'<a id="{PREFIXES.get(group, "")}{identifier.lower().replace(".", "-")}"></a>': f"{identifier}, {name}"
        for group, names in NAMES.items()
        for identifier, name in names.items()
    }
    lost = [entry for anchor, entry in entries.items() if not re.search(rf"{anchor}(\*\*)?{re.escape(entry)}", TEXT)]
    assert lost == []


def test_gates_and_urgencies_have_one_name_everywhere() -> None:
    """The names of the page are those that a draft and the page for clinicians show."""
    table = gates()
    assert [gate for gate, name in NAMES["gates"].items() if f"| {gate} | {name} |" not in table] == []
    assert dict(NAMES["urgencies"]) == URGENCIES


def test_every_number_that_the_page_names_exists() -> None:
    """A name in capitals is a constant of the mappings or a mark of a draft."""
    constants = tomllib.loads((ROOT / "mappings" / "constants.toml").read_text(encoding="utf-8"))
    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", TEXT))
    assert sorted(named - constants.keys() - set(MARKS)) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rule D13 decides", ["d13"]),
        ("(D1 to D4)", ["d1", "d2", "d3", "d4"]),
        ("B6 D8-D10", ["d8", "d9", "d10", "b6"]),
        ("gate G15 fails", ["g15"]),
        ("RF28 and rf01-open", ["rf28", "rf01"]),
        ("H99 of C51", ["h99", "c51"]),
        ("B12 and B11.99", ["b12", "b11-99"]),
        ("(B6, B11.4-5, .23-24, .32).", ["b6", "b11-4", "b11-5", "b11-23", "b11-24", "b11-32"]),
        ("F(i), (ix) and (F ii)", ["f-i", "f-ix", "f-ii"]),
        ("grade F3", ["f3"]),
        ("the worked example E4b, E7", ["e7", "e4b"]),
        ("RF01 (E0), E2 alone", ["rf01", "urgency-e0", "urgency-e2"]),
        ("Urgency.E3", ["e3", "urgency-e3"]),
        ("SessionClass.Z", ["class-z"]),
        ("sections C and F; section F", ["section-c", "section-f"]),
        ("what suffices (D, B11.8)", ["b11-8", "section-d"]),
        ("programme 7 of the clinical rules, A3 row 1", ["a3", "a3-7", "a3-1"]),
        ("Basis article S98-S99, S01", ["s98", "s99", "s01"]),
        ("plan-state 9", ["plan-state-9"]),
        ("the mark PLAN_EXPIRED", ["plan-expired"]),
    ],
)
def test_a_citation_is_found(line: str, expected: list[str]) -> None:
    """Each family, with spans and lists, by identifiers that need not exist."""
    assert [one.anchor for one in citations(line, "page")] == expected


@pytest.mark.parametrize(
    "line",
    [
        'icd10 = ["G45", "A40", "E10"]',
        "| `stroke` | ICD-10 `G45…`, ICD-10 `C50…` |",
        '(concept("C50.9", ICD), "G90.522")',
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855D1",
        "72514-3, 14743-9, mmol/L, {score}, [degF], kg/m2",
        "2025-01-13T10:00:00Z",
        "CR10, NG206, PHQ-9, TSK-11, COVID-19, H2, C1",
        "caf%C3%A9 %D1%81 \\xE9",
        "grade (A, B, C, P)",
    ],
)
def test_what_only_looks_like_a_citation_is_left_out(line: str) -> None:
    """Codes, digests, units, times, scales and grades."""
    assert list(citations(line, "page")) == []


def test_a_lost_citation_is_named_with_its_place() -> None:
    """An invented citation fails with file and line, and an anchor without a citation by its name."""
    found = tuple(citations("first\nsee G4 and G15\n", "page.md"))
    assert without_anchor(found, ["g4", "g5"]) == ["page.md:2: G15 needs the anchor g15"]
    assert not_cited(found, ["g4", "g5"]) == ["g5"]
