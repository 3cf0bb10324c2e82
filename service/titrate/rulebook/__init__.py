"""Reads `mappings/` into a Rulebook and a Lookup, or reports everything that is wrong with it at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import build_rulebook, files
from titrate.rulebook.checks import cross_checks
from titrate.rulebook.errors import InvalidMappings, Problem
from titrate.rulebook.overrides import CONSTANTS, Override, apply_overrides, read_overrides
from titrate.rulebook.parse import ParsedFiles, parse_files

__all__ = [
    "InvalidMappings",
    "MappingFiles",
    "Override",
    "ParsedFiles",
    "Problem",
    "check",
    "load",
    "load_lookup",
    "load_with_lookup",
    "read_mappings",
    "standard_folder",
]

CANONICAL = "https://titrate.example/fhir"
# What a site's file is called in the digest, wherever it lies.
_OVERRIDES = "site overrides"
standard_folder = files.standard_folder


@dataclass(frozen=True, slots=True)
class MappingFiles:
    """The files as far as they hold: their tables with a site's numbers in place, every problem, and one digest."""

    tables: ParsedFiles
    overrides: tuple[Override, ...]
    problems: tuple[Problem, ...]
    digest: str

    @property
    def version(self) -> str:
        """The version of the rulebook, `+site` where a site has numbers of its own; empty when none can be read."""
        return str(self.tables.wholes.get("rulebook.toml", {}).get("version", ""))


def load(folder: Path | None = None, canonical: str = CANONICAL) -> Rulebook:
    """The rulebook in `folder`, or the one that comes with the service. Raises InvalidMappings with every problem."""
    return load_with_lookup(folder, canonical)[0]


def load_lookup(folder: Path | None = None, canonical: str = CANONICAL) -> CodeLookup:
    """The ways in which what arrives is recognised. Raises InvalidMappings with every problem."""
    return load_with_lookup(folder, canonical)[1]


def load_with_lookup(
    folder: Path | None = None, canonical: str = CANONICAL, overrides: Path | None = None
) -> tuple[Rulebook, CodeLookup]:
    """Both from one look at the files, so that they cannot differ. `overrides` is a site's file of its own numbers."""
    found = read_mappings(folder, canonical, overrides)
    if found.problems:
        raise InvalidMappings(found.problems)
    rulebook = build_rulebook.build_rulebook(found.tables, canonical, found.digest)
    return rulebook, build_rulebook.build_lookup(found.tables, canonical)


def check(folder: Path | None = None, canonical: str = CANONICAL, overrides: Path | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the files; nothing when they can be used."""
    return read_mappings(folder, canonical, overrides).problems


def read_mappings(
    folder: Path | None = None, canonical: str = CANONICAL, overrides: Path | None = None
) -> MappingFiles:
    """Every file once: the folder's, and a site's own numbers laid over them. Raises nothing for what is wrong."""
    found = files.read_all(folder or standard_folder())
    documents, broken = files.parse_all(found)
    tables = parse_files(documents)
    problems = (*broken, *tables.problems, *cross_checks(tables, canonical))
    site, wrong, content = _site(overrides, tables)
    if site:
        found = {**found, _OVERRIDES: content}
    problems = tuple(sorted({*problems, *wrong}))
    over = tables if problems else apply_overrides(tables, site)
    return MappingFiles(over, site, problems, files.digest(found))


def _site(path: Path | None, tables: ParsedFiles) -> tuple[tuple[Override, ...], tuple[Problem, ...], bytes]:
    """A site's numbers, what is wrong with them, and the bytes of the file."""
    if path is None:
        return (), (), b""
    try:
        content = path.read_bytes()
    except OSError:
        return (), (Problem(path.name, "", "This file cannot be read: TITRATE_OVERRIDES names it"),), b""
    return *read_overrides(path, content, tables.rows(CONSTANTS)), content
