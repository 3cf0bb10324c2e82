"""A site's own numbers in their own file: each inside its stated range, with author, date and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from titrate.messages import Message
from titrate.messages.rulebook_problems import (
    OverrideNotAllowed,
    OverrideNotATable,
    OverrideNotWhole,
    OverrideOutOfRange,
    OverrideSource,
    OverrideSummary,
    OverrideUnknown,
)
from titrate.rulebook.errors import MappingProblem, validation_problems
from titrate.rulebook.files import parse_toml
from titrate.rulebook.number_checks import ordering_problems, whole_only
from titrate.rulebook.parse import ParsedFiles, Rows
from titrate.rulebook.schemas import OverrideTable

CONSTANTS = "constants.toml"
MARK = "site"


class Effect(StrEnum):
    """Whether another value is more or less careful, by the direction that the rulebook marks as careful."""

    MORE = "more careful"
    LESS = "less careful"
    SAME = "the same"
    UNKNOWN = "no direction is the careful one"


@dataclass(frozen=True, slots=True)
class NumberOverride:
    """One number that a site changed: both values (in `unit`), author, date and reason."""

    name: str
    before: Decimal
    value: Decimal
    unit: str
    effect: Effect
    by: str
    on: date
    why: str

    def __str__(self) -> str:
        return str(
            OverrideSummary(
                name=self.name,
                before=self.before,
                value=self.value,
                effect=self.effect.value,
                by=self.by,
                on=self.on,
                why=self.why,
            )
        )


def effect(row: Mapping[str, Any], before: Decimal, after: Decimal) -> Effect:
    """Whether `after` is more or less careful than `before`, by the row of the number."""
    if before == after:
        return Effect.SAME
    careful = row.get("careful")
    if careful is None:
        return Effect.UNKNOWN
    return Effect.MORE if (after < before) == (careful == "lower") else Effect.LESS


def read_overrides(
    path: Path, content: bytes, constants: Rows
) -> tuple[tuple[NumberOverride, ...], tuple[MappingProblem, ...]]:
    """The valid overrides of a file, sorted by name, and every problem in it."""
    document, invalid = parse_toml(path.name, content)
    problems, found = list(invalid), list[NumberOverride]()
    for name, table in sorted(document.items()):
        one = _override(path.name, name, table, constants)
        if isinstance(one, NumberOverride):
            found.append(one)
        else:
            problems += one
    changed = {one.name: one.value for one in found}
    before = set(ordering_problems(constants))
    after = ordering_problems(with_values(constants, changed))
    problems += [MappingProblem(path.name, key, message) for key, message in after if (key, message) not in before]
    return tuple(found), tuple(problems)


def apply_overrides(files: ParsedFiles, overrides: tuple[NumberOverride, ...]) -> ParsedFiles:
    """The tables with a site's numbers, each with the site's decision as its source, and a version with `+site`."""
    if not overrides:
        return files
    constants = dict(files.rows(CONSTANTS))
    for one in overrides:
        constants[one.name] = {**constants[one.name], "value": one.value, "grade": "P", "source": _source(one)}
    whole = files.wholes["rulebook.toml"]
    site_version = {**whole, "version": _site_version(str(whole["version"]))}
    tables = {**files.tables, CONSTANTS: constants}
    return replace(files, tables=tables, wholes={**files.wholes, "rulebook.toml": site_version})


def with_values(constants: Rows, values: Mapping[str, Decimal]) -> Rows:
    """The rows with some values replaced."""
    return {name: {**row, "value": values.get(name, row["value"])} for name, row in constants.items()}


def _override(file: str, name: str, table: Any, constants: Rows) -> NumberOverride | list[MappingProblem]:
    if name not in constants:
        return [MappingProblem(file, name, OverrideUnknown())]
    if not isinstance(table, Mapping):
        return [MappingProblem(file, name, OverrideNotATable())]
    row, loaded, problems = constants[name], *_load(file, name, table)
    if isinstance(loaded.get("value"), Decimal):
        problems += [
            MappingProblem(file, f"{name}.value", message) for message in _value_problems(name, row, loaded["value"])
        ]
    if problems:
        return problems
    kind = effect(row, row["value"], loaded["value"])
    return NumberOverride(name=name, before=row["value"], unit=row["unit"], effect=kind, **loaded)


def _load(file: str, name: str, table: Mapping[str, Any]) -> tuple[dict[str, Any], list[MappingProblem]]:
    """The valid keys of a table, so that a problem in one key does not hide another, and the problems."""
    try:
        return dict(OverrideTable().load(table)), []
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return valid, list(validation_problems(file, name, error.messages))


def _value_problems(name: str, row: Mapping[str, Any], value: Decimal) -> Iterator[Message]:
    low, high = row.get("low"), row.get("high")
    if low is None or high is None:
        yield OverrideNotAllowed()
    elif not low <= value <= high:
        yield OverrideOutOfRange(value=value, low=low, high=high)
    elif whole_only(row) and value != int(value):
        yield OverrideNotWhole(name=name)


def _source(one: NumberOverride) -> str:
    return str(OverrideSource(by=one.by, on=one.on, why=one.why, before=one.before))


def _site_version(version: str) -> str:
    """`0.1.0+site` for `0.1.0`: build metadata of semantic versioning."""
    return f"{version}.{MARK}" if "+" in version else f"{version}+{MARK}"
