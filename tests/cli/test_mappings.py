"""`titrate mappings check`: right files are told as right, and every mistake is told at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import ROOT, titrate


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A site's own copy of the mapping files."""
    return Path(shutil.copytree(ROOT / "mappings", tmp_path / "mappings"))


def edit(file: Path, old: str, new: str) -> None:
    """Replace text that has to be there once at least."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def spoil(folder: Path) -> None:
    """Three mistakes in one file: a number outside its range, a grade that is none, a unit that is none."""
    edit(folder / "constants.toml", "value = 2\n", "value = 9\n")
    edit(folder / "constants.toml", 'grade = "A"', 'grade = "Z"')
    edit(folder / "constants.toml", 'unit = "d"', 'unit = "fortnight"')


def test_what_ships_is_right(copied: Path) -> None:
    """The files in use, and a folder that is named."""
    assert titrate("mappings", "check").code == 0
    done = titrate("mappings", "check", str(copied))
    assert (done.code, done.err) == (0, "")
    assert "are valid" in done.out


def test_three_mistakes_are_three_reports(copied: Path) -> None:
    """Each names the file and the entry; the exit code is that of wrong settings."""
    spoil(copied)
    done = titrate("mappings", "check", str(copied))
    assert done.code == 2
    assert "3 problems" in done.err
    lines = done.out.splitlines()
    assert len(lines) == 3
    assert [line for line in lines if not line.startswith("constants.toml: ")] == []


def test_three_mistakes_as_json(copied: Path) -> None:
    """For a program."""
    spoil(copied)
    done = titrate("mappings", "check", str(copied), "--json")
    assert (done.code, len(done.json["problems"])) == (2, 3)
    assert titrate("mappings", "check", "--json").json["problems"] == []


def test_nobody_is_planned_for_with_wrong_files(copied: Path) -> None:
    """Every other command reports the same and does nothing."""
    spoil(copied)
    file = str(ROOT / "fixtures" / "patients" / "e2-progress" / "bundle.json")
    done = titrate("plan", "--bundle", file, mappings=str(copied))
    assert (done.code, done.out) == (2, "")
    assert done.err.count("constants.toml: ") == 3
