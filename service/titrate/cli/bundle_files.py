"""Patients from files: Bundles in folders or by name, each with the moment at which it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from titrate.app.compare_rulebooks import ComparisonCase
from titrate.fhir.bundles import NotABundle, resources_of
from titrate.json_codec import InvalidJson, loads

# Beside a Bundle it may be written when its story is told: {"at": "2025-01-13T09:00:00+00:00"}.
TOLD = "expected.json"


class UnusableFile(Exception):
    """A file of the population is no Bundle. The message names the file and nothing in it."""


def bundle_files(places: Iterable[Path]) -> tuple[Path, ...]:
    """The files that are named, and every `.json` below the folders that are named, in order, each once."""
    found = (path for place in places for path in _below(place))
    return tuple(dict.fromkeys(found))


def comparison_case(path: Path, at: datetime | None, now: datetime) -> ComparisonCase:
    """The patient in a file: decided at `at`, else when the story beside it is told, else now. Raises UnusableFile."""
    try:
        resources, refusals = resources_of(loads(path.read_bytes()))
    except (InvalidJson, NotABundle, OSError) as error:
        raise UnusableFile(f"{path}: {error if not isinstance(error, OSError) else 'cannot be read'}") from None
    name = path.parent.name if path.name == "bundle.json" else path.stem
    return ComparisonCase(name, resources, at or _told(path.parent / TOLD) or now, refusals)


def _below(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    yield from (path for path in sorted(place.rglob("*.json")) if path.name != TOLD)


def _told(path: Path) -> datetime | None:
    """The moment in a file beside the Bundle, where there is one with an offset."""
    try:
        moment = datetime.fromisoformat(loads(path.read_bytes())["at"])
    except (OSError, InvalidJson, KeyError, ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else None
