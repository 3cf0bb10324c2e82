"""Updates without a version in a search, several writers at once, and settings that spell an address differently."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.cli.running import TITRATE, Done, titrate
from tests.ehr.odd_server import ReceivedRequest, Reply, resource, serving
from tests.faults.expectations import usual_reply
from tests.faults.records import AT, CLINICIAN, EHR, PATIENT, Json, add, base, observation, resources
from tests.faults.test_runs import LATER, PLAN, draft, flagged, with_draft, written
from titrate.sandbox.server import Sandbox

KINDS = ("CarePlan", "ServiceRequest", "Goal", "Observation", "Task", "Flag", "Communication", "Provenance")


def without_versions() -> Json:
    """The record with an open draft; no resource has `meta.versionId`."""
    bundle = with_draft()
    for held in resources(bundle):
        held.pop("meta", None)
    return bundle


def on_ehr(bundle: Json, etag: str | None, version: str | None, words: Sequence[str]) -> tuple[Done, list[Json]]:
    """The command on an EHR whose reads alone have this ETag, or this version, and the entries that were sent."""
    stored, sent = json.dumps(bundle), []

    def script(request: ReceivedRequest) -> Reply:
        place = urlsplit(request.path).path.removeprefix("/fhir").strip("/")
        if request.method == "POST" and not place:
            sent.extend(json.loads(request.body)["entry"])
            return resource(written(json.loads(request.body)))
        usual = usual_reply(json.loads(stored.replace(EHR, server.base_url)), place.partition("/")[0], request, None)
        read = request.method == "GET" and "/" in place and usual.status == 200
        return _versioned(usual, etag, version) if read else usual

    with serving(script) as server, tempfile.TemporaryDirectory() as folder:
        done = titrate(*words, fhir_url=server.base_url, ledger=f"{folder}/ledger.sqlite", retries="0")
    return done, sent


def _versioned(usual: Reply, etag: str | None, version: str | None) -> Reply:
    content = json.loads(usual.body) | ({"meta": {"versionId": version}} if version else {})
    reply = resource(content)
    return reply if etag is None else Reply(reply.status, reply.body, {**reply.headers, "ETag": etag})


def words_of(command: str, bundle: Json) -> Sequence[str]:
    """The command that updates the open draft; `flag` answers yes to a safety question first."""
    if command == "flag":
        flagged(bundle)
    return {
        "flag": (*PLAN, "--at", AT, "--write"),
        "outdated": (*PLAN, "--at", "2025-02-01T09:00:00Z", "--write"),
        "approve": ("approve", draft(bundle), "--as", CLINICIAN, "--at", LATER),
        "reject": ("reject", draft(bundle), "--as", CLINICIAN, "--reason", "not now", "--at", LATER),
    }[command]


COMMANDS = ("flag", "outdated", "approve", "reject")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("etag", "version"),
    [('W/"7"', None), ('"7"', None), (None, "7")],
    ids=["weak ETag of a read", "strong ETag of a read", "version of a read"],
)
def test_the_version_of_a_read_is_the_condition(command: str, etag: str | None, version: str | None) -> None:
    """A search gave no version; each update names the version of the read."""
    bundle = without_versions()
    done, sent = on_ehr(bundle, etag, version, words_of(command, bundle))
    updates = [entry["request"] for entry in sent if entry["request"]["method"] == "PUT"]
    assert done.code == 0
    assert len(updates) >= 5
    assert {update["ifMatch"] for update in updates} == {'W/"7"'}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("etag", [None, 'W/""'], ids=["no ETag", "empty version"])
def test_nothing_is_updated_without_a_version(command: str, etag: str | None) -> None:
    """Only a new alert is written; the command fails."""
    bundle = without_versions()
    done, sent = on_ehr(bundle, etag, None, words_of(command, bundle))
    assert done.code == 1
    assert [entry["request"]["method"] for entry in sent] == ["POST"] * (2 if command == "flag" else 0)


def at_once(*commands: Sequence[str], fill: Json) -> tuple[list[int], dict[str, int]]:
    """Commands that start together on one sandbox and one ledger: exit codes, and how many resources there are more."""
    with Sandbox() as ehr, tempfile.TemporaryDirectory() as folder:
        ehr.fill([fill])
        before = _counts(ehr.base_url)
        environment = {
            "PATH": "/usr/bin:/bin",
            "TITRATE_FHIR_URL": ehr.base_url,
            "TITRATE_LEDGER": str(Path(folder) / "ledger.sqlite"),
        }
        running = [
            subprocess.Popen([*TITRATE, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for words in commands
        ]
        codes = [process.wait(100) for process in running]
        after = _counts(ehr.base_url)
    return codes, {kind: after[kind] - before[kind] for kind in KINDS}


def _counts(url: str) -> dict[str, int]:
    return {kind: requests.get(f"{url}/{kind}?_summary=count", timeout=30).json()["total"] for kind in KINDS}


WRITE = (*PLAN, "--at", AT, "--write")
ALL = ("sync", "--all", "--at", AT, "--json")


@pytest.mark.slow
@pytest.mark.parametrize("commands", [(WRITE, WRITE), (WRITE, ALL)], ids=["plan", "plan and sync"])
@pytest.mark.parametrize("flagging", [False, True], ids=["draft", "red flag"])
def test_two_writers_leave_what_one_leaves(commands: Sequence[Sequence[str]], flagging: bool) -> None:
    """Nothing is there twice, also no Provenance, which has no identifier."""
    bundle = base()
    if flagging:
        flagged(bundle)
    _, alone = at_once(WRITE, fill=bundle)
    _, together = at_once(*commands, fill=bundle)
    assert together == alone
    assert alone["Provenance"] >= 1


@pytest.mark.slow
def test_two_approvals_leave_one() -> None:
    """One approval and one Provenance of it; the other command changes nothing."""
    bundle = with_draft()
    words = words_of("approve", bundle)
    _, alone = at_once(words, fill=bundle)
    _, together = at_once(words, words, fill=bundle)
    assert together == alone
    assert alone["Provenance"] == 1


@pytest.mark.parametrize(
    ("setting", "reference"),
    [
        ("http://LOCALHOST:{port}/fhir", "http://localhost:{port}/fhir/Patient/{who}"),
        ("http://localhost:{port}/fhir/", "HTTP://LocalHost:{port}/fhir/Patient/{who}/_history/3"),
        ("HTTP://localhost:{port}/fhir", "http://localhost:0{port}/fhir/Patient/{who}"),
    ],
    ids=["host in capitals", "last slash, and a version", "scheme in capitals, and a port with a zero"],
)
def test_the_setting_spells_the_address_differently(setting: str, reference: str) -> None:
    """Absolute references belong to the EHR all the same, and the yes counts."""
    bundle = base()
    add(bundle, observation("rf09", valueBoolean=True))

    def script(request: ReceivedRequest) -> Reply:
        port = urlsplit(server.base_url).port
        for held in resources(bundle):
            if "subject" in held:
                held["subject"] = {"reference": reference.format(port=port, who=PATIENT)}
        kind = urlsplit(request.path).path.removeprefix("/fhir/").split("/")[0]
        return usual_reply(bundle, kind, request, None)

    with serving(script) as server, tempfile.TemporaryDirectory() as folder:
        url = setting.format(port=urlsplit(server.base_url).port)
        done = titrate(*PLAN, "--at", AT, fhir_url=url, ledger=f"{folder}/ledger.sqlite", retries="0")
    assert done.code == 0
    assert done.json["decision"]["rule"] == "D1"
    assert [one["flag"] for one in done.json["flags"]] == ["rf09"]
