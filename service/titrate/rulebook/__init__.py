"""Reads `mappings/` into a Rulebook and a CodeLookup, or reports everything that is wrong with the files at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from titrate import DEFAULT_CANONICAL
from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages.rulebook_problems import (
    OverridesUnreadable,
)
from titrate.rulebook import build_rulebook, files
from titrate.rulebook.checks import cross_checks
from titrate.rulebook.errors import InvalidMappings, MappingProblem, RulebookError
from titrate.rulebook.overrides import CONSTANTS, NumberOverride, apply_overrides, read_overrides
from titrate.rulebook.parse import ParsedFiles, parse_files

__all__ = [
    "InvalidMappings",
    "MappingFiles",
    "MappingProblem",
    "NumberOverride",
    "ParsedFiles",
    "RulebookError",
    "check",
    "load",
    "load_lookup",
    "load_with_lookup",
    "read_mappings",
    "standard_folder",
]

# The name of a site's file in the digest, whatever its path.
_OVERRIDES = "site overrides"
standard_folder = files.standard_folder


@dataclass(frozen=True, slots=True)
class MappingFiles:
    """The valid tables of the files with the site's numbers applied, every problem, and one digest."""

    tables: ParsedFiles
    overrides: tuple[NumberOverride, ...]
    problems: tuple[MappingProblem, ...]
    digest: str

    @property
    def version(self) -> str:
        """The version of the rulebook, with `+site` if a site changed numbers; empty if it cannot be read."""
        return str(self.tables.wholes.get("rulebook.toml", {}).get("version", ""))


def load(folder: Path | None = None, canonical: str = DEFAULT_CANONICAL) -> Rulebook:
    """The rulebook in `folder`, or the one that comes with the service. Raises InvalidMappings with every problem."""
    return load_with_lookup(folder, canonical)[0]


def load_lookup(folder: Path | None = None, canonical: str = DEFAULT_CANONICAL) -> CodeLookup:
    """The codes and words by which incoming data is recognised. Raises InvalidMappings with every problem."""
    return load_with_lookup(folder, canonical)[1]


def load_with_lookup(
    folder: Path | None = None, canonical: str = DEFAULT_CANONICAL, overrides: Path | None = None
) -> tuple[Rulebook, CodeLookup]:
    """Rulebook and lookup from one read of the files, so that they cannot differ.

    `overrides` is the file with a site's own numbers. Raises InvalidMappings with every problem.
    """
    mappings = read_mappings(folder, canonical, overrides)
    if mappings.problems:
        raise InvalidMappings(mappings.problems)
    names = files.short_names(folder or standard_folder())
    rulebook = build_rulebook.build_rulebook(mappings.tables, canonical, mappings.digest, names)
    return rulebook, build_rulebook.build_lookup(mappings.tables, canonical, names)


def check(
    folder: Path | None = None, canonical: str = DEFAULT_CANONICAL, overrides: Path | None = None
) -> tuple[MappingProblem, ...]:
    """Everything that is wrong with the files; empty if they can be used."""
    return read_mappings(folder, canonical, overrides).problems


def read_mappings(
    folder: Path | None = None, canonical: str = DEFAULT_CANONICAL, overrides: Path | None = None
) -> MappingFiles:
    """Read every file of the folder once and apply the site's numbers. Problems are in the result, not raised."""
    contents = files.read_all(folder or standard_folder())
    documents, invalid = files.parse_all(contents)
    tables = parse_files(documents)
    site_numbers, site_problems, content = _site_overrides(overrides, tables)
    if site_numbers:
        contents = {**contents, _OVERRIDES: content}
    problems = tuple(sorted({*invalid, *tables.problems, *cross_checks(tables, canonical), *site_problems}))
    applied = tables if problems else apply_overrides(tables, site_numbers)
    return MappingFiles(applied, site_numbers, problems, files.digest(contents))


def _site_overrides(
    path: Path | None, tables: ParsedFiles
) -> tuple[tuple[NumberOverride, ...], tuple[MappingProblem, ...], bytes]:
    """A site's numbers, the problems of its file, and the bytes of the file."""
    if path is None:
        return (), (), b""
    try:
        content = path.read_bytes()
    except OSError:
        return (), (MappingProblem(path.name, "", OverridesUnreadable()),), b""
    return *read_overrides(path, content, tables.rows(CONSTANTS)), content
