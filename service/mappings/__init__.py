"""Reads `mappings/` into a Rulebook and a Lookup, or reports everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

from service.clinical.lookup import Lookup
from service.clinical.rulebook import Rulebook
from service.mappings import building, files
from service.mappings.checks import cross_checks
from service.mappings.problems import MappingErrors, Problem
from service.mappings.reading import Drafts, drafts

__all__ = ["MappingErrors", "Problem", "check", "load", "load_lookup", "load_with_lookup", "standard_folder"]

CANONICAL = "https://titrate.example/fhir"
standard_folder = files.standard_folder


def load(folder: Path | None = None, canonical: str = CANONICAL) -> Rulebook:
    """The rulebook in `folder`, or the one that comes with the service. Raises MappingErrors with every problem."""
    return load_with_lookup(folder, canonical)[0]


def load_lookup(folder: Path | None = None, canonical: str = CANONICAL) -> Lookup:
    """The ways in which what arrives is recognised. Raises MappingErrors with every problem."""
    return load_with_lookup(folder, canonical)[1]


def load_with_lookup(folder: Path | None = None, canonical: str = CANONICAL) -> tuple[Rulebook, Lookup]:
    """Both from one look at the files, so that they cannot differ."""
    found = files.contents(folder or standard_folder())
    tables, problems = _checked(found, canonical)
    if problems:
        raise MappingErrors(problems)
    return building.rulebook(tables, canonical, files.digest(found)), building.lookup(tables, canonical)


def check(folder: Path | None = None, canonical: str = CANONICAL) -> tuple[Problem, ...]:
    """Everything that is wrong with the files; nothing when they can be used."""
    return _checked(files.contents(folder or standard_folder()), canonical)[1]


def _checked(found: dict[str, bytes], canonical: str) -> tuple[Drafts, tuple[Problem, ...]]:
    documents, broken = files.parsed(found)
    tables = drafts(documents)
    problems = (*broken, *tables.problems, *cross_checks(tables, canonical))
    return tables, tuple(sorted(set(problems)))
