"""What clinicians decide on plans: approve, reject, set a phase. Each is one act in the EHR, in a clinician's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response

from titrate.app.decisions.approval import Approval, NotAPractitioner, Rejection, approve, reject
from titrate.app.decisions.decide_on_plan import DecisionResult, DecisionStatus
from titrate.app.decisions.decision_receipt import decision_json, record_decision_receipt
from titrate.app.decisions.phase import PhaseChoice, set_phase
from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Phase
from titrate.ehr.client import EHR
from titrate.fhir.transitions.dose_input import InvalidDose
from titrate.ledger.database import LedgerUnusable
from titrate.web.app_context import app_context, asking, ehr, need
from titrate.web.auth import Scope
from titrate.web.blueprint import Blueprint
from titrate.web.errors import Problem
from titrate.web.json_body import answer
from titrate.web.schemas import ApprovalRequest, PhaseRequest, RejectionRequest, SettledPlan
from titrate.web.views.plans import BODY, EHR_FAILS

decisions = Blueprint("decisions", __name__, url_prefix="/v1", description="What clinicians decide on plans")
Decide = Callable[[EHR, PlanningRules, datetime], DecisionResult]
NOT_DONE = frozenset({DecisionStatus.REFUSED, DecisionStatus.OVERTAKEN})
CAN_FAIL = (
    *BODY,
    *EHR_FAILS,
    "conflict",
    "plan-unknown",
    "not-a-dose",
    "faulty-plan",
    "ledger-unusable",
    "wrong-parameter",
)
SAYS, SAYS_NOT = "It is done, or was already.", "It was not done; `why` says what stands against it."


@decisions.at("/approvals", "POST")
@decisions.takes(ApprovalRequest, "json")
@decisions.gives(SettledPlan, SAYS)
@decisions.also(409, SettledPlan, SAYS_NOT)
@decisions.named("approvePlan")
@decisions.can_fail(*CAN_FAIL)
def approvals(asked: dict[str, Any]) -> Response:
    """Approve a draft: it goes active with its orders and goal, and the plan before it ends; also with another dose."""
    approval = Approval(asked["plan"], _who(asked), asked["doses"], asked["reason"])
    return _carried_out("approve", lambda client, rules, at: approve(client, approval, rules, at), asked)


@decisions.at("/rejections", "POST")
@decisions.takes(RejectionRequest, "json")
@decisions.gives(SettledPlan, SAYS)
@decisions.also(409, SettledPlan, SAYS_NOT)
@decisions.named("rejectPlan")
@decisions.can_fail(*CAN_FAIL)
def rejections(asked: dict[str, Any]) -> Response:
    """Reject a draft. It is not proposed again for 7 days, or until a new session counts."""
    rejection = Rejection(asked["plan"], _who(asked), asked["reason"])
    return _carried_out("reject", lambda client, rules, at: reject(client, rejection, rules, at), asked)


@decisions.at("/phases", "POST")
@decisions.takes(PhaseRequest, "json")
@decisions.gives(SettledPlan, SAYS)
@decisions.also(409, SettledPlan, SAYS_NOT)
@decisions.named("setPhase")
@decisions.can_fail(*CAN_FAIL)
def phases(asked: dict[str, Any]) -> Response:
    """Move the plan in force to another phase. Doses stay; a discharge ends the plan and its orders."""
    choice = PhaseChoice(asked["plan"], _who(asked), Phase(asked["phase"]), asked["reason"])
    return _carried_out("phase", lambda client, rules, at: set_phase(client, choice, rules, at), asked)


def _who(asked: dict[str, Any]) -> str:
    """In whose name. A person who signed in decides in their own, a program in the name that it gives."""
    need(Scope.APPROVE)
    client, who = asking(), str(asked["who"])
    if client.signed_in and _own(client.person) != who:
        raise Problem("not-allowed", "`as` must be the clinician who signed in (fhirUser).")
    return who


def _own(person: str | None) -> str | None:
    """The EHR's own reference to the person, without the EHR's address."""
    return None if person is None else person.removeprefix(f"{str(app_context().settings.fhir_url).rstrip('/')}/")


def _carried_out(kind: str, decide: Decide, asked: dict[str, Any]) -> Response:
    rules, at = app_context().rules, asked["at"] or app_context().clock()
    ledger = app_context().shelf.ledger()
    try:
        settled = decide(ehr(), rules, at)
    except NotAPractitioner:
        raise Problem("wrong-parameter") from None
    except InvalidDose:
        raise Problem("not-a-dose") from None
    try:
        record_decision_receipt(ledger, kind, rules, settled, at)
    except LedgerUnusable:  # the decision stands in the EHR all the same
        app_context().metrics.problems.labels("ledger-unusable").inc()
    if settled.ending is DecisionStatus.UNKNOWN:
        raise Problem("plan-unknown")
    return answer(decision_json(settled), 409 if settled.ending in NOT_DONE else 200)
