"""The result of `titrate mappings diff` as text, grouped by file, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from itertools import groupby
from typing import Any

from titrate.messages import Message
from titrate.messages.rulebook_comparison import (
    DifferenceCount,
    DiffHeading,
    FilesEqual,
    RulesEqual,
    SameVersion,
)
from titrate.rulebook import MappingFiles
from titrate.rulebook.diff import Change

DIGEST_LENGTH = 12


def diff_text(first: MappingFiles, second: MappingFiles, changes: Sequence[Change]) -> str:
    """The differences as lines, file by file."""
    heading = DiffHeading(
        version_a=first.version,
        digest_a=first.digest[:DIGEST_LENGTH],
        version_b=second.version,
        digest_b=second.digest[:DIGEST_LENGTH],
    )
    if not changes:
        return f"{heading}\n{FilesEqual() if first.digest == second.digest else RulesEqual()}"
    lines = [heading, *same_version(first.version, second.version, first.digest != second.digest)]
    text = [str(line) for line in lines]
    for file, group in groupby(changes, key=lambda change: change.file):
        text += [file, *(f"  {change}" for change in group)]
    return "\n".join([*text, str(DifferenceCount(count=len(changes)))])


def same_version(first: str, second: str, differ: bool) -> list[Message]:
    """A warning if two different rulebooks have the same version: outputs could not be told apart by it."""
    return [SameVersion(version=first)] if differ and first == second else []


def diff_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The differences as JSON."""
    return [
        {
            "file": change.file,
            "name": change.name,
            "key": change.key,
            "before": _json_value(change.before),
            "after": _json_value(change.after),
            "effect": change.effect.value if change.effect else None,
            "words": str(change),
        }
        for change in changes
    ]


def _json_value(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    return value
