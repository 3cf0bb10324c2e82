"""Fetching one patient, and the types of which not everything was fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource, serving
from titrate.ehr.errors import BadAnswer, EHRError, NotFound, PageFailed, ServerFault
from titrate.ehr.fetch import SEARCHED_TYPES as TYPES
from titrate.ehr.fetch import ObservationCodes, fetch_patient
from titrate.settings import Handling

SINCE = date(2026, 8, 1)


def ehr_with(responses: Mapping[str, Reply], offered: tuple[str, ...] = TYPES) -> Script:
    """A server with Patient/p and `responses` by type that finds nothing else and declares the types in `offered`."""
    types = [{"type": one, "interaction": [{"code": "search-type"}]} for one in offered]
    statement = {"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": types}]}
    known = {"Patient": resource({"resourceType": "Patient", "id": "p"}), "metadata": resource(statement), **responses}
    return lambda request: known.get(request.path.split("/")[2].partition("?")[0], page())


def form(request: ReceivedRequest) -> dict[str, str]:
    """The search parameters of a request."""
    return dict(parse_qsl(request.body.decode()))


def test_every_type_is_searched() -> None:
    """The patient first, then each type by the patient, Observations by date."""
    with serving(ehr_with({})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
        searches = {one.path.split("/")[2]: form(one) for one in server.requests[1:]}
    assert fetched.resources == ({"resourceType": "Patient", "id": "p"},)
    assert fetched.faults == ()
    assert searches.keys() == set(TYPES)
    assert all(one["patient"] == "p" for one in searches.values())
    assert [kind for kind, one in searches.items() if "date" in one] == ["Observation"]
    assert searches["Observation"]["date"] == "ge2026-08-01"


def test_lasting_codes_are_searched_at_any_age_and_kept_once() -> None:
    """In batches; a resource found twice is returned once."""
    one = {"resourceType": "Observation", "id": "o"}
    codes = [f"system|c{number}" for number in range(21)]
    with serving(ehr_with({"Observation": page(one)})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, ObservationCodes(codes))
        commas = [form(each).get("code", "").count(",") for each in server.requests if "/Observation/" in each.path]
    assert fetched.resources[1:] == (one,)
    assert commas == [0, 19, 0]


def test_the_provenance_of_plans_is_fetched() -> None:
    """It names who approved them."""
    plans = page({"resourceType": "CarePlan", "id": "a"}, {"resourceType": "CarePlan", "id": "b"})
    approval = page({"resourceType": "Provenance", "id": "v"})
    with serving(ehr_with({"CarePlan": plans, "Provenance": approval})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
        assert form(server.requests[-1])["target"] == "CarePlan/a,CarePlan/b"
    assert [one["resourceType"] for one in fetched.resources] == ["Patient", "CarePlan", "CarePlan", "Provenance"]


def test_who_signed_for_the_plans_is_fetched_once_a_run() -> None:
    """In any spelling of the address; patients, devices, other servers and broken agents are not searched for."""
    who = [
        {"reference": "Practitioner/a"}, {"reference": "Practitioner/gone"},
        {"reference": "PractitionerRole/r/_history/2"},
        {"reference": "Patient/p"}, {"reference": "Device/d"}, {"reference": "https://other.example/Practitioner/x"},
        {"display": "A clinician"}, None, "Practitioner/b",
    ]  # fmt: skip
    approval = {"resourceType": "Provenance", "id": "v", "agent": [*({"who": one} for one in who), None, "agent"]}
    signer = {"resourceType": "Practitioner", "id": "a", "active": False}
    role = {"resourceType": "PractitionerRole", "id": "r"}
    responses = {
        "CarePlan": page({"resourceType": "CarePlan", "id": "a"}), "Provenance": page(approval),
        "Practitioner": page(signer), "PractitionerRole": page(role),
    }  # fmt: skip
    with serving(ehr_with(responses)) as server:
        ehr = client(server.base_url)
        first, second = (fetch_patient(ehr, "p", SINCE) for _ in range(2))
        requested = [form(one)["_id"] for one in server.requests if "/Practitioner" in one.path]
    assert requested == ["r", "a,gone"]
    assert first == second
    assert [one["id"] for one in first.resources if one["resourceType"].startswith("Practitioner")] == ["a", "r"]


def test_who_signed_a_limit_or_a_clearance_is_fetched() -> None:
    """By the code of the Observation or a component, in any system; of a role its practitioner; of nothing else."""

    def by(code: str, who: Any, **more: Any) -> dict[str, Any]:
        coded = {"coding": [{"system": "https://site.example/codes/", "code": code}]}
        return {"resourceType": "Observation", "id": code, "code": coded, "performer": who, **more}

    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/of-r"}}
    part = {"component": [{"code": {"coding": {"code": "cap"}}}]}
    found = page(
        by("clearance", [{"reference": "PractitionerRole/r"}, None, {"display": "A clinician"}]),
        by("panel", {"reference": "Practitioner/b/_history/1"}, **part),
        by("laboratory", [{"reference": "Practitioner/laboratory"}]),
        {"resourceType": "Observation", "id": "x", "code": "cap", "performer": "Practitioner/x"},
    )
    with serving(ehr_with({"Observation": found, "PractitionerRole": page(role)})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, ObservationCodes(signed=("clearance", "cap")))
        requested = [form(one)["_id"] for one in server.requests if "/Practitioner" in one.path]
    assert requested == ["r", "b,of-r"]
    assert fetched.resources[-1] == role


def test_referenced_medications_are_fetched() -> None:
    """Those of this server in any spelling of its address; contained, malformed and foreign ones are skipped."""
    medicine = page({"resourceType": "Medication", "id": "m1"})

    def script(request: ReceivedRequest) -> Reply:
        own = f"HTTP://{request.headers['Host']}/fhir/Medication/m1/_history/3"
        references = ["Medication/m2", own, "Medication/m2", "http://other.example/fhir/Medication/m3", "#m", "x/m4"]
        orders = [
            {"resourceType": "MedicationRequest", "id": str(number), "medicationReference": {"reference": reference}}
            for number, reference in enumerate(references)
        ]
        return ehr_with({"MedicationRequest": page(*orders), "Medication": medicine})(request)

    with serving(script) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
        assert form(server.requests[-1])["_id"] == "m1,m2"
    assert fetched.resources[-1]["resourceType"] == "Medication"


def test_decimals_keep_their_digits() -> None:
    """7.50 kg is not 7.5 kg."""
    body = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","id":"o","v":7.50}}]}'
    with serving(ehr_with({"Observation": Reply(body=body)})) as server:
        value = fetch_patient(client(server.base_url), "p", SINCE).resources[1]["v"]
    assert str(value) == "7.50"
    assert isinstance(value, Decimal)


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (outcome(403, "forbidden"), "forbidden"),
        (outcome(400, "invalid"), "refused"),
        (outcome(404, "not-found"), "not-found"),
        (outcome(500, "exception"), "server-fault"),
        (outcome(504, "timeout"), "server-fault"),
        (outcome(429, "throttled"), "server-fault"),
        (Reply(hang_up=True), "unreachable"),
        (outcome(200, "too-costly"), "refused"),
        (Reply(body=b'{"resourceType":"Bun'), "bad-answer"),
        (Reply(body=b""), "bad-answer"),
        (Reply(status=204), "bad-answer"),
        (Reply(body=b"[]"), "bad-answer"),
        (Reply(body=b"<html></html>", headers={"Content-Type": "text/html"}), "bad-answer"),
        (resource({"resourceType": "Bundle", "entry": {}}), "bad-answer"),
    ],
)
@pytest.mark.parametrize("kind", TYPES)
def test_a_type_that_is_there_and_refused_is_a_fault(kind: str, odd: Reply, code: str) -> None:
    """The others are fetched; what follows from the fault is a matter of the rules."""
    other = "Task" if kind != "Task" else "Goal"
    last = page({"resourceType": other, "id": "last"})
    with serving(ehr_with({kind: odd, other: last})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [(one.type, one.code) for one in fetched.faults] == [(kind, code)]
    assert [one["id"] for one in fetched.resources] == ["p", "last"]


def test_a_server_that_fails_for_two_types_ends_the_searches() -> None:
    """What came is kept for a red flag; plans, and the types that were not searched to the end, are missing."""
    failing = {"Condition": outcome(504, "timeout"), "Goal": outcome(500, "exception")}
    came = {"Observation": page({"resourceType": "Observation", "id": "o"}), **failing}
    with serving(ehr_with(came)) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
        searched = {one.path.split("/")[2].partition("?")[0] for one in server.requests}
    assert isinstance(fetched.failure, ServerFault)
    assert fetched.failure.exchange == "search Goal"
    assert [one["id"] for one in fetched.resources] == ["p", "o"]
    assert "CarePlan" not in searched
    incomplete = {one.type for one in fetched.faults}
    assert incomplete >= {"Condition", "Goal", "CarePlan", "ServiceRequest", "Flag", "Provenance"}
    assert not incomplete & {"Observation", "Consent", "Procedure"}


@pytest.mark.parametrize(
    ("odd", "error"),
    [
        (outcome(500, "exception"), ServerFault),
        (Reply(body=b"[]"), BadAnswer),
        (page({"resourceType": "Provenance", "id": "v"}, following="http://other.example/2"), PageFailed),
    ],
)
def test_a_part_of_the_history_of_plans_leaves_no_plan(odd: Reply, error: type[EHRError]) -> None:
    """Which plan a clinician approved or ended would be wrong; an EHR without Provenance has no history."""
    plans = page({"resourceType": "CarePlan", "id": "a"})
    with serving(ehr_with({"CarePlan": plans, "Provenance": odd})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert isinstance(fetched.failure, error)
    assert [one["resourceType"] for one in fetched.resources] == ["Patient"]
    assert {one.type for one in fetched.faults} == {"CarePlan", "ServiceRequest", "Provenance"}
    with serving(ehr_with({"CarePlan": plans, "Provenance": outcome(403, "forbidden")})) as server:
        faults = fetch_patient(client(server.base_url), "p", SINCE).faults
    assert [(one.type, one.code) for one in faults] == [("Provenance", "forbidden")]


@pytest.mark.parametrize(
    "refused", [outcome(400, "required"), outcome(403, "required"), outcome(400, "invalid"), outcome(422, "processing")]
)
def test_observations_are_searched_by_category_and_code_where_the_ehr_requires_one(refused: Reply) -> None:
    """A record without a category, or with a site's own, is found by its code."""
    by_category, by_code = {"resourceType": "Observation", "id": "a"}, {"resourceType": "Observation", "id": "b"}

    def script(request: ReceivedRequest) -> Reply:
        parameters = form(request)
        if "/Observation" in request.path and not {"code", "category"} & parameters.keys():
            return refused
        found = by_code if "s|k1" in parameters.get("code", "").split(",") else by_category
        return ehr_with({"Observation": page(found)})(request)

    known = [f"s|k{number}" for number in range(21)]
    with serving(script) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, ObservationCodes(["system|c"], known))
        searched = [form(one) for one in server.requests if "/Observation/" in one.path]
    dated = [one for one in searched if "date" in one]
    assert "vital-signs" in next(one["category"] for one in dated if "category" in one).split(",")
    assert [code for one in dated if "code" in one for code in one["code"].split(",")] == known
    assert [(one.type, one.code) for one in fetched.faults] == [("Observation", "by-category")]
    assert {one["id"] for one in fetched.resources} == {"p", "a", "b"}


@pytest.mark.parametrize(
    ("required", "faults"),
    [
        (frozenset({"category"}), ["by-category"]),
        (frozenset({"code"}), ["by-category"]),
        (frozenset({"subject"}), ["refused"]),
    ],
)
def test_what_an_ehr_requires_in_every_search_for_observations(required: frozenset[str], faults: list[str]) -> None:
    """A category also beside a code, a code and no category, or something that the service does not send."""

    def script(request: ReceivedRequest) -> Reply:
        if "/Observation" in request.path and not required <= form(request).keys():
            return outcome(400, "invalid")
        return ehr_with({"Observation": page({"resourceType": "Observation", "id": "o"})})(request)

    with serving(script) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, ObservationCodes(["s|l"], ["s|k"]))
    assert [one.code for one in fetched.faults] == faults
    assert [one["id"] for one in fetched.resources] == (["p"] if "subject" in required else ["p", "o"])


def test_a_code_that_the_ehr_refuses_leaves_the_categories() -> None:
    """What came is kept, and the type is not complete."""

    def script(request: ReceivedRequest) -> Reply:
        parameters = form(request)
        if "/Observation" in request.path and ("category" not in parameters or "code" in parameters):
            return outcome(400, "invalid")
        return ehr_with({"Observation": page({"resourceType": "Observation", "id": "o"})})(request)

    with serving(script) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, ObservationCodes(known=["s|k"]))
    assert fetched.resources[-1]["id"] == "o"
    assert [one.code for one in fetched.faults] == ["by-category", "refused"]


def test_observations_are_searched_without_a_date_where_the_ehr_knows_none() -> None:
    """Of any age: there can be more than asked for, never less."""

    def script(request: ReceivedRequest) -> Reply:
        if "/Observation" in request.path and "date" in f"{request.path} {request.body.decode()}":
            return outcome(400, "not-supported")
        return ehr_with({"Observation": page({"resourceType": "Observation", "id": "o"})})(request)

    with serving(script) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert fetched.resources[-1]["id"] == "o"
    assert [one.code for one in fetched.faults] == ["without-date"]


def test_a_medication_of_a_site_without_medications_is_not_fetched() -> None:
    """As for every other type."""
    order = {"resourceType": "MedicationRequest", "id": "r", "medicationReference": {"reference": "Medication/m"}}
    with serving(ehr_with({"MedicationRequest": page(order)})) as server:
        fetch_patient(client(server.base_url), "p", SINCE, not_used=("Medication",))
        assert not any("/Medication/" in request.path for request in server.requests)


def test_a_type_that_timed_out_is_not_searched_again() -> None:
    """Each further search of Observations would use up every retry too."""
    codes = [f"system|c{number}" for number in range(41)]
    with serving(ehr_with({"Observation": outcome(504, "timeout")})) as server:
        fetched = fetch_patient(client(server.base_url, tries=1), "p", SINCE, ObservationCodes(codes))
        methods = [one.method for one in server.requests if "/Observation" in one.path]
    assert methods == ["POST"]
    assert [(one.type, one.code) for one in fetched.faults] == [("Observation", "server-fault")]


CUT_SHORT: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Reply]]] = {
    "page-failed": lambda one: {
        "Condition": page(one, following="/fhir/broken/2"),
        "broken": outcome(500, "exception"),
    },
    "wrong-origin": lambda one: {"Condition": page(one, following="http://other.example/fhir/2")},
    "total": lambda one: {"Condition": resource({"resourceType": "Bundle", "total": 2, "entry": [{"resource": one}]})},
    "incomplete": lambda one: {"Condition": page(one, issue("warning", "incomplete"))},
    "odd-entry": lambda one: {"Condition": resource({"resourceType": "Bundle", "entry": [{"resource": one}, {}]})},
}


def issue(severity: str, code: str) -> dict[str, Any]:
    """An OperationOutcome with one issue."""
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}


@pytest.mark.parametrize("code", CUT_SHORT)
def test_a_search_that_was_cut_short_is_a_fault(code: str) -> None:
    """What came is kept."""
    one = {"resourceType": "Condition", "id": "c"}
    with serving(ehr_with(CUT_SHORT[code](one))) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [(fault.type, fault.code) for fault in fetched.faults] == [("Condition", code)]
    assert fetched.resources[-1] == one


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", [400, 404])
def test_a_type_that_is_not_offered_leaves_nothing_out(kind: str, status: int) -> None:
    """The response says not-supported or 404, and the statement lists interactions and lacks the type."""
    others = tuple(one for one in TYPES if one != kind)
    with serving(ehr_with({kind: outcome(status, "not-supported")}, others)) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [(one.type, one.code) for one in fetched.faults] == [(kind, "type-not-offered")]


def statement(*modes: dict[str, Any]) -> Reply:
    """A CapabilityStatement with these `rest` elements."""
    return resource({"resourceType": "CapabilityStatement", "rest": list(modes)})


def listed(*types: str, **more: Any) -> dict[str, Any]:
    """One `rest` of a server with these types."""
    return {"mode": "server", "resource": [{"type": one, **more} for one in types]}


SEARCHABLE = {"interaction": [{"code": "search-type"}]}
OTHERS = tuple(one for one in TYPES if one != "Condition")


@pytest.mark.parametrize(
    ("refused", "described"),
    [
        (outcome(403, "forbidden"), statement(listed(*OTHERS, **SEARCHABLE))),
        (outcome(403, "not-supported"), statement(listed(*OTHERS, **SEARCHABLE))),
        (outcome(404, "not-found"), statement(listed(*OTHERS))),
        (outcome(404, "not-found"), statement(listed(*OTHERS, **SEARCHABLE), listed("Condition", **SEARCHABLE))),
        (outcome(404, "not-found"), statement(listed(*OTHERS, **SEARCHABLE), listed("Condition"))),
        (outcome(400, "invalid"), statement(listed(*OTHERS, **SEARCHABLE))),
        (outcome(404, "not-found"), outcome(403, "forbidden")),
        (outcome(404, "not-found"), statement()),
    ],
    ids=["403", "403 not-supported", "no interactions", "second rest", "only listed", "400", "no statement", "empty"],
)
def test_a_statement_that_leaves_a_type_out_does_not_prove_its_absence(refused: Reply, described: Reply) -> None:
    """Only a 404 or not-supported with a statement that lists interactions and lacks the type does."""
    with serving(ehr_with({"Condition": refused, "metadata": described})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [one.type for one in fetched.faults] == ["Condition"]
    assert fetched.faults[0].code in ("forbidden", "not-found", "refused")


def test_types_that_the_site_does_not_use_are_not_searched() -> None:
    """They leave nothing out."""
    with serving(ehr_with({"Flag": outcome(403, "forbidden")})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE, not_used=("Flag",))
        assert not any("/Flag" in request.path for request in server.requests)
    assert fetched.faults == ()


def test_empty_entries_and_lenient_searches_are_faults() -> None:
    """The resources are kept."""

    def script(request: ReceivedRequest) -> Reply:
        if "/Goal" in request.path and "strict" in request.headers["Prefer"]:
            return outcome(400, "not-supported")
        entries = [{"fullUrl": "urn:x"}]
        return ehr_with({"Condition": resource({"resourceType": "Bundle", "entry": entries})})(request)

    with serving(script) as server:
        faults = fetch_patient(client(server.base_url, handling=Handling.LENIENT), "p", SINCE).faults
    assert [(one.type, one.code) for one in faults] == [("Condition", "odd-entry"), ("Goal", "lenient")]


@pytest.mark.parametrize("patient_id", ["", "a b", "../metadata", "x" * 65, "p?x", "ü", ".", "..", "\udcff"])
def test_an_invalid_id_is_not_sent(patient_id: str) -> None:
    """Nor does the error repeat it."""
    with serving(ehr_with({})) as server:
        with pytest.raises(NotFound, match="1 to 64 letters"):
            fetch_patient(client(server.base_url), patient_id, SINCE)
        assert server.requests == []


def test_an_unknown_patient_is_not_found() -> None:
    """Without the id."""
    with serving(ehr_with({"Patient": outcome(404, "not-found")})) as server, pytest.raises(NotFound) as caught:
        fetch_patient(client(server.base_url), "secret-id", SINCE)
    assert "secret-id" not in str(caught.value)


@pytest.mark.parametrize("other", [{"resourceType": "Patient", "id": "q"}, {"resourceType": "Group", "id": "p"}])
def test_another_resource_than_requested_is_rejected(other: dict[str, str]) -> None:
    """A server or proxy that mixes up responses must not mix up patients."""
    with serving(ehr_with({"Patient": resource(other)})) as server, pytest.raises(BadAnswer):
        fetch_patient(client(server.base_url), "p", SINCE)
