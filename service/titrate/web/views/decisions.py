"""Clinicians' decisions on plans: approve, reject, set a phase. Each is one transaction in the clinician's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response
from marshmallow import Schema

from titrate.app.decisions.approval import Approval, PhaseChoice, Rejection, approve, reject, set_phase
from titrate.app.decisions.carry_out_decision import (
    DecisionResult,
    DecisionStatus,
    decision_json,
    record_decision_receipt,
)
from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Phase
from titrate.ehr.client import EHR
from titrate.ledger.errors import LedgerUnusable
from titrate.messages import http_errors
from titrate.web import schemas
from titrate.web.app_context import app_context, client, ehr, require_scope
from titrate.web.auth import Scope
from titrate.web.errors import Problem, ProblemType
from titrate.web.json_body import json_response
from titrate.web.openapi import Blueprint
from titrate.web.views.plans import BODY_PROBLEMS, EHR_PROBLEMS

decisions = Blueprint("decisions", __name__, url_prefix="/v1", description="Clinicians' decisions on plans")
Decide = Callable[[EHR, PlanningRules, datetime], DecisionResult]
View = Callable[[dict[str, Any]], Decide]
NOT_DONE = frozenset({DecisionStatus.REFUSED, DecisionStatus.OVERTAKEN})
PROBLEMS = (
    *BODY_PROBLEMS,
    *EHR_PROBLEMS,
    ProblemType.CONFLICT,
    ProblemType.PLAN_UNKNOWN,
    ProblemType.NOT_A_DOSE,
    ProblemType.FAULTY_PLAN,
    ProblemType.LEDGER_UNUSABLE,
)
DONE = "The decision is carried out, or was before."
REFUSED = "The decision is not carried out; `why` lists the reasons."


def decision_view(path: str, schema: type[Schema], operation: str, *, kind: str) -> Callable[[View], View]:
    """Serve a decision at `path`: the view reads the body, the decision is carried out, and its result is answered."""

    def register(view: View) -> View:
        @decisions.route(path, methods=["POST"])
        @decisions.arguments(schema, location="json")
        @decisions.response(200, schemas.DecisionResultSchema, description=DONE)
        @decisions.alt_response(409, schema=schemas.DecisionResultSchema, description=REFUSED)
        @decisions.doc(operationId=operation)
        @decisions.problems(*PROBLEMS)
        @wraps(view)
        def served(body: dict[str, Any]) -> Response:
            return _carried_out(kind, view(body), body)

        return view

    return register


@decision_view("/approvals", schemas.ApprovalRequestSchema, "approvePlan", kind="approve")
def approvals(body: dict[str, Any]) -> Decide:
    """Approve a draft, also with another dose: it becomes active with its orders and goal, and its predecessor ends."""
    approval = Approval(body["plan"], _practitioner(body), body["doses"], body["reason"])
    return lambda ehr, rules, at: approve(ehr, approval, rules, at)


@decision_view("/rejections", schemas.RejectionRequestSchema, "rejectPlan", kind="reject")
def rejections(body: dict[str, Any]) -> Decide:
    """Reject a draft. It is not proposed again for REJECTION_VALID_DAYS, or until a new session counts."""
    rejection = Rejection(body["plan"], _practitioner(body), body["reason"])
    return lambda ehr, rules, at: reject(ehr, rejection, rules, at)


@decision_view("/phases", schemas.PhaseRequestSchema, "setPhase", kind="phase")
def phases(body: dict[str, Any]) -> Decide:
    """Move the current plan to another phase. Doses do not change; a discharge ends the plan and its orders."""
    choice = PhaseChoice(body["plan"], _practitioner(body), Phase(body["phase"]), body["reason"])
    return lambda ehr, rules, at: set_phase(ehr, choice, rules, at)


def _practitioner(body: dict[str, Any]) -> str:
    """The deciding practitioner. Who signed in decides in their own name; a program gives the name. Raises Problem."""
    require_scope(Scope.APPROVE)
    practitioner = str(body["practitioner"])
    if client().signed_in and _relative(client().fhir_user) != practitioner:
        raise Problem(ProblemType.NOT_ALLOWED, http_errors.HttpNotOwnDecision())
    return practitioner


def _relative(fhir_user: str | None) -> str | None:
    """The reference to the practitioner without the address of the EHR."""
    base = f"{str(app_context().settings.fhir_url).rstrip('/')}/"
    return None if fhir_user is None else fhir_user.removeprefix(base)


def _carried_out(kind: str, decide: Decide, body: dict[str, Any]) -> Response:
    """Carry out the decision, record its receipt, and answer with the result."""
    context = app_context()
    rules, at = context.rules, body["at"] or context.clock()
    ledger = context.ledger
    result = decide(ehr(), rules, at)
    try:
        record_decision_receipt(ledger, kind, rules, result, at)
    except LedgerUnusable:  # the EHR holds the decision; only its receipt is lost
        context.metrics.problems.labels(ProblemType.LEDGER_UNUSABLE.code).inc()
    if result.ending is DecisionStatus.UNKNOWN:
        raise Problem(ProblemType.PLAN_UNKNOWN)
    return json_response(decision_json(result), 409 if result.ending in NOT_DONE else 200)
