"""Commands in the documentation work, or commands.toml says why they are not run here."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.project.sources import ROOT, files

REGISTRY: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "commands.toml").read_text("utf-8"))["command"]
FOLDERS = {ROOT, ROOT / "docs", ROOT / "docs" / "decisions"}
PAGES = [path for path in files() if path.suffix == ".md" and path.parent in FOLDERS]
RUN = [
    pytest.param(entry, id=entry["line"], marks=[pytest.mark.slow] if entry.get("slow") else [])
    for entry in REGISTRY
    if "exit" in entry
]
# The installed command, started with the Python that runs the tests.
TITRATE = (sys.executable, "-c", "from titrate.cli import main; main()")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)


def _commands(page: Path) -> Iterator[str]:
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            command = " ".join(line.partition("  #")[0].split())
            if command and not command.startswith("#"):
                yield command


def _words(line: str) -> list[str]:
    words = shlex.split(line)
    if words[:2] == ["./run", "titrate"]:
        return [*TITRATE, *words[2:]]
    return [*TITRATE, *words[1:]] if words[:2] == ["./run", "demo"] else words


def test_every_command_on_a_page_is_registered() -> None:
    """Every command on a page is in the registry, and every command of the registry is on a page."""
    assert {command for page in PAGES for command in _commands(page)} == {entry["line"] for entry in REGISTRY}


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry["line"])
def test_a_command_is_run_or_says_why_not(entry: dict[str, Any]) -> None:
    """An entry has an expected status or a reason, not both."""
    assert ("exit" in entry) != bool(entry.get("why"))


@pytest.mark.parametrize("entry", RUN)
def test_a_command_does_what_its_page_says(entry: dict[str, Any]) -> None:
    """It ends with the expected status and prints the expected words."""
    done = subprocess.run(_words(entry["line"]), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == entry["exit"], done.stderr
    assert [words for words in entry.get("shows", ()) if words not in done.stdout] == []
