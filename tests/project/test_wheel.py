"""An installed wheel holds all that the service needs to run."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.sources import ROOT, below, files


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_holds_every_module(packed: set[str]) -> None:
    """No file of service/ is left out, and no test gets in."""
    assert {path.relative_to(ROOT / "service").as_posix() for path in below("service")} <= packed
    assert not {name for name in packed if name.startswith(("tests/", "fixtures/"))}


def test_it_holds_the_mappings(packed: set[str]) -> None:
    """The clinicians' data lies inside the package as `_mappings`."""
    data: list[Path] = [path for path in files() if path.is_relative_to(ROOT / "mappings")]
    assert data
    assert {f"titrate/_mappings/{path.relative_to(ROOT / 'mappings').as_posix()}" for path in data} <= packed


def test_it_holds_the_invented_people(packed: set[str]) -> None:
    """The table of the virtual cohort lies beside its code."""
    assert "titrate/simulation/archetypes.toml" in packed


def test_it_holds_the_licence(packed: set[str]) -> None:
    """The licence travels with the package."""
    assert [name for name in packed if name.endswith(".dist-info/licenses/LICENSE")] != []
