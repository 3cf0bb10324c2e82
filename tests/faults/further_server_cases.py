"""Further EHRs that refuse, that say that an answer is incomplete, or that want to be searched in another way."""

from __future__ import annotations

from tests.ehr.odd_server import Reply, outcome
from tests.faults import form_cases, search_cases
from tests.faults.completeness_cases import FORBIDDEN, TYPES, remark, reply, searchset, without
from tests.faults.expectations import NO_RISE, RISES, Answer, Case, flag, not_complete
from tests.faults.records import SUBJECT, Json, added, observation

YES = observation("rf09", valueBoolean=True)
TWO_ISSUES = [{"severity": "information", "code": "informational"}, {"severity": "error", "code": "processing"}]
REFERRED = {
    "resourceType": "MedicationRequest",
    "id": "m-1",
    "status": "active",
    "intent": "order",
    "subject": SUBJECT,
    "authoredOn": "2025-01-12",
    "medicationReference": {"reference": "Medication/med"},
}


def by_a_client() -> Json:
    """A statement in which only a client has Condition."""
    statement = without("Condition")
    client = {"mode": "client", "resource": [{"type": "Condition", "interaction": [{"code": "search-type"}]}]}
    return {**statement, "rest": [*statement["rest"], client]}


def appended(entry: Json) -> Answer:
    """The usual page and this entry."""
    return searchset(lambda bundle: bundle["entry"].append(entry))


def no_entries(bundle: Json) -> None:
    """Null in place of an empty list."""
    bundle["entry"] = bundle["entry"] or None


EHR_CASES = (
    Case(
        "observations refused and not listed",
        not_complete("Observation"),
        answers={"Observation": reply(FORBIDDEN)},
        statement=without("Observation"),
    ),
    Case(
        "procedures refused, and the statement too",
        not_complete("Procedure"),
        answers={"Procedure": reply(FORBIDDEN), "metadata": reply(FORBIDDEN)},
    ),
    Case(
        "medicine of a prescription refused",
        NO_RISE,
        added(REFERRED),
        answers={"Medication": reply(FORBIDDEN)},
        statement=without("Medication"),
    ),
    Case(
        "conditions refused beside a yes",
        flag("rf09"),
        added(YES),
        answers={"Condition": reply(FORBIDDEN)},
        statement=without("Condition"),
    ),
    Case("flags gone, no statement", not_complete("Flag"), answers={"Flag": reply(Reply(410))}),
    Case(
        "conditions not found, and listed by a client alone",
        RISES,
        answers={"Condition": reply(outcome(404, "not-found"))},
        statement=by_a_client(),
    ),
    Case(
        "second issue is an error",
        not_complete("Condition"),
        answers={"Condition": appended({"resource": {"resourceType": "OperationOutcome", "issue": TWO_ISSUES}})},
    ),
    Case(
        "flags incomplete",
        not_complete("Flag"),
        answers={"Flag": appended(remark("warning", "incomplete", search={"mode": "outcome"}))},
    ),
    Case(
        "outcome in capitals",
        NO_RISE,
        answers={"Condition": appended(remark("ERROR", "INCOMPLETE"))},
    ),
    Case(
        "success as information",
        RISES,
        answers={kind: appended(remark("information", "success")) for kind in ("Condition", "Flag")},
    ),
    Case(
        "answer with the headers of a transforming proxy",
        RISES,
        answers={"Condition": lambda usual, _request: Reply(203, usual.body, usual.headers)},
    ),
    Case("pages of at most 10", RISES, answers=search_cases.all_types(search_cases.page_limit(10))),
    Case(
        "page size not supported",
        RISES,
        answers=search_cases.all_types(search_cases.without_parameter("_count")),
    ),
    Case(
        "category required, refused with 422",
        RISES,
        answers={"Observation": search_cases.wants({"category", "code"}, "business-rule", 422)},
    ),
    Case(
        "category required, and a high pressure with a category",
        flag("rf11"),
        added(form_cases.pressure(form_cases.SYSTOLIC_HIGH, form_cases.DIASTOLIC)),
        answers={"Observation": search_cases.wants({"category"}, "required")},
    ),
    Case("null in place of entries", RISES, answers={kind: searchset(no_entries) for kind in TYPES[2:7]}),
)
