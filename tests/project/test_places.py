"""No file names a place that exists on one machine only: a package registry's host or a folder of a work machine."""

from __future__ import annotations

import re
from pathlib import Path

from tests.project.sources import ROOT, files, shown

# Concatenated, so that this file does not contain the strings it searches for.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "repo.maven" + ".apache",
    "repo1.maven" + ".org",
    "proxy.golang" + ".org",
    "crates" + ".io",
    "deb.debian" + ".org",
)
OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host")
_FOLDERS = re.compile(r"(^|[^a-zA-Z0-9_./-])/(work|farm|root|Users)/")
_BESIDE = "../" + "shared"


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_no_host_of_a_registry() -> None:
    """Where packages come from belongs to the configuration of each computer."""
    proposal = (*REGISTRIES, *OPTIONS)
    assert [(shown(path), word) for path in files() for word in proposal if word in _text(path)] == []


def test_no_folder_of_one_machine() -> None:
    """No file names an absolute path of a work machine."""
    lines = ((shown(path), line) for path in files() for line in _text(path).splitlines())
    assert [(path, line) for path, line in lines if _FOLDERS.search(line)] == []


def test_only_the_check_script_knows_what_lies_beside_the_project() -> None:
    """Everything else finds FHIR packages through a setting."""
    assert [shown(path) for path in files() if _BESIDE in _text(path) and path != ROOT / ".ci" / "run"] == []
