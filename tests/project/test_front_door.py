"""The files that a newcomer and a hosting platform look for exist and agree with pyproject.toml."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml

from tests.project.sources import ROOT

FILES = (
    ".ci/run",
    ".editorconfig",
    ".gitattributes",
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
)
# The dependency that installs each command of a pre-commit hook.
INSTALLED_BY = {"codespell": "codespell", "lint-imports": "import-linter", "mypy": "mypy", "ruff": "ruff"}
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _hooks() -> list[dict[str, Any]]:
    repositories = yaml.safe_load(_text(".pre-commit-config.yaml"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks: list[dict[str, Any]] = repositories[0]["hooks"]
    return hooks


@pytest.mark.parametrize("name", FILES)
def test_the_file_exists(name: str) -> None:
    """Each file is present and not empty."""
    assert _text(name).strip()


def test_the_licence_is_apache_2() -> None:
    """LICENSE holds the full Apache text with the copyright line, and the package metadata names the same licence."""
    text = _text("LICENSE")
    assert text.split()[:6] == ["Apache", "License", "Version", "2.0,", "January", "2004"]
    assert [f"   {number}. " in text for number in range(1, 10)] == [True] * 9
    assert "END OF TERMS AND CONDITIONS" in text
    assert re.search(r"^ +Copyright \d{4} The Titrate contributors$", text, flags=re.MULTILINE)
    assert (PROJECT["license"], PROJECT["license-files"]) == ("Apache-2.0", ["LICENSE"])


def test_the_citation_agrees_with_the_package() -> None:
    """CITATION.cff names the version, licence and authors of pyproject.toml, and a release of CHANGELOG.md."""
    citation = yaml.safe_load(_text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    assert citation["authors"] == PROJECT["authors"]
    assert f"\n## {citation['version']} - {citation['date-released']}\n" in _text("CHANGELOG.md")


def test_the_changelog_has_no_empty_heading() -> None:
    """Releases are in order after *Unreleased*, and each heading of Keep a Changelog has entries."""
    text = _text("CHANGELOG.md")
    assert re.findall(r"^## (\S+)", text, flags=re.MULTILINE)[0] == "Unreleased"
    sections = re.findall(r"^### (.+)\n\n(.?)", text, flags=re.MULTILINE)
    assert sections
    assert [name for name, _ in sections if name not in {"Added", "Changed", "Fixed", "Removed", "Security"}] == []
    assert [name for name, start in sections if start not in {"-", "#"}] == []


def test_each_hook_is_local_and_its_command_is_installed() -> None:
    """Every pre-commit hook runs a tool of .venv that the development set installs."""
    hooks = _hooks()
    assert [hook["id"] for hook in hooks if hook["language"] != "system"] == []
    commands = [shlex.split(hook["entry"])[0].partition(".venv/bin/") for hook in hooks]
    assert [before for before, found, _ in commands if before or not found] == []
    installed = {re.split(r"[^\w.-]", line)[0] for line in PROJECT["optional-dependencies"]["dev"]}
    assert {INSTALLED_BY[name] for *_, name in commands} <= installed


def test_the_workflow_runs_the_project_s_check() -> None:
    """The CI workflow reads the repository only, pins its actions by version and calls .ci/run."""
    workflow = yaml.safe_load(_text(".github/workflows/ci.yml"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert workflow["permissions"] == {"contents": "read"}
    assert "bash .ci/run" in {step.get("run") for step in steps}
    actions = [step["uses"] for step in steps if "uses" in step]
    assert [action for action in actions if not re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", action)] == []


def test_hooks_and_scripts_check_the_same() -> None:
    """`make check` and .ci/run call each tool that a hook calls."""
    tools = [shlex.split(hook["entry"])[0] for hook in _hooks()]
    makefile = _text("Makefile").replace("$(PYTHON) -m ", ".venv/bin/")
    assert [tool for tool in tools if tool not in makefile or tool not in _text(".ci/run")] == []
