"""Plans: from a posted Bundle, or for a patient of the EHR. Nothing is written unless the request says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from titrate.app import fetch_and_deliver
from titrate.app.fetch_result import file_result
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.app.population.run_population import LedgerContext, plan_one
from titrate.app.report.json_report import plan_json
from titrate.app.report.summary import receipt_json
from titrate.ehr.fetch import IncompleteType
from titrate.ehr.receipt import DeliveryOutcome, Receipt
from titrate.fhir.errors import NoPatient, OtherPatients, PatientError, SeveralPatients
from titrate.web.app_context import app_context, ehr, require_scope
from titrate.web.auth import Scope
from titrate.web.errors import Problem, ProblemType
from titrate.web.json_body import FHIR_JSON, JSON, json_response, request_json
from titrate.web.openapi import Blueprint, schema_reference
from titrate.web.schemas import AtQuerySchema, PlanRequestSchema

plans = Blueprint("plans", __name__, url_prefix="/v1/plans", description="Assess one patient, draft the next safe step")
BODY_PROBLEMS = (
    ProblemType.BROKEN_JSON,
    ProblemType.UNUSABLE_REQUEST,
    ProblemType.TOO_SLOW,
    ProblemType.TOO_LARGE,
    ProblemType.WRONG_MEDIA_TYPE,
    ProblemType.WRONG_PARAMETER,
)
EHR_PROBLEMS = (
    ProblemType.NO_EHR,
    ProblemType.EHR_FAILED,
    ProblemType.EHR_UNAUTHORISED,
    ProblemType.EHR_UNREACHABLE,
    ProblemType.OUT_OF_TIME,
    ProblemType.NO_SUCH_PATIENT,
)
DELIVERY_PROBLEMS = {
    DeliveryOutcome.REFUSED: ProblemType.PLAN_REFUSED,
    DeliveryOutcome.UNKNOWN: ProblemType.PLAN_UNKNOWN,
}
PATIENT_PROBLEMS: Mapping[type[PatientError], ProblemType] = {
    NoPatient: ProblemType.NO_PATIENT,
    OtherPatients: ProblemType.OTHER_PATIENTS,
    SeveralPatients: ProblemType.SEVERAL_PATIENTS,
}
BUNDLE_BODY = {
    "required": True,
    "description": "The whole record of one patient: exactly one Patient and the patient's resources (docs/inputs.md).",
    "content": {media: {"schema": schema_reference("Bundle")} for media in (JSON, FHIR_JSON)},
}


@plans.route("/preview", methods=["POST"])
@plans.arguments(AtQuerySchema, location="query")
@plans.response(
    200,
    schema_reference("PlanReport"),
    description="What was read, found and decided, and the Bundle that would be sent.",
)
@plans.doc(operationId="previewPlan", requestBody=BUNDLE_BODY)
@plans.problems(
    *BODY_PROBLEMS,
    ProblemType.NOT_A_BUNDLE,
    ProblemType.NO_PATIENT,
    ProblemType.SEVERAL_PATIENTS,
    ProblemType.OTHER_PATIENTS,
    ProblemType.FAULTY_PLAN,
)
def preview(query: dict[str, Any]) -> Response:
    """Assess the patient of a Bundle and draft a plan. Nothing is stored and nothing is written."""
    at = query["at"] or app_context().clock()
    try:
        result = plan_patient(file_result(request_json()), app_context().rules, at)
    except PatientError as error:
        raise Problem(PATIENT_PROBLEMS[type(error)]) from None
    return plan_response(result, (), None)


@plans.route("", methods=["POST"])
@plans.arguments(PlanRequestSchema, location="json")
@plans.response(
    200, schema_reference("PlanReport"), description="The same as a preview, with a receipt if the draft was written."
)
@plans.doc(operationId="planForPatient")
@plans.problems(
    *BODY_PROBLEMS,
    *EHR_PROBLEMS,
    ProblemType.BUSY,
    ProblemType.CONFLICT,
    ProblemType.PLAN_REFUSED,
    ProblemType.PLAN_UNKNOWN,
    ProblemType.LEDGER_UNUSABLE,
    ProblemType.FAULTY_PLAN,
)
def plan(body: dict[str, Any]) -> Response:
    """Assess a patient of the EHR and draft a plan. The id is in the body: proxies log addresses."""
    context = app_context()
    at = body["at"] or context.clock()
    if not body["write"]:
        result, faults = fetch_and_deliver.preview(ehr(), body["patient"], context.rules, at)
        return plan_response(result, faults, None)
    require_scope(Scope.WRITE)
    lease = timedelta(seconds=context.settings.lease)
    done = plan_one(
        ehr(), body["patient"], context.rules, at, LedgerContext(context.ledger, context.clock, lease, "api")
    )
    if done.receipt is not None and fetch_and_deliver.needs_attention(done.receipt):
        context.metrics.count_decision(done.result, done.receipt)
        issues = [str(issue) for issue in done.receipt.issues]
        raise Problem(DELIVERY_PROBLEMS[done.receipt.outcome], issues=issues)
    return plan_response(done.result, done.faults, done.receipt)


def plan_response(result: PipelineResult, faults: Sequence[IncompleteType], receipt: Receipt | None) -> Response:
    """The JSON that `titrate plan --json` prints, with the resource types that the EHR could not return."""
    app_context().metrics.count_decision(result, receipt)
    report = plan_json(result, app_context().rules.rulebook)
    if receipt is not None:
        report["receipt"] = receipt_json(receipt)
    return json_response({**report, "missing": [{"type": fault.type, "code": fault.code} for fault in faults]})
