"""Data folders are found in a source tree and in an installed package, and a missing folder is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.sources import ROOT
from titrate.package_data import DataFolder, PackageDataMissing, data_folder, source_tree


def source(root: Path, name: str = "titrate") -> Path:
    """The package folder of a source tree for the project of this name."""
    package = root / "service" / "titrate"
    package.mkdir(parents=True)
    (root / "pyproject.toml").write_text(f'[project]\nname = "{name}"\n', encoding="utf-8")
    return package


@pytest.mark.parametrize("kind", DataFolder)
def test_these_tests_run_in_the_source_tree(kind: DataFolder) -> None:
    """Each folder is the one of the tree."""
    assert source_tree() == ROOT
    assert data_folder(kind) == ROOT / kind.value[0]


@pytest.mark.parametrize("kind", [DataFolder.MAPPINGS, DataFolder.SCHEMAS])
def test_an_installed_package_holds_its_data(kind: DataFolder, tmp_path: Path) -> None:
    """Folders with the names of the source tree next to the package are ignored."""
    package = tmp_path / "site-packages" / "titrate"
    (package / str(kind.value[1])).mkdir(parents=True)
    (tmp_path / kind.value[0]).mkdir(parents=True)
    assert source_tree(package) is None
    assert data_folder(kind, package) == package / str(kind.value[1])


def test_another_project_is_no_source_tree(tmp_path: Path) -> None:
    """Neither a pyproject.toml of another project, nor a broken one, nor none."""
    package = source(tmp_path, "hospital")
    assert source_tree(package) is None
    for number, content in enumerate((b"[project", b"\xff")):
        other = source(tmp_path / str(number))
        (tmp_path / str(number) / "pyproject.toml").write_bytes(content)
        assert source_tree(other) is None
    (tmp_path / "none" / "service" / "titrate").mkdir(parents=True)
    assert source_tree(tmp_path / "none" / "service" / "titrate") is None


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A source tree without mappings does not use the copy inside the package, and the error names the folder."""
    package = source(tmp_path)
    (package / "_mappings").mkdir()
    with pytest.raises(PackageDataMissing, match=r"mappings is missing: install Titrate again"):
        data_folder(DataFolder.MAPPINGS, package)


def test_fixtures_are_not_installed(tmp_path: Path) -> None:
    """The demo needs the source tree."""
    with pytest.raises(PackageDataMissing, match="fixtures/patients is not part of an installed package"):
        data_folder(DataFolder.PATIENTS, tmp_path / "site-packages" / "titrate")
