"""The mapping files on disk: where they are, their bytes, their TOML, and one hash over all of them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from titrate.package_data import DataFolder, data_folder
from titrate.rulebook.errors import Problem

NAMES = (
    "answers.toml",
    "card.toml",
    "conditions.toml",
    "constants.toml",
    "education.toml",
    "exercises.toml",
    "ladders.toml",
    "measures.toml",
    "medicines.toml",
    "outcomes.toml",
    "prompts.toml",
    "red-flags.toml",
    "rulebook.toml",
    "tasks.toml",
    "words.toml",
)
PROGRAMMES = "programmes"
# Kept beside the rules and shown with them, but no rule: it changes no decision and so no digest.
BESIDE = frozenset({"hazards.toml"})
_PLACE = re.compile(r"(.*) \(at (.*)\)")


def standard_folder() -> Path:
    """The mappings that come with the service. Raises PackageDataMissing."""
    return data_folder(DataFolder.MAPPINGS)


def read_all(folder: Path) -> dict[str, bytes]:
    """The bytes of every TOML file of rules in the folder and its programmes, by name, in a stable order."""
    paths = [*folder.glob("*.toml"), *(folder / PROGRAMMES).glob("*.toml")]
    names = {path.relative_to(folder).as_posix(): path for path in sorted(paths)}
    return {name: path.read_bytes() for name, path in names.items() if name not in BESIDE}


def digest(files: dict[str, bytes]) -> str:
    """SHA-256 over names and bytes, each with its length, so that no two sets of files share it."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def parse_all(files: dict[str, bytes]) -> tuple[dict[str, dict[str, Any]], tuple[Problem, ...]]:
    """The TOML of each file, with decimals kept, and what is missing, unknown or broken."""
    documents: dict[str, dict[str, Any]] = {}
    problems = list(_missing_or_unknown(files))
    for name, content in files.items():
        document, broken = parse_toml(name, content)
        problems += broken
        if not broken:
            documents[name] = document
    return documents, tuple(problems)


def parse_toml(name: str, content: bytes) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """One TOML file with decimals kept, or what is broken in it."""
    try:
        return tomllib.loads(content.decode("utf-8"), parse_float=Decimal), ()
    except UnicodeDecodeError:
        return {}, (Problem(name, "", "This is not UTF-8: save the file as UTF-8"),)
    except tomllib.TOMLDecodeError as fault:
        return {}, (_broken(name, str(fault)),)


def _missing_or_unknown(files: Iterable[str]) -> Iterable[Problem]:
    present = set(files)
    programmes = {name for name in present if name.startswith(f"{PROGRAMMES}/")}
    for name in NAMES:
        if name not in present:
            yield Problem(name, "", "This file is missing: copy it from the mappings that come with the service")
    for name in sorted(present - programmes - set(NAMES)):
        yield Problem(name, "", "Nothing reads this file: remove it, or give it one of the known names")
    if not programmes:
        yield Problem(PROGRAMMES, "", "There is no programme: add one TOML file to this folder")


def _broken(name: str, fault: str) -> Problem:
    place = _PLACE.fullmatch(fault)
    key, reason = (place.group(2), place.group(1)) if place else ("", fault)
    return Problem(name, key, f"This is not TOML: {reason}")
