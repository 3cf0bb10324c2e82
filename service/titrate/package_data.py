"""Locates the data files that come with the service: in the source tree, or inside the installed package."""

from __future__ import annotations

import tomllib
from enum import Enum
from functools import cache
from pathlib import Path

from titrate.messages.installation import DataFolderMissing, DataNotPackaged

PACKAGE = Path(__file__).resolve().parent


class PackageDataMissing(RuntimeError):
    """The data files are not where this kind of installation keeps them."""


class DataFolder(Enum):
    """A folder of data files: its path in the source tree, and its name inside an installed package if it is there."""

    MAPPINGS = ("mappings", "_mappings")
    SCHEMAS = ("docs/schema", "_schema")
    PATIENTS = ("fixtures/patients", None)


@cache
def data_folder(kind: DataFolder, package: Path = PACKAGE) -> Path:
    """The path of a data folder. Raises PackageDataMissing if it does not exist; there is no fallback."""
    in_tree, in_package = kind.value
    root = source_tree(package)
    if root is None and in_package is None:
        raise PackageDataMissing(str(DataNotPackaged(folder=in_tree)))
    folder = package / str(in_package) if root is None else root / in_tree
    if not folder.is_dir():
        raise PackageDataMissing(str(DataFolderMissing(folder=str(folder))))
    return folder


@cache
def source_tree(package: Path = PACKAGE) -> Path | None:
    """The root of the source tree that holds the package; None for an installed package.

    The package is `service/titrate` of a tree only if the tree has the pyproject.toml of this project.
    """
    root = package.parents[1]
    if package != root / "service" / "titrate":
        return None
    try:
        document = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return root if document.get("project", {}).get("name") == "titrate" else None
