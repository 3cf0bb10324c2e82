"""Maps every exception to a problem, and renders it as Problem Details or as an OperationOutcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from titrate.app.errors import AppError, EnrolmentError, InvalidPlan, NotAPractitioner, PatientBusy
from titrate.ehr import errors as ehr_errors
from titrate.event_log import Event, error_location
from titrate.fhir.errors import FhirError, InvalidDose, NotABundle
from titrate.ledger.errors import LedgerUnusable
from titrate.messages import http_errors
from titrate.web.app_context import app_context
from titrate.web.errors import Problem, ProblemType, operation_outcome, problem_details
from titrate.web.json_body import FHIR_JSON, JSON, PROBLEM_JSON, json_response
from titrate.web.middleware import request_code

EHR_PROBLEMS: Mapping[type[ehr_errors.EHRError], ProblemType] = {
    ehr_errors.Unreachable: ProblemType.EHR_UNREACHABLE,
    ehr_errors.Unauthorised: ProblemType.EHR_UNAUTHORISED,
    ehr_errors.Forbidden: ProblemType.EHR_UNAUTHORISED,
    ehr_errors.NotFound: ProblemType.NO_SUCH_PATIENT,
    ehr_errors.Conflict: ProblemType.CONFLICT,
    ehr_errors.PreconditionFailed: ProblemType.CONFLICT,
    ehr_errors.OutcomeUnknown: ProblemType.PLAN_UNKNOWN,
}
ERROR_PROBLEMS: Mapping[type[AppError | FhirError], ProblemType] = {
    EnrolmentError: ProblemType.NO_ENROLMENT,
    InvalidDose: ProblemType.NOT_A_DOSE,
    InvalidPlan: ProblemType.FAULTY_PLAN,
    NotABundle: ProblemType.NOT_A_BUNDLE,
    NotAPractitioner: ProblemType.WRONG_PARAMETER,
    PatientBusy: ProblemType.BUSY,
}
HTTP_PROBLEMS: Mapping[int, ProblemType] = {
    HTTPStatus.NOT_FOUND: ProblemType.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ProblemType.NO_SUCH_METHOD,
    HTTPStatus.REQUEST_TIMEOUT: ProblemType.TOO_SLOW,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemType.TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ProblemType.WRONG_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY: ProblemType.WRONG_PARAMETER,
}
DEFECTS = frozenset({ProblemType.FAULTY_PLAN, ProblemType.INTERNAL})
INVALID_FIELD = str(http_errors.HttpInvalidField())
RETRY_AFTER_SECONDS: Mapping[ProblemType, int] = {
    ProblemType.BUSY: 60,
    ProblemType.EHR_UNREACHABLE: 30,
    ProblemType.LEDGER_UNUSABLE: 30,
}


def register_error_handlers(app: Flask) -> None:
    """Answer every exception that is not an HTTPException; `Api.handle_http_exception` answers those."""
    app.register_error_handler(Exception, error_response)


def error_response(error: Exception) -> Response:
    """The response to an exception, counted by its code."""
    problem = error if isinstance(error, Problem) else problem_of(error)
    g.problem = problem.type.code
    app_context().metrics.problems.labels(problem.type.code).inc()
    response = problem_response(problem)
    if isinstance(error, HTTPException) and error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def problem_response(problem: Problem) -> Response:
    """The problem in the media type that the client accepts."""
    if request.accept_mimetypes.best_match([PROBLEM_JSON, JSON, FHIR_JSON]) == FHIR_JSON:
        body, media_type = operation_outcome(problem, g.request_id), FHIR_JSON
    else:
        body, media_type = problem_details(problem, g.request_id), PROBLEM_JSON
    response = json_response(body, problem.type.status, media_type)
    if problem.type.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="titrate"'
    if problem.type in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[problem.type])
    return response


def problem_of(error: Exception) -> Problem:
    """The problem for an exception. Only the text of an EHRError, which holds no patient data, is repeated."""
    if isinstance(error, ehr_errors.EHRError):
        return Problem(EHR_PROBLEMS.get(type(error), ProblemType.EHR_FAILED), str(error), ehr=error.code)
    if isinstance(error, LedgerUnusable):
        return Problem(ProblemType.LEDGER_UNUSABLE)
    if isinstance(error, HTTPException):
        return _http_problem(error)
    problem_type = ProblemType.INTERNAL
    if isinstance(error, AppError | FhirError):
        problem_type = ERROR_PROBLEMS.get(type(error), ProblemType.INTERNAL)
    if problem_type in DEFECTS:
        _log_fault(error)
    return Problem(problem_type)


def _http_problem(error: HTTPException) -> Problem:
    problem_type = HTTP_PROBLEMS.get(error.code or HTTPStatus.BAD_REQUEST, ProblemType.UNUSABLE_REQUEST)
    validation = getattr(error, "data", None)
    if not isinstance(validation, Mapping):
        return Problem(problem_type)
    return Problem(problem_type, errors=[*_field_errors(validation)])


def _field_errors(validation: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Each invalid field with its sentence. A name that the schema does not know is not repeated."""
    schema = validation.get("schema")
    known = set() if schema is None else {field.data_key or name for name, field in schema.fields.items()}
    for location, fields in dict(validation.get("messages", {})).items():
        for name, messages in fields.items() if isinstance(fields, Mapping) else ():
            place = f"{location}.{name}" if name in known else location
            listed = isinstance(messages, list)
            yield {"at": place, "message": " ".join(map(str, messages)) if listed else INVALID_FIELD}


def _log_fault(error: Exception) -> None:
    """Log the class of the exception and where it was raised, never its text."""
    app_context().event_log.note(
        Event.FAULT,
        request=request_code(),
        operation=request.endpoint or "none",
        reason=type(error).__name__[:48],
        place=error_location(error),
    )
