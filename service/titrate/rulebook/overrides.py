"""A site's own numbers in a file of its own: each inside its stated range, with who chose it, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from titrate.rulebook.errors import Problem, validation_problems
from titrate.rulebook.files import parse_toml
from titrate.rulebook.number_checks import ordering_problems, whole_only
from titrate.rulebook.parse import ParsedFiles, Rows
from titrate.rulebook.schemas import OverrideTable

CONSTANTS = "constants.toml"
MARK = "site"


class Effect(StrEnum):
    """What another value does to the care that is taken, by the direction that the rulebook marks as careful."""

    MORE = "more careful"
    LESS = "less careful"
    SAME = "the same"
    UNKNOWN = "no direction is the careful one"


@dataclass(frozen=True, slots=True)
class Override:
    """One number that a site changed: from what to what (in `unit`), by whom, on which date and why."""

    name: str
    before: Decimal
    value: Decimal
    unit: str
    effect: Effect
    by: str
    on: date
    why: str

    def __str__(self) -> str:
        change = f"{self.name}: {self.before} -> {self.value} ({self.effect.value})"
        return f"{change}, by {self.by} on {self.on.isoformat()}: {self.why}"


def effect(row: Mapping[str, Any], before: Decimal, after: Decimal) -> Effect:
    """Whether `after` is more or less careful than `before`, as the number's own row says."""
    if before == after:
        return Effect.SAME
    careful = row.get("careful")
    if careful is None:
        return Effect.UNKNOWN
    return Effect.MORE if (after < before) == (careful == "lower") else Effect.LESS


def read_overrides(path: Path, content: bytes, constants: Rows) -> tuple[tuple[Override, ...], tuple[Problem, ...]]:
    """The overrides of a file in the order of their names, and every mistake in it. A mistaken one is left out."""
    document, broken = parse_toml(path.name, content)
    problems, found = list(broken), list[Override]()
    for name, table in sorted(document.items()):
        one = _override(path.name, name, table, constants)
        if isinstance(one, Override):
            found.append(one)
        else:
            problems += one
    changed = {one.name: one.value for one in found}
    before = set(ordering_problems(constants))
    after = ordering_problems(with_values(constants, changed))
    problems += [Problem(path.name, key, text) for key, text in after if (key, text) not in before]
    return tuple(found), tuple(problems)


def apply_overrides(files: ParsedFiles, overrides: tuple[Override, ...]) -> ParsedFiles:
    """The tables with a site's numbers in place, each naming its site decision as the source, and a marked version."""
    if not overrides:
        return files
    constants = dict(files.rows(CONSTANTS))
    for one in overrides:
        constants[one.name] = {**constants[one.name], "value": one.value, "grade": "P", "source": _source(one)}
    whole = files.wholes["rulebook.toml"]
    marked = {**whole, "version": _marked(str(whole["version"]))}
    tables = {**files.tables, CONSTANTS: constants}
    return replace(files, tables=tables, wholes={**files.wholes, "rulebook.toml": marked})


def with_values(constants: Rows, values: Mapping[str, Decimal]) -> Rows:
    """The rows with other values."""
    return {name: {**row, "value": values.get(name, row["value"])} for name, row in constants.items()}


def _override(file: str, name: str, table: Any, constants: Rows) -> Override | list[Problem]:
    if name not in constants:
        return [Problem(file, name, "There is no such number in constants.toml: correct the name")]
    if not isinstance(table, Mapping):
        return [Problem(file, name, "This must be a table with value, by, on and why")]
    row, loaded, faults = constants[name], *_loaded(file, name, table)
    if isinstance(loaded.get("value"), Decimal):
        faults += [Problem(file, f"{name}.value", text) for text in _faults(name, row, loaded["value"])]
    if faults:
        return faults
    kind = effect(row, row["value"], loaded["value"])
    return Override(name=name, before=row["value"], unit=row["unit"], effect=kind, **loaded)


def _loaded(file: str, name: str, table: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What of a table holds, so that a mistake in one key hides none in another, and the mistakes."""
    try:
        return dict(OverrideTable().load(table)), []
    except ValidationError as fault:
        held = fault.valid_data if isinstance(fault.valid_data, dict) else {}
        return held, list(validation_problems(file, name, fault.messages))


def _faults(name: str, row: Mapping[str, Any], value: Decimal) -> Iterator[str]:
    low, high = row.get("low"), row.get("high")
    if low is None or high is None:
        yield "This number is not open to choice: the rulebook gives no range for it"
    elif not low <= value <= high:
        yield f"{value} is outside the stated range {low} to {high}"
    elif whole_only(row) and value != int(value):
        yield f"{name} counts whole things: give a whole number"


def _source(one: Override) -> str:
    return f"Site override by {one.by} on {one.on.isoformat()}: {one.why} (the rulebook says {one.before})"


def _marked(version: str) -> str:
    """`0.1.0` to `0.1.0+site`, as semantic versioning writes what was added to a release."""
    return f"{version}.{MARK}" if "+" in version else f"{version}+{MARK}"
