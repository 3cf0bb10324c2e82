"""The documentation covers settings, test variables, commands, options, closed lists and synthetic patients."""

from __future__ import annotations

import re
from dataclasses import fields

import click
import pytest

from tests.docs.reference import commands
from tests.project.sources import ROOT, below, files
from titrate.cli.main import main
from titrate.clinical.values.decision import Gate, Outcome, SessionClass
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Domain
from titrate.ehr.fetch import SEARCHED_TYPES
from titrate.settings import PREFIX, Settings

PAGES = [path for path in files() if path.suffix == ".md" and path.relative_to(ROOT).parts[0] in ("README.md", "docs")]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
COMMANDS = dict(commands(main))
_NAME = re.compile(rf"\b{PREFIX}[A-Z][A-Z_]*[A-Z]\b")


def settings() -> set[str]:
    """Every environment variable that names a setting."""
    return {f"{PREFIX}{one.name.upper()}" for one in fields(Settings)}


def variables() -> set[str]:
    """Every TITRATE_ variable that the service, the tests or the check script mention."""
    scripts = [*below("service", "tests"), ROOT / ".ci" / "run"]
    return {name for path in scripts for name in _NAME.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_and_variable_is_on_a_page() -> None:
    """In README or below docs/, by its whole name."""
    assert sorted(name for name in settings() | variables() if not re.search(rf"\b{name}\b", TEXT)) == []


def test_pages_name_no_variable_that_is_gone() -> None:
    """A setting on a page that nothing reads would mislead."""
    assert sorted(set(_NAME.findall(TEXT)) - settings() - variables()) == []


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_is_in_the_reference(words: str) -> None:
    """docs/commands.md has a section for it, with each option."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = page.partition(f"## titrate {words}\n")[2].partition("\n## ")[0]
    options = [name for one in COMMANDS[words].params if isinstance(one, click.Option) for name in one.opts]
    assert section
    assert [name for name in options if name not in section] == []


def test_resource_types_that_are_searched_are_named() -> None:
    """An administrator needs them to grant scopes."""
    page = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    proposal = ("Patient", "Provenance", "Medication", *SEARCHED_TYPES)
    assert [kind for kind in proposal if kind not in page] == []


def test_closed_lists_are_in_the_glossary() -> None:
    """Domains, phases and session classes; outcomes and gates may be on other pages."""
    proposal = [*(one.value for one in Domain), *(one.value.replace("-", " ") for one in Phase)]
    assert [word for word in proposal if word not in GLOSSARY] == []
    assert [one.value for one in SessionClass if f"{one.value} " not in GLOSSARY] == []
    assert [one.value for one in Outcome if f"`{one.value}`" not in TEXT] == []
    assert [one.value for one in Gate if one.value not in TEXT] == []


def test_every_synthetic_patient_is_listed() -> None:
    """fixtures/README.md has a row for each folder, and none for one that is gone."""
    page = (ROOT / "fixtures" / "README.md").read_text(encoding="utf-8")
    there = sorted(path.name for path in (ROOT / "fixtures" / "patients").iterdir() if path.is_dir())
    assert sorted(re.findall(r"\(patients/([a-z0-9-]+)/story\.md\)", page)) == there
