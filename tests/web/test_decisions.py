"""Approving and rejecting over HTTP: the same acts as on the command line, in a clinician's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.running import PATIENTS, moment
from tests.web.service import Service, serving
from tests.web.tokens import READER, WRITER, bearer, claims, guarded, signed
from titrate.fhir.bundles import loads
from titrate.sandbox.server import Sandbox

FIXTURE = "e2-progress"
AT = moment(FIXTURE)
NOW = datetime.fromisoformat(AT)
APPROVER = "a" * 40


@pytest.fixture
def hospital() -> Iterator[str]:
    """An EHR with one patient and nothing of ours but the plan in force."""
    with Sandbox() as sandbox:
        sandbox.fill([loads((PATIENTS / FIXTURE / "bundle.json").read_bytes())])
        yield sandbox.base_url


@pytest.fixture
def service(hospital: str, tmp_path: Path) -> Iterator[Service]:
    """A service for it, with a client that may do everything."""
    chosen = guarded(tmp_path, fhir_url=hospital)
    with (tmp_path / "tokens").open("a", encoding="utf-8") as file:
        file.write(f"ward read,write,approve {APPROVER}\n")
    with serving(chosen, lambda: NOW) as found:
        yield found


@pytest.fixture
def who(hospital: str) -> str:
    """A clinician of that EHR."""
    found = requests.get(f"{hospital}/Practitioner", timeout=10).json()
    return f"Practitioner/{found['entry'][0]['resource']['id']}"


def drafted(service: Service) -> str:
    """The id of a draft that waits."""
    asked = {"patient": FIXTURE, "at": AT, "write": True}
    written = service.post("/v1/plans", json=asked, headers=bearer(APPROVER)).json()["receipt"]["entries"]
    return str(next(one["id"] for one in written if one["type"] == "CarePlan"))


def decided(service: Service, path: str, token: str = APPROVER, **asked: Any) -> requests.Response:
    """A decision; `who` is sent as `as`."""
    body = {("as" if name == "who" else name): value for name, value in asked.items()}
    return service.post(f"/v1/{path}", json=body, headers=bearer(token))


def status(hospital: str, plan: str) -> str:
    """What the EHR says of a plan."""
    return str(requests.get(f"{hospital}/CarePlan/{plan}", timeout=10).json()["status"])


def test_a_draft_goes_active_once(service: Service, hospital: str, who: str) -> None:
    """The second time there is nothing to do; the receipt is in the ledger."""
    plan = drafted(service)
    first, second = (decided(service, "approvals", plan=plan, who=who) for _ in range(2))
    assert (first.status_code, first.json()["ending"], status(hospital, plan)) == (200, "done", "active")
    assert first.json()["changes"] == ["Walking: 15 min becomes 16 min"]
    assert (second.status_code, second.json()["ending"]) == (200, "already")
    runs = service.get("/v1/runs", headers=bearer(READER)).json()["runs"]
    assert [one["kind"] for one in runs] == ["api", "approve"]


def test_a_draft_is_rejected_and_not_approved_any_more(service: Service, hospital: str, who: str) -> None:
    """409, and why."""
    plan = drafted(service)
    rejected = decided(service, "rejections", plan=plan, who=who, reason="wait for the next visit")
    assert (rejected.json()["ending"], status(hospital, plan)) == ("done", "revoked")
    late = decided(service, "approvals", plan=plan, who=who)
    assert (late.status_code, late.json()["ending"]) == (409, "refused")
    assert late.json()["why"]


def test_another_dose_is_one_act_with_the_approval(service: Service, who: str) -> None:
    """An amount that is none changes nothing."""
    plan = drafted(service)
    odd = decided(service, "approvals", plan=plan, who=who, doses={"walking": "a lot"})
    assert (odd.status_code, odd.json()["code"]) == (422, "not-a-dose")
    fine = decided(service, "approvals", plan=plan, who=who, doses={"walking": "14"}, reason="tired")
    assert fine.json()["changes"] == ["Walking: 15 min becomes 14 min"]


def test_the_phase_is_set(service: Service, who: str) -> None:
    """Of the plan in force."""
    plan = drafted(service)
    decided(service, "approvals", plan=plan, who=who)
    moved = decided(service, "phases", plan=plan, who=who, phase="maintenance", reason="goal met")
    assert (moved.status_code, moved.json()["ending"]) == (200, "done")


@pytest.mark.parametrize("token", [READER, WRITER, signed(claims(NOW))])
def test_deciding_needs_its_own_scope(token: str, service: Service, who: str) -> None:
    """To write drafts is not to approve them."""
    answered = decided(service, "approvals", token, plan="p", who=who)
    assert (answered.status_code, answered.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("person", [None, "Practitioner/another", "https://elsewhere.example/fhir/Practitioner/1"])
def test_who_signed_in_decides_in_no_other_name(person: str | None, service: Service, who: str) -> None:
    """A provider's token says who it is; `as` has to agree."""
    token = signed(claims(NOW, scope="titrate.read titrate.approve", fhirUser=person))
    answered = decided(service, "approvals", token, plan=drafted(service), who=who)
    assert (answered.status_code, answered.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("absolute", [False, True])
def test_who_signed_in_decides_in_their_own_name(absolute: bool, service: Service, hospital: str, who: str) -> None:
    """Named as the EHR does, with its address or without."""
    person = f"{hospital}/{who}" if absolute else who
    token = signed(claims(NOW, scope="titrate.read titrate.approve", fhirUser=person))
    answered = decided(service, "rejections", token, plan=drafted(service), who=who, reason="not now")
    assert answered.json()["ending"] == "done"


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"plan": "p", "as": "Patient/1", "reason": "r"}, "json.as"),
        ({"plan": "..", "as": "Practitioner/1", "reason": "r"}, "json.plan"),
        ({"plan": "p", "as": "Practitioner/..", "reason": "r"}, "json.as"),
        ({"plan": "p", "as": "Practitioner/1", "reason": "  "}, "json.reason"),
        ({"plan": "p", "as": "Practitioner/1", "reason": "\ud800"}, "body"),
        ({"plan": "p", "as": "Practitioner/1"}, "json.reason"),
    ],
)
def test_a_wrong_decision_names_its_field(asked: dict[str, str], place: str, service: Service) -> None:
    """Before the EHR is asked anything."""
    answered = service.post("/v1/rejections", json=asked, headers=bearer(APPROVER)).json()
    found = [one["at"] for one in answered["errors"]] if place != "body" else [answered["code"]]
    assert found == ([place] if place != "body" else ["broken-json"])


def test_a_plan_or_a_person_whom_nobody_knows_is_not_found(service: Service, who: str) -> None:
    """404, and nothing is written."""
    assert decided(service, "approvals", plan="nowhere", who=who).json()["code"] == "no-such-patient"
    assert (
        decided(service, "approvals", plan=drafted(service), who="Practitioner/x").json()["code"] == "no-such-patient"
    )
