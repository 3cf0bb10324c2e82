"""Everything that the HTTP service can answer instead of a result: a closed list, each with status, code and remedy.

A problem never repeats what it was given: a value, a name or an address could be a patient's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the list: the HTTP status, the FHIR issue type, and a sentence that says what to do."""

    status: int
    issue: str
    title: str


KINDS: Mapping[str, Kind] = {
    "broken-json": Kind(
        400,
        "structure",
        "The body is not JSON that can be used: UTF-8, no name twice in an object, 100 levels, 40 digits a number.",
    ),
    "unusable-request": Kind(400, "invalid", "The request cannot be read."),
    "no-token": Kind(401, "login", "A bearer token is needed."),
    "wrong-token": Kind(401, "login", "The bearer token is not known, or no longer valid."),
    "not-allowed": Kind(403, "forbidden", "The token does not allow this."),
    "not-from-here": Kind(403, "security", "Without authentication only this machine's own programs are answered."),
    "cross-site": Kind(403, "security", "A page of another site asked for this: it is not answered."),
    "not-found": Kind(404, "not-found", "There is nothing at this address."),
    "no-such-patient": Kind(404, "not-found", "The EHR does not know this resource."),
    "no-such-method": Kind(405, "not-supported", "This address does not take this method."),
    "too-slow": Kind(408, "timeout", "The body did not arrive in time."),
    "busy": Kind(409, "lock-error", "Another run works on this patient: try again in a minute."),
    "conflict": Kind(409, "conflict", "Somebody changed the same resources in the EHR: look, and ask again."),
    "too-large": Kind(413, "too-long", "The body is larger than this service takes: send fewer resources."),
    "wrong-media-type": Kind(415, "not-supported", "Send the body as application/json or application/fhir+json."),
    "wrong-parameter": Kind(422, "invalid", "A parameter or field cannot be used: see the list."),
    "not-a-dose": Kind(
        422, "value", "A dose cannot be used: write an amount of a session, or 3x8@40, for an exercise of it."
    ),
    "not-a-bundle": Kind(422, "structure", "The body is no FHIR Bundle with entries."),
    "no-patient": Kind(422, "required", "The Bundle holds no Patient: exactly one is needed."),
    "several-patients": Kind(422, "multiple-matches", "The Bundle holds several Patients: exactly one is needed."),
    "nobody-enrolled": Kind(422, "invalid", "It is not said who is enrolled, or the choice cannot be used."),
    "too-many": Kind(422, "too-costly", "More patients are enrolled than one request does: use `titrate sync`."),
    "faulty-plan": Kind(500, "exception", "The plan that was made is not valid FHIR. Nothing was sent: report it."),
    "internal": Kind(500, "exception", "A fault of this service: report it with the request's id."),
    "plan-refused": Kind(502, "processing", "The EHR refused the plan and wrote nothing of it."),
    "plan-unknown": Kind(
        502, "incomplete", "The reply to the plan was lost: look for it in the EHR before asking again."
    ),
    "ehr-failed": Kind(502, "transient", "The EHR did not give an answer that can be used."),
    "ehr-unauthorised": Kind(502, "security", "The EHR does not accept this service's token, or not for this."),
    "ehr-unreachable": Kind(503, "transient", "The EHR cannot be reached."),
    "no-ehr": Kind(503, "not-supported", "No EHR is set: this service can only look at Bundles (TITRATE_FHIR_URL)."),
    "ledger-unusable": Kind(503, "transient", "The ledger cannot be used. Nothing was written."),
    "out-of-time": Kind(
        504, "timeout", "It took longer than one request may. If a plan was to be written, look for it in the EHR."
    ),
}


class Problem(Exception):
    """The answer is this problem. `detail` is a sentence of ours; `more` are members of ours, without patient data."""

    def __init__(self, code: str, detail: str | None = None, **more: Any) -> None:
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.more = more
        super().__init__(code)


def details(problem: Problem, request: str) -> dict[str, Any]:
    """RFC 9457 Problem Details. `type` leads to the sentence in the service's own documentation."""
    found: dict[str, Any] = {
        "type": f"/docs#{problem.code}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "code": problem.code,
        "request": request,
    }
    return {**found, **({"detail": problem.detail} if problem.detail else {}), **problem.more}


def outcome(problem: Problem, request: str) -> dict[str, Any]:
    """The same as a FHIR OperationOutcome. Each field that cannot be used is an issue of its own."""
    text = f"{problem.kind.title} {problem.detail}" if problem.detail else problem.kind.title
    first = _issue(problem.kind.issue, problem.code, f"{text} Request {request}.")
    fields = [_issue("value", problem.code, f"{one['at']}: {one['message']}") for one in problem.more.get("errors", ())]
    return {"resourceType": "OperationOutcome", "issue": [first, *fields]}


def _issue(kind: str, code: str, text: str) -> dict[str, Any]:
    return {"severity": "error", "code": kind, "details": {"text": code}, "diagnostics": text}
