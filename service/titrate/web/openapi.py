"""The OpenAPI 3.1 document, and flask-smorest's Blueprint with a strict parser, public views and documented problems.

The document is what flask-smorest collects, with problems, JSON Schemas and security added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import flask_smorest
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from titrate.package_data import DataFolder, data_folder
from titrate.web.errors import ProblemType
from titrate.web.json_body import FHIR_JSON, PROBLEM_JSON, request_json

View = TypeVar("View", bound=Callable[..., Any])
PROBLEMS = "x-problems"
Json = dict[str, Any]
METHODS = ("get", "post")
COMMON_PROBLEMS = (ProblemType.UNUSABLE_REQUEST, ProblemType.INTERNAL)
SECURITY_PROBLEMS = (
    ProblemType.NO_TOKEN,
    ProblemType.WRONG_TOKEN,
    ProblemType.NOT_ALLOWED,
    ProblemType.NOT_FROM_HERE,
    ProblemType.CROSS_SITE,
)
LIBRARY_SCHEMAS = frozenset({"Error", "PaginationMetadata"})
OPERATION_OUTCOME: Json = {
    "type": "object",
    "description": "A FHIR R4 OperationOutcome.",
    "required": ["resourceType", "issue"],
    "properties": {"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array", "minItems": 1}},
}
PROBLEM: Json = {
    "type": "object",
    "description": "Problem Details (RFC 9457). `code` is one of a closed list; `request` is the id in the log.",
    "required": ["type", "title", "status", "code", "request"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(problem.code for problem in ProblemType)},
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
    "description": "The rulebook: mappings/ as the service uses it.",
    "required": ["version", "digest", "constants", "measures", "exercises", "programmes", "flags"],
    "properties": {"version": {"type": "string"}, "digest": {"type": "string"}},
}
MISSING: Json = {
    "type": "array",
    "description": "Resource types that the EHR could not return.",
    "items": {"type": "object", "required": ["type", "code"]},
}
PROBLEM_SCHEMAS = {PROBLEM_JSON: "Problem", FHIR_JSON: "OperationOutcome"}


class StrictParser(FlaskParser):
    """Parses parameters and bodies. Unknown names are errors, so that a misspelt name cannot change the meaning."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "json": RAISE}  # noqa: RUF012 - the library's own attribute

    def load_json(self, req: Any, schema: Schema) -> Any:  # noqa: ARG002
        """The body, read with size and time limits and with decimals."""
        return request_json()


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # the library has no types
    """Adds what flask-smorest lacks: strict parsing, a mark for public views, and problems by their type."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.public_endpoints: set[str] = set()

    def public(self, view: View) -> View:
        """Serve the view without a token. Place it below `route`, nearest to the view."""
        self.public_endpoints.add(f"{self.name}.{view.__name__}")
        documented: View = self.doc(security=[])(view)
        return documented

    def problems(self, *types: ProblemType) -> Callable[[View], View]:
        """Document the problems of a view, in addition to those that every view can have."""
        decorator: Callable[[View], View] = self.doc(**{PROBLEMS: [problem.code for problem in types]})
        return decorator


def schema_reference(name: str) -> dict[str, str]:
    """A reference to a schema of the OpenAPI document."""
    return {"$ref": f"#/components/schemas/{name}"}


def openapi_document(spec: Mapping[str, Any]) -> Json:
    """The document of `Api.spec` with every response of the service."""
    library = {name: schema for name, schema in spec["components"]["schemas"].items() if name not in LIBRARY_SCHEMAS}
    own = {
        "Problem": PROBLEM,
        "OperationOutcome": OPERATION_OUTCOME,
        "Bundle": BUNDLE,
        "Questionnaire": QUESTIONNAIRE,
        "Mappings": MAPPINGS,
    }
    components = {
        "schemas": {**library, **own, **plan_report()},
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }
    paths = {
        path: {name: _operation(value) if name in METHODS else value for name, value in item.items()}
        for path, item in spec["paths"].items()
    }
    return {**spec, "paths": paths, "components": components}


def _operation(operation: Mapping[str, Any]) -> Json:
    """The operation with its security requirement and its problems. A public view has `security: []`."""
    security = operation.get("security", [{"bearer": []}])
    codes = set(operation.get(PROBLEMS, ()))
    common = (*COMMON_PROBLEMS, *(SECURITY_PROBLEMS if security else ()))
    problems = [problem for problem in ProblemType if problem.code in codes or problem in common]
    documented = {name: value for name, value in operation.items() if name != PROBLEMS}
    results = {status: result for status, result in operation["responses"].items() if "$ref" not in result}
    return {**documented, "security": security, "responses": _merged(results, _problem_responses(problems))}


def _merged(results: Mapping[str, Any], problems: Mapping[str, Any]) -> Json:
    """Results and problems by status. One status can be a result in one media type and a problem in another."""
    merged: Json = dict(results)
    for status, problem in problems.items():
        result = merged.get(status, {"description": "", "content": {}})
        description = f"{result['description']} {problem['description']}".strip()
        merged[status] = {"description": description, "content": {**result["content"], **problem["content"]}}
    return merged


def _problem_responses(problems: Iterable[ProblemType]) -> Json:
    content = {media: {"schema": schema_reference(name)} for media, name in PROBLEM_SCHEMAS.items()}
    ordered = sorted(problems, key=lambda problem: (problem.status, problem.code))
    return {
        str(status): {
            "description": " ".join(f"`{problem.code}`: {problem.title}" for problem in same_status),
            "content": content,
        }
        for status, same_status in groupby(ordered, key=lambda problem: problem.status)
    }


def plan_report() -> Json:
    """The schema of `titrate plan --json` and its parts as components, with the member that only HTTP has."""
    schema = json.loads((schema_folder() / "plan.schema.json").read_text(encoding="utf-8"))
    parts = schema.pop("$defs", {})
    for name in ("$schema", "$id"):
        schema.pop(name, None)
    schema["properties"]["missing"] = MISSING
    named = {"PlanReport": schema, **{f"PlanReport.{name}": part for name, part in parts.items()}}
    return {name: _relocated(part) for name, part in named.items()}


def _relocated(value: Any) -> Any:
    """A copy in which references to `$defs` are references to components."""
    if isinstance(value, dict):
        return {key: _component(item) if key == "$ref" else _relocated(item) for key, item in value.items()}
    return [_relocated(item) for item in value] if isinstance(value, list) else value


def _component(reference: str) -> str:
    return reference.replace("#/$defs/", "#/components/schemas/PlanReport.")


def schema_folder() -> Path:
    """The JSON Schemas that come with the service. Raises PackageDataMissing."""
    return data_folder(DataFolder.SCHEMAS)
