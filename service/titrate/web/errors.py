"""Errors of the HTTP service, as a closed tree.

    WebError
     +- Problem         the request is answered with this problem
     +- InvalidToken    a JSON Web Token that must not be trusted
     +- AuthFileError   a file of tokens or keys cannot be used; the service does not start

A problem never repeats what the client sent: a value, a name or an address could be a patient's.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from titrate.json_codec import DEFAULT_LIMITS
from titrate.messages import Message, http_errors


class ProblemType(Enum):
    """Every problem: its code, the HTTP status, the FHIR issue type, and a sentence that says what to do."""

    BROKEN_JSON = (
        "broken-json",
        400,
        "structure",
        http_errors.HttpBrokenJson(levels=DEFAULT_LIMITS.max_depth, digits=DEFAULT_LIMITS.max_digits),
    )
    UNUSABLE_REQUEST = ("unusable-request", 400, "invalid", http_errors.HttpUnusableRequest())
    NO_TOKEN = ("no-token", 401, "login", http_errors.HttpTokenRequired())
    WRONG_TOKEN = ("wrong-token", 401, "login", http_errors.HttpTokenUnknown())
    NOT_ALLOWED = ("not-allowed", 403, "forbidden", http_errors.HttpNotPermitted())
    NOT_FROM_HERE = ("not-from-here", 403, "security", http_errors.HttpLocalOnly())
    CROSS_SITE = ("cross-site", 403, "security", http_errors.HttpCrossSite())
    NOT_FOUND = ("not-found", 404, "not-found", http_errors.HttpNotFound())
    NO_SUCH_PATIENT = ("no-such-patient", 404, "not-found", http_errors.HttpNoSuchResource())
    NO_SUCH_METHOD = ("no-such-method", 405, "not-supported", http_errors.HttpMethodNotSupported())
    TOO_SLOW = ("too-slow", 408, "timeout", http_errors.HttpBodyTimeout())
    BUSY = ("busy", 409, "lock-error", http_errors.HttpPatientBusy())
    CONFLICT = ("conflict", 409, "conflict", http_errors.HttpConflict())
    TOO_LARGE = ("too-large", 413, "too-long", http_errors.HttpBodyTooLarge())
    WRONG_MEDIA_TYPE = ("wrong-media-type", 415, "not-supported", http_errors.HttpWrongMediaType())
    WRONG_PARAMETER = ("wrong-parameter", 422, "invalid", http_errors.HttpInvalidParameter())
    NOT_A_DOSE = ("not-a-dose", 422, "value", http_errors.HttpInvalidDose())
    NOT_A_BUNDLE = ("not-a-bundle", 422, "structure", http_errors.HttpNotABundle())
    NO_PATIENT = ("no-patient", 422, "required", http_errors.HttpNoPatient())
    SEVERAL_PATIENTS = ("several-patients", 422, "multiple-matches", http_errors.HttpSeveralPatients())
    OTHER_PATIENTS = ("other-patients", 422, "conflict", http_errors.HttpOtherPatients())
    NO_ENROLMENT = ("nobody-enrolled", 422, "invalid", http_errors.HttpNoEnrolment())
    TOO_MANY = ("too-many", 422, "too-costly", http_errors.HttpTooManyPatients())
    FAULTY_PLAN = ("faulty-plan", 500, "exception", http_errors.HttpInvalidPlan())
    INTERNAL = ("internal", 500, "exception", http_errors.HttpInternalError())
    PLAN_REFUSED = ("plan-refused", 502, "processing", http_errors.HttpPlanRejected())
    PLAN_UNKNOWN = ("plan-unknown", 502, "incomplete", http_errors.HttpPlanUnknown())
    EHR_FAILED = ("ehr-failed", 502, "transient", http_errors.HttpEhrFailed())
    EHR_UNAUTHORISED = ("ehr-unauthorised", 502, "security", http_errors.HttpEhrUnauthorised())
    EHR_UNREACHABLE = ("ehr-unreachable", 503, "transient", http_errors.HttpEhrUnreachable())
    NO_EHR = ("no-ehr", 503, "not-supported", http_errors.HttpNoEhr())
    LEDGER_UNUSABLE = ("ledger-unusable", 503, "transient", http_errors.HttpLedgerUnusable())
    OUT_OF_TIME = ("out-of-time", 504, "timeout", http_errors.HttpOutOfTime())

    def __init__(self, code: str, status: int, issue_type: str, title: Message) -> None:
        self.code = code
        self.status = status
        self.issue_type = issue_type
        self.title = str(title)


class WebError(Exception):
    """Base of all errors of the HTTP service."""


class Problem(WebError):
    """Answer the request with this problem. `members` are extension members (RFC 9457) without patient data."""

    def __init__(self, problem_type: ProblemType, detail: Message | str | None = None, **members: Any) -> None:
        self.type = problem_type
        self.detail = None if detail is None else str(detail)
        self.members = members
        super().__init__(problem_type.code)


class InvalidToken(WebError):
    """The token must not be trusted. The error holds no part of it."""


class AuthFileError(WebError):
    """The files that name the clients cannot be used. Lists every mistake and shows no part of a token."""

    def __init__(self, problems: Iterable[Message]) -> None:
        super().__init__("\n".join(map(str, problems)))


def problem_details(problem: Problem, request_id: str) -> dict[str, Any]:
    """RFC 9457 Problem Details. `type` links to the problem in the service's own documentation."""
    document: dict[str, Any] = {
        "type": f"/docs#{problem.type.code}",
        "title": problem.type.title,
        "status": problem.type.status,
        "code": problem.type.code,
        "request": request_id,
    }
    return {**document, **({"detail": problem.detail} if problem.detail else {}), **problem.members}


def operation_outcome(problem: Problem, request_id: str) -> dict[str, Any]:
    """The same problem as a FHIR OperationOutcome, with one more issue for each invalid field."""
    sentences = [problem.type.title, problem.detail, str(http_errors.HttpRequestId(request=request_id))]
    text = " ".join(sentence for sentence in sentences if sentence)
    fields = [
        http_errors.HttpFieldError(field=error["at"], error=error["message"])
        for error in problem.members.get("errors", ())
    ]
    issues = [
        _issue(problem.type.issue_type, problem.type.code, text),
        *(_issue("value", problem.type.code, str(field)) for field in fields),
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(issue_type: str, code: str, diagnostics: str) -> dict[str, Any]:
    return {"severity": "error", "code": issue_type, "details": {"text": code}, "diagnostics": diagnostics}
