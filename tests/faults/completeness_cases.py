"""An EHR whose answers are not the whole record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ehr.odd_server import ReceivedRequest, Reply, outcome, resource
from tests.faults.expectations import (
    RISES,
    Answer,
    Case,
    Expected,
    capability,
    flag,
    not_complete,
)
from tests.faults.records import Json, added, observation
from titrate.json_codec import loads

TYPES = (
    "Patient", "Observation", "Consent", "QuestionnaireResponse", "Condition", "MedicationRequest",
    "MedicationStatement", "Medication", "Procedure", "Goal", "CarePlan", "ServiceRequest", "AllergyIntolerance",
    "Task", "Flag", "Communication", "Provenance",
)  # fmt: skip


def without(*kinds: str) -> Json:
    """A CapabilityStatement that lists interactions and leaves out these types."""
    return capability(tuple(kind for kind in TYPES if kind not in kinds))


def reply(given: Reply) -> Answer:
    """This reply, whatever is asked."""
    return lambda _usual, _request: given


def searchset(edit: Callable[[Json], Any]) -> Answer:
    """The usual searchset after an edit."""

    def edited(usual: Reply, request: ReceivedRequest) -> Reply:
        bundle = loads(usual.body)
        edit(bundle)
        return resource(bundle)

    return edited


def remark(severity: str, code: str, **more: Any) -> Json:
    """An entry that holds an OperationOutcome."""
    return {"resource": {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}, **more}


def second_page(usual: Reply, request: ReceivedRequest) -> Reply:
    """A first page with half of the entries and a next page that says it was throttled."""
    bundle = loads(usual.body)
    half = len(bundle["entry"]) // 2
    if "page=2" in request.path:
        bundle["entry"] = [*bundle["entry"][half:], remark("information", "throttled", search={"mode": "outcome"})]
    else:
        bundle["entry"] = bundle["entry"][:half]
        bundle["link"] = [{"relation": "next", "url": f"/fhir/{bundle['entry'][0]['resource']['resourceType']}?page=2"}]
    return resource(bundle)


def repeated_page(usual: Reply, request: ReceivedRequest) -> Reply:
    """Two pages with as many entries as the total; the second repeats the first entry in place of the last one."""
    bundle = loads(usual.body)
    if "page=2" in request.path:
        bundle["entry"] = bundle["entry"][:1]
    else:
        bundle["entry"] = bundle["entry"][:-1]
        bundle["link"] = [{"relation": "next", "url": f"/fhir/{bundle['entry'][0]['resource']['resourceType']}?page=2"}]
    return resource(bundle)


def inner_page(bundle: Json) -> None:
    """An entry is a page of its own, with a yes to the question on chest symptoms."""
    inner = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": YES}]}
    bundle["entry"].append({"resource": inner})


def in_part(content_range: str | None = None, status: int = 206) -> Answer:
    """The usual reply with a status and a Content-Range."""
    more = {} if content_range is None else {"Content-Range": content_range}
    return lambda usual, _request: Reply(status, usual.body, {**usual.headers, **more})


def halved(usual: Reply, request: ReceivedRequest) -> Reply:
    """The first half of the matches with 206, and a yes that is not among them is lost."""
    bundle = loads(usual.body)
    whole = len(bundle["entry"])
    bundle["entry"] = bundle["entry"][: whole // 2]
    del bundle["total"]
    first = resource(bundle)
    return Reply(206, first.body, {**first.headers, "Content-Range": f"items 0-{whole // 2 - 1}/{whole}"})


def misshapen(issue: object) -> Answer:
    """A searchset with an outcome that has this in place of its issues."""
    held = {"resource": {"resourceType": "OperationOutcome", "issue": issue}, "search": {"mode": "outcome"}}
    return searchset(lambda bundle: bundle["entry"].append(held))


YES = observation("rf09", valueBoolean=True)
FORBIDDEN = outcome(403, "forbidden")
TWO_SERVERS = {**capability(("Patient",)), "rest": [*capability(("Patient",))["rest"], *capability(TYPES)["rest"]]}

EHR_CASES = (
    Case("conditions answered in part with 206", not_complete("Condition"), answers={"Condition": in_part()}),
    Case("half of the observations with 206", not_complete("Observation"), answers={"Observation": halved}),
    Case(
        "forms with 206 and a range",
        not_complete("QuestionnaireResponse"),
        answers={"QuestionnaireResponse": in_part("items 0-0/7")},
    ),
    Case("conditions with 206 beside a yes", flag("rf09"), added(YES), answers={"Condition": in_part()}),
    Case("observations with 206 and a yes", flag("rf09"), added(YES), answers={"Observation": in_part()}),
    Case(
        "range of more than came, with 200",
        not_complete("Condition"),
        answers={"Condition": in_part("items 0-0/12", 200)},
    ),
    Case("range in bytes, with 200", not_complete("Condition"), answers={"Condition": in_part("bytes 0-99/4000", 200)}),
    Case("range of an unknown length, with 200", not_complete("Flag"), answers={"Flag": in_part("items 0-0/*", 200)}),
    Case("range of everything, with 200", RISES, answers={"Condition": in_part("items 0-11/12", 200)}),
    Case("patient with 206", Expected(code=1), answers={"Patient": in_part()}),
    Case(
        "outcome with one issue in place of a list",
        not_complete("Condition"),
        answers={"Condition": misshapen({"severity": "error", "code": "timeout"})},
    ),
    Case("outcome with a text as its issue", not_complete("Condition"), answers={"Condition": misshapen("timeout")}),
    Case("outcome with null among its issues", not_complete("Flag"), answers={"Flag": misshapen([None])}),
    Case(
        "statements refused and not listed",
        not_complete("MedicationStatement"),
        answers={"MedicationStatement": reply(FORBIDDEN)},
        statement=without("MedicationStatement"),
    ),
    Case(
        "flags refused without a body",
        not_complete("Flag"),
        answers={"Flag": reply(Reply(403))},
        statement=without("Flag"),
    ),
    Case(
        "procedures not found but listed in a second entry",
        not_complete("Procedure"),
        answers={"Procedure": reply(outcome(404, "not-found"))},
        statement=TWO_SERVERS,
    ),
    Case(
        "forms not found and a statement without interactions",
        not_complete("QuestionnaireResponse"),
        answers={"QuestionnaireResponse": reply(outcome(404, "not-supported"))},
        statement=capability(tuple(kind for kind in TYPES if kind != "QuestionnaireResponse"), interactions=False),
    ),
    Case(
        "procedures not found and no statement",
        not_complete("Procedure"),
        answers={"Procedure": reply(outcome(404, "not-found"))},
    ),
    Case(
        "consent suppressed",
        not_complete("Consent"),
        answers={"Consent": reply(outcome(403, "suppressed"))},
        statement=without("Consent"),
    ),
    Case(
        "statements not found and not offered",
        RISES,
        answers={"MedicationStatement": reply(outcome(404, "not-found"))},
        statement=without("MedicationStatement"),
    ),
    Case("allergies refused", RISES, answers={"AllergyIntolerance": reply(FORBIDDEN)}),
    Case("second page throttled", not_complete("Observation"), answers={"Observation": second_page}),
    Case(
        "outcome in place of a page",
        not_complete("MedicationRequest"),
        answers={"MedicationRequest": reply(resource(remark("warning", "incomplete")["resource"]))},
    ),
    Case(
        "outcome marked as a match",
        not_complete("Condition"),
        answers={
            "Condition": searchset(
                lambda bundle: bundle["entry"].append(remark("error", "processing", search={"mode": "match"}))
            )
        },
    ),
    Case(
        "too costly, as information",
        not_complete("Procedure"),
        answers={"Procedure": searchset(lambda bundle: bundle["entry"].append(remark("information", "too-costly")))},
    ),
    Case(
        "outcome in the response of an entry",
        not_complete("Condition"),
        answers={
            "Condition": searchset(
                lambda bundle: bundle["entry"].append(
                    {"response": {"status": "200", "outcome": remark("error", "incomplete")["resource"]}}
                )
            )
        },
    ),
    Case(
        "constant notice of an EHR",
        RISES,
        answers={
            kind: searchset(
                lambda bundle: bundle["entry"].append(remark("warning", "processing", search={"mode": "outcome"}))
            )
            for kind in ("Condition", "Observation")
        },
    ),
    Case(
        "informational remark",
        RISES,
        answers={
            "Condition": searchset(
                lambda bundle: bundle["entry"].append(
                    remark("information", "informational", search={"mode": "outcome"})
                )
            )
        },
    ),
    Case(
        "total above what came",
        not_complete("Condition"),
        answers={"Condition": searchset(lambda bundle: bundle.update(total=3))},
    ),
    Case(
        "next page fails",
        not_complete("Procedure"),
        answers={
            "Procedure": searchset(
                lambda bundle: bundle.update(link=[{"relation": "next", "url": "/fhir/Nothing?x=1"}])
            ),
            "Nothing": reply(Reply(500)),
        },
    ),
    Case(
        "next link without an address",
        RISES,
        answers={"Condition": searchset(lambda bundle: bundle.update(link=[{"relation": "next", "url": ""}]))},
    ),
    Case(
        "total as text",
        not_complete("Observation"),
        answers={"Observation": searchset(lambda bundle: bundle.update(total="999"))},
    ),
    Case(
        "second page repeats the first",
        not_complete("Observation"),
        added(YES),
        answers={"Observation": repeated_page},
    ),
    Case("searchset within a searchset", flag("rf09"), answers={"Observation": searchset(inner_page)}),
    Case(
        "two types fail beside a yes",
        flag("rf09"),
        added(YES),
        answers={kind: reply(outcome(500, "exception")) for kind in ("Condition", "Procedure")},
    ),
    Case(
        "null among the entries beside a yes",
        flag("rf09"),
        added(YES),
        answers={"Condition": searchset(lambda bundle: bundle["entry"].append(None))},
    ),
    Case("empty answer beside a yes", flag("rf09"), added(YES), answers={"Condition": reply(Reply(200))}),
    Case(
        "answers without a total",
        RISES,
        answers={kind: searchset(lambda bundle: bundle.pop("total")) for kind in ("Condition", "Observation")},
    ),
)
