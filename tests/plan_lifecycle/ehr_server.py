"""A FHIR server as clinicians, patients and devices use it, and runs of the service against it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import requests

from titrate.app.decisions.approval import Approval, Rejection, approve, reject
from titrate.app.decisions.carry_out_decision import DecisionResult
from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver, preview
from titrate.app.pipeline import PipelineResult, PlanningRules
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.receipt import DeliveryOutcome
from titrate.fhir.site import Site
from titrate.json_codec import dumps, loads_object
from titrate.rulebook import load_with_lookup

Json = dict[str, Any]
PHYSIOTHERAPIST = "Practitioner/example-physiotherapist"
SECONDS = 60
LISTED = ("CarePlan", "ServiceRequest", "Goal", "Task", "Observation", "Flag", "Communication")


@cache
def rules() -> PlanningRules:
    """The shipped rulebook, with a lookback as long as any rule needs, so that long courses stay fast."""
    return PlanningRules(*load_with_lookup(), Site(), lookback=60)


@dataclass
class EhrServer:
    """A FHIR server with its resources, decisions and runs."""

    base_url: str
    session: requests.Session = field(default_factory=requests.Session)

    def ehr(self) -> EHR:
        """A new client of the service, as in a new process."""
        return EHR(self.base_url, self.session, ClientPolicy(sleep=lambda _: None, jitter=lambda longest: longest))

    def put(self, resources: Iterable[Json]) -> None:
        """Write resources of patients, clinicians and devices, each under its own id, in one transaction."""
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
        """One stored resource."""
        return self._json(self.session.get(f"{self.base_url}/{place}", timeout=SECONDS))

    def of(self, kind: str, patient: str) -> list[Json]:
        """All resources of a type for a patient, newest ids last."""
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
        """`Type/id` of all resources of a type for a patient."""
        return [f"{kind}/{one['id']}" for one in self.of(kind, patient)]

    def change(self, place: str, act: Callable[[Json], object]) -> None:
        """Edit one resource in the EHR."""
        changed = copy.deepcopy(self.read(place))
        act(changed)
        self._send("put", place, changed)

    def set(self, place: str, **elements: Any) -> None:
        """Replace elements of one resource in the EHR."""
        self.change(place, lambda item: item.update(elements))

    def preview(self, patient: str, at: datetime) -> PipelineResult:
        """A dry run."""
        return preview(self.ehr(), patient, rules(), at)[0]

    def run(self, patient: str, at: datetime) -> DeliveredPlan:
        """A run as in a new process with an empty ledger."""
        done = plan_and_deliver(self.ehr(), patient, rules(), at, lambda _result, _receipt: None)
        assert done.receipt is None or done.receipt.outcome is DeliveryOutcome.WRITTEN, done.receipt
        return done

    def approve(self, plan: str, at: datetime, reason: str | None = None, **doses: str) -> DecisionResult:
        """Approve as the clinician, through the service."""
        typed = {exercise.replace("_", "-"): amount for exercise, amount in doses.items()}
        return approve(self.ehr(), Approval(plan, PHYSIOTHERAPIST, typed, reason), rules(), at)

    def reject(self, plan: str, at: datetime, reason: str = "not now") -> DecisionResult:
        """Reject as the clinician, through the service."""
        return reject(self.ehr(), Rejection(plan, PHYSIOTHERAPIST, reason), rules(), at)

    def plans(self, patient: str, *statuses: str) -> list[Json]:
        """CarePlans with one of the statuses."""
        return [plan for plan in self.of("CarePlan", patient) if plan["status"] in statuses]

    def draft(self, patient: str) -> str:
        """The id of the only open draft."""
        (plan,) = self.plans(patient, "draft")
        return str(plan["id"])

    def active(self, patient: str) -> Json:
        """The only active plan."""
        (plan,) = self.plans(patient, "active")
        return plan

    def orders(self, patient: str, status: str = "active") -> dict[str, Json]:
        """Orders with a status, by exercise."""
        found = [one for one in self.of("ServiceRequest", patient) if one["status"] == status]
        return {_exercise(one): one for one in found}

    def everything(self, patient: str) -> dict[str, Json]:
        """All resources of plans by `Type/id`, for comparing before and after."""
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
