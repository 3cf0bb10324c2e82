"""An installed wheel holds everything that the service needs to run."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.project.sources import ROOT, below, files

FIXTURE = ROOT / "fixtures" / "patients" / "e2-progress"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with the wheel and the dependencies of this one, but no link to the tree."""
    pytest.importorskip("ensurepip", reason="this Python makes no environments: install python3-venv")
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    python = str(folder / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # Python reads no .pth files of a folder that a .pth file adds: the link to the source tree stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / "bin"


def run(environment: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program of the environment, started outside the source tree with no settings."""
    words = [str(environment / command[0]), *command[1:]]
    return subprocess.run(words, cwd=environment, env={}, capture_output=True, text=True, check=False)


def test_it_holds_every_module(names: set[str]) -> None:
    """No file of service/ is left out, and no test gets in."""
    assert {path.relative_to(ROOT / "service").as_posix() for path in below("service")} <= names
    assert not {name for name in names if name.startswith(("tests/", "fixtures/"))}


def test_titrate_is_the_only_package(names: set[str]) -> None:
    """The wheel installs no other top-level name."""
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"titrate"}


def test_it_holds_the_mappings(names: set[str]) -> None:
    """The mappings are in the package as `_mappings`."""
    data: list[Path] = [path for path in files() if path.is_relative_to(ROOT / "mappings")]
    assert data
    assert {f"titrate/_mappings/{path.relative_to(ROOT / 'mappings').as_posix()}" for path in data} <= names


def test_it_holds_the_simulated_patients(names: set[str]) -> None:
    """The table of the simulated cohort is next to its code."""
    assert "titrate/simulation/archetypes.toml" in names


def test_it_tells_type_checkers_that_it_has_types(names: set[str]) -> None:
    """PEP 561."""
    assert "titrate/py.typed" in names


def test_it_holds_the_licence(names: set[str]) -> None:
    """The licence is part of the package."""
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []


@pytest.mark.slow
def test_the_installed_command_plans_a_patient(environment: Path) -> None:
    """It explains itself and plans from the mappings inside the package, not from those of the source tree."""
    assert "Usage: titrate" in run(environment, "titrate", "--help").stdout
    at = json.loads((FIXTURE / "expected.json").read_text(encoding="utf-8"))["at"]
    done = run(environment, "titrate", "plan", "--bundle", str(FIXTURE / "bundle.json"), "--at", at, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["decision"]["outcome"] == "PROGRESS"
    code = (
        "from titrate.package_data import *; print(data_folder(DataFolder.MAPPINGS), data_folder(DataFolder.SCHEMAS))"
    )
    mappings, schemas = run(environment, "python", "-c", code).stdout.split()
    assert (Path(mappings).name, Path(schemas).name) == ("_mappings", "_schema")
    assert Path(mappings).is_relative_to(environment.parent)


@pytest.mark.slow
def test_the_installed_demo_names_what_it_needs(environment: Path) -> None:
    """Its patients are in the source tree only."""
    done = run(environment, "titrate", "demo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run this command from the source tree" in done.stderr


@pytest.mark.slow
def test_the_dependencies_of_the_wheel_fit(environment: Path) -> None:
    """`pip check` finds every requirement of the wheel in a version that fits."""
    done = run(environment, "python", "-m", "pip", "check", "--disable-pip-version-check")
    assert done.returncode == 0, done.stdout
