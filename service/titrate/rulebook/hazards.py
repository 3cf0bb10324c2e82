"""The hazard log: what could harm a patient, the controls against it, their code, and the tests that prove them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, validate

from titrate.messages.rulebook_problems import (
    HazardNotJustified,
    HazardResidualGreater,
    HazardScoreWrong,
    HazardUnacceptable,
)
from titrate.rulebook.errors import InvalidMappings, MappingProblem, validation_problems
from titrate.rulebook.files import parse_toml, standard_folder
from titrate.rulebook.schemas import FILLED, TableSchema, text_field

FILE = "hazards.toml"
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
SEVERITIES = ("catastrophic", "major", "considerable", "significant", "minor")
STATUSES = ("controlled", "partly controlled", "open")
# A risk with this score or more is not acceptable; a risk one below it must be justified.
UNACCEPTABLE = 4


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its description, its places in the code (`module:function`) and its tests (`file::test`)."""

    what: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """Severity, likelihood, and their score in the matrix, 1 to 5."""

    severity: str
    likelihood: str
    score: int


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard with its risk before and after its controls. `why` justifies an undesirable residual risk."""

    name: str
    title: str
    cause: str
    effect: str
    harm: str
    initial: Risk
    residual: Risk
    controls: tuple[Control, ...]
    status: str
    why: str


class _RiskTable(TableSchema):
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    likelihood = fields.String(required=True, validate=validate.OneOf(LIKELIHOODS))
    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))


class _ControlTable(TableSchema):
    what = text_field()
    code = fields.List(fields.String(validate=FILLED), required=True, validate=FILLED)
    tests = fields.List(fields.String(validate=FILLED), required=True, validate=FILLED)


class _HazardTable(TableSchema):
    title = text_field()
    cause = text_field()
    effect = text_field()
    harm = text_field()
    initial = fields.Nested(_RiskTable, required=True)
    residual = fields.Nested(_RiskTable, required=True)
    controls = fields.List(fields.Nested(_ControlTable), required=True, validate=FILLED)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    why = fields.String(load_default="")


def read_hazards(folder: Path | None = None) -> tuple[Hazard, ...]:
    """The log in a folder of mappings. Raises InvalidMappings with every problem."""
    document, problems = parse_toml(FILE, ((folder or standard_folder()) / FILE).read_bytes())
    matrix = document.pop("matrix", {})
    found, all_problems = list[Hazard](), [*problems]
    for name, table in document.items():
        try:
            found.append(_hazard(name, _HazardTable().load(table)))
        except ValidationError as error:
            all_problems += validation_problems(FILE, name, error.messages)
    all_problems += [problem for one in found for problem in _risk_problems(one, matrix)]
    if all_problems:
        raise InvalidMappings(all_problems)
    return tuple(found)


def _hazard(name: str, table: Mapping[str, Any]) -> Hazard:
    controls = tuple(Control(one["what"], tuple(one["code"]), tuple(one["tests"])) for one in table["controls"])
    plain = {key: table[key] for key in ("title", "cause", "effect", "harm", "status", "why")}
    return Hazard(
        name, controls=controls, initial=Risk(**table["initial"]), residual=Risk(**table["residual"]), **plain
    )


def _risk_problems(hazard: Hazard, matrix: Mapping[str, Any]) -> Iterator[MappingProblem]:
    """Scores that differ from the matrix, and residual risks that are not acceptable."""
    for key, risk in (("initial", hazard.initial), ("residual", hazard.residual)):
        row = matrix.get(risk.severity)
        score = row[LIKELIHOODS.index(risk.likelihood)] if isinstance(row, list) and len(row) == 5 else None
        if score != risk.score:
            message = HazardScoreWrong(
                severity=risk.severity, likelihood=risk.likelihood, expected=str(score), score=risk.score
            )
            yield MappingProblem(FILE, f"{hazard.name}.{key}.score", message)
    if hazard.residual.score > hazard.initial.score:
        yield MappingProblem(FILE, f"{hazard.name}.residual", HazardResidualGreater())
    if hazard.residual.score >= UNACCEPTABLE and hazard.status != "open":
        yield MappingProblem(FILE, f"{hazard.name}.status", HazardUnacceptable(limit=UNACCEPTABLE))
    if hazard.residual.score == UNACCEPTABLE - 1 and not hazard.why:
        yield MappingProblem(FILE, f"{hazard.name}.why", HazardNotJustified(score=UNACCEPTABLE - 1))
