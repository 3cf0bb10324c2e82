"""Fetching one patient completely, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource, serving
from titrate.ehr.errors import BadAnswer, EHRError, Forbidden, NotFound, PageFailed, Refused, ServerFault
from titrate.ehr.fetch import ESSENTIAL, HELPFUL, fetch_patient
from titrate.settings import Handling

SINCE = date(2026, 8, 1)
TYPES = ("Observation", *ESSENTIAL, *HELPFUL)


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
        fetched = fetch_patient(client(server.base_url), "p", SINCE, codes)
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


def test_referenced_medications_are_fetched() -> None:
    """Contained and malformed references are skipped."""
    absolute = "http://ehr.example/fhir/Medication/m1/_history/3"
    references = ["Medication/m2", absolute, "Medication/m2", "#m", "Medication/"]
    orders = [
        {"resourceType": "MedicationRequest", "id": str(number), "medicationReference": {"reference": reference}}
        for number, reference in enumerate(references)
    ]
    medicine = page({"resourceType": "Medication", "id": "m1"})
    with serving(ehr_with({"MedicationRequest": page(*orders), "Medication": medicine})) as server:
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


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("odd", "error"),
    [
        (outcome(500, "exception"), ServerFault),
        (Reply(body=b'{"resourceType":"Bun'), BadAnswer),
    ],
)
def test_an_interrupted_fetch_stops_the_patient(kind: str, odd: Reply, error: type[EHRError]) -> None:
    """No decision is made on partial data, whatever the type."""
    with serving(ehr_with({kind: odd})) as server, pytest.raises(error, match=f"search {kind}"):
        fetch_patient(client(server.base_url), "p", SINCE)


def test_a_later_page_that_fails_stops_the_patient() -> None:
    """The first page arrived, the second did not."""
    with (
        serving(
            ehr_with(
                {
                    "Condition": page({"resourceType": "Condition", "id": "1"}, following="/fhir/broken/2"),
                    "broken": outcome(500, "exception"),
                }
            )
        ) as server,
        pytest.raises(PageFailed),
    ):
        fetch_patient(client(server.base_url), "p", SINCE)


@pytest.mark.parametrize("kind", ["Observation", *ESSENTIAL])
@pytest.mark.parametrize(("status", "error"), [(400, Refused), (403, Forbidden), (404, NotFound)])
def test_a_type_that_is_offered_and_refused_stops_the_patient(kind: str, status: int, error: type[EHRError]) -> None:
    """A missing medicine or plan could hide a reason to hold."""
    with serving(ehr_with({kind: outcome(status, "not-supported")})) as server, pytest.raises(error):
        fetch_patient(client(server.base_url), "p", SINCE)


@pytest.mark.parametrize("kind", ["Observation", *ESSENTIAL])
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_type_that_is_not_offered_is_a_fault(kind: str, status: int) -> None:
    """The CapabilityStatement does not declare it; the other types are fetched."""
    others = tuple(one for one in TYPES if one != kind)
    last = page({"resourceType": "Flag", "id": "f"})
    with serving(ehr_with({kind: outcome(status, "not-supported"), "Flag": last}, others)) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [(one.type, one.code) for one in fetched.faults] == [(kind, "type-not-offered")]
    assert fetched.resources[-1]["id"] == "f"


@pytest.mark.parametrize("kind", HELPFUL)
def test_a_refused_helpful_type_is_a_fault(kind: str) -> None:
    """Whatever the CapabilityStatement declares."""
    with serving(ehr_with({kind: Reply(status=403)})) as server:
        fetched = fetch_patient(client(server.base_url), "p", SINCE)
    assert [(one.type, one.code) for one in fetched.faults] == [(kind, "forbidden")]


def test_without_a_statement_every_type_counts_as_offered() -> None:
    """The careful assumption: the patient is stopped."""
    responses = {"Condition": outcome(403, "forbidden"), "metadata": outcome(403, "forbidden")}
    with serving(ehr_with(responses)) as server, pytest.raises(Forbidden, match="search Condition"):
        fetch_patient(client(server.base_url), "p", SINCE)


def test_empty_entries_and_lenient_searches_are_faults() -> None:
    """The resources are kept."""

    def script(request: ReceivedRequest) -> Reply:
        if "/Goal/" in request.path and "strict" in request.headers["Prefer"]:
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
