"""Errors of an exchange with the EHR, as a closed tree.

    EHRError
     +- ConnectionLost       no complete response; the client raises Unreachable or OutcomeUnknown for it
     +- Unreachable          no connection, or no response on it
     +- Unauthorised         401
     +- Forbidden            403
     +- NotFound             404, 410
     +- Refused              400, 422 and others that reject the request itself
     +- Conflict             409
     |   +- PreconditionFailed   412
     +- ServerFault          429 and 5xx, after every retry
     +- BadAnswer            a response that is not FHIR JSON: HTML, truncated, redirected
     |   +- PartialAnswer    a part of one resource, by status or Content-Range
     +- PageFailed           a later page of a search is missing
     +- ResponseTooLarge     more pages or bytes than the settings allow
     +- RecordsOfOthers      most records of a search by patient belong to another patient
     +- WrongOrigin          a link to another server, which must not receive the token
     +- OutcomeUnknown       the response to a write was lost

Each says what was attempted, what happened and what to do. None holds an address, an id or a text of the server, which
can contain patient data. Of an OperationOutcome only codes and element paths are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from titrate.messages import Message, ehr_errors

SEVERITIES = frozenset({"fatal", "error", "warning", "information"})
# FHIR R4 IssueType, a closed set. Any other value could be a name.
ISSUE_TYPES = frozenset(
    [
        "invalid",
        "structure",
        "required",
        "value",
        "invariant",
        "security",
        "login",
        "unknown",
        "expired",
        "forbidden",
        "suppressed",
        "processing",
        "not-supported",
        "duplicate",
        "multiple-matches",
        "not-found",
        "deleted",
        "too-long",
        "code-invalid",
        "extension",
        "too-costly",
        "business-rule",
        "conflict",
        "transient",
        "lock-error",
        "no-store",
        "exception",
        "timeout",
        "incomplete",
        "throttled",
        "informational",
    ]
)
# Codes of an issue by which a server says that its answer is not whole, whatever the severity.
INCOMPLETE_CODES = frozenset({"incomplete", "suppressed", "timeout", "too-costly", "forbidden", "throttled"})
ELEMENT_PATH = re.compile(r"[A-Za-z][A-Za-z0-9.\[\]]{0,119}")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an OperationOutcome: its severity, its code, and the elements that it names."""

    severity: str
    code: str
    expression: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" at {', '.join(self.expression)}" if self.expression else ""
        return f"{self.severity} {self.code}{where}"


class EHRError(Exception):
    """An exchange with the EHR failed. `exchange` names it without ids, such as `search Observation`."""

    code: ClassVar[str] = "ehr-error"
    explanation: ClassVar[Message] = ehr_errors.EhrExchangeFailed()

    def __init__(
        self,
        exchange: str,
        detail: Message | str | None = None,
        *,
        status: int | None = None,
        issues: tuple[Issue, ...] = (),
    ) -> None:
        self.exchange = exchange
        self.detail = detail
        self.status = status
        self.issues = issues
        super().__init__(" ".join(map(str, self._sentences())))

    def _sentences(self) -> list[Message | str]:
        if self.status:
            text: Message = ehr_errors.EhrErrorTextWithStatus(
                exchange=self.exchange, status=self.status, explanation=self.explanation
            )
        else:
            text = ehr_errors.EhrErrorText(exchange=self.exchange, explanation=self.explanation)
        named = [ehr_errors.EhrNamedIssues(issues="; ".join(map(str, self.issues)))] if self.issues else []
        return [text, *([self.detail] if self.detail else []), *named]


class ConnectionLost(EHRError):
    """No complete response arrived. `sent` is false only when the request cannot have reached the server."""

    code = "connection-lost"
    explanation = ehr_errors.EhrConnectionLost()

    def __init__(
        self, exchange: str, detail: Message | str | None = None, *, sent: bool = True, retryable: bool = True
    ) -> None:
        self.sent = sent
        self.retryable = retryable
        super().__init__(exchange, detail)


class Unreachable(EHRError):
    """No connection, or no response on it."""

    code = "unreachable"
    explanation = ehr_errors.EhrUnreachable()


class Unauthorised(EHRError):
    """401: the token is missing, wrong or expired."""

    code = "unauthorised"
    explanation = ehr_errors.EhrUnauthorised()


class Forbidden(EHRError):
    """403: the token is valid, its scope is not sufficient."""

    code = "forbidden"
    explanation = ehr_errors.EhrForbidden()


class NotFound(EHRError):
    """404 or 410."""

    code = "not-found"
    explanation = ehr_errors.EhrNotFound()


class Refused(EHRError):
    """400, 422 and others: the request itself is wrong."""

    code = "refused"
    explanation = ehr_errors.EhrRefused()


class Conflict(EHRError):
    """409: another write came first."""

    code = "conflict"
    explanation: ClassVar[Message] = ehr_errors.EhrConflict()


class PreconditionFailed(Conflict):
    """412: the version that was read is not the newest, or several resources match an identifier."""

    code = "precondition-failed"
    explanation = ehr_errors.EhrPreconditionFailed()


class ServerFault(EHRError):
    """429 or 5xx after every retry. `retry_after` is the number of seconds that the server asked for, or None."""

    code = "server-fault"
    explanation = ehr_errors.EhrServerFault()
    retry_after: float | None = None


class BadAnswer(EHRError):
    """HTML, broken JSON, a redirect, or another resource than the one requested."""

    code = "bad-answer"
    explanation: ClassVar[Message] = ehr_errors.EhrBadResponse()


class PartialAnswer(BadAnswer):
    """A part of a resource that is needed as a whole."""

    explanation = ehr_errors.EhrPartialAnswer()


class PageFailed(EHRError):
    """Some pages of a search arrived, the rest did not."""

    code = "page-failed"
    explanation = ehr_errors.EhrPageMissing()


class ResponseTooLarge(EHRError):
    """The response exceeds a limit of the settings."""

    code = "too-much"
    explanation = ehr_errors.EhrResponseTooLarge()


class RecordsOfOthers(EHRError):
    """A search by patient returned mostly the records of others, or records whose references name another server."""

    code = "other-patients"
    explanation = ehr_errors.EhrOtherPatients()


class WrongOrigin(EHRError):
    """A next link leads to another scheme, host or port."""

    code = "wrong-origin"
    explanation = ehr_errors.EhrWrongOrigin()


class OutcomeUnknown(EHRError):
    """A write was sent, and nothing says whether it was carried out."""

    code = "outcome-unknown"
    explanation = ehr_errors.EhrOutcomeUnknown()


ERROR_BY_STATUS: Mapping[int, type[EHRError]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: PreconditionFailed,
    408: ServerFault,
    425: ServerFault,
    429: ServerFault,
}


def error_for_status(exchange: str, status: int, outcome: object = None) -> EHRError:
    """The typed error for a response with `status`, with the issues of the OperationOutcome in its body, if any."""
    default = ServerFault if status >= 500 else BadAnswer if status < 400 else Refused
    return ERROR_BY_STATUS.get(status, default)(exchange, status=status, issues=outcome_issues(outcome))


def outcome_issues(outcome: object) -> tuple[Issue, ...]:
    """The issues of an OperationOutcome without its free texts; empty for anything else.

    A single issue in place of a list is one. Anything else in the place of an issue counts as an error.
    """
    if not isinstance(outcome, Mapping) or outcome.get("resourceType") != "OperationOutcome":
        return ()
    issues = outcome.get("issue")
    listed = issues if isinstance(issues, list) else [] if issues is None else [issues]
    return tuple(_issue(issue if isinstance(issue, Mapping) else {}) for issue in listed)


def incomplete_issues(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """The issues by which a server says that its answer is not whole."""
    return tuple(one for one in issues if one.severity in ("fatal", "error") or one.code in INCOMPLETE_CODES)


def _issue(issue: Mapping[str, Any]) -> Issue:
    expression = issue.get("expression")
    paths = expression if isinstance(expression, list) else []
    return Issue(
        _known(SEVERITIES, issue.get("severity"), "error"),
        _known(ISSUE_TYPES, issue.get("code"), "unknown"),
        tuple(path for path in paths if isinstance(path, str) and ELEMENT_PATH.fullmatch(path)),
    )


def _known(codes: frozenset[str], value: object, default: str) -> str:
    return value if isinstance(value, str) and value in codes else default
