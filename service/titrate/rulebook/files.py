"""The mapping files on disk: their folder, their bytes, their TOML, and one digest of all of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from titrate import toml_codec
from titrate.messages.rulebook_problems import (
    FileMissing,
    FileNotToml,
    FileNotUtf8,
    FileUnknown,
    NoProgrammes,
)
from titrate.package_data import DataFolder, data_folder
from titrate.rulebook.errors import MappingProblem

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
    "units.toml",
    "words.toml",
)
PROGRAMMES = "programmes"
SHORT_NAMES = "names.toml"
# Published with the rules, but they change no decision and therefore not the digest.
NOT_RULES = frozenset({"hazards.toml", SHORT_NAMES})
_NAMED = ("rules", "gates", "flags", "urgencies", "sections", "readings")
_TOML_ERROR = re.compile(r"(.*) \(at (.*)\)")


def standard_folder() -> Path:
    """The mappings that come with the service. Raises PackageDataMissing."""
    return data_folder(DataFolder.MAPPINGS)


def read_all(folder: Path) -> dict[str, bytes]:
    """The bytes of every TOML file of the folder and of its programmes, by name, in a stable order."""
    paths = [*folder.glob("*.toml"), *(folder / PROGRAMMES).glob("*.toml")]
    names = {path.relative_to(folder).as_posix(): path for path in sorted(paths)}
    return {name: path.read_bytes() for name, path in names.items() if name not in NOT_RULES}


def short_names(folder: Path) -> dict[str, str]:
    """The short name of each rule, gate, flag and section by its id, e.g. `G10`: the folder's, or the service's."""
    path = folder / SHORT_NAMES
    content = (path if path.is_file() else standard_folder() / SHORT_NAMES).read_text(encoding="utf-8")
    tables = toml_codec.loads(content)
    return {name: words for group in _NAMED for name, words in tables[group].items()}


def digest(files: dict[str, bytes]) -> str:
    """SHA-256 of names and bytes, each with its length, so that two sets of files never share a digest."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def parse_all(files: dict[str, bytes]) -> tuple[dict[str, dict[str, Any]], tuple[MappingProblem, ...]]:
    """The TOML of each file, with numbers as Decimal, and a problem for each missing, unknown or invalid file."""
    documents: dict[str, dict[str, Any]] = {}
    problems = list(_missing_or_unknown(files))
    for name, content in files.items():
        document, invalid = parse_toml(name, content)
        problems += invalid
        if not invalid:
            documents[name] = document
    return documents, tuple(problems)


def parse_toml(name: str, content: bytes) -> tuple[dict[str, Any], tuple[MappingProblem, ...]]:
    """One TOML file with numbers as Decimal, or its problem."""
    try:
        return toml_codec.loads(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        return {}, (MappingProblem(name, "", FileNotUtf8()),)
    except toml_codec.InvalidToml as error:
        return {}, (_toml_problem(name, str(error)),)


def _missing_or_unknown(files: Iterable[str]) -> Iterable[MappingProblem]:
    present = set(files)
    programmes = {name for name in present if name.startswith(f"{PROGRAMMES}/")}
    for name in NAMES:
        if name not in present:
            yield MappingProblem(name, "", FileMissing())
    for name in sorted(present - programmes - set(NAMES)):
        yield MappingProblem(name, "", FileUnknown())
    if not programmes:
        yield MappingProblem(PROGRAMMES, "", NoProgrammes())


def _toml_problem(name: str, error: str) -> MappingProblem:
    """The problem with the position in the file as its key."""
    match = _TOML_ERROR.fullmatch(error)
    key, reason = (match.group(2), match.group(1)) if match else ("", error)
    return MappingProblem(name, key, FileNotToml(reason=reason))
