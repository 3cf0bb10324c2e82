"""What a case expects, how a Bundle or an EHR is decided on with the command, and the comparison of the two."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.cli.running import Done, titrate
from tests.ehr.odd_server import ReceivedRequest, Reply, resource, serving
from tests.faults.records import AT, EHR, PATIENT, Change, Json, base

# For one resource type: from the usual reply and the request to the reply that is sent.
Answer = Callable[[Reply, ReceivedRequest], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`rule` is None where any rule will do. `raised` are exactly the exercises that rise, `flags` the open flags."""

    rule: str | None = None
    raised: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    refused: str | None = None
    incomplete: str | None = None
    walks: int | None = None
    code: int = 0


WALKING = frozenset({"walking"})
RISES = Expected(rule="D10", raised=WALKING)
NO_RISE = Expected()
# A gate of walking fails alone; then it is the turn of the leg press.
WALKING_HELD = Expected(rule="D10", raised=frozenset({"leg-press"}))


def flag(*names: str) -> Expected:
    """D1 with these flags open."""
    return Expected(rule="D1", flags=frozenset(names))


def not_complete(kind: str) -> Expected:
    """D5, because the record of this type is not complete."""
    return Expected(rule="D5", incomplete=kind)


def unchanged(bundle: Json) -> None:
    """The record as it is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One input: a change of the patient's Bundle and, from an EHR, other replies for some types."""

    id: str
    expected: Expected
    change: Change = unchanged
    _: KW_ONLY
    answers: Mapping[str, Answer] = field(default_factory=dict)
    statement: Json | None = None
    at: str = AT


def from_file(case: Case) -> Done:
    """The command on the changed Bundle."""
    bundle = base()
    case.change(bundle)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(json.dumps(bundle), encoding="utf-8")
        return titrate("plan", "--bundle", str(file), "--at", case.at, "--json")


def from_ehr(case: Case, *options: str) -> Done:
    """The command on an EHR that holds the changed Bundle."""
    bundle = base()
    case.change(bundle)
    stored = json.dumps(bundle)

    def script(request: ReceivedRequest) -> Reply:
        kind = urlsplit(request.path).path.removeprefix("/fhir/").split("/")[0]
        held = json.loads(stored.replace(EHR, server.base_url))
        usual = usual_reply(held, kind, request, case.statement)
        return case.answers[kind](usual, request) if kind in case.answers else usual

    with serving(script) as server, tempfile.TemporaryDirectory() as folder:
        own = {"fhir_url": server.base_url, "ledger": f"{folder}/ledger.sqlite", "retries": "0"}
        return titrate("plan", "--patient", PATIENT, "--at", case.at, "--json", *options, **own)


def usual_reply(bundle: Json, kind: str, request: ReceivedRequest, statement: Json | None) -> Reply:
    """The reply of an EHR that holds this Bundle; `kind` is the resource type that was asked for."""
    if kind == "metadata":
        return resource(statement) if statement else Reply(404)
    parts = urlsplit(request.path)
    found = [entry for entry in bundle["entry"] if entry["resource"].get("resourceType") == kind]
    named = parts.path.removeprefix(f"/fhir/{kind}").strip("/")
    if request.method == "GET" and named and named != "_search":
        held = [entry["resource"] for entry in found if entry["resource"]["id"] == named]
        return resource(held[0]) if held else Reply(404)
    query = dict(parse_qsl(parts.query)) | dict(parse_qsl(request.body.decode()))
    entries = [{**entry, "search": {"mode": "match"}} for entry in found if _matches(entry["resource"], query)]
    return resource({"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries})


def _matches(held: Json, query: Mapping[str, str]) -> bool:
    if "identifier" in query:
        return False
    if "target" in query:
        return any(target.get("reference") in query["target"].split(",") for target in held.get("target", []))
    return "_id" not in query or held["id"] in query["_id"].split(",")


def capability(types: tuple[str, ...], interactions: bool = True) -> Json:
    """A CapabilityStatement that lists these types."""
    can: Json = {"interaction": [{"code": "read"}, {"code": "search-type"}]} if interactions else {}
    listed = [{"type": kind, **can} for kind in types]
    rest = [{"mode": "server", "interaction": [{"code": "transaction"}], "resource": listed}]
    return {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": rest}


def differences(done: Done, expected: Expected) -> list[str]:
    """What is not as expected, in words."""
    if done.code != expected.code:
        return [f"exit {done.code}: {done.err[-300:]}"]
    if done.code:
        return []
    found = done.json
    decision = found["decision"]
    problems = []
    if expected.rule not in {None, decision["rule"]}:
        problems.append(f"rule {decision['rule']} instead of {expected.rule}: {decision['reasons'][:3]}")
    if raised(decision) != expected.raised:
        problems.append(f"raised {sorted(raised(decision))} ({decision['rule']}): {decision['reasons'][:3]}")
    return problems + _in_detail(found, expected)


def _in_detail(found: Mapping[str, Any], expected: Expected) -> list[str]:
    problems = []
    flags = {one["flag"] for one in found["flags"]}
    reasons = {one["reason"] for one in found["refusals"]}
    incomplete = {one["type"] for one in found["completeness"]["incomplete"]}
    walks = sum(one["exercise"] == "walking" for one in found["sessions"])
    if flags != expected.flags:
        problems.append(f"flags {sorted(flags)} instead of {sorted(expected.flags)}")
    if expected.refused is not None and expected.refused not in reasons:
        problems.append(f"refusals {sorted(reasons)} without {expected.refused}")
    if expected.incomplete is not None and expected.incomplete not in incomplete:
        problems.append(f"incomplete {sorted(incomplete)} without {expected.incomplete}")
    if expected.walks not in {None, walks}:
        problems.append(f"{walks} walking sessions instead of {expected.walks}")
    return problems


def raised(decision: Mapping[str, Any]) -> frozenset[str]:
    """The exercises whose dose rises, by load and then by amount."""
    doses = [(dose["exercise"], _size(dose["current"]), _size(dose["next"])) for dose in decision["doses"]]
    return frozenset(exercise for exercise, current, following in doses if following > current)


def _size(dose: Mapping[str, Any] | None) -> tuple[float, float]:
    return (0, 0) if dose is None else (dose["load"] or 0, dose["amount"])
