"""The pinned requirements: complete, hashed, agreeing with one another and free of hosts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest

from tests.project.sources import ROOT, below

SETS = below("requirements", suffix=".txt")
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>\S+)(?P<rest>.*)$")


def _pins(path: Path) -> dict[str, str]:
    found = filter(None, map(_PIN.match, path.read_text(encoding="utf-8").splitlines()))
    return {match["name"]: match["version"] for match in found}


def _names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9.-]", line)[0] for line in requirements}


def _normal(names: Iterable[str]) -> set[str]:
    return {name.lower().replace(".", "-") for name in names}


def _requested() -> set[str]:
    extras = _PROJECT["project"]["optional-dependencies"].values()
    return _names([*_PROJECT["project"]["dependencies"], *chain(*extras), *_PROJECT["dependency-groups"]["build"]])


def _set(name: str) -> dict[str, str]:
    return _pins(ROOT / "requirements" / f"{name}.txt")


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_every_line_is_a_pin_a_hash_or_a_remark(path: Path) -> None:
    """A requirements file contains no option, no address and no unpinned name."""
    odd = re.compile(r"^(?![a-z0-9.-]+==\S+.* \\$|    --hash=sha256:[0-9a-f]{64}( \\)?$|    #)")
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if odd.match(line)] == []


def test_one_version_of_each_package_for_every_python() -> None:
    """No package is pinned twice with conditions: every supported Python gets the same version."""
    lines = [line for path in SETS for line in path.read_text(encoding="utf-8").splitlines() if _PIN.match(line)]
    assert len(lines) == sum(len(_pins(path)) for path in SETS)
    assert [line for line in lines if "python_version" in line or "python_full_version" in line] == []


@pytest.mark.parametrize("narrow", ["runtime", "sandbox", "build"])
def test_the_narrow_sets_are_part_of_the_widest(narrow: str) -> None:
    """Production and the demo run the versions that were tested."""
    assert _set(narrow).items() <= _set("dev").items()


def test_the_sandbox_stays_out_of_production() -> None:
    """The third-party server is for the demo and the tests only."""
    assert "sekmet-fhir" in _set("sandbox")
    assert "sekmet-fhir" not in _set("runtime")


def test_every_dependency_is_pinned() -> None:
    """A dependency added to pyproject.toml without `make requirements` is found here."""
    assert _normal(_names(_PROJECT["project"]["dependencies"])) <= _set("runtime").keys()
    assert _normal(_requested()) <= _set("dev").keys()


def test_every_dependency_says_why() -> None:
    """Each dependency in pyproject.toml has a comment with its purpose."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"(?:dependencies|sandbox|dev|build) = \[\n(.*?)\n\]", text, flags=re.DOTALL)
    requested = [line for part in lists for line in part.splitlines()]
    assert len(requested) > 20
    assert [line for line in requested if "#" not in line] == []


def test_every_dependency_has_its_licence_on_record() -> None:
    """docs/dependencies.md lists exactly the dependencies of pyproject.toml."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert _requested() == set(re.findall(r"^\| ([\w.-]+) \|", page, flags=re.MULTILINE)) - {"package"}
