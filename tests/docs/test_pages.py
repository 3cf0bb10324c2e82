"""Generated pages are up to date; `make docs` regenerates them."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import PATIENTS, plan
from tests.docs import picture
from tests.docs.marks import marked
from tests.docs.outputs import demo
from tests.docs.pages import PARTLY, WHOLE, made
from tests.docs.rules import shipped, words
from tests.project.sources import ROOT
from titrate.clinical.red_flags.findings import SESSION_FINDERS
from titrate.clinical.red_flags.listed_findings import CONDITION_FINDERS, CONDITION_GROUPS, MEDICINE_FINDERS
from titrate.clinical.red_flags.vitals import VITAL_FINDERS
from titrate.clinical.rules.decision_table import OUTCOMES
from titrate.clinical.rules.gates.gate_table import GATES

README = (ROOT / "README.md").read_text(encoding="utf-8")
CLINICIANS = (ROOT / "docs" / "clinicians.md").read_text(encoding="utf-8")


# README shows the output of the demo, which takes seconds.
MADE = [pytest.param(name, marks=[pytest.mark.slow] if name == "README.md" else []) for name in (*PARTLY, *WHOLE)]


@pytest.mark.parametrize("name", MADE)
def test_a_made_page_is_up_to_date(name: str) -> None:
    """`python -m tests.docs.pages` changes nothing."""
    assert (ROOT / name).read_text(encoding="utf-8") == made(name)


@pytest.mark.parametrize("name", PARTLY)
def test_every_part_has_its_place(name: str) -> None:
    """Every generated part has a place on its page."""
    assert sorted(marked((ROOT / name).read_text(encoding="utf-8"))) == sorted(PARTLY[name])


@pytest.mark.slow
def test_the_demo_completes() -> None:
    """Exit code 0, every patient done, and a second run that writes nothing."""
    assert (demo().code, demo().err) == (0, "")
    assert "failed:" not in demo().out
    assert "A second run wrote 0." in demo().out
    assert "--explain" in demo().out.splitlines()[-4]


def test_every_rule_and_gate_is_listed() -> None:
    """The tables for clinicians have each rule and each gate once, in order of evaluation."""
    assert [row["rule"] for row in words()["rule"]] == [*OUTCOMES, "D12"]
    assert [row["gate"] for row in words()["gate"]] == [*GATES]


def test_every_red_flag_is_listed() -> None:
    """The page of red flags has each once; *the question alone* marks exactly those that no data open."""
    rows = {row["flag"]: row["opens"] for row in words()["flag"]}
    assert list(rows) == sorted(shipped()[0].flags)
    found = {*VITAL_FINDERS, *CONDITION_FINDERS, *MEDICINE_FINDERS, *SESSION_FINDERS, *CONDITION_GROUPS}
    assert {flag for flag, opens in rows.items() if not opens.startswith("the question alone")} == found


def test_no_number_of_a_rule_is_written_by_hand() -> None:
    """Texts of the tables have placeholders for numbers, and digits only in names of rules, forms and scales."""
    texts = [
        text
        for rows in words().values()
        for row in rows
        for key, text in row.items()
        if key in ("when", "then", "asks", "opens")
    ]
    bare = [re.sub(r"\{[^}]*\}|\bD\d+|PHQ-9|TSK-1[17]|COVID-19|item 9", "", text) for text in texts]
    assert [text for text in bare if re.search(r"\d", text)] == []


def test_the_page_for_clinicians_promises_no_harmlessness() -> None:
    """Nothing on it says that a symptom is harmless or safe to ignore."""
    assert re.findall(r"harmless|nothing to worry|perfectly safe|no danger", CLINICIANS, re.IGNORECASE) == []


def test_the_first_page_is_short_and_begins_with_a_command() -> None:
    """At most 150 lines, and the first command within twenty."""
    lines = README.splitlines()
    assert len(lines) <= 150
    assert lines.index("./run demo") < 20


def test_the_picture_shows_what_the_narrative_says() -> None:
    """After a change of the narrative: python -m tests.docs.picture."""
    assert picture.PICTURE.read_bytes().startswith(b"\x89PNG")
    assert picture.DIGEST.read_text(encoding="utf-8").strip() == picture.digest()


@pytest.mark.slow
def test_every_heading_of_a_draft_is_explained() -> None:
    """The page for clinicians explains each section of a draft, for every synthetic patient."""
    names = [path.name for path in sorted(PATIENTS.iterdir()) if path.is_dir()]
    drafts = [plan(name, "--explain").out for name in names if name != "under-18"]
    headings = {line for draft in drafts for line in draft.splitlines() if line and not line.startswith(" ")}
    text = " ".join(CLINICIANS.split())
    assert len(headings) > 10
    assert sorted(one for one in headings if f"**{one}**" not in text) == []
