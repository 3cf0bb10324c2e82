"""Plans: from a Bundle that is posted, or for a patient of the EHR. Nothing is written unless it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from titrate.app.fetch_and_deliver import needs_attention, preview
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.app.plan_one import LedgerContext, plan_one
from titrate.app.report.json_report import plan_json
from titrate.app.report.summary import delivered
from titrate.ehr.fetch import Fault
from titrate.ehr.receipt import Receipt
from titrate.fhir.bundles import NotABundle, resources_of
from titrate.fhir.read import NoPatient, SeveralPatients
from titrate.web.app_context import app_context, ehr, need
from titrate.web.auth import Scope
from titrate.web.blueprint import Blueprint, reference
from titrate.web.errors import Problem
from titrate.web.json_body import FHIR_JSON, JSON, answer, body_json
from titrate.web.schemas import AtQuery, PlanRequest

plans = Blueprint("plans", __name__, url_prefix="/v1/plans", description="Assess one patient, draft the next safe step")
BODY = {"broken-json", "unusable-request", "too-slow", "too-large", "wrong-media-type"}
EHR_FAILS = {"no-ehr", "ehr-failed", "ehr-unauthorised", "ehr-unreachable", "out-of-time", "no-such-patient"}
BUNDLE = {
    "required": True,
    "description": "The whole record of one patient: exactly one Patient and what belongs to it (docs/inputs.md).",
    "content": {media: {"schema": reference("Bundle")} for media in (JSON, FHIR_JSON)},
}


@plans.at("/preview", "POST")
@plans.takes(AtQuery)
@plans.gives(reference("PlanReport"), "What was read, found and decided, and the Bundle that would be sent.")
@plans.named("previewPlan", requestBody=BUNDLE)
@plans.can_fail(*BODY, "not-a-bundle", "no-patient", "several-patients", "faulty-plan", "wrong-parameter")
def preview_plan(asked: dict[str, Any]) -> Response:
    """Assess the patient of a Bundle and draft a plan; nothing is kept and nothing is written."""
    at, rules = asked["at"] or app_context().clock(), app_context().rules
    try:
        resources, refusals = resources_of(body_json())
        walked = plan_patient(FetchResult(resources, refusals), rules, at)
    except NotABundle:
        raise Problem("not-a-bundle") from None
    except NoPatient:
        raise Problem("no-patient") from None
    except SeveralPatients:
        raise Problem("several-patients") from None
    return shown(walked, (), None)


@plans.at("", "POST")
@plans.takes(PlanRequest, "json")
@plans.gives(reference("PlanReport"), "The same as a preview; with a receipt if it was written.")
@plans.named("planForPatient")
@plans.can_fail(
    *BODY,
    *EHR_FAILS,
    "busy",
    "conflict",
    "plan-refused",
    "plan-unknown",
    "ledger-unusable",
    "faulty-plan",
    "wrong-parameter",
)
def plan(asked: dict[str, Any]) -> Response:
    """Assess a patient of the EHR and draft a plan. The id stands in the body: addresses end up in logs of proxies."""
    at, rules = asked["at"] or app_context().clock(), app_context().rules
    if not asked["write"]:
        walked, faults = preview(ehr(), asked["patient"], rules, at)
        return shown(walked, faults, None)
    need(Scope.WRITE)
    lease = timedelta(seconds=app_context().settings.lease)
    books = LedgerContext(app_context().shelf.ledger(), app_context().clock, lease, "api")
    done = plan_one(ehr(), asked["patient"], rules, at, books)
    if done.receipt is not None and needs_attention(done.receipt):
        app_context().metrics.decided(done.result, done.receipt)
        raise Problem(f"plan-{done.receipt.outcome}", issues=[str(one) for one in done.receipt.issues])
    return shown(done.result, done.faults, done.receipt)


def shown(walked: PipelineResult, faults: Sequence[Fault], receipt: Receipt | None) -> Response:
    """The answer, as `titrate plan --json` prints it, and which types the EHR could not give."""
    app_context().metrics.decided(walked, receipt)
    found = plan_json(walked, app_context().rules.rulebook)
    if receipt is not None:
        found["receipt"] = delivered(receipt)
    return answer({**found, "missing": [{"type": fault.type, "code": fault.code} for fault in faults]})
