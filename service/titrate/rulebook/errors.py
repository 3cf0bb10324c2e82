"""What is wrong with mapping files, read_mappings so that one look shows everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: the file, the path of the key in it, and what to do."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"


class InvalidMappings(Exception):
    """The mapping files cannot be used. `problems` holds every mistake that was found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        head = "1 problem in the mapping files" if count == 1 else f"{count} problems in the mapping files"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def validation_problems(file: str, key: str, messages: Any) -> tuple[Problem, ...]:
    """The nested messages of a marshmallow check as problems with full key paths."""
    if isinstance(messages, Mapping):
        return tuple(
            problem
            for name, inner in messages.items()
            for problem in validation_problems(file, _path(key, name), inner)
        )
    if isinstance(messages, list):
        return tuple(problem for message in messages for problem in validation_problems(file, key, message))
    return (Problem(file, key, str(messages)),)


def _path(key: str, name: Any) -> str:
    if name == "_schema":
        return key
    if isinstance(name, int):
        return f"{key}[{name}]"
    return f"{key}.{name}" if key else str(name)
