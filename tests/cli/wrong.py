"""Every kind of wrong input with its outcome, exit code and advice.

`python -m tests.cli.wrong` prints the table of docs/integrators.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource

AT = "2025-06-02T09:00:00+00:00"
PATIENT = "secret-id"
CODES = "https://titrate.example/fhir/CodeSystem/titrate"
UCUM = "http://unitsofmeasure.org"
WHO: dict[str, Any] = {"resourceType": "Patient", "id": PATIENT, "name": [{"text": "Ms Secret"}]}
PAIN: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3"}], "text": "Ms Secret's pain"},
    "subject": {"reference": f"Patient/{PATIENT}"},
    "effectiveDateTime": "2025-06-01T07:00:00Z",
    "valueQuantity": {"value": 3, "unit": "Secret", "system": UCUM, "code": "{score}"},
    "note": [{"text": "Ms Secret slept badly"}],
}
OTHER = {"reference": "Patient/Secret"}
REMARK = {"severity": "warning", "code": "incomplete", "diagnostics": "Ms Secret"}


@dataclass(frozen=True, slots=True)
class Unusable:
    """A resource of the EHR that is refused with this reason. The run continues: exit code 0."""

    what: str
    reason: str
    advice: str
    held: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An EHR that does not return everything of one type: no dose rises, and the type is named. Exit code 0."""

    what: str
    retrieval: str
    advice: str
    script: Script


@dataclass(frozen=True, slots=True)
class Failing:
    """An EHR, or a file in place of one, that ends the command with this outcome."""

    what: str
    outcome: str
    code: int
    advice: str
    script: Script | None = None
    file: bytes | None = None


def pain(**changes: Any) -> dict[str, Any]:
    """A pain score with other elements; None removes an element."""
    return {key: item for key, item in {**PAIN, **changes}.items() if item is not None}


def scored(value: object, unit: str = "{score}") -> dict[str, Any]:
    """The value of a score."""
    return {"value": value, "unit": "Secret", "system": UCUM, "code": unit}


UNUSABLE = [
    Unusable(
        "A code that no mapping knows",
        "not-mapped",
        "add it to measures.toml if it should count",
        pain(code={"coding": [{"system": CODES, "code": "no-such-code"}], "text": "Secret"}),
    ),
    Unusable(
        "A unit that the measure is not given in",
        "wrong-unit",
        "send the value in one of these units: {score}, 1",
        pain(valueQuantity=scored(3, "kg")),
    ),
    Unusable(
        "An implausible value",
        "implausible",
        "Morning pain, 0-10 must be between 0 and 10 points; correct it",
        pain(valueQuantity=scored(47)),
    ),
    Unusable(
        "A value of another kind", "wrong-value", "see docs/inputs.md", pain(valueQuantity=None, valueString="Secret")
    ),
    Unusable("No value, and no reason why", "no-value", "send a value or a dataAbsentReason", pain(valueQuantity=None)),
    Unusable("No date", "no-time", "send effectiveDateTime or effectivePeriod", pain(effectiveDateTime=None)),
    Unusable(
        "An invalid date", "wrong-time", "write it as 2025-01-13T07:30:00+01:00", pain(effectiveDateTime="Secret")
    ),
    Unusable(
        "A date in the future",
        "future",
        "correct the date, or decide later",
        pain(effectiveDateTime="2025-06-09T07:00:00Z"),
    ),
    Unusable(
        "An entry that was taken back or is not begun",
        "status",
        "finish the entry if it should",
        pain(status="entered-in-error"),
    ),
    Unusable(
        "Another patient's resource",
        "wrong-patient",
        "check it",
        pain(subject={"reference": "Patient/Secret"}),
    ),
    Unusable(
        "A limit that no practitioner set",
        "not-a-practitioner",
        "it needs a Practitioner or PractitionerRole as performer",
        pain(code={"coding": [{"system": CODES, "code": "pain-ceiling"}]}, valueQuantity=scored(4)),
    ),
]


def ehr(**answers: Reply) -> Script:
    """An EHR with one patient, with these responses by type and no results for other types."""
    known = {"Patient": resource(WHO), **answers}
    return lambda request: known.get(kind_of(request), page())


def kind_of(request: ReceivedRequest) -> str:
    """The requested resource type."""
    return request.path.split("/")[2].partition("?")[0]


def second_page_fails(request: ReceivedRequest) -> Reply:
    """The first page of Conditions links to a missing page."""
    if "page=2" in request.path:
        return outcome(404, "not-found")
    return ehr(Condition=page(following="/fhir/Condition?page=2"))(request)


def always(reply: Reply) -> Script:
    """The same response to every request."""
    return lambda _: reply


FAILING = [
    Failing(
        "No network, or no server there",
        "unreachable",
        3,
        "Check TITRATE_FHIR_URL, the network, and that the server is up.",
    ),
    Failing(
        "401: no token, or an old one",
        "unauthorised",
        1,
        "Renew it and set TITRATE_TOKEN_FILE or TITRATE_TOKEN.",
        always(outcome(401, "login")),
    ),
    Failing(
        "404: no such patient",
        "not-found",
        1,
        "Check the id, and that TITRATE_FHIR_URL ends at the FHIR base.",
        always(outcome(404, "not-found")),
    ),
    Failing(
        "429 or 500, also after retries",
        "server-fault",
        1,
        "Try again later; if it persists, contact the EHR's operator.",
        always(outcome(500, "exception", retry_after="0")),
    ),
    Failing(
        "A sign-in page in place of FHIR",
        "bad-answer",
        1,
        "Check that TITRATE_FHIR_URL is a FHIR base address and not a sign-in page.",
        always(Reply(body=b"<html>Ms Secret", headers={"Content-Type": "text/html"})),
    ),
    Failing(
        "Broken JSON in place of the Patient",
        "bad-answer",
        1,
        "Check that TITRATE_FHIR_URL is a FHIR base address and not a sign-in page.",
        ehr(Patient=Reply(body=b'{"resourceType": "Patient", "name": [{"Ms Secret"')),
    ),
    Failing(
        "Records of another patient",
        "other-patients",
        1,
        "Check that TITRATE_FHIR_URL is the address that the EHR uses in its references",
        ehr(Observation=page(pain(subject=OTHER), pain(id="o2", subject=OTHER))),
    ),
    Failing(
        "Broken JSON in a file",
        "broken-json",
        2,
        "Not valid JSON at line 1",
        file=b'{"resourceType": "Ms Secret',
    ),
    Failing(
        "A file that is no Bundle",
        "not-a-bundle",
        2,
        "put the Patient and the resources of that patient into one collection Bundle",
        file=b'{"resourceType": "Patient", "id": "secret-id"}',
    ),
    Failing(
        "A Bundle without a Patient",
        "no-patient",
        2,
        "add the patient whose plan it is",
        file=b'{"resourceType": "Bundle", "type": "collection", "entry": []}',
    ),
    Failing(
        "A Bundle with two Patients",
        "several-patients",
        2,
        "send exactly one, with that patient's resources",
        file=b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "a"}},'
        b' {"resource": {"resourceType": "Patient", "id": "b"}}]}',
    ),
    Failing(
        "A Bundle with records of another patient",
        "other-patients",
        2,
        "check the server addresses in their references, and send the records of one patient",
        file=b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "a"}},'
        b' {"resource": {"resourceType": "Goal", "id": "1", "subject": {"reference": "Patient/secret-id"}}},'
        b' {"resource": {"resourceType": "Goal", "id": "2", "subject": {"reference": "Patient/secret-id"}}}]}',
    ),
]


INCOMPLETE = [
    Incomplete(
        "403: the token lacks a scope",
        "withheld",
        "Ask its operator to grant the scope for this resource type.",
        ehr(Condition=outcome(403, "forbidden"), metadata=outcome(403, "forbidden")),
    ),
    Incomplete(
        "400: the EHR does not know a search parameter",
        "withheld",
        "repeating it will not help. Check the elements that it reports, if any.",
        ehr(Condition=outcome(400, "invalid"), metadata=outcome(404, "x")),
    ),
    Incomplete(
        "429 or 500 for one type, also after retries",
        "withheld",
        "Try again later; if it persists, contact the EHR's operator.",
        ehr(Condition=outcome(500, "exception", retry_after="0")),
    ),
    Incomplete(
        "Broken JSON in the answer for one type",
        "withheld",
        "Check that TITRATE_FHIR_URL is a FHIR base address and not a sign-in page.",
        ehr(Condition=Reply(body=b'{"resourceType": "Bundle", "entry": [{"Ms Secret"')),
    ),
    Incomplete(
        "A total that is no whole number",
        "partial",
        "The total of the search cannot be read.",
        ehr(Condition=resource({"resourceType": "Bundle", "type": "searchset", "total": "9"})),
    ),
    Incomplete("A page of a search fails", "partial", "A further page of the search was not read.", second_page_fails),
    Incomplete(
        "A next link to another server",
        "partial",
        "Configure the EHR to use the base address of TITRATE_FHIR_URL in its links.",
        ehr(Condition=page(following="http://secret.example/Secret")),
    ),
    Incomplete(
        "An outcome that says that the answer is not whole",
        "partial",
        "The EHR says that its answer is not whole: warning incomplete.",
        ehr(Condition=page({"resourceType": "OperationOutcome", "issue": [REMARK]})),
    ),
    Incomplete(
        "Fewer records than the total",
        "partial",
        "The EHR reported a total of 9 records but returned 0.",
        ehr(Condition=resource({"resourceType": "Bundle", "type": "searchset", "total": 9})),
    ),
]


def table() -> Iterator[str]:
    """The lines of the table in docs/integrators.md."""
    yield "| what is wrong | outcome | exit | what to do |"
    yield "|---|---|---|---|"
    yield from (f"| {one.what} | `{one.reason}` | 0 | {sentence(one.advice)} |" for one in UNUSABLE)
    yield from (f"| {one.what} | `{one.retrieval}` | 0 | {sentence(one.advice)} |" for one in INCOMPLETE)
    yield from (f"| {one.what} | `{one.outcome}` | {one.code} | {sentence(one.advice)} |" for one in FAILING)


def sentence(words: str) -> str:
    """With a capital letter."""
    return words[:1].upper() + words[1:]


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
