"""Synthetic patients move into an EHR under ids of this run alone, because a server by address keeps what it had."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import requests

from tests.contract.site import token
from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver, preview
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.deliver import deliver
from titrate.fhir.site import Site
from titrate.json_codec import loads
from titrate.rulebook import load_with_lookup

PATIENTS = Path(__file__).resolve().parents[2] / "fixtures" / "patients"
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Guest:
    """A patient in an EHR: the id there, the fixture's own name, and the moment of the story."""

    id: str
    fixture: str
    at: datetime


@cache
def rules() -> PlanningRules:
    """The rulebook that ships."""
    return PlanningRules(*load_with_lookup(), Site())


def client(base_url: str, session: requests.Session | None = None) -> EHR:
    """An EHR that waits as little as it can."""
    return EHR(base_url, session or requests.Session(), ClientPolicy(jitter=lambda longest: min(longest, 0.2)), token())


def moved_in(ehr: EHR, fixture: str) -> Guest:
    """The fixture's patient, written into the EHR in one transaction under a new id."""
    recorded = json.loads((PATIENTS / fixture / "expected.json").read_text(encoding="utf-8"))
    guest = Guest(f"{fixture}-{secrets.token_hex(4)}", fixture, datetime.fromisoformat(recorded["at"]))
    found = loads((PATIENTS / fixture / "bundle.json").read_bytes())
    store(ehr, *(renamed(entry["resource"], guest) for entry in found["entry"]))
    return guest


def renamed(node: Any, guest: Guest) -> Any:
    """A copy in which ids, references and identifiers are those of the guest."""
    if isinstance(node, dict):
        return {key: _name(key, item, guest) for key, item in node.items()}
    return [renamed(item, guest) for item in node] if isinstance(node, list) else node


def _name(key: str, item: Any, guest: Guest) -> Any:
    if key == "id" and isinstance(item, str):
        return item.replace(guest.fixture, guest.id)
    if key == "reference" and isinstance(item, str):
        return item.replace(f"/{guest.fixture}", f"/{guest.id}")
    if key == "identifier" and isinstance(item, list):
        return [{**one, "value": f"{one['value']}-{guest.id[-8:]}"} for one in item]
    return renamed(item, guest)


def store(ehr: EHR, *resources: Resource) -> None:
    """Every resource under its own id, all or none, as the operator of the EHR would store them."""
    entries = [_put(ehr, one) for one in resources]
    receipt = deliver(ehr, {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert not receipt.issues, receipt.issues


def _put(ehr: EHR, resource: Resource) -> Resource:
    place = f"{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": f"{ehr.base_url}/{place}", "resource": resource, "request": {"method": "PUT", "url": place}}


def visited(ehr: EHR, guest: Guest, at: datetime | None = None) -> DeliveredPlan:
    """One run of the service on the guest."""
    return plan_and_deliver(ehr, guest.id, rules(), at or guest.at, lambda _result, _receipt: None)


def looked(ehr: EHR, guest: Guest, at: datetime | None = None) -> PipelineResult:
    """What a run would find and write."""
    return preview(ehr, guest.id, rules(), at or guest.at)[0]


def limit(guest: Guest, exercise: str, amount: str, unit: str = "min") -> Resource:
    """A clinician's dose limit, set an hour before the moment of the story."""
    codes, ucum = "https://titrate.example/fhir/CodeSystem/titrate", "http://unitsofmeasure.org"
    quantity = {"value": Decimal(amount), "unit": unit, "system": ucum, "code": unit}
    return {
        "resourceType": "Observation",
        "id": f"limit-{guest.id}",
        "status": "final",
        "code": _local("dose-limit", codes),
        "subject": {"reference": f"Patient/{guest.id}"},
        "effectiveDateTime": guest.at.replace(hour=guest.at.hour - 1).isoformat(),
        "performer": [{"reference": "Practitioner/example-physiotherapist"}],
        "component": [
            {"code": _local("exercise", codes), "valueCodeableConcept": _local(exercise, codes)},
            {"code": _local("amount", codes), "valueQuantity": quantity},
        ],
    }


def _local(code: str, codes: str) -> Resource:
    return {"coding": [{"system": codes, "code": code}], "text": code}
