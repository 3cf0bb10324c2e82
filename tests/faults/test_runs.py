"""What a run writes and reports: the version that each update requires, broken text, and members of a Group."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.running import Done, titrate
from tests.ehr.odd_server import ReceivedRequest, Reply, resource, serving
from tests.faults.expectations import usual_reply
from tests.faults.records import AT, CLINICIAN, EHR, PATIENT, Json, add, base, observation, one, resources
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import dumps, loads

LATER = "2025-01-13T10:00:00Z"
PLAN = ("plan", "--patient", PATIENT, "--json")


def on_ehr(bundle: Json, *words: str) -> tuple[Done, list[Json]]:
    """The command on an EHR that holds the Bundle, and the entries that it sent for writing."""
    stored, sent = json.dumps(bundle), []

    def script(request: ReceivedRequest) -> Reply:
        place = urlsplit(request.path).path.removeprefix("/fhir").strip("/")
        if request.method == "POST" and not place:
            sent.extend(json.loads(request.body)["entry"])
            return resource(written(json.loads(request.body)))
        held = json.loads(stored.replace(EHR, server.base_url))
        return usual_reply(held, place.partition("/")[0], request, None)

    with serving(script) as server, tempfile.TemporaryDirectory() as folder:
        done = titrate(*words, fhir_url=server.base_url, ledger=f"{folder}/ledger.sqlite")
    return done, sent


def written(transaction: Json) -> Json:
    """The response of an EHR that wrote everything."""
    places = [entry["request"]["url"].partition("?")[0] for entry in transaction["entry"]]
    answers = [
        {"status": "201 Created", "location": f"{place}/new-{number}/_history/1", "etag": 'W/"1"'}
        for number, place in enumerate(places)
    ]
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": [{"response": one} for one in answers]}


def with_draft() -> Json:
    """The record with an open draft; every resource has the version 7."""
    done, _ = on_ehr(base(), *PLAN, "--at", AT)
    held: Any = loads(json.dumps(resources(base())).encode())
    entries: Any = loads(json.dumps(done.json["plan"]["entry"]).encode())
    drafted: list[Json] = [json.loads(dumps(one_of)) for one_of in simulate(tuple(held), entries)]
    bundle: Json = {"resourceType": "Bundle", "type": "collection", "entry": []}
    for one_of in drafted:
        add(bundle, {**one_of, "meta": {"versionId": "7"}})
    return bundle


def draft(bundle: Json) -> str:
    """The id of the open draft."""
    (found,) = (
        held["id"] for held in resources(bundle) if held["resourceType"] == "CarePlan" and held["status"] == "draft"
    )
    return str(found)


def flagged(bundle: Json) -> None:
    """A yes to the question on chest symptoms."""
    add(bundle, observation("rf09", valueBoolean=True))


@pytest.mark.parametrize("command", ["flag", "outdated", "approve", "reject"])
def test_each_update_requires_the_version_that_was_read(command: str) -> None:
    """A change that a clinician made in between is never overwritten."""
    bundle = with_draft()
    if command == "flag":
        flagged(bundle)
    words = {
        "flag": (*PLAN, "--at", AT, "--write"),
        "outdated": (*PLAN, "--at", "2025-02-01T09:00:00Z", "--write"),
        "approve": ("approve", draft(bundle), "--as", CLINICIAN, "--at", LATER),
        "reject": ("reject", draft(bundle), "--as", CLINICIAN, "--reason", "not now", "--at", LATER),
    }[command]
    done, sent = on_ehr(bundle, *words)
    updates = [entry["request"] for entry in sent if entry["request"]["method"] == "PUT"]
    assert done.code == 0
    assert len(updates) >= 5
    assert [update for update in updates if update.get("ifMatch") != 'W/"7"'] == []


@pytest.mark.parametrize(
    "text", ["Walk \ud83d to the bus", "Walk to the bus \ude80", "Walk\u0000 to\u0001 the\uffff bus"]
)
def test_broken_text_is_written_whole(text: str) -> None:
    """The command ends well, and what it sends is text of Unicode without control characters."""
    bundle = base()
    one(bundle, "e2-progress-goal")["description"]["text"] = text
    done, sent = on_ehr(bundle, *PLAN, "--at", AT, "--write")
    content = json.dumps([entry["resource"] for entry in sent], ensure_ascii=False)
    assert (done.code, bool(sent)) == (0, True)
    assert content.encode("utf-8")
    assert [mark for mark in ("\\u0000", "\\u0001", "\uffff") if mark in content] == []


UNUSABLE: Mapping[str, Json] = {
    "identifier alone": {"entity": {"type": "Patient", "identifier": {"system": "urn:site", "value": "7"}}},
    "name alone": {"entity": {"display": "Example"}},
    "another server": {"entity": {"reference": f"https://portal.example/fhir/Patient/{PATIENT}"}},
    "no entity": {},
    "empty id": {"entity": {"reference": "Patient/"}},
    "empty reference": {"entity": {"reference": ""}},
}
SILENT: Mapping[str, Json] = {
    "inactive": {"entity": {"reference": "Patient/left"}, "inactive": True},
    "period that is over": {"entity": {"reference": "Patient/left"}, "period": {"end": "2025-01-12"}},
    "device": {"entity": {"reference": "Device/watch"}},
    "own absolute address": {"entity": {"reference": f"{EHR}/Patient/{PATIENT}"}},
    "own address with a version": {"entity": {"reference": f"{EHR}/Patient/{PATIENT}/_history/2"}},
}


def run_of_group(member: Json) -> Done:
    """A run for a Group of the patient and this member."""
    bundle = base()
    members = [{"entity": {"reference": f"Patient/{PATIENT}"}}, member]
    add(bundle, {"resourceType": "Group", "id": "group", "type": "person", "actual": True, "member": members})
    return on_ehr(bundle, "sync", "--group", "group", "--at", AT, "--json", "--dry-run")[0]


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_member_that_cannot_be_used_is_reported(name: str) -> None:
    """The others are done, and the log counts it."""
    done = run_of_group(UNUSABLE[name])
    assert done.json["patients"]["done"] == 1
    assert "code=EHR06 count=1" in done.err


@pytest.mark.parametrize("name", SILENT)
def test_a_member_that_is_not_meant_is_not_reported(name: str) -> None:
    """Nothing to report: it is the same patient, or one who is not enrolled."""
    done = run_of_group(SILENT[name])
    assert done.json["patients"]["enrolled"] == 1
    assert "EHR06" not in done.err
