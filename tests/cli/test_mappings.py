"""`titrate mappings check` accepts valid files and reports every problem at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import ROOT, titrate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site's own copy of the mapping files."""
    return Path(shutil.copytree(ROOT / "mappings", tmp_path / "mappings"))


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must exist."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def add_mistakes(folder: Path) -> None:
    """Three mistakes in one file: a number outside its range, an unknown grade, an unknown unit."""
    edit(folder / "constants.toml", "value = 2\n", "value = 9\n")
    edit(folder / "constants.toml", 'grade = "A"', 'grade = "Z"')
    edit(folder / "constants.toml", 'unit = "d"', 'unit = "fortnight"')


def test_the_shipped_files_are_valid(folder: Path) -> None:
    """Both the default folder and a given folder."""
    assert titrate("mappings", "check").code == 0
    done = titrate("mappings", "check", str(folder))
    assert (done.code, done.err) == (0, "")
    assert "are valid" in done.out


def test_three_mistakes_are_three_reports(folder: Path) -> None:
    """Each report names the file and the entry; the exit code is 2."""
    add_mistakes(folder)
    done = titrate("mappings", "check", str(folder))
    assert done.code == 2
    assert "3 problems" in done.err
    lines = done.out.splitlines()
    assert len(lines) == 3
    assert [line for line in lines if not line.startswith("constants.toml: ")] == []


def test_three_mistakes_as_json(folder: Path) -> None:
    """The same as JSON."""
    add_mistakes(folder)
    done = titrate("mappings", "check", str(folder), "--json")
    assert (done.code, len(done.json["problems"])) == (2, 3)
    assert titrate("mappings", "check", "--json").json["problems"] == []


def test_invalid_files_stop_every_command(folder: Path) -> None:
    """`titrate plan` reports the same problems and makes no plan."""
    add_mistakes(folder)
    file = str(ROOT / "fixtures" / "patients" / "e2-progress" / "bundle.json")
    done = titrate("plan", "--bundle", file, mappings=str(folder))
    assert (done.code, done.out) == (2, "")
    assert done.err.count("constants.toml: ") == 3
