"""The ./run script explains what is wrong and passes on the exit status of a command."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.project.sources import ROOT


def _run(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{path}:/usr/bin:/bin" if path else "/usr/bin:/bin"}
    script = path.parent / "run" if path else ROOT / "run"
    return subprocess.run([script, *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of the script alone, and a folder of programs that comes before all others."""
    (tmp_path / "run").write_bytes((ROOT / "run").read_bytes())
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements").mkdir()
    for name in ("sandbox", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").touch()
    programs = tmp_path / "programs"
    programs.mkdir()
    return programs


def _program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_help_names_the_commands() -> None:
    """Help is an answer, on standard output."""
    done = _run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("demo", "test", "quick", "titrate", "setup"))


def test_the_quick_tests_exist() -> None:
    """Each folder of tests that the script names is there."""
    named = re.findall(r"\btests/\w+", (ROOT / "run").read_text(encoding="utf-8"))
    assert named
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []


def test_an_unknown_command_is_wrong_use() -> None:
    """A typo ends with status 2 and the list of commands on standard error."""
    done = _run("dmeo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "demo" in done.stderr


def test_an_old_python_is_named(bare: Path) -> None:
    """Where every python3 is too old, the message says which one was found and what to do."""
    old = 'case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac'
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        _program(bare, name, old)
    done = _run("demo", path=bare)
    assert done.returncode == 2
    assert "3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr


def test_a_missing_venv_module_is_explained(bare: Path) -> None:
    """On a bare Debian the message is the line that mends it."""
    _program(bare, "python3", 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.11 ;; esac')
    done = _run("demo", path=bare)
    assert done.returncode == 2
    assert "apt-get install -y python3.11-venv" in done.stderr
