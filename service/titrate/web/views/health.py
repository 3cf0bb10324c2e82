"""For monitoring: liveness, readiness and metrics."""

from __future__ import annotations

from typing import Any

from flask import Response

from titrate.ledger.errors import LedgerUnusable
from titrate.web.app_context import app_context
from titrate.web.blueprint import Blueprint
from titrate.web.json_body import json_response
from titrate.web.metrics import MEDIA_TYPE
from titrate.web.schemas import Health, Readiness

health = Blueprint("health", __name__, description="For monitoring")


@health.route("/health")
@health.response(200, Health, description="The process responds.")
@health.doc(operationId="health")
@health.public
def alive() -> dict[str, str]:
    """Whether the process responds. Nothing else is checked."""
    return {"status": "alive"}


@health.route("/ready")
@health.response(200, Readiness, description="The service is ready.")
@health.alt_response(503, schema=Readiness, description="A part of the service cannot be used.")
@health.doc(operationId="ready")
@health.public
def ready() -> Response:
    """Whether requests can be sent here. The EHR is not checked: while it is down, this service reports so."""
    parts: dict[str, Any] = {
        "status": "ready",
        "ledger": "usable",
        "ehr": "set" if app_context().settings.fhir_url else "not-set",
    }
    try:
        app_context().ledger.runs()
    except LedgerUnusable:
        return json_response({**parts, "status": "not-ready", "ledger": "unusable"}, 503)
    return json_response(parts)


@health.route("/metrics")
@health.response(
    200, {"type": "string"}, description="Metrics for Prometheus.", content_type=MEDIA_TYPE.partition(";")[0]
)
@health.doc(operationId="metrics")
def counts() -> Response:
    """Requests, decisions, refusals and deliveries, counted by code."""
    return Response(app_context().metrics.exposition(), content_type=MEDIA_TYPE)
