"""An EHR that wants to be requested in another way."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from tests.ehr.odd_server import ReceivedRequest, Reply, outcome, resource
from tests.faults.completeness_cases import TYPES, reply
from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Answer,
    Case,
    Expected,
    flag,
    not_complete,
)
from tests.faults.records import (
    CLINICIAN,
    LOINC,
    Json,
    added,
    concept,
    diagnosed,
    observation,
    quantity,
)
from titrate.json_codec import loads

ICD10 = "http://hl7.org/fhir/sid/icd-10"
SURVEY = {"category": [concept("survey", "http://terminology.hl7.org/CodeSystem/observation-category")]}


def query(request: ReceivedRequest) -> dict[str, str]:
    """The parameters of a search, in the address or in the body."""
    return dict(parse_qsl(urlsplit(request.path).query)) | dict(parse_qsl(request.body.decode()))


def by_get(given: Reply) -> Answer:
    """Only GET searches."""
    return lambda usual, request: given if request.method == "POST" else usual


def page_limit(most: int) -> Answer:
    """Larger pages are refused."""
    return lambda usual, request: outcome(400, "invalid") if int(query(request).get("_count", "0")) > most else usual


def without_parameter(name: str, status: int = 400) -> Answer:
    """A parameter is not supported."""
    return lambda usual, request: outcome(status, "not-supported") if name in query(request) else usual


def not_strict(usual: Reply, request: ReceivedRequest) -> Reply:
    """The header Prefer is refused."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return outcome(400, "invalid") if "strict" in headers.get("prefer", "") else usual


def narrowed(usual: Reply, request: ReceivedRequest) -> Reply:
    """The usual page with the entries that have one of the categories, or codes, of the search."""
    bundle, requested = loads(usual.body), query(request)
    for name in {"category", "code"} & requested.keys():
        values = {value.rpartition("|")[2] for value in requested[name].split(",")}
        bundle["entry"] = [entry for entry in bundle["entry"] if values & codes(entry["resource"], name)]
    bundle["total"] = len(bundle["entry"])
    return resource(bundle)


def codes(held: Json, name: str) -> set[str]:
    """The codes of a category or a code."""
    concepts = held.get("category", []) if name == "category" else [held["code"]]
    return {coding["code"] for one in concepts for coding in one["coding"]}


def wants(names: set[str], issue: str, status: int = 400) -> Answer:
    """One of these parameters is required, and it counts."""

    def answer(usual: Reply, request: ReceivedRequest) -> Reply:
        return narrowed(usual, request) if names & query(request).keys() else outcome(status, issue)

    return answer


def all_types(answer: Answer) -> dict[str, Answer]:
    """The same for each type that is searched."""
    return {kind: answer for kind in TYPES if kind != "Patient"}


def large_page(refusal: Reply) -> Answer:
    """A page of more than 100 is refused in this way."""
    return lambda usual, request: refusal if int(query(request).get("_count", "0")) > 100 else usual


def plain_json(usual: Reply, request: ReceivedRequest) -> Reply:
    """The media type of FHIR is not known."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return usual if "application/json" in headers.get("accept", "") else Reply(406)


def with_parameter(name: str) -> Answer:
    """A search without this parameter is refused."""
    return lambda usual, request: usual if name in query(request) else outcome(400, "required")


YES = observation("rf09", valueBoolean=True)
HTML = Reply(403, b"<html>Forbidden</html>", {"Content-Type": "text/html"})
EHR_CASES = (
    Case("search by POST refused with a page of HTML", RISES, answers=all_types(by_get(HTML))),
    Case("search by POST not implemented", RISES, answers=all_types(by_get(Reply(501)))),
    Case("search by POST refused for one type", RISES, answers={"Condition": by_get(outcome(400, "structure"))}),
    Case("search by POST unsupported media type", RISES, answers=all_types(by_get(Reply(415)))),
    Case("search by POST refused as a conflict", RISES, answers=all_types(by_get(Reply(409)))),
    Case("search by POST refused as gone", RISES, answers=all_types(by_get(Reply(410)))),
    Case(
        "search by POST refused with 500 and not supported",
        RISES,
        answers=all_types(by_get(outcome(500, "not-supported"))),
    ),
    Case("a search answered with a conflict", not_complete("Condition"), answers={"Condition": reply(Reply(409))}),
    Case("page size refused with 422", RISES, answers=all_types(large_page(outcome(422, "value")))),
    Case("page size refused as too costly", RISES, answers=all_types(large_page(outcome(403, "too-costly")))),
    Case("only application/json is accepted", RISES, answers=all_types(plain_json)),
    Case("nothing is accepted", not_complete("Condition"), answers={"Condition": reply(Reply(406))}),
    Case("conditions want a category", RISES, answers={"Condition": with_parameter("category")}),
    Case("conditions want a clinical status", RISES, answers={"Condition": with_parameter("clinical-status")}),
    Case(
        "conditions want a category, and one is a red flag",
        flag("rf01"),
        diagnosed(ICD10, "G83.4"),
        answers={"Condition": with_parameter("clinical-status")},
    ),
    Case("conditions want a code", not_complete("Condition"), answers={"Condition": with_parameter("code")}),
    Case("pages of at most 50", RISES, answers=all_types(page_limit(50))),
    Case("pages of at most 20", RISES, answers=all_types(page_limit(20))),
    Case("strict handling refused", not_complete("Observation"), answers=all_types(not_strict)),
    Case("no search by date", RISES, answers={"Observation": without_parameter("date")}),
    Case(
        "category required, and a yes with a category",
        flag("rf09"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added({**YES, **SURVEY}),
    ),
    Case(
        "category required, and a yes without a category",
        flag("rf09"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(YES),
    ),
    Case(
        "category required, and item 9 without a category",
        flag("rf19"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(observation(concept("44260-8", LOINC), valueInteger=2)),
    ),
    Case(
        "category required, and a dose limit without a category",
        NO_RISE,
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(
            observation(
                "heart-rate-limit",
                "2025-01-05T09:00:00+00:00",
                valueString="about a hundred",
                performer=[{"reference": CLINICIAN}],
            )
        ),
    ),
    Case(
        "category required, and a flare without a category",
        Expected(rule="D2"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(observation("flare-self-report", valueBoolean=True)),
    ),
    Case(
        "category required, and a flare in a category of the site",
        Expected(rule="D2"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(observation("flare-self-report", valueBoolean=True, category=[concept("diary", "urn:site")])),
    ),
    Case(
        "category required, and a pressure without a category",
        flag("rf11"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(observation(concept("8480-6", LOINC), valueQuantity=quantity(192, "mm[Hg]"))),
    ),
    Case(
        "category required, and a comment without a category",
        flag("rf19"),
        answers={"Observation": wants({"category", "code"}, "required")},
        change=added(observation("daily-comment", valueString="I want to kill myself")),
    ),
    Case(
        "category required, refused as forbidden",
        RISES,
        answers={"Observation": wants({"category", "code"}, "required", 403)},
    ),
    Case("category required, refused as invalid", RISES, answers={"Observation": wants({"category"}, "invalid")}),
    Case("code required", RISES, answers={"Observation": wants({"code"}, "required")}),
    Case(
        "code required, and a yes",
        flag("rf09"),
        answers={"Observation": wants({"code"}, "required")},
        change=added(YES),
    ),
    Case(
        "no searches of conditions at all",
        Expected(rule="D5", incomplete="Condition"),
        answers={"Condition": reply(outcome(400, "not-supported"))},
    ),
)
