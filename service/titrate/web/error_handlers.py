"""Whatever goes wrong becomes one of our problems: as Problem Details, or an OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from titrate.app.pipeline import InvalidPlan
from titrate.app.plan_one import PatientBusy
from titrate.ehr.errors import EHRError
from titrate.event_log import Event, error_location
from titrate.ledger.database import LedgerUnusable
from titrate.web.app_context import app_context
from titrate.web.errors import Problem, details, outcome
from titrate.web.json_body import FHIR_JSON, JSON, PROBLEM_JSON, answer

OF_THE_EHR = {
    "unreachable": "ehr-unreachable",
    "unauthorised": "ehr-unauthorised",
    "forbidden": "ehr-unauthorised",
    "not-found": "no-such-patient",
    "conflict": "conflict",
    "precondition-failed": "conflict",
    "outcome-unknown": "plan-unknown",
}
OF_HTTP = {
    404: "not-found", 405: "no-such-method", 408: "too-slow", 413: "too-large", 415: "wrong-media-type",
    422: "wrong-parameter",
}  # fmt: skip
AGAIN_SECONDS = {"busy": 60, "ehr-unreachable": 30, "ledger-unusable": 30}


def answer_failures(app: Flask) -> None:
    """Answer every exception by a problem."""
    app.register_error_handler(Exception, failed)


def failed(error: Exception) -> Response:
    """The answer to an exception."""
    problem = error if isinstance(error, Problem) else problem_of(error)
    g.problem = problem.code
    app_context().metrics.problems.labels(problem.code).inc()
    response = rendered(problem)
    if isinstance(error, HTTPException) and error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def rendered(problem: Problem) -> Response:
    """A problem in the form that the client wants."""
    offered = [PROBLEM_JSON, JSON, FHIR_JSON]
    wants_fhir = request.accept_mimetypes.best_match(offered) == FHIR_JSON
    body, media = (outcome, FHIR_JSON) if wants_fhir else (details, PROBLEM_JSON)
    response = answer(body(problem, g.request), problem.kind.status, media)
    if problem.kind.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="titrate"'
    if problem.code in AGAIN_SECONDS:
        response.headers["Retry-After"] = str(AGAIN_SECONDS[problem.code])
    return response


def problem_of(error: Exception) -> Problem:
    """The problem that an exception stands for. Text of others is not repeated."""
    if isinstance(error, EHRError):
        return Problem(OF_THE_EHR.get(error.code, "ehr-failed"), str(error), ehr=error.code)
    if isinstance(error, PatientBusy):
        return Problem("busy")
    if isinstance(error, LedgerUnusable):
        return Problem("ledger-unusable")
    if isinstance(error, HTTPException):
        return _of_http(error)
    code = "faulty-plan" if isinstance(error, InvalidPlan) else "internal"
    _report(error)
    return Problem(code)


def _of_http(error: HTTPException) -> Problem:
    code = OF_HTTP.get(error.code or 400, "unusable-request")
    told = getattr(error, "data", None)
    return Problem(code, errors=fields_of(told)) if isinstance(told, Mapping) else Problem(code)


def fields_of(told: Mapping[str, Any]) -> list[dict[str, str]]:
    """Each field that cannot be used, with our sentence. A name that is not one of ours is not repeated."""
    schema = told.get("schema")
    known = set() if schema is None else {field.data_key or name for name, field in schema.fields.items()}
    found = []
    for where, fields in dict(told.get("messages", {})).items():
        for name, said in fields.items() if isinstance(fields, Mapping) else ():
            place = f"{where}.{name}" if name in known else where
            found.append({"at": place, "message": _sentence(said)})
    return found


def _sentence(said: Any) -> str:
    return " ".join(str(one) for one in said) if isinstance(said, list) else "Cannot be used."


def _report(error: Exception) -> None:
    """Say in the log what kind of fault it was and where, and nothing that it says."""
    kind = type(error).__name__[:48]
    app_context().journal.note(
        Event.FAULT, request=_number(), operation=request.endpoint or "none", reason=kind, place=error_location(error)
    )


def _number() -> str:
    return g.request if g.request.startswith("r") else f"r:{g.request}"
