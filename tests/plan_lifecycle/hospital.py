"""A FHIR server as clinicians, patients and devices use it, and the service's runs on it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import requests

from titrate.app.decisions.approval import Approval, Rejection, approve, reject
from titrate.app.decisions.decide_on_plan import DecisionResult
from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver, preview
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.receipt import Outcome
from titrate.fhir.site import Site
from titrate.json_codec import dumps, loads_object
from titrate.rulebook import load_with_lookup

Json = dict[str, Any]
WHO = "Practitioner/example-physiotherapist"
SECONDS = 60
LISTED = ("CarePlan", "ServiceRequest", "Goal", "Task", "Observation", "Flag", "Communication")


@cache
def rules() -> PlanningRules:
    """The rulebook that ships; looking back as far as any rule reads, so that long courses stay quick."""
    return PlanningRules(*load_with_lookup(), Site(), lookback=60)


@dataclass
class Hospital:
    """One server. `page` is small on purpose where a test wants paging."""

    base_url: str
    session: requests.Session = field(default_factory=requests.Session)

    def ehr(self) -> EHR:
        """A client of the service, new each time, as a new process would have."""
        return EHR(self.base_url, self.session, ClientPolicy(sleep=lambda _: None, jitter=lambda longest: longest))

    def put(self, resources: Iterable[Json]) -> None:
        """People and devices write, each resource under its own id, in one transaction."""
        entries = [
            {
                "fullUrl": f"{self.base_url}/{one['resourceType']}/{one['id']}",
                "resource": one,
                "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"},
            }
            for one in resources
        ]
        self._send("post", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})

    def read(self, place: str) -> Json:
        """One resource as the server has it."""
        return self._json(self.session.get(f"{self.base_url}/{place}", timeout=SECONDS))

    def of(self, kind: str, patient: str) -> list[Json]:
        """All resources of a type about a patient, newest ids last."""
        query = {"target": ",".join(self.names("CarePlan", patient))} if kind == "Provenance" else {"patient": patient}
        if query.get("target") == "":
            return []
        found = self._json(
            self.session.get(
                f"{self.base_url}/{kind}",
                params={**query, "_count": "500"},
                timeout=SECONDS,
                headers={"Cache-Control": "no-cache"},
            )
        )
        return [entry["resource"] for entry in found.get("entry", []) if entry["resource"]["resourceType"] == kind]

    def names(self, kind: str, patient: str) -> list[str]:
        """`Type/id` of the same."""
        return [f"{kind}/{one['id']}" for one in self.of(kind, patient)]

    def change(self, place: str, act: Callable[[Json], object]) -> None:
        """An edit of one resource in the EHR."""
        changed = copy.deepcopy(self.read(place))
        act(changed)
        self._send("put", place, changed)

    def set(self, place: str, **elements: Any) -> None:
        """An edit that sets elements of one resource."""
        self.change(place, lambda item: item.update(elements))

    def preview(self, patient: str, at: datetime) -> PipelineResult:
        """A dry run."""
        return preview(self.ehr(), patient, rules(), at)[0]

    def run(self, patient: str, at: datetime) -> DeliveredPlan:
        """A run as a new process with an empty ledger does it."""
        done = plan_and_deliver(self.ehr(), patient, rules(), at, lambda _walked, _receipt: None)
        assert done.receipt is None or done.receipt.outcome is Outcome.WRITTEN, done.receipt
        return done

    def approve(self, plan: str, at: datetime, reason: str | None = None, **doses: str) -> DecisionResult:
        """The clinician approves, with our own means."""
        typed = {exercise.replace("_", "-"): amount for exercise, amount in doses.items()}
        return approve(self.ehr(), Approval(plan, WHO, typed, reason), rules(), at)

    def reject(self, plan: str, at: datetime, reason: str = "not now") -> DecisionResult:
        """The clinician rejects, with our own means."""
        return reject(self.ehr(), Rejection(plan, WHO, reason), rules(), at)

    def plans(self, patient: str, *statuses: str) -> list[Json]:
        """CarePlans in one of the statuses."""
        return [plan for plan in self.of("CarePlan", patient) if plan["status"] in statuses]

    def draft(self, patient: str) -> str:
        """The id of the one open draft."""
        (plan,) = self.plans(patient, "draft")
        return str(plan["id"])

    def active(self, patient: str) -> Json:
        """The one active plan."""
        (plan,) = self.plans(patient, "active")
        return plan

    def orders(self, patient: str, status: str = "active") -> dict[str, Json]:
        """Orders in a status, by exercise."""
        found = [one for one in self.of("ServiceRequest", patient) if one["status"] == status]
        return {_exercise(one): one for one in found}

    def everything(self, patient: str) -> dict[str, Json]:
        """All that plans are made of, by name, for comparing before and after."""
        kinds = (*LISTED, "Provenance")
        return {f"{kind}/{one['id']}": one for kind in kinds for one in self.of(kind, patient)}

    def _send(self, method: str, place: str, content: Json) -> None:
        answer = self.session.request(
            method,
            f"{self.base_url}/{place}".rstrip("/"),
            data=dumps(content),
            timeout=SECONDS,
            headers={"Content-Type": "application/fhir+json"},
        )
        assert answer.status_code in (200, 201), _errors(answer)

    @staticmethod
    def _json(answer: requests.Response) -> Json:
        assert answer.status_code == 200, answer.text[:2000]
        found: Json = loads_object(answer.content)
        return found


def _errors(answer: requests.Response) -> list[str]:
    """The errors that a server reports, without its warnings."""
    issues = answer.json().get("issue", [])
    return [str(one.get("diagnostics")) for one in issues if one.get("severity") in ("error", "fatal")]


def _exercise(order: Json) -> str:
    return next(str(one["code"]) for one in order["code"]["coding"] if one["system"].endswith("/CodeSystem/titrate"))
