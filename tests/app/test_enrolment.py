"""The patients of a run: Groups, files, all patients, and those with new data."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.ehr.odd_server import ReceivedRequest, Reply, outcome, page, resource, serving
from titrate.app.errors import EnrolmentError
from titrate.app.population.enrolment import EnrolmentChoice, changed_since, enrolled_patients, enrolment_choice
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import BadAnswer, NotFound
from titrate.event_log import open_event_log
from titrate.json_codec import loads
from titrate.settings import Handling

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
STATEMENT = {
    "resourceType": "CapabilityStatement",
    "rest": [
        {
            "mode": "server",
            "resource": [
                {"type": kind, "interaction": [{"code": "search-type"}]}
                for kind in ("Patient", "Observation", "Task", "Device")
            ],
        }
    ],
}


def member(reference: str, **more: Any) -> dict[str, Any]:
    """One member of a Group."""
    return {"entity": {"reference": reference}, **more}


GROUPS: dict[str, list[dict[str, Any]]] = {
    "clinic": [
        member("Patient/p2"),
        member("Patient/p1"),
        member("Patient/p2"),
        member("Device/d1"),
        member("Patient/left", inactive=True),
        member("Patient/over", period={"end": "2026-11-24"}),
        member("Patient/today", period={"start": "2026-01", "end": "2026-11-25"}),
        member("Patient/soon", period={"start": "2026-12-01"}),
        member("Group/more"),
        {"entity": {"display": "Ms Secret"}},
        {"entity": {"type": "Device", "identifier": {"value": "d2"}}},
        member("PractitionerRole/r"),
        member("urn:uuid:0f0e0d0c-0b0a-4090-8080-706050403020"),
        member("Patient?identifier=x|1"),
        member("Patient/a/b"),
        member("https://ehr.example/fhir/Patient/p4/_history/3"),
        member("https://other.example/fhir/Patient/p5"),
        member("Patient/" + "x" * 66),
    ],
    "more": [member("Patient/p3"), member("Patient/p1")],
    "circle": [member("Patient/p1"), member("Group/circle")],
}


def server(request: ReceivedRequest) -> Reply:
    """An EHR with Groups and patients, which refuses other requests."""
    kind, _, rest = request.path.removeprefix("/fhir/").partition("/")
    if kind == "metadata":
        return resource(STATEMENT)
    if kind == "Group":
        known = rest in GROUPS
        return resource({"resourceType": "Group", "id": rest, "member": GROUPS[rest]}) if known else outcome(404, "x")
    if kind == "Patient":
        return page(*({"resourceType": "Patient", "id": name} for name in ("p1", "p2")))
    subject = "for" if kind == "Task" else "subject"
    return page(
        {"resourceType": kind, "id": "x", subject: {"reference": f"Patient/of-{kind}"}},
        {"resourceType": kind, "id": "y", subject: {"display": "Ms Secret"}},
    )


def with_own_address(request: ReceivedRequest) -> Reply:
    """The same, with one more member by the absolute address of this server, in capitals."""
    reply = server(request)
    own = f"HTTP://{request.headers['Host']}/fhir/Patient/p4/_history/3"
    return replace(reply, body=reply.body.replace(b"https://ehr.example/fhir/Patient/p4/_history/3", own.encode()))


def ehr(base_url: str, handling: Handling = Handling.STRICT) -> EHR:
    """A client that does not retry."""
    return EHR(base_url, requests.Session(), ClientPolicy(tries=1, handling=handling))


def test_a_group_has_its_current_members_and_those_of_nested_groups() -> None:
    """Each once, in the Group's order, without former members, future members, devices and patients of other servers.

    The result and the log have the number of members that were left out, and no id of them. An id that cannot be used
    stays, so that the run reports it.
    """
    lines = io.StringIO()
    with serving(with_own_address) as odd:
        client = EHR(odd.base_url, requests.Session(), event_log=open_event_log(lines, "json", "info"))
        found = enrolled_patients(client, EnrolmentChoice(group="clinic"), AT)
    assert found.ids == ("p2", "p1", "today", "p3", "p4", "x" * 66)
    assert found.left_out == 5
    assert [loads(line)["count"] for line in lines.getvalue().splitlines()] == [5]


def test_a_group_that_contains_itself_is_an_error() -> None:
    """It does not loop."""
    with serving(server) as odd, pytest.raises(EnrolmentError, match="itself"):
        enrolled_patients(ehr(odd.base_url), EnrolmentChoice(group="circle"), AT)


def test_a_missing_group_is_an_error() -> None:
    """A wrong id is not an empty Group."""
    with serving(server) as odd:
        with pytest.raises(NotFound):
            enrolled_patients(ehr(odd.base_url), EnrolmentChoice(group="none"), AT)
        with pytest.raises(EnrolmentError):
            enrolled_patients(ehr(odd.base_url), EnrolmentChoice(group="../Patient"), AT)
        with pytest.raises(EnrolmentError):
            enrolled_patients(ehr(odd.base_url), EnrolmentChoice(group=".."), AT)


def test_another_resource_is_not_a_group() -> None:
    """Even if it has members."""
    with serving(lambda _: resource({"resourceType": "List", "member": []})) as odd, pytest.raises(BadAnswer):
        enrolled_patients(ehr(odd.base_url), EnrolmentChoice(group="clinic"), AT)


def test_all_patients_are_requested_by_id_only() -> None:
    """Names are not transferred."""
    with serving(server) as odd:
        assert enrolled_patients(ehr(odd.base_url), EnrolmentChoice(everyone=True), AT).ids == ("p1", "p2")
    assert b"_elements=id" in odd.requests[0].body


def test_an_ehr_without_elements_sends_whole_patients() -> None:
    """Some servers refuse unknown parameters."""

    def refusing(request: ReceivedRequest) -> Reply:
        parameters = request.body.decode() + request.path
        return outcome(400, "x") if "_elements" in parameters else server(request)

    with serving(refusing) as odd:
        assert enrolled_patients(ehr(odd.base_url), EnrolmentChoice(everyone=True), AT).ids == ("p1", "p2")


def test_a_file_has_one_id_a_line(tmp_path: Path) -> None:
    """With comments, blank lines and a byte order mark."""
    file = tmp_path / "ids.txt"
    file.write_bytes("\ufeffp1\n\n# a remark\nPatient/p2  # the second\r\np1\n".encode())
    assert enrolled_patients(ehr("http://127.0.0.1:1"), EnrolmentChoice(file=file), AT).ids == ("p1", "p2")


def test_an_invalid_line_is_named_by_its_number_only(tmp_path: Path) -> None:
    """Its text could be a name."""
    file = tmp_path / "ids.txt"
    file.write_text("p1\nMs Secret\n", encoding="utf-8")
    with pytest.raises(EnrolmentError, match=r"Line 2 of ids\.txt") as caught:
        enrolled_patients(ehr("http://127.0.0.1:1"), EnrolmentChoice(file=file), AT)
    assert "Secret" not in str(caught.value)
    with pytest.raises(EnrolmentError, match="cannot be read"):
        enrolled_patients(ehr("http://127.0.0.1:1"), EnrolmentChoice(file=tmp_path / "none.txt"), AT)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("all", EnrolmentChoice(everyone=True)),
        ("Group/g1", EnrolmentChoice(group="g1")),
        ("lists/ids.txt", EnrolmentChoice(file=Path("lists/ids.txt"))),
    ],
)
def test_a_setting_is_read_as_a_choice(text: str, choice: EnrolmentChoice) -> None:
    """The same three options as on the command line."""
    assert enrolment_choice(text) == choice


def test_new_data_are_searched_in_every_type_that_can_change_a_decision() -> None:
    """Among the types that the CapabilityStatement lists."""
    with serving(server) as odd:
        assert changed_since(ehr(odd.base_url), AT) == frozenset(("p1", "p2", "of-Observation", "of-Task"))
    assert all(b"_lastUpdated=ge2026-11-25T12%3A00%3A00.000Z" in one.body for one in odd.requests if one.body)


@pytest.mark.parametrize("handling", list(Handling))
def test_an_ehr_without_last_updated_makes_all_patients_due(handling: Handling) -> None:
    """Whether it refuses or ignores the parameter: in doubt the run takes longer and skips no patient."""

    def ignorant(request: ReceivedRequest) -> Reply:
        strict = "strict" in request.headers.get("Prefer", "")
        return outcome(400, "x") if strict and "Observation" in request.path else server(request)

    with serving(ignorant) as odd:
        assert changed_since(ehr(odd.base_url, handling), AT) is None
