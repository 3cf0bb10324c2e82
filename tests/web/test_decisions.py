"""Approvals, rejections and phases over HTTP, in a clinician's name."""

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
from titrate.json_codec import loads
from titrate.sandbox.server import Sandbox

FIXTURE = "e2-progress"
AT = moment(FIXTURE)
NOW = datetime.fromisoformat(AT)
APPROVER = "a" * 40


@pytest.fixture
def hospital() -> Iterator[str]:
    """An EHR with one patient and the current plan."""
    with Sandbox() as sandbox:
        sandbox.fill([loads((PATIENTS / FIXTURE / "bundle.json").read_bytes())])
        yield sandbox.base_url


@pytest.fixture
def service(hospital: str, tmp_path: Path) -> Iterator[Service]:
    """A service for that EHR, with a client that has every scope."""
    chosen = guarded(tmp_path, fhir_url=hospital)
    with (tmp_path / "tokens").open("a", encoding="utf-8") as file:
        file.write(f"ward read,write,approve {APPROVER}\n")
    with serving(chosen, lambda: NOW) as found:
        yield found


@pytest.fixture
def practitioner(hospital: str) -> str:
    """A reference to a clinician of that EHR."""
    found = requests.get(f"{hospital}/Practitioner", timeout=10).json()
    return f"Practitioner/{found['entry'][0]['resource']['id']}"


def draft_id(service: Service) -> str:
    """The id of a new draft."""
    payload = {"patient": FIXTURE, "at": AT, "write": True}
    written = service.post("/v1/plans", json=payload, headers=bearer(APPROVER)).json()["receipt"]["entries"]
    return str(next(one["id"] for one in written if one["type"] == "CarePlan"))


def decide(service: Service, path: str, token: str = APPROVER, **fields: Any) -> requests.Response:
    """Post a decision; `practitioner` is sent as `as`."""
    body = {("as" if name == "practitioner" else name): value for name, value in fields.items()}
    return service.post(f"/v1/{path}", json=body, headers=bearer(token))


def plan_status(hospital: str, plan: str) -> str:
    """The status of a plan in the EHR."""
    return str(requests.get(f"{hospital}/CarePlan/{plan}", timeout=10).json()["status"])


def test_an_approval_is_idempotent(service: Service, hospital: str, practitioner: str) -> None:
    """The second one changes nothing; the ledger has the receipt."""
    plan = draft_id(service)
    first, second = (decide(service, "approvals", plan=plan, practitioner=practitioner) for _ in range(2))
    assert (first.status_code, first.json()["ending"], plan_status(hospital, plan)) == (200, "done", "active")
    assert first.json()["changes"] == ["Walking: from 15 min to 16 min"]
    assert (second.status_code, second.json()["ending"]) == (200, "already")
    runs = service.get("/v1/runs", headers=bearer(READER)).json()["runs"]
    assert [one["kind"] for one in runs] == ["api", "approve"]


def test_a_rejected_draft_cannot_be_approved(service: Service, hospital: str, practitioner: str) -> None:
    """409, with the reasons."""
    plan = draft_id(service)
    rejected = decide(service, "rejections", plan=plan, practitioner=practitioner, reason="wait for the next visit")
    assert (rejected.json()["ending"], plan_status(hospital, plan)) == ("done", "revoked")
    late = decide(service, "approvals", plan=plan, practitioner=practitioner)
    assert (late.status_code, late.json()["ending"]) == (409, "refused")
    assert late.json()["why"]


def test_an_approval_can_change_a_dose(service: Service, practitioner: str) -> None:
    """An invalid dose changes nothing."""
    plan = draft_id(service)
    invalid = decide(service, "approvals", plan=plan, practitioner=practitioner, doses={"walking": "a lot"})
    assert (invalid.status_code, invalid.json()["code"]) == (422, "not-a-dose")
    changed = decide(
        service, "approvals", plan=plan, practitioner=practitioner, doses={"walking": "14"}, reason="tired"
    )
    assert changed.json()["changes"] == ["Walking: from 15 min to 14 min"]


def test_the_phase_of_the_current_plan_can_be_set(service: Service, practitioner: str) -> None:
    """From graded exercise to maintenance."""
    plan = draft_id(service)
    decide(service, "approvals", plan=plan, practitioner=practitioner)
    moved = decide(service, "phases", plan=plan, practitioner=practitioner, phase="maintenance", reason="goal met")
    assert (moved.status_code, moved.json()["ending"]) == (200, "done")


@pytest.mark.parametrize("token", [READER, WRITER, signed(claims(NOW))])
def test_decisions_require_the_scope_approve(token: str, service: Service, practitioner: str) -> None:
    """The scope write does not permit approvals."""
    response = decide(service, "approvals", token, plan="p", practitioner=practitioner)
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("person", [None, "Practitioner/another", "https://elsewhere.example/fhir/Practitioner/1"])
def test_a_signed_in_clinician_cannot_decide_for_another(
    person: str | None, service: Service, practitioner: str
) -> None:
    """`as` must equal fhirUser."""
    token = signed(claims(NOW, scope="titrate.read titrate.approve", fhirUser=person))
    response = decide(service, "approvals", token, plan=draft_id(service), practitioner=practitioner)
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("absolute", [False, True])
def test_a_signed_in_clinician_decides_in_their_own_name(
    absolute: bool, service: Service, hospital: str, practitioner: str
) -> None:
    """fhirUser can be relative or absolute."""
    person = f"{hospital}/{practitioner}" if absolute else practitioner
    token = signed(claims(NOW, scope="titrate.read titrate.approve", fhirUser=person))
    response = decide(service, "rejections", token, plan=draft_id(service), practitioner=practitioner, reason="not now")
    assert response.json()["ending"] == "done"


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        ({"plan": "p", "as": "Patient/1", "reason": "r"}, "json.as"),
        ({"plan": "..", "as": "Practitioner/1", "reason": "r"}, "json.plan"),
        ({"plan": "p", "as": "Practitioner/..", "reason": "r"}, "json.as"),
        ({"plan": "p", "as": "Practitioner/1", "reason": "  "}, "json.reason"),
        ({"plan": "p", "as": "Practitioner/1"}, "json.reason"),
    ],
)
def test_an_invalid_decision_names_the_field(payload: dict[str, str], place: str, service: Service) -> None:
    """Before the EHR is contacted."""
    response = service.post("/v1/rejections", json=payload, headers=bearer(APPROVER)).json()
    assert [one["at"] for one in response["errors"]] == [place]


def test_an_unknown_plan_or_practitioner_is_not_found(service: Service, practitioner: str) -> None:
    """404, and nothing is written."""
    assert decide(service, "approvals", plan="nowhere", practitioner=practitioner).json()["code"] == "no-such-patient"
    assert (
        decide(service, "approvals", plan=draft_id(service), practitioner="Practitioner/x").json()["code"]
        == "no-such-patient"
    )
