"""Patients from Bundle files for a comparison, each with the time of its decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from titrate.app.compare_rulebooks import ComparisonCase
from titrate.app.fetch_result import file_result
from titrate.cli.errors import UnusableFile
from titrate.fhir.bundle_contents import NotABundle
from titrate.json_codec import InvalidJson, loads
from titrate.messages.cli import (
    PopulationFileUnreadable,
    PopulationFileUnusable,
)

# This file next to a Bundle may hold the time of its decision: {"at": "2025-01-13T09:00:00+00:00"}.
EXPECTED = "expected.json"


def bundle_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The named files, and every `.json` below the named folders, in order and without duplicates."""
    found = (file for path in paths for file in _files_below(path))
    return tuple(dict.fromkeys(found))


def comparison_case(path: Path, at: datetime | None, now: datetime) -> ComparisonCase:
    """The patient in a file, decided at `at`, else at the time in `expected.json`, else now. Raises UnusableFile."""
    try:
        fetched = file_result(loads(path.read_bytes()))
    except OSError:
        raise UnusableFile(str(PopulationFileUnreadable(path=str(path)))) from None
    except (InvalidJson, NotABundle) as error:
        raise UnusableFile(str(PopulationFileUnusable(path=str(path), problem=str(error)))) from None
    name = path.parent.name if path.name == "bundle.json" else path.stem
    when = at or _expected_time(path.parent / EXPECTED) or now
    return ComparisonCase(name, fetched.resources, when, fetched.refusals, fetched.completeness)


def _files_below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from (file for file in sorted(path.rglob("*.json")) if file.name != EXPECTED)


def _expected_time(path: Path) -> datetime | None:
    """The decision time in the file; None without a file or without an offset."""
    try:
        at = datetime.fromisoformat(loads(path.read_bytes())["at"])
    except (OSError, InvalidJson, KeyError, ValueError, TypeError):
        return None
    return at if at.tzinfo is not None else None
