"""The hazard log: what could harm a patient, what is done against it, where in the code, and which test shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from titrate.rulebook.errors import InvalidMappings, Problem, validation_problems
from titrate.rulebook.files import parse_toml, standard_folder

FILE = "hazards.toml"
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
SEVERITIES = ("catastrophic", "major", "considerable", "significant", "minor")
STATUSES = ("controlled", "partly controlled", "open")
# From this score on a risk is not acceptable; one below it has to be justified.
UNACCEPTABLE = 4
_FILLED = validate.Length(min=1, error="Write something here")


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that is done: in words, its places in the code (`module:function`), and tests (`file::test`)."""

    what: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """Severity and likelihood in words and the score of the matrix, 1 to 5."""

    severity: str
    likelihood: str
    score: int


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard with its risk before and after its controls. `why` justifies a risk that stays undesirable."""

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


class _Table(Schema):
    class Meta:
        """Unknown keys are refused."""

        unknown = "raise"


class _RiskTable(_Table):
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    likelihood = fields.String(required=True, validate=validate.OneOf(LIKELIHOODS))
    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))


class _ControlTable(_Table):
    what = fields.String(required=True, validate=_FILLED)
    code = fields.List(fields.String(validate=_FILLED), required=True, validate=_FILLED)
    tests = fields.List(fields.String(validate=_FILLED), required=True, validate=_FILLED)


class _HazardTable(_Table):
    title = fields.String(required=True, validate=_FILLED)
    cause = fields.String(required=True, validate=_FILLED)
    effect = fields.String(required=True, validate=_FILLED)
    harm = fields.String(required=True, validate=_FILLED)
    initial = fields.Nested(_RiskTable, required=True)
    residual = fields.Nested(_RiskTable, required=True)
    controls = fields.List(fields.Nested(_ControlTable), required=True, validate=_FILLED)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    why = fields.String(load_default="")


def hazards(folder: Path | None = None) -> tuple[Hazard, ...]:
    """The log in a folder of mappings. Raises InvalidMappings with every mistake in it."""
    document, problems = parse_toml(FILE, ((folder or standard_folder()) / FILE).read_bytes())
    matrix = document.pop("matrix", {})
    found, faults = list[Hazard](), [*problems]
    for name, table in document.items():
        try:
            found.append(_hazard(name, _HazardTable().load(table)))
        except ValidationError as fault:
            faults += validation_problems(FILE, name, fault.messages)
    faults += [problem for one in found for problem in _misjudged(one, matrix)]
    if faults:
        raise InvalidMappings(faults)
    return tuple(found)


def _hazard(name: str, table: Mapping[str, Any]) -> Hazard:
    controls = tuple(Control(one["what"], tuple(one["code"]), tuple(one["tests"])) for one in table["controls"])
    plain = {key: table[key] for key in ("title", "cause", "effect", "harm", "status", "why")}
    return Hazard(
        name, controls=controls, initial=Risk(**table["initial"]), residual=Risk(**table["residual"]), **plain
    )


def _misjudged(hazard: Hazard, matrix: Mapping[str, Any]) -> Iterator[Problem]:
    """Scores that the matrix does not give, and residual risks that may not stand."""
    for key, risk in (("initial", hazard.initial), ("residual", hazard.residual)):
        row = matrix.get(risk.severity)
        score = row[LIKELIHOODS.index(risk.likelihood)] if isinstance(row, list) and len(row) == 5 else None
        if score != risk.score:
            said = f"{risk.severity} and {risk.likelihood} give {score} in the matrix, not {risk.score}"
            yield Problem(FILE, f"{hazard.name}.{key}.score", said)
    if hazard.residual.score > hazard.initial.score:
        yield Problem(FILE, f"{hazard.name}.residual", "The controls make this risk greater: judge it again")
    if hazard.residual.score >= UNACCEPTABLE and hazard.status != "open":
        yield Problem(FILE, f"{hazard.name}.status", "A risk of 4 or 5 is not acceptable: it stays open")
    if hazard.residual.score == UNACCEPTABLE - 1 and not hazard.why:
        yield Problem(FILE, f"{hazard.name}.why", "A risk of 3 is undesirable: say why it may stand")
