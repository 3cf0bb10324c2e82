"""Checks parsed TOML with the schemas: the valid tables, and a problem for everything that is invalid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError

from titrate.messages.rulebook_tables import NotATable
from titrate.rulebook.errors import MappingProblem, validation_problems
from titrate.rulebook.files import PROGRAMMES
from titrate.rulebook.guidance_schemas import CardTable, EducationTable, LadderTable, ProgrammeTable, TaskTable
from titrate.rulebook.schemas import (
    AnswersTable,
    ConditionTable,
    ConstantTable,
    ExerciseTable,
    FlagTable,
    MeasureTable,
    MedicineTable,
    PromptTable,
    RulebookTable,
    UnitTable,
    WordsTable,
)

Rows = Mapping[str, Mapping[str, Any]]
_TABLES: Mapping[str, type[Schema]] = {
    "card.toml": CardTable,
    "conditions.toml": ConditionTable,
    "constants.toml": ConstantTable,
    "education.toml": EducationTable,
    "exercises.toml": ExerciseTable,
    "ladders.toml": LadderTable,
    "measures.toml": MeasureTable,
    "medicines.toml": MedicineTable,
    "outcomes.toml": ConstantTable,
    "prompts.toml": PromptTable,
    "red-flags.toml": FlagTable,
    "tasks.toml": TaskTable,
    "units.toml": UnitTable,
}
_WHOLE_FILES: Mapping[str, type[Schema]] = {
    "answers.toml": AnswersTable,
    "rulebook.toml": RulebookTable,
    "words.toml": WordsTable,
}


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """The valid tables of all files, by file and name. `wholes` are files that are one table."""

    tables: Mapping[str, Rows]
    wholes: Mapping[str, Mapping[str, Any]]
    programmes: Rows
    problems: tuple[MappingProblem, ...] = field(default=())

    def rows(self, file: str) -> Rows:
        """The tables of one file; empty if the file is missing or invalid."""
        return self.tables.get(file, {})


def parse_files(documents: Mapping[str, Mapping[str, Any]]) -> ParsedFiles:
    """Check every document with its schema."""
    problems: list[MappingProblem] = []
    tables: dict[str, Rows] = {}
    wholes: dict[str, Mapping[str, Any]] = {}
    programmes: dict[str, Mapping[str, Any]] = {}
    for file, document in documents.items():
        if file in _TABLES:
            tables[file] = _rows(file, document, _TABLES[file](), problems)
        elif file in _WHOLE_FILES:
            wholes[file] = _loaded(file, "", document, _WHOLE_FILES[file](), problems) or {}
        elif file.startswith(f"{PROGRAMMES}/"):
            programme = _loaded(file, "", document, ProgrammeTable(), problems)
            if programme is not None:
                programmes[file] = programme
    return ParsedFiles(tables, wholes, programmes, tuple(problems))


def _rows(file: str, document: Mapping[str, Any], schema: Schema, problems: list[MappingProblem]) -> Rows:
    loaded = {name: _loaded(file, name, table, schema, problems) for name, table in document.items()}
    return {name: table for name, table in loaded.items() if table is not None}


def _loaded(
    file: str, key: str, table: Any, schema: Schema, problems: list[MappingProblem]
) -> Mapping[str, Any] | None:
    if not isinstance(table, Mapping):
        problems.append(MappingProblem(file, key, NotATable()))
        return None
    try:
        loaded: Mapping[str, Any] = schema.load(table)
    except ValidationError as error:
        problems.extend(validation_problems(file, key, error.messages))
        return None
    return loaded
