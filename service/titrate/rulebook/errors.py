"""What is wrong with mapping files, collected so that one report shows everything.

    RulebookError
    └── InvalidMappings: the mapping files, the site's overrides or the hazard log have problems

A missing folder is `titrate.package_data.PackageDataMissing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from titrate.messages import Message
from titrate.messages.rulebook_problems import MappingProblems, ProblemOfFile, ProblemOfKey
from titrate.messages.rulebook_tables import SchemaProblem


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """One mistake: the file, the path of the key in it (empty for the whole file), and what to do."""

    file: str
    key: str
    message: Message

    def __str__(self) -> str:
        if not self.key:
            return str(ProblemOfFile(file=self.file, problem=self.message))
        return str(ProblemOfKey(file=self.file, key=self.key, problem=self.message))

    def __lt__(self, other: MappingProblem) -> bool:
        """Problems are sorted by file, key and text."""
        return (self.file, self.key, str(self.message)) < (other.file, other.key, str(other.message))


class RulebookError(Exception):
    """Base of the errors of this package."""


class InvalidMappings(RulebookError):
    """The mapping files cannot be used. `problems` holds every mistake, sorted by file and key."""

    def __init__(self, problems: Iterable[MappingProblem]) -> None:
        self.problems = tuple(sorted(problems))
        heading = str(MappingProblems(count=len(self.problems)))
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))


def validation_problems(file: str, key: str, messages: Any) -> tuple[MappingProblem, ...]:
    """The nested messages of a marshmallow ValidationError as problems with full key paths."""
    if isinstance(messages, Mapping):
        return tuple(
            problem
            for name, inner in messages.items()
            for problem in validation_problems(file, _path(key, name), inner)
        )
    if isinstance(messages, list):
        return tuple(problem for message in messages for problem in validation_problems(file, key, message))
    return (MappingProblem(file, key, SchemaProblem(problem=str(messages))),)


def _path(key: str, name: Any) -> str:
    if name == "_schema":
        return key
    if isinstance(name, int):
        return f"{key}[{name}]"
    return f"{key}.{name}" if key else str(name)
