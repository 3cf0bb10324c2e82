"""The OpenAPI 3.1 document: what flask-smorest gathers, with our problems, our JSON Schemas and who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from titrate.web.blueprint import OPEN, PROBLEMS, reference
from titrate.web.errors import KINDS
from titrate.web.json_body import FHIR_JSON, PROBLEM_JSON

Json = dict[str, Any]
METHODS = ("get", "post")
ANY_CAN = ("unusable-request", "internal")
GUARDED_CAN = ("no-token", "wrong-token", "not-allowed", "not-from-here", "cross-site")
OUTCOME: Json = {
    "type": "object",
    "description": "A FHIR R4 OperationOutcome.",
    "required": ["resourceType", "issue"],
    "properties": {"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array", "minItems": 1}},
}
DETAILS: Json = {
    "type": "object",
    "description": "Problem Details (RFC 9457). `code` is one of a closed list; `request` names it in the log.",
    "required": ["type", "title", "status", "code", "request"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(KINDS)},
        "request": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["at", "message"]}},
        "issues": {"type": "array", "items": {"type": "string"}},
        "ehr": {"type": "string"},
    },
}
BUNDLE: Json = {
    "type": "object",
    "description": "A FHIR R4 Bundle.",
    "required": ["resourceType"],
    "properties": {"resourceType": {"const": "Bundle"}, "entry": {"type": "array", "items": {"type": "object"}}},
}
QUESTIONNAIRE: Json = {
    "type": "object",
    "description": "A FHIR R4 Questionnaire.",
    "required": ["resourceType", "url", "version", "item"],
    "properties": {"resourceType": {"const": "Questionnaire"}},
}
MAPPINGS: Json = {
    "type": "object",
    "description": "The rulebook: mappings/ as the service uses them.",
    "required": ["version", "digest", "constants", "measures", "exercises", "programmes", "flags"],
    "properties": {"version": {"type": "string"}, "digest": {"type": "string"}},
}
MISSING: Json = {
    "type": "array",
    "description": "Resource types that the EHR could not give.",
    "items": {"type": "object", "required": ["type", "code"]},
}


def finished(document: Mapping[str, Any]) -> Json:
    """The document of `Api.spec` with everything that the service can answer."""
    components = {**document["components"]}
    schemas = {
        name: one for name, one in components.get("schemas", {}).items() if name not in ("Error", "PaginationMetadata")
    }
    own = {"Problem": DETAILS, "OperationOutcome": OUTCOME, "Bundle": BUNDLE, "Questionnaire": QUESTIONNAIRE}
    components = {
        "schemas": {**schemas, **own, "Mappings": MAPPINGS, **plan_report()},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }
    paths = {path: dict(_operations(item)) for path, item in document["paths"].items()}
    return {**document, "paths": paths, "components": components}


def _operations(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        yield name, _operation(value) if name in METHODS else value


def _operation(operation: Mapping[str, Any]) -> Json:
    is_open = operation.get(OPEN, False)
    codes = [*operation.get(PROBLEMS, ()), *ANY_CAN, *(() if is_open else GUARDED_CAN)]
    told = {name: value for name, value in operation.items() if name not in (OPEN, PROBLEMS)}
    kept = {status: one for status, one in operation["responses"].items() if _is_ours(one)}
    security: Json = {} if is_open else {"security": [{"bearer": []}]}
    return {**told, "responses": _joined(kept, _problems(codes)), **security}


def _joined(results: Mapping[str, Any], problems: Mapping[str, Any]) -> Json:
    """Both by status. One status can be a result in one media type and a problem in another."""
    found: Json = dict(results)
    for status, problem in problems.items():
        result = found.get(status, {"description": "", "content": {}})
        says = f"{result['description']} {problem['description']}".strip()
        found[status] = {"description": says, "content": {**result["content"], **problem["content"]}}
    return found


def _is_ours(response: Mapping[str, Any]) -> bool:
    """Leaves out what the library adds for errors: they are ours to describe."""
    return "$ref" not in response


def _problems(codes: Iterable[str]) -> Json:
    ordered = sorted(set(codes), key=lambda code: (KINDS[code].status, code))
    found: Json = {}
    for status, same in groupby(ordered, key=lambda code: KINDS[code].status):
        says = " ".join(f"`{code}`: {KINDS[code].title}" for code in same)
        content = {media: {"schema": reference(name)} for media, name in _FORMS.items()}
        found[str(status)] = {"description": says, "content": content}
    return found


_FORMS = {PROBLEM_JSON: "Problem", FHIR_JSON: "OperationOutcome"}


def plan_report() -> Json:
    """The schema of `titrate plan --json` and its parts as components, with what only HTTP tells."""
    schema = json.loads((schema_folder() / "plan.schema.json").read_text(encoding="utf-8"))
    parts = schema.pop("$defs", {})
    for name in ("$schema", "$id"):
        schema.pop(name, None)
    schema["properties"]["missing"] = MISSING
    named = {"PlanReport": schema, **{f"PlanReport.{name}": part for name, part in parts.items()}}
    return {name: _moved(part) for name, part in named.items()}


def _moved(value: Any) -> Any:
    """The same with references to `$defs` as references to components."""
    if isinstance(value, dict):
        return {key: _target(item) if key == "$ref" else _moved(item) for key, item in value.items()}
    return [_moved(item) for item in value] if isinstance(value, list) else value


def _target(place: str) -> str:
    return place.replace("#/$defs/", "#/components/schemas/PlanReport.")


def schema_folder() -> Path:
    """The JSON Schemas: beside the package in a source tree, inside it when installed."""
    beside = Path(__file__).resolve().parents[3] / "docs" / "schema"
    return beside if beside.is_dir() else Path(str(resources.files("titrate"))) / "_schema"
