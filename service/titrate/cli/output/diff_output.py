"""How `titrate mappings diff` shows what differs: grouped by what it is about, or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from itertools import groupby
from typing import Any

from titrate.rulebook import MappingFiles
from titrate.rulebook.diff import Change


def diff_text(first: MappingFiles, second: MappingFiles, changes: Sequence[Change]) -> str:
    """The differences as lines, file by file."""
    head = f"{first.version} (digest {first.digest[:12]}) -> {second.version} (digest {second.digest[:12]})"
    if not changes:
        same = first.digest == second.digest
        why = "The files are the same." if same else "Nothing that a rule reads differs: only remarks or layout do."
        return f"{head}\n{why}"
    lines = [head, *same_name(first.version, second.version, first.digest != second.digest)]
    for file, group in groupby(changes, key=lambda change: change.file):
        lines += [file, *(f"  {change}" for change in group)]
    return "\n".join([*lines, f"{len(changes)} difference{'s' if len(changes) > 1 else ''}."])


def same_name(first: str, second: str, differ: bool) -> list[str]:
    """A warning when two rulebooks that differ bear one version: outputs would not tell them apart by name."""
    return [f"Both call themselves {first}: raise the version in rulebook.toml."] if differ and first == second else []


def diff_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The differences for a program."""
    return [
        {
            "file": change.file,
            "name": change.name,
            "key": change.key,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "effect": change.effect.value if change.effect else None,
            "words": str(change),
        }
        for change in changes
    ]


def _plain(value: Any) -> Any:
    """A value that has a JSON form."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
