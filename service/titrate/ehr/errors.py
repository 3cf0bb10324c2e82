"""What can go wrong between us and an EHR, as a closed tree of errors.

    EHRError
     +- Unreachable          no connection, or none that lasted
     +- Unauthorised         401
     +- Forbidden            403
     +- NotFound             404, 410
     +- Refused              400, 422 and other answers that say the request is wrong
     +- Conflict             409
     |   +- PreconditionFailed   412
     +- ServerFault          429 and 5xx, after every retry
     +- BadAnswer            an answer that is not FHIR JSON: HTML, truncated, redirected
     +- PageFailed           a later page of a search is missing
     +- TooMuch              more pages or bytes than the settings allow
     +- WrongOrigin          a link to another server, which must not get our token
     +- OutcomeUnknown       the reply to a write was lost

Each says what was tried, what happened and what to do. None holds an address, an id or text of the server: those can
hold patient data. Of an OperationOutcome only codes and element paths are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

SEVERITIES = frozenset({"fatal", "error", "warning", "information"})
# FHIR R4 IssueType, a closed set. Whatever else a server writes there could be a name.
ISSUE_TYPES = frozenset(
    {
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
    }
)
ELEMENT_PATH = re.compile(r"[A-Za-z][A-Za-z0-9.\[\]]{0,119}")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an OperationOutcome: its severity, its code, and the elements it is about."""

    severity: str
    code: str
    expression: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" at {', '.join(self.expression)}" if self.expression else ""
        return f"{self.severity} {self.code}{where}"


class EHRError(Exception):
    """An exchange with the EHR that did not work. `what` names it, e.g. `search Observation`."""

    code: ClassVar[str] = "ehr-error"
    sentence: ClassVar[str] = "the EHR did not do what was asked."

    def __init__(
        self, what: str, detail: str = "", *, status: int | None = None, issues: tuple[Issue, ...] = ()
    ) -> None:
        self.what = what
        self.detail = detail
        self.status = status
        self.issues = issues
        super().__init__(self._text())

    def _text(self) -> str:
        answered = f" (HTTP {self.status})" if self.status else ""
        said = f" The EHR named: {'; '.join(str(issue) for issue in self.issues)}." if self.issues else ""
        detail = f" {self.detail}" if self.detail else ""
        return f"{self.what}{answered}: {self.sentence}{detail}{said}"


class Unreachable(EHRError):
    """No connection, or none that lasted for an answer."""

    code = "unreachable"
    sentence = "the EHR cannot be reached. Check TITRATE_FHIR_URL, the network, and that the server is up."


class Unauthorised(EHRError):
    """401: the token is missing, wrong or old."""

    code = "unauthorised"
    sentence = "the EHR does not accept our token. Renew it and set TITRATE_TOKEN_FILE or TITRATE_TOKEN."


class Forbidden(EHRError):
    """403: the token is good, its scope is not."""

    code = "forbidden"
    sentence = "the EHR does not allow this. Ask its owner to grant the scope for this resource type."


class NotFound(EHRError):
    """404 or 410."""

    code = "not-found"
    sentence = "the EHR does not have this. Check the id, and that TITRATE_FHIR_URL ends at the FHIR base."


class Refused(EHRError):
    """400, 422 and their like: the request itself is wrong."""

    code = "refused"
    sentence = "the EHR says the request is wrong; sending it again will not help. See the elements named, if any."


class Conflict(EHRError):
    """409: another write came first."""

    code = "conflict"
    sentence = "someone else changed this in the meantime. Read it again before deciding anything."


class PreconditionFailed(Conflict):
    """412: the version we saw is not the newest, or several resources match an identifier."""

    code = "precondition-failed"
    sentence = (
        "someone else changed this in the meantime, or one identifier matches several resources. Read it again "
        "before deciding anything."
    )


class ServerFault(EHRError):
    """429 or 5xx after every retry. `retry_after` is how many seconds the server asked for, if it did."""

    code = "server-fault"
    sentence = "the EHR failed, also when asked again. Try later; if it lasts, tell the EHR's owner."

    def __init__(
        self,
        what: str,
        detail: str = "",
        *,
        status: int | None = None,
        issues: tuple[Issue, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, detail, status=status, issues=issues)
        self.retry_after = retry_after


class BadAnswer(EHRError):
    """HTML, broken JSON, a redirect, or another resource than the one asked for."""

    code = "bad-answer"
    sentence = "the answer is not FHIR JSON. Check that TITRATE_FHIR_URL is a FHIR base and no sign-in page."


class PageFailed(EHRError):
    """Some of a search came, the rest did not."""

    code = "page-failed"
    sentence = "a later page of the answer is missing. Nothing is decided on half of the data; run again."


class ResponseTooLarge(EHRError):
    """A cap of the settings was reached."""

    code = "too-much"
    sentence = "the answer is larger than the settings allow. Raise TITRATE_MAX_PAGES or lower TITRATE_LOOKBACK_DAYS."


class WrongOrigin(EHRError):
    """A next link leads to another scheme, host or port."""

    code = "wrong-origin"
    sentence = (
        "the answer links to another server, which must not get our token. Set the server's own base address "
        "to the one in TITRATE_FHIR_URL."
    )


class OutcomeUnknown(EHRError):
    """A write was sent and nobody knows whether it was done."""

    code = "outcome-unknown"
    sentence = "the reply to a write was lost. Look for the plan in the EHR before sending it again."


BY_STATUS: Mapping[int, type[EHRError]] = {
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


def error_of(what: str, status: int, outcome: object = None) -> EHRError:
    """The typed error for an answer with `status`, with the issues of the OperationOutcome in its body, if any."""
    kind = BY_STATUS.get(status) or (ServerFault if status >= 500 else BadAnswer if status < 400 else Refused)
    return kind(what, status=status, issues=issues_of(outcome))


def issues_of(outcome: object) -> tuple[Issue, ...]:
    """The issues of an OperationOutcome without its free texts; empty when `outcome` is anything else."""
    if not isinstance(outcome, Mapping) or outcome.get("resourceType") != "OperationOutcome":
        return ()
    listed = outcome.get("issue")
    return tuple(_issue(one) for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()


def _issue(one: Mapping[str, Any]) -> Issue:
    paths = one.get("expression")
    kept = [path for path in paths if _is(ELEMENT_PATH, path)] if isinstance(paths, list) else []
    severity, code = one.get("severity"), one.get("code")
    return Issue(
        _of(SEVERITIES, severity, "error"),
        _of(ISSUE_TYPES, code, "unknown"),
        tuple(kept),
    )


def _of(known: frozenset[str], value: object, otherwise: str) -> str:
    return value if isinstance(value, str) and value in known else otherwise


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
